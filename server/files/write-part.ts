import { open, type FileHandle } from 'node:fs/promises';

/** `cut`: the connection ended before all was there · `all` · `lies`: more came than was announced · `full`: no room. */
export type Written = { end: 'cut' | 'all' | 'lies' | 'full'; at: number } | { end: 'elsewhere'; at: number };

/**
 * Writes what comes after `offset` of a part that is to have `bytes`, and has it on the disk when it resolves. Never a byte
 * more than announced. `stop` ends it as a cut connection would.
 */
export async function writePart(
  path: string,
  {
    offset,
    bytes,
    body,
    stop,
  }: { offset: number; bytes: number; body: ReadableStream<Uint8Array> | null; stop: AbortSignal },
): Promise<Written> {
  const handle = await open(path, 'r+');
  try {
    const { size } = await handle.stat();
    // A device has no size; a part is never larger than announced.
    if (size !== offset) return { end: 'elsewhere', at: size };
    const written = await pour(handle, { at: offset, bytes, body, stop });
    await handle.sync();
    return written;
  } catch (error) {
    if (isFull(error)) return { end: 'full', at: offset };
    throw error;
  } finally {
    await handle.close();
  }
}

async function pour(
  handle: FileHandle,
  { at, bytes, body, stop }: { at: number; bytes: number; body: ReadableStream<Uint8Array> | null; stop: AbortSignal },
): Promise<Written> {
  const reader = body?.getReader();
  const cancel = (): void => void reader?.cancel().catch(() => {});
  stop.addEventListener('abort', cancel, { once: true });
  try {
    while (!stop.aborted) {
      const next = await reader?.read().catch(() => null);
      if (!next || next.done) break;
      if (at + next.value.byteLength > bytes) return { end: 'lies', at };
      at = await writeAll(handle, next.value, at);
    }
    return { end: at === bytes ? 'all' : 'cut', at };
  } finally {
    stop.removeEventListener('abort', cancel);
    reader?.releaseLock();
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array, at: number): Promise<number> {
  let from = 0;
  while (from < chunk.byteLength) {
    const { bytesWritten } = await handle.write(chunk, from, chunk.byteLength - from, at + from);
    from += bytesWritten;
  }
  return at + chunk.byteLength;
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

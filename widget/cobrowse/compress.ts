/** Bytes per slice: a few milliseconds of deflate on a slow phone. */
const SLICE = 128 * 1024;

const waiting: (() => void)[] = [];
let channel: MessageChannel | null = null;

/** Lets everything else that waits in the page have its turn first. Not a timer: browsers make each wait four milliseconds. */
export function afterTask(work: () => void): void {
  if (!channel) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => waiting.shift()?.();
  }
  waiting.push(work);
  channel.port2.postMessage(0);
}

export function nextTask(): Promise<void> {
  return new Promise((resolve) => afterTask(resolve));
}

/** Raw deflate in slices between which the page can do its own work; null where the browser cannot. */
export async function deflate(parts: readonly Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer> | null> {
  let stream: CompressionStream;
  try {
    stream = new CompressionStream('deflate-raw');
  } catch {
    return null;
  }
  const packed = new Response(stream.readable).arrayBuffer();
  const writer = stream.writable.getWriter();
  let since = 0;
  for (const part of parts) {
    for (let at = 0; at < part.byteLength; at += SLICE) {
      if (since >= SLICE) {
        await nextTask();
        since = 0;
      }
      const slice = part.subarray(at, at + SLICE);
      await writer.write(slice);
      since += slice.byteLength;
    }
  }
  await writer.close();
  return new Uint8Array(await packed);
}

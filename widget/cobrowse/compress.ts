/** Bytes per slice: a few milliseconds of deflate on a slow phone. */
const SLICE = 128 * 1024;

/** A turn for everything else that waits in the page. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Raw deflate in slices between which the page can do its own work; null where the browser cannot. */
export async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null> {
  let stream: CompressionStream;
  try {
    stream = new CompressionStream('deflate-raw');
  } catch {
    return null;
  }
  const packed = new Response(stream.readable).arrayBuffer();
  const writer = stream.writable.getWriter();
  for (let at = 0; at < bytes.byteLength; at += SLICE) {
    await writer.write(bytes.subarray(at, at + SLICE));
    if (at + SLICE < bytes.byteLength) await nextTask();
  }
  await writer.close();
  return new Uint8Array(await packed);
}

import type { FileHandle } from 'node:fs/promises';
import { BLOCK_HEADER_BYTES, readBlockHeader, type BlockHeader } from '../protocol/recorded-page.ts';

/** The blocks of a recorded page's file, in their order, up to the last that is whole. */
export async function* blocksIn(file: FileHandle): AsyncGenerator<BlockHeader & { offset: number }> {
  const { size } = await file.stat();
  for (let offset = 0; offset + BLOCK_HEADER_BYTES <= size;) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BLOCK_HEADER_BYTES), 0, BLOCK_HEADER_BYTES, offset);
    const header = bytesRead === BLOCK_HEADER_BYTES ? readBlockHeader(buffer) : null;
    const next = offset + BLOCK_HEADER_BYTES + (header?.bytes ?? 0);
    if (!header || next > size) return;
    yield { ...header, offset };
    offset = next;
  }
}

/** How many bytes of the file are whole blocks. */
export async function wholeBlocks(file: FileHandle): Promise<number> {
  let end = 0;
  for await (const { offset, bytes } of blocksIn(file)) end = offset + BLOCK_HEADER_BYTES + bytes;
  return end;
}

import { open, type FileHandle } from 'node:fs/promises';
import { constants, inflateRawSync } from 'node:zlib';
import { COBROWSE_HEADER_BYTES, readCobrowseHeader } from '../protocol/cobrowse-frame.ts';
import { BLOCK_HEADER_BYTES, type BlockHeader, type PageIndex } from '../protocol/recorded-page.ts';
import { blocksIn } from './page-blocks.ts';

/** What comes within this time of each other is one stretch of activity; it is as long as a block gathers at least. */
const STILL_MS = 2_000;
const BLOCK_MS = 500;
/** So much of a snapshot's beginning says the page's address, behind what it brings of styles. */
const BEGINNING_BYTES = 256 * 1024;
/** Blocks of a page before its snapshot: what it needs to be shown. */
const BLOCKS_BEFORE_MAX = 20;
const BEGINNING_INFLATED_MAX = 16 * 1024 * 1024;
const BEFORE_ADDRESS = '{"type":4,"data":{"href":';
const ADDRESS_MAX = 2_048;
const ITEM_HEADER_BYTES = 9;

/** Reads a file's blocks, not what is in them; of a new page its beginning. */
export async function indexPage(path: string): Promise<PageIndex> {
  const file = await open(path, 'r');
  try {
    const index: PageIndex = { bytes: 0, until: 0, parts: [], pages: [], pointing: [], active: [] };
    let epoch: number | null = null;
    /** Of the page load whose address is still looked for. */
    let load: PageIndex['pages'][number] | null = null;
    let looked = 0;
    for await (const block of blocksIn(file)) {
      const { at, begins, offset, bytes } = block;
      index.bytes = offset + BLOCK_HEADER_BYTES + bytes;
      index.until = at;
      if (begins === 'page') {
        index.parts.push({ at, offset, epoch: block.epoch });
        load = block.epoch === epoch ? null : { at, epoch: block.epoch, address: '' };
        epoch = block.epoch;
        if (load) index.pages.push(load);
        looked = 0;
      }
      if (load) load.address = await addressIn(file, block);
      if (load?.address || ++looked > BLOCKS_BEFORE_MAX) load = null;
      if (begins === 'agent-points') index.pointing.push({ at, by: 'agent' });
      if (begins === 'shopper-points') index.pointing.push({ at, by: 'shopper' });
      const last = index.active.at(-1);
      if (last && at - last[1] < STILL_MS) last[1] = at + BLOCK_MS;
      else index.active.push([at, at + BLOCK_MS]);
    }
    return index;
  } finally {
    await file.close();
  }
}

/** Where the page is that a block shows; empty where it does not begin with a snapshot, which says it at once. */
async function addressIn(
  file: FileHandle,
  { offset, bytes, compressed }: BlockHeader & { offset: number },
): Promise<string> {
  const wanted = Math.min(bytes, BEGINNING_BYTES);
  const { buffer } = await file.read(Buffer.alloc(wanted), 0, wanted, offset + BLOCK_HEADER_BYTES);
  const item = compressed ? beginningOf(buffer) : buffer;
  const frame = item.subarray(ITEM_HEADER_BYTES);
  const packed = readCobrowseHeader(frame)?.encoding === 'deflate-raw';
  const payload = frame.subarray(COBROWSE_HEADER_BYTES);
  const text = (packed ? beginningOf(payload) : payload).toString('utf8');
  // What a browser sent is only read, never trusted: at worst a mark has a strange name.
  const from = text.indexOf(BEFORE_ADDRESS);
  if (from === -1) return '';
  const rest = text.slice(from + BEFORE_ADDRESS.length, from + 2 * ADDRESS_MAX);
  const [, href] = /^("(?:[^"\\]|\\.)*")/.exec(rest) ?? [];
  return plainAddress(href);
}

function plainAddress(json = '""'): string {
  try {
    const href = String(JSON.parse(json));
    const { protocol, origin, pathname } = new URL(href);
    return /^https?:$/.test(protocol) ? (origin + pathname).slice(0, ADDRESS_MAX) : '';
  } catch {
    return '';
  }
}

/** Whatever the beginning of a compressed text unpacks to. */
function beginningOf(bytes: Buffer): Buffer {
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: BEGINNING_INFLATED_MAX };
    return inflateRawSync(bytes, options);
  } catch {
    return Buffer.alloc(0);
  }
}

/**
 * The file of a recorded page: the frames that consoles were sent, as they were sent, with the moment at which they were.
 * A file is a row of blocks, so that what a crash leaves of the last one is left out, and a player begins at any whole page.
 *
 *   block   0 version (1) · 1 encoding · 2 begins · 3 zero · 4 bytes u32 · 8 at u32 · 12 epoch u32 · 16 body
 *   item    0 kind · 1 at u32 · 5 bytes u32 · 9 the frame (kind 0), or JSON of a `RecordedPointing` (kind 1)
 *
 * Big-endian. `at` is milliseconds after the recording began; a block's is that of its first item, and `epoch` the one of the
 * page that was shown then. The body is items, as they are or compressed (deflate-raw).
 */
import type { Place } from './pointing.ts';

const VERSION = 1;
export const BLOCK_HEADER_BYTES = 16;
/** Larger ones are not written: a frame of the largest size and its item's head fit in. */
export const BLOCK_BYTES_MAX = 16 * 1024 * 1024;
const ITEM_HEADER_BYTES = 9;

const BEGINS = ['nothing', 'page', 'agent-points', 'shopper-points'] as const;
/** What begins with its first item, where that is something to jump to. `page`: a whole one, and all that it needs. */
export type BlockBegins = (typeof BEGINS)[number];

export type BlockHeader = { compressed: boolean; begins: BlockBegins; bytes: number; at: number; epoch: number };

/** What people pointed at while the page was recorded. `label`: words beside what is highlighted. */
export type RecordedPointing =
  | { type: 'highlight'; epoch: number; node: number | null; label?: string }
  | { type: 'stroke'; epoch: number; stroke: number; shape: 'free' | 'arrow'; stays: boolean; points: Place[] }
  | { type: 'wipe'; epoch: number }
  | { type: 'point'; epoch: number; node: number; fx: number; fy: number };

/** `at` in milliseconds after the recording began. */
export type RecordedItem = { at: number } & (
  { kind: 'frame'; frame: Uint8Array<ArrayBuffer> } | { kind: 'pointing'; pointing: RecordedPointing }
);

/** A place to begin from: a whole page, and what it needs. `at` in milliseconds, `offset` in bytes. */
export type SeekPoint = { at: number; offset: number; epoch: number };

/** What there is to know of the file without reading it. Times in milliseconds after the recording began. */
export type PageIndex = {
  bytes: number;
  /** When the last item came. */
  until: number;
  parts: SeekPoint[];
  /** Page loads, and changes to another tab. `address` without its query; empty where it is not known. */
  pages: { at: number; epoch: number; address: string }[];
  pointing: { at: number; by: 'agent' | 'shopper' }[];
  /** When something happened on the page: from, until. */
  active: [number, number][];
};

export function encodeItem(kind: RecordedItem['kind'], at: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const item = new Uint8Array(ITEM_HEADER_BYTES + content.byteLength);
  const view = new DataView(item.buffer);
  item[0] = kind === 'frame' ? 0 : 1;
  view.setUint32(1, at);
  view.setUint32(5, content.byteLength);
  item.set(content, ITEM_HEADER_BYTES);
  return item;
}

export function encodeBlockHeader({ compressed, begins, bytes, at, epoch }: BlockHeader): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(BLOCK_HEADER_BYTES);
  const view = new DataView(header.buffer);
  header.set([VERSION, compressed ? 1 : 0, BEGINS.indexOf(begins)]);
  view.setUint32(4, bytes);
  view.setUint32(8, at);
  view.setUint32(12, epoch);
  return header;
}

/** The header at the beginning of `bytes`; null where there is none of ours. */
export function readBlockHeader(bytes: Uint8Array): BlockHeader | null {
  const begins = BEGINS[bytes[2] ?? -1];
  if (bytes.byteLength < BLOCK_HEADER_BYTES || bytes[0] !== VERSION || !begins) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint32(4);
  if (size > BLOCK_BYTES_MAX) return null;
  return { compressed: bytes[1] === 1, begins, bytes: size, at: view.getUint32(8), epoch: view.getUint32(12) };
}

/** The items of a body that was unpacked; what does not fit is left out. */
export function readItems(body: Uint8Array): RecordedItem[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const items: RecordedItem[] = [];
  for (let from = 0; from + ITEM_HEADER_BYTES <= body.byteLength;) {
    const [kind, at, size] = [body[from], view.getUint32(from + 1), view.getUint32(from + 5)];
    const content = body.slice(from + ITEM_HEADER_BYTES, from + ITEM_HEADER_BYTES + size);
    if (content.byteLength < size) break;
    if (kind === 0) items.push({ at, kind: 'frame', frame: content });
    if (kind === 1) {
      // Written by the server itself.
      const pointing = JSON.parse(new TextDecoder().decode(content)) as RecordedPointing;
      items.push({ at, kind: 'pointing', pointing });
    }
    from += ITEM_HEADER_BYTES + size;
  }
  return items;
}

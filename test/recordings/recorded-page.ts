import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { COBROWSE_HEADER_BYTES, readCobrowseHeader } from '../../server/protocol/cobrowse-frame.ts';
import {
  BLOCK_HEADER_BYTES,
  readBlockHeader,
  readItems,
  type RecordedItem,
} from '../../server/protocol/recorded-page.ts';

/** What is in a recorded page's file; throws where anything in it is no whole block. */
export function itemsIn(file: Uint8Array): RecordedItem[] {
  const items: RecordedItem[] = [];
  for (let from = 0; from < file.byteLength;) {
    const header = readBlockHeader(file.subarray(from));
    if (!header) throw new Error(`no block at ${from} of ${file.byteLength}`);
    const body = file.subarray(from + BLOCK_HEADER_BYTES, (from += BLOCK_HEADER_BYTES + header.bytes));
    if (body.byteLength < header.bytes) throw new Error('half a block');
    items.push(...readItems(header.compressed ? inflateRawSync(body) : body));
  }
  return items;
}

/** Frames as `kind epoch:seq`, pointing by its type. */
export function namesOf(items: readonly RecordedItem[]): string[] {
  return items.map((item) => {
    if (item.kind === 'pointing') return item.pointing.type;
    const header = readCobrowseHeader(item.frame);
    return `${header?.kind} ${header?.epoch}:${header?.seq}`;
  });
}

/** All that the frames say, unpacked. */
export function textOf(items: readonly RecordedItem[]): string {
  return items
    .map((item) => {
      if (item.kind === 'pointing') return JSON.stringify(item.pointing);
      const payload = item.frame.subarray(COBROWSE_HEADER_BYTES);
      const packed = readCobrowseHeader(item.frame)?.encoding === 'deflate-raw';
      return (packed ? inflateRawSync(payload) : Buffer.from(payload)).toString('utf8');
    })
    .join('\n');
}

/** The files of recorded pages in a data folder, whatever state they are in. */
export function pageFilesIn(dataDir: string): string[] {
  const found = readdirSync(dataDir, { recursive: true }).map(String);
  return found.filter((name) => /^recordings\/.*\/page\.frames$/.test(name)).map((name) => join(dataDir, name));
}

export function readPageFile(path: string): RecordedItem[] {
  return itemsIn(readFileSync(path));
}

import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { CobrowseEncoding } from '../protocol/cobrowse-frame.ts';
import { readEvents } from '../protocol/cobrowse-read/read-events.ts';
import { COBROWSE_INFLATED_MAX } from '../protocol/limits.ts';
import { restore } from '../protocol/compact-nodes.ts';
import { SHEET_ATTRIBUTE, eachWritten, isSheetHash, sheetsIn, type Sheet } from '../protocol/sheets.ts';
import type { FrameContent, Verdict } from './frame-check.ts';

/** Objects, lists and commas in one payload: many for each node of the largest page. Counted before anything is made. */
const PARTS_MAX = 2_000_000;
const [OBJECT, LIST, COMMA] = [0x7b, 0x5b, 0x2c];

/** Reads a frame's payload as the replay will. Throws nothing. */
export function readFrame(encoding: CobrowseEncoding, payload: Uint8Array): Verdict {
  const bytes = unpack(encoding, payload);
  if (typeof bytes === 'string') return { ok: false, reason: bytes };
  if (countParts(bytes) > PARTS_MAX) return { ok: false, reason: 'too-large' };
  let events: unknown;
  try {
    events = restore(JSON.parse(bytes.toString()));
  } catch {
    return { ok: false, reason: 'bad-frame' };
  }
  return judge(events);
}

function judge(events: unknown): Verdict {
  const content = sheetContent(events);
  let faults = content ? 0 : 1;
  let tooLarge = false;
  const reading = readEvents(events, {
    // What the page is made of is known to the replay alone; any element may have any attribute.
    tagOf: () => 'p',
    onTooLarge: () => (tooLarge = true),
    onFaults: (count) => (faults += count),
  });
  let read = reading.next();
  while (!read.done) read = reading.next();
  if (tooLarge) return { ok: false, reason: 'too-large' };
  return faults === 0 && content ? { ok: true, content } : { ok: false, reason: 'bad-frame' };
}

/** Null where a text is not what its hash says, or a hash is none. */
function sheetContent(events: unknown): FrameContent | null {
  const sheets = sheetsIn(events);
  if (!sheets.every(({ hash, text }) => createHash('sha256').update(text).digest('base64url') === hash)) return null;
  const uses = new Set<string>();
  let forged = false;
  eachWritten(events, (attributes) => {
    const hash = attributes[SHEET_ATTRIBUTE];
    if (hash === undefined) return;
    if (isSheetHash(hash)) uses.add(hash);
    else forged = true;
  });
  for (const { hash } of sheets) uses.delete(hash);
  return forged ? null : { brings: sheets.map(pack), uses: [...uses] };
}

function pack(sheet: Sheet): FrameContent['brings'][number] {
  const payload = new Uint8Array(deflateRawSync(JSON.stringify([sheet])));
  return { hash: sheet.hash, length: sheet.text.length, payload };
}

function unpack(encoding: CobrowseEncoding, payload: Uint8Array): Buffer | 'bad-frame' | 'too-large' {
  if (encoding === 'json') return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  try {
    return inflateRawSync(payload, { maxOutputLength: COBROWSE_INFLATED_MAX });
  } catch (error) {
    return error instanceof RangeError ? 'too-large' : 'bad-frame';
  }
}

function countParts(bytes: Uint8Array): number {
  let count = 0;
  // By index: over millions of bytes an iterator takes seconds.
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === COMMA || byte === OBJECT || byte === LIST) count += 1;
  }
  return count;
}

/**
 * The text of a stylesheet travels once a co-browsing session: in a note of the frame that needs it first. Afterwards an
 * element says its hash instead. Hashes are of one session: what one shopper's page says is never another one's.
 */
import { isRecord, isText } from './cobrowse-read/read-value.ts';

/** `hash`: SHA-256 of the text as UTF-8, in base64url. */
export type Sheet = { hash: string; text: string };

/** On an element in the place of `_cssText`: the hash of its text. */
export const SHEET_ATTRIBUTE = 'rr_sheet';

/** Longest text that is referred to, in UTF-16 code units; a longer one stands where it is. */
export const SHEET_TEXT_MAX = 2_000_000;
/** What a session's texts may be together, in UTF-16 code units. What was used longest ago is forgotten first. */
export const SHEETS_TEXT_MAX = 12_000_000;
/** How many hashes a tab remembers over page loads. */
export const SHEETS_REMEMBERED = 60;

const HASH = /^[\w-]{43}$/;

export function isSheetHash(value: unknown): value is string {
  return isText(value) && HASH.test(value);
}

export function isSheet(value: unknown): value is Sheet {
  return (
    isRecord(value) && isSheetHash(value['hash']) && isText(value['text']) && value['text'].length <= SHEET_TEXT_MAX
  );
}

/** Calls `visit` with the attributes of each element that a payload writes. Nothing of it needs to be validated. */
export function eachWritten(payload: unknown, visit: (attributes: Record<string, unknown>) => void): void {
  if (!Array.isArray(payload)) return;
  // Without recursion: a hostile page may be deeper than the stack.
  const waiting: unknown[] = [];
  for (const event of payload) {
    const data: unknown = isRecord(event) ? event['data'] : null;
    if (!isRecord(data)) continue;
    waiting.push(data['node']);
    if (Array.isArray(data['adds'])) for (const add of data['adds']) if (isRecord(add)) waiting.push(add['node']);
    while (waiting.length > 0) {
      const node = waiting.pop();
      if (!isRecord(node)) continue;
      if (isRecord(node['attributes'])) visit(node['attributes']);
      if (Array.isArray(node['childNodes'])) for (const child of node['childNodes']) waiting.push(child);
    }
  }
}

/** The texts that a payload brings. */
export function sheetsIn(payload: unknown): Sheet[] {
  if (!Array.isArray(payload)) return [];
  return payload.flatMap((event: unknown) => {
    const data: unknown = isRecord(event) && event['type'] === 5 ? event['data'] : null;
    return isRecord(data) && data['tag'] === 'sheet' && isSheet(data['payload']) ? data['payload'] : [];
  });
}

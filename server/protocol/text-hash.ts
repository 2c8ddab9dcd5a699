/** How much of an element's text stands for the element. */
export const HASHED_TEXT_MAX = 200;

/**
 * A short name for a text, the same in the shopper's browser and in the console (FNV-1a, 32 bits, base 36): an element that says
 * something else now is not the one that was meant. Empty where there is nothing to read.
 */
export function textHash(text: string): string {
  if (text === '') return '';
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}

/** The letters that count: without white space, which layouts and scripts change. */
export function hashedText(texts: Iterable<string>): string {
  let all = '';
  for (const text of texts) {
    all += text.replaceAll(/\s+/g, '');
    if (all.length >= HASHED_TEXT_MAX) break;
  }
  return all.slice(0, HASHED_TEXT_MAX);
}

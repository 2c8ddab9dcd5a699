/** Text as it is compared in searches: without case, accents and width, so that `cafe` finds `Café`. */
export function folded(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** The words of a text, folded, with a space between: what an index is given. */
export function foldedWords(text: string): string {
  return (folded(text).match(WORD) ?? []).join(' ');
}

const WORD = /[\p{L}\p{N}]+/gu;

/** Words that one search may consist of. */
const WORDS_MAX = 8;
/** Of a longer word its beginning is looked for; folding makes some signs many, and PostgreSQL takes 2,046 bytes. */
const WORD_MAX = 200;

/** The words of what somebody typed, folded, each once. */
export function searchWords(query: string): string[] {
  const words = folded(query.slice(0, 300)).match(WORD) ?? [];
  const short = words.map((word) => word.slice(0, WORD_MAX).replace(/[\uD800-\uDBFF]$/, ''));
  return [...new Set(short)].slice(0, WORDS_MAX);
}

/** The part of a text around the first word that was found, at most some 160 characters; `…` where it was cut. */
export function snippet(text: string, words: readonly string[]): string {
  const around = 80;
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  if (flat.length <= 2 * around) return flat;
  // Folding may change lengths: the place is found in the folded text and is only about right.
  const found = Math.max(0, ...words.map((word) => folded(flat).indexOf(word)).filter((at) => at >= 0));
  const from = Math.max(0, Math.min(found - around / 2, flat.length - 2 * around));
  const cut = flat.slice(from, from + 2 * around).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
  return `${from > 0 ? '…' : ''}${cut}${from + 2 * around < flat.length ? '…' : ''}`;
}

/** Stands above what is quoted in every mail of ours that wants an answer. */
export const REPLY_LINE = '--- · ---';

/** How mail programs begin what they quote, in the languages of our mails. */
const QUOTE_BEGINS = [
  /^-{2,}\s*(original message|mensaje original|forwarded message|mensaje reenviado)\s*-{2,}$/i,
  /^(on|el|le|am)\b.{5,200}(wrote|escribió|a écrit|schrieb)\s*:$/i,
  /^_{10,}$/,
  /^(from|de|von)\s*:\s.+@/i,
];
const BEGINS_WITH_DATE = /^(on|el|le|am)\b/i;
const QUOTED = /^\s*>/;
const SIGNATURE = /^--\s?$/;

/**
 * What the author of an answer wrote above, between and below what they answer: without quoted lines and their signature.
 * Where the other program does not mark the lines that it quotes, all that follows their beginning is taken for quoted.
 */
export function replyText(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const written: string[] = [];
  let signing = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const begins = linesThatBeginQuote(line, lines[at + 1]);
    if (line.trim() === REPLY_LINE || (begins > 0 && !quotesNext(lines, at + begins))) break;
    if (begins > 0 || QUOTED.test(line)) {
      signing = false;
      written.push('');
      at += Math.max(0, begins - 1);
      continue;
    }
    signing ||= SIGNATURE.test(line);
    if (!signing) written.push(line);
  }
  return written
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

/** How many lines say that a quote follows; a long one may have come back broken into two by the other program. */
function linesThatBeginQuote(line: string, next = ''): 0 | 1 | 2 {
  const one = line.trim();
  const two = `${one} ${next.trim()}`;
  if (QUOTE_BEGINS.some((begins) => begins.test(one))) return 1;
  return BEGINS_WITH_DATE.test(one) && QUOTE_BEGINS.some((begins) => begins.test(two)) ? 2 : 0;
}

/** Whether the next line with something in it is a quoted one. */
function quotesNext(lines: readonly string[], from: number): boolean {
  let at = from;
  while (lines[at]?.trim() === '') at += 1;
  return QUOTED.test(lines[at] ?? '');
}

/** Stands above what is quoted in every mail of ours that wants an answer. */
export const REPLY_LINE = '--- · ---';

/** How mail programs begin what they quote, in the languages of our mails. */
const QUOTE_BEGINS = [
  /^-{2,}\s*(original message|mensaje original|forwarded message|mensaje reenviado)\s*-{2,}$/i,
  /^(on|el|le|am)\b.{5,200}(wrote|escribió|a écrit|schrieb)\s*:$/i,
  /^_{10,}$/,
  /^(from|de|von)\s*:\s.+@/i,
];
const SIGNATURE = /^--\s?$/;

/** What the author of an answer wrote: without what they answer, and without their signature. */
export function replyText(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  // A quoted line of ours may have come back broken into two by the other program.
  const end = lines.findIndex((line, index) => {
    const two = `${line.trim()} ${lines[index + 1]?.trim() ?? ''}`.trim();
    const plain = line.replace(/^[>\s]+/, '').trim();
    if (plain === REPLY_LINE) return true;
    if (SIGNATURE.test(line)) return true;
    return QUOTE_BEGINS.some(
      (begins) => begins.test(line.trim()) || (/^(on|el|le|am)\b/i.test(line) && begins.test(two)),
    );
  });
  const written = (end < 0 ? lines : lines.slice(0, end)).join('\n').trim();
  const last = written.split('\n');
  while (last.length > 0 && (/^\s*>/.test(last.at(-1) ?? '') || last.at(-1)?.trim() === '')) last.pop();
  return last.join('\n').trim();
}

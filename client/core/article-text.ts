/** A piece of a line: words, or words that lead somewhere. */
export type ArticlePart = { text: string; href: string | null };

/** What an article's plain text means: paragraphs (their lines), and lists of lines that begin with a dash. */
export type ArticleBlock = { kind: 'paragraph' | 'list'; lines: ArticlePart[][] };

const ITEM = /^\s*[-*•]\s+/;
/** `[words](https://…)`, or an address that stands alone; a full stop after that belongs to the sentence. */
const LINK = /\[([^\]\n]{1,200})\]\((https?:\/\/[^\s)]{1,500})\)|\bhttps?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}]/gi;

/** Reads an article. Whatever it holds comes out as text and web addresses; there is no markup that could do anything. */
export function readArticle(body: string): ArticleBlock[] {
  const blocks: ArticleBlock[] = [];
  let goesOn = false;
  for (const line of body.split(/\r?\n/)) {
    const kind = ITEM.test(line) ? 'list' : 'paragraph';
    const parts = partsOf(line.replace(kind === 'list' ? ITEM : /^\s+/, ''));
    const last = blocks.at(-1);
    if (goesOn && last?.kind === kind && parts.length > 0) last.lines.push(parts);
    else if (parts.length > 0) blocks.push({ kind, lines: [parts] });
    goesOn = parts.length > 0;
  }
  return blocks;
}

function partsOf(line: string): ArticlePart[] {
  const parts: ArticlePart[] = [];
  let at = 0;
  for (const match of line.matchAll(LINK)) {
    const [whole, label, address = whole] = match;
    if (!URL.canParse(address)) continue;
    if (match.index > at) parts.push({ text: line.slice(at, match.index), href: null });
    parts.push({ text: label ?? whole, href: new URL(address).href });
    at = match.index + whole.length;
  }
  if (at < line.length) parts.push({ text: line.slice(at), href: null });
  return parts;
}

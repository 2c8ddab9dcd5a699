import { decodeEntities } from './html-entities.ts';

/** Where a quote begins or ends, however its tag is written. */
const QUOTE_TAG = /(<\/?blockquote\b[^<>]*>?)/i;
/** What has no words, with all that stands in it. */
const WORDLESS = /<(style|script|head|title)\b/gi;
/** A quoted line of plain text with nothing in it. */
const QUOTED_LINE = '<br>&gt;<br>';

/** The words of a mail that has no plain part, each quote as one quoted line with nothing in it. Only ever shown as text. */
export function textOf(html: string): string {
  const words = withoutQuotes(withoutWordless(html))
    .replaceAll(/<(br|\/p|\/div|\/li|\/tr)\b[^<>]*>/gi, '\n')
    .replaceAll(/<[^<>]*>/g, '');
  return decodeEntities(words).replaceAll('\u00a0', ' ');
}

/** One that is never closed is left as it is. Each end is looked for once: whoever writes a thousand beginnings gains nothing. */
function withoutWordless(html: string): string {
  const unclosed = new Set<string>();
  let kept = '';
  let from = 0;
  for (const begins of html.matchAll(WORDLESS)) {
    const name = begins[1]?.toLowerCase() ?? '';
    if (begins.index < from || unclosed.has(name)) continue;
    const ends = new RegExp(`</${name}>`, 'gi');
    ends.lastIndex = begins.index;
    if (!ends.test(html)) {
      unclosed.add(name);
      continue;
    }
    kept += html.slice(from, begins.index);
    from = ends.lastIndex;
  }
  return kept + html.slice(from);
}

/** How editors in a browser move a paragraph in: nothing is quoted there. */
function isMovedIn(tag: string): boolean {
  return /border:\s*none/i.test(tag.split(/border-left/i).at(-1) ?? '');
}

/** Quotes stand in each other; one that is never closed goes on to the end. */
function withoutQuotes(html: string): string {
  const kept: string[] = [];
  let depth = 0;
  for (const piece of html.split(QUOTE_TAG)) {
    if (/^<blockquote\b/i.test(piece)) {
      if (depth === 0 && isMovedIn(piece)) continue;
      if (depth === 0) kept.push(QUOTED_LINE);
      depth += 1;
    } else if (/^<\/blockquote\b/i.test(piece)) {
      depth = Math.max(0, depth - 1);
    } else if (depth === 0) {
      kept.push(piece);
    }
  }
  return kept.join('');
}

import { decodeEntities } from './html-entities.ts';

/** Where a quote begins or ends, however its tag is written. */
const QUOTE_TAG = /(<\/?blockquote\b[^<>]*>?)/i;
/** How editors in a browser move a paragraph in: nothing is quoted there. */
const MOVED_IN = /border:\s*none(?![^<>]*border-left)/i;
/** A quoted line of plain text with nothing in it. */
const QUOTED_LINE = '<br>&gt;<br>';

/** The words of a mail that has no plain part, each quote as one quoted line with nothing in it. Only ever shown as text. */
export function textOf(html: string): string {
  const words = withoutQuotes(html.replaceAll(/<(style|script|head|title)\b[^]*?<\/\1>/gi, ''))
    .replaceAll(/<(br|\/p|\/div|\/li|\/tr)\b[^<>]*>/gi, '\n')
    .replaceAll(/<[^<>]*>/g, '');
  return decodeEntities(words).replaceAll('\u00a0', ' ');
}

/** Quotes stand in each other; one that is never closed goes on to the end. */
function withoutQuotes(html: string): string {
  const kept: string[] = [];
  let depth = 0;
  for (const piece of html.split(QUOTE_TAG)) {
    if (/^<blockquote\b/i.test(piece)) {
      if (depth === 0 && MOVED_IN.test(piece)) continue;
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

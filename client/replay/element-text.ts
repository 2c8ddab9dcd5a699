/** What an element of the replayed page says, as far as it is shown: the same that the shopper's browser compares it by. */
import { hashedText, textHash } from '../../server/protocol/text-hash.ts';

const UNREAD = 'script,style,noscript,textarea,select,template,[contenteditable]:not([contenteditable="false" i])';
/** What is masked, and white space. */
const DOTS = /^[•\s]*$/;

export function hashOf(element: Element): string {
  return element.closest(UNREAD) ? '' : textHash(hashedText(texts(element)));
}

/** What a person would call the element, shortly; empty where it is masked. */
export function nameOf(element: Element): string {
  const image = element.querySelector('img[alt]');
  const said = element.getAttribute('aria-label') ?? element.getAttribute('alt');
  const name = said ?? ([...texts(element)].join(' ').trim() || image?.getAttribute('alt'));
  const short = (name ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 120);
  return DOTS.test(short) ? '' : short;
}

function* texts(element: Element): Generator<string> {
  const walker = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.nodeValue ?? '';
    if (!DOTS.test(text) && !node.parentElement?.closest(UNREAD)) yield text;
  }
}

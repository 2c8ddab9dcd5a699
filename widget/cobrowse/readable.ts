/** What of an element may be read out and compared: what the agent's picture shows of it as text, and nothing that is masked. */
import { hashedText, textHash } from '../../server/protocol/text-hash.ts';
import { BLOCKED, WRITTEN } from './field.ts';
import { coverOf, isCovered, isInside, isMasked } from './page-nodes.ts';

const UNREAD = `${BLOCKED},${WRITTEN},script,style,select,template`;
/** As in the replay: dots are no text. */
const DOTS = /^[•\s]*$/;
const NAME_MAX = 120;

/** An element is what the agent saw if it has this tag and, where there is something to read, this text. */
export type Guard = { tag: string; hash?: string };

export function fits(element: Element, { tag, hash }: Guard): boolean {
  if (element.localName.toLowerCase() !== tag.toLowerCase()) return false;
  return !hash || hash === hashOf(element);
}

/** Of what is shown of the element as text; empty where that is nothing. */
export function hashOf(element: Element): string {
  return textHash(hashedText(texts(element)));
}

/** What a person would call the element, shortly; empty where nothing of it may be said. */
export function nameOf(element: Element): string {
  if (isInside(element, BLOCKED) || isMasked(element) || coverOf(element) === 'words') return '';
  const said = element.getAttribute('aria-label') ?? element.getAttribute('alt') ?? labelOf(element);
  return (
    shortened(said ?? readable(element)) || shortened(element.querySelector('img[alt]')?.getAttribute('alt') ?? '')
  );
}

function labelOf(element: Element): string | null {
  const [label] = 'labels' in element && element.labels ? (element.labels as NodeListOf<HTMLLabelElement>) : [];
  return label ? readable(label) : element.getAttribute('placeholder');
}

function readable(element: Element): string {
  let all = '';
  for (const text of texts(element)) {
    all += `${text} `;
    if (all.length > 4 * NAME_MAX) break;
  }
  return all;
}

export function shortened(name: string): string {
  return name.replaceAll(/\s+/g, ' ').trim().slice(0, NAME_MAX);
}

function* texts(element: Element): Generator<string> {
  if (isInside(element, UNREAD)) return;
  const walker = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.nodeValue ?? '';
    if (!DOTS.test(text) && !node.parentElement?.closest(UNREAD) && !isCovered(node)) yield text;
  }
}

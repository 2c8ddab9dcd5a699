import { BLOCKED } from '../field.ts';
import { isInside } from '../page-nodes.ts';
import { known } from './known-nodes.ts';
import { innerDocument } from './write-attributes.ts';

/** Where it is looked for what is in view. */
const ROWS = 7;
const COLUMNS = 5;

/** Whether what the shopper sees now was written: it is looked for in some places of the window. */
export function isViewKnown(): boolean {
  for (let place = 0; place < ROWS * COLUMNS; place += 1) {
    const x = ((innerWidth - 1) * (place % COLUMNS)) / (COLUMNS - 1);
    const y = ((innerHeight - 1) * Math.floor(place / COLUMNS)) / (ROWS - 1);
    if (!isKnownAt(document, x, y)) return false;
  }
  return true;
}

/** Inside open shadow roots and frames too: a host is known before what it shows. */
function isKnownAt(root: Document | ShadowRoot, x: number, y: number): boolean {
  const element = root.elementFromPoint(x, y);
  if (!element || element === (root as Partial<ShadowRoot>).host || isInside(element, BLOCKED)) return true;
  if (!known.has(element)) return false;
  if (element.shadowRoot) return isKnownAt(element.shadowRoot, x, y);
  const page = element.localName === 'iframe' ? innerDocument(element as HTMLIFrameElement) : null;
  if (!page) return true;
  const { left, top } = element.getBoundingClientRect();
  return known.has(page) && isKnownAt(page, x - left - element.clientLeft, y - top - element.clientTop);
}

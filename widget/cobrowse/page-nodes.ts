import { BLOCKED, MARKED, MASK, WRITTEN, elementKind, hides, maskValue, type Cover, type FieldKind } from './field.ts';
import { rules } from './rules.ts';
import type { NodeKnowledge } from './sanitize.ts';
import { StyleLexicon } from './style-lexicon.ts';

/** How rrweb's recorder is asked about nodes. */
export type NodeMirror = { getNode(id: number): Node | null; getId(node: Node | null): number };

/**
 * What the live page says about the nodes of an event. Looks across shadow roots and same-origin frames, which rrweb's own
 * checks do not.
 */
export class PageNodes implements NodeKnowledge {
  readonly lexicon = new StyleLexicon();
  readonly #mirror: NodeMirror;
  readonly #own: readonly Element[];

  constructor(mirror: NodeMirror, own: readonly Element[]) {
    this.#mirror = mirror;
    this.#own = own;
  }

  get base(): string {
    return document.baseURI;
  }

  get root(): number {
    return this.#mirror.getId(document);
  }

  own(id: number): boolean {
    return this.#own.some((element) => this.#mirror.getId(element) === id);
  }

  blocked(id: number): boolean {
    return isInside(this.#mirror.getNode(id), BLOCKED);
  }

  cover(id: number): Cover {
    return coverOf(this.#mirror.getNode(id));
  }

  get pageCover(): Cover {
    return pageCover();
  }

  tag(id: number): string | null {
    return elementOf(this.#mirror.getNode(id))?.localName ?? null;
  }

  kind(id: number): FieldKind | null {
    const node = this.#mirror.getNode(id);
    return node && isElement(node) ? elementKind(node) : null;
  }
}

/** Whether the node or anything around it, shadow hosts and frames included, matches. */
export function isInside(node: Node | null, selector: string): boolean {
  return nearest(node, selector) !== null;
}

function nearest(node: Node | null, selector: string): Element | null {
  let element = elementOf(node);
  while (element) {
    const found = element.closest(selector);
    if (found) return found;
    element = hostOf(element.getRootNode());
  }
  return null;
}

/** What of a live node may be seen; of none, what may be seen of the page. */
export function coverOf(node: Node | null): Cover {
  const marked = nearest(node, MARKED);
  if (marked) return marked.hasAttribute('data-mostrador-mask') ? 'masked' : 'open';
  return isInside(node, WRITTEN) ? 'masked' : pageCover();
}

/** Whether the shop says that it is masked. */
export function isMasked(node: Node | null): boolean {
  return nearest(node, MARKED)?.hasAttribute('data-mostrador-mask') ?? false;
}

/** What may be seen where nothing says otherwise. */
export function pageCover(): Cover {
  return rules.maskText ? 'words' : 'usual';
}

/** Whether neither its text nor what is drawn on it may be seen. */
export function isCovered(node: Node | null): boolean {
  return isInside(node, BLOCKED) || hides(coverOf(node));
}

/** What may be shown of the value that a live field has. */
export function elementValue(field: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement): string {
  const cover = coverOf(field);
  return maskValue(elementKind(field), chosenOrTyped(field, cover), cover);
}

function chosenOrTyped(field: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement, cover: Cover): string {
  if (!('selectedOptions' in field)) return field.value;
  // Values of options stay here: what is chosen is what can be read.
  if (cover === 'open') return Array.from(field.selectedOptions, ({ text }) => text).join('\n');
  // What is chosen of a list may have no value.
  return field.multiple && field.selectedIndex >= 0 ? MASK : field.value;
}

/** The same-origin frame that an element's document stands in. */
export function frameAround(element: Element | null): Element | null {
  return element?.ownerDocument.defaultView?.frameElement ?? null;
}

function elementOf(node: Node | null): Element | null {
  if (!node) return null;
  if (isElement(node)) return node;
  return node.parentElement ?? hostOf(node.getRootNode());
}

// Not instanceof: nodes of a same-origin frame have constructors of their own.
function isElement(node: Node): node is Element {
  return node.nodeType === 1;
}

function hostOf(root: Node): Element | null {
  if ('host' in root) return root.host as Element;
  const frame = (root as Document).defaultView?.frameElement;
  return frame ?? null;
}

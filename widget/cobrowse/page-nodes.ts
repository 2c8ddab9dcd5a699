import { BLOCKED, MASKED, elementKind, type FieldKind } from './field.ts';
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

  masked(id: number): boolean {
    return isInside(this.#mirror.getNode(id), MASKED);
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
  let element = elementOf(node);
  while (element) {
    if (element.closest(selector)) return true;
    element = hostOf(element.getRootNode());
  }
  return false;
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

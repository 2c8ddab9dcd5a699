import { BLOCKED } from './field.ts';
import type { InnerPages } from './inner/inner-pages.ts';
import { isInside } from './page-nodes.ts';
import { nodeMirror } from './page-recorder.ts';
import type { Guard } from './readable.ts';
import { fittingSpot, spotOf, type Spot } from './spot.ts';

type Place = { node: number; fx: number; fy: number };

/** The elements of the page by the numbers that the picture gives them. */
export class PageElements {
  readonly #own: readonly Element[];
  readonly #inner: () => InnerPages | null;

  /** `own`: what is ours and not the page's · `inner`: pages inside its frames that are recorded by themselves. */
  constructor(own: readonly Element[], inner: () => InnerPages | null) {
    this.#own = own;
    this.#inner = inner;
  }

  /** Whether it is a node of a page inside a frame of another origin. */
  isInside(node: number): boolean {
    return this.#inner()?.pageOf(node) != null;
  }

  /** What can be pointed at, also in pages inside. */
  spot(node: number | null): Spot | null {
    const element = this.at(node);
    if (element) return spotOf(element);
    return node === null ? null : (this.#inner()?.pageOf(node)?.sight.spot(node) ?? null);
  }

  /** The same, if it is what somebody took it for. A page inside has to be asked. */
  find(node: number, guard: Guard): Spot | null | Promise<Spot | null> {
    const element = this.at(node);
    if (element) return fittingSpot(element, guard);
    return this.#inner()?.pageOf(node)?.sight.find(node, guard) ?? null;
  }

  /** An element of the page that is there now. What is blocked is a box: it is found itself, and nothing inside it. */
  at(node: number | null): Element | null {
    const found = node === null ? null : nodeMirror.getNode(node);
    const element = found?.nodeType === 1 ? (found as Element) : (found?.parentElement ?? null);
    if (!element?.isConnected || this.#own.includes(element)) return null;
    return isInside(around(element), BLOCKED) ? null : element;
  }

  /** The innermost element at a place of the window that the picture shows too, and where in it the place is. */
  placeAt(x: number, y: number): Place | null | Promise<Place | null> {
    let element = this.#innermost(document, x, y);
    const inside = element && this.#inner()?.inside(element);
    if (inside) return inside.sight.placeAt(x, y);
    let [left, top] = [x, y];
    while (element) {
      const node = nodeMirror.getId(element);
      if (node > 0 && this.at(node)) {
        for (let frame = frameAround(element); frame; frame = frameAround(frame)) {
          const outer = frame.getBoundingClientRect();
          left -= outer.left + frame.clientLeft;
          top -= outer.top + frame.clientTop;
        }
        const box = element.getBoundingClientRect();
        return { node, fx: fraction(left - box.left, box.width), fy: fraction(top - box.top, box.height) };
      }
      element = around(element);
    }
    return null;
  }

  #innermost(root: Document | ShadowRoot, x: number, y: number): Element | null {
    const element = root.elementsFromPoint(x, y).find((each) => !this.#own.includes(each)) ?? null;
    const inner = element && (element.shadowRoot ?? innerDocument(element));
    if (!element || !inner || inner === root) return element;
    const box = inner.nodeType === 9 ? element.getBoundingClientRect() : { left: 0, top: 0 };
    const edge = inner.nodeType === 9 ? { x: element.clientLeft, y: element.clientTop } : { x: 0, y: 0 };
    return this.#innermost(inner, x - box.left - edge.x, y - box.top - edge.y) ?? element;
  }
}

function around(element: Element): Element | null {
  if (element.parentElement) return element.parentElement;
  const root = element.getRootNode();
  return 'host' in root ? (root.host as Element) : frameAround(element);
}

function frameAround(element: Element): Element | null {
  return element.ownerDocument.defaultView?.frameElement ?? null;
}

function innerDocument(element: Element): Document | null {
  try {
    return element.localName === 'iframe' ? (element as HTMLIFrameElement).contentDocument : null;
  } catch {
    return null;
  }
}

function fraction(part: number, whole: number): number {
  return whole > 0 ? Math.round(Math.min(Math.max(part / whole, 0), 1) * 10_000) / 10_000 : 0;
}

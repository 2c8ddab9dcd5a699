/** Where things are in a replayed page, in CSS pixels of the shopper's viewport; frames and shadow roots included. */

export type Box = { left: number; top: number; width: number; height: number };

export function elementOf(node: Node | null): Element | null {
  if (!node) return null;
  return node.nodeType === 1 ? (node as Element) : node.parentElement;
}

/** The element's box in the replayed page's viewport. */
export function boxInPage(element: Element): Box {
  const { width, height, ...box } = plainBox(element);
  let { left, top } = box;
  for (const frame of framesAround(element)) {
    const outer = plainBox(frame);
    left += outer.left + frame.clientLeft;
    top += outer.top + frame.clientTop;
  }
  return { left, top, width, height };
}

/** Whether the page draws the element and the frames around it. */
export function isVisible(element: Element): boolean {
  const { width, height } = plainBox(element);
  const drawn = { visibilityProperty: true };
  const shown = [element, ...framesAround(element)];
  return width > 0 && height > 0 && shown.every((each) => each.checkVisibility(drawn) && !isCutOff(each));
}

/** Whether something around it that hides what is too large for it, such as a carousel, leaves nothing of it to see. */
function isCutOff(element: Element): boolean {
  let { left, top, right, bottom } = element.getBoundingClientRect();
  const view = element.ownerDocument.defaultView;
  let position = view?.getComputedStyle(element).position;
  for (let around = element.parentElement; around?.parentElement; around = around.parentElement) {
    // What is around these in the document is not around them on the screen.
    if (position === 'fixed') return false;
    const style = view?.getComputedStyle(around);
    if (position === 'absolute' && style?.position === 'static') continue;
    position = style?.position;
    if (around.localName === 'body' || style?.overflow === 'visible') continue;
    const box = around.getBoundingClientRect();
    left = Math.max(left, box.left);
    top = Math.max(top, box.top);
    right = Math.min(right, box.right);
    bottom = Math.min(bottom, box.bottom);
    if (right <= left || bottom <= top) return true;
  }
  return false;
}

/** The innermost element at a place. */
export function elementAt(page: Document, x: number, y: number): Element | null {
  let root: Document | ShadowRoot = page;
  let at = { x, y };
  let found: Element | null = null;
  for (;;) {
    const element: Element | null = root.elementFromPoint(at.x, at.y);
    if (!element || element === found) return found;
    found = element;
    const inner: Document | null = element.nodeName === 'IFRAME' ? innerDocument(element as HTMLIFrameElement) : null;
    if (inner) {
      const box = plainBox(element);
      at = { x: at.x - box.left - element.clientLeft, y: at.y - box.top - element.clientTop };
      root = inner;
    } else if (element.shadowRoot) {
      root = element.shadowRoot;
    } else {
      return found;
    }
  }
}

/** The frames around an element inside the replayed page, from the inside out. */
function framesAround(element: Element): Element[] {
  const frames: Element[] = [];
  let frame = element.ownerDocument.defaultView?.frameElement;
  while (frame && frame.ownerDocument !== document) {
    frames.push(frame);
    frame = frame.ownerDocument.defaultView?.frameElement;
  }
  return frames;
}

function innerDocument(frame: HTMLIFrameElement): Document | null {
  try {
    return frame.contentDocument;
  } catch {
    return null;
  }
}

function plainBox(element: Element): Box {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { left, top, width, height };
}

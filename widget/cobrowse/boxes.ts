/** Where things are in the shopper's window: frames included, hidden ones not. */

/** In pixels of the viewport of the top page. */
export type Box = { left: number; top: number; width: number; height: number };

/** The element's box in the viewport of the top page; null while it cannot be seen. */
export function boxOf(element: Element): Box | null {
  if (!element.isConnected) return null;
  let { left, top } = element.getBoundingClientRect();
  const { width, height } = element.getBoundingClientRect();
  if (width === 0 || height === 0 || isHidden(element) || isCutOff(element)) return null;
  const frame = element.ownerDocument.defaultView?.frameElement;
  if (!frame) return { left, top, width, height };
  for (let at: Element | null | undefined = frame; at; at = at.ownerDocument.defaultView?.frameElement)
    if (isHidden(at)) return null;
  const outer = frameContent(frame);
  left += outer.left;
  top += outer.top;
  return { left, top, width, height };
}

/** Where the content of a frame begins, in the viewport of the top page. */
export function frameContent(frame: Element): { left: number; top: number } {
  let [left, top] = [0, 0];
  for (let at: Element | null | undefined = frame; at; at = at.ownerDocument.defaultView?.frameElement) {
    const box = at.getBoundingClientRect();
    left += box.left + at.clientLeft;
    top += box.top + at.clientTop;
  }
  return { left, top };
}

/** Whether at least half of what the window could show of a box is in it. */
export function isInView({ left, top, width, height }: Box): boolean {
  const across = Math.min(left + width, innerWidth) - Math.max(left, 0);
  const down = Math.min(top + height, innerHeight) - Math.max(top, 0);
  return across >= Math.min(width, innerWidth) / 2 && down >= Math.min(height, innerHeight) / 2;
}

function isHidden(element: Element): boolean {
  return 'checkVisibility' in element && !element.checkVisibility({ visibilityProperty: true });
}

/** Whether something around it that hides what is too large for it, such as a carousel, leaves nothing of it to see. */
function isCutOff(element: Element): boolean {
  let { left, top, right, bottom } = element.getBoundingClientRect();
  let { position } = getComputedStyle(element);
  for (let around = element.parentElement; around?.parentElement; around = around.parentElement) {
    // What is around these in the document is not around them on the screen.
    if (position === 'fixed') return false;
    const style = getComputedStyle(around);
    if (position === 'absolute' && style.position === 'static') continue;
    position = style.position;
    if (around.localName === 'body' || !/hidden|clip/.test(style.overflow)) continue;
    const box = around.getBoundingClientRect();
    left = Math.max(left, box.left);
    top = Math.max(top, box.top);
    right = Math.min(right, box.right);
    bottom = Math.min(bottom, box.bottom);
    if (right <= left || bottom <= top) return true;
  }
  return false;
}

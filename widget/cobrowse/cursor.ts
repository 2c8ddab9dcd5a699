import type { CursorPlace } from '../../server/protocol/cobrowse-event.ts';
import { frameAround } from './page-nodes.ts';
import { innerDocument } from './record/write-attributes.ts';

export type CursorWatch = {
  /** The place that could not be sent when it was reported, if there is one. */
  retry(): void;
  close(): void;
};

/**
 * Reports where the shopper's mouse or finger is, at each movement. `report` says whether it could be sent; if not, the
 * last place is kept for `retry`: the last one wins.
 */
export function watchCursor(idOf: (node: Node) => number, report: (place: CursorPlace) => boolean): CursorWatch {
  const stop = new AbortController();
  const listen = { capture: true, passive: true, signal: stop.signal } as const;
  let held: { place: CursorPlace } | null = null;
  const tell = (place: CursorPlace) => {
    held = report(place) ? null : { place };
  };
  const move = (event: PointerEvent) => tell(placeOf(event, idOf));
  const leave = (event: PointerEvent) => {
    if (event.relatedTarget === null) tell(null);
  };
  const watch = (view: Window) => {
    view.addEventListener('pointermove', move, listen);
    view.addEventListener('pointerdown', move, listen);
    view.addEventListener('pointerout', leave, listen);
    view.addEventListener('pointerover', enter, listen);
  };
  // Over a frame the page itself is told nothing: then the frame is listened to as well, once.
  const enter = ({ target }: PointerEvent) => {
    const inner = (target as Partial<HTMLIFrameElement> | null)?.contentWindow;
    if (inner && innerDocument(target as HTMLIFrameElement)) watch(inner);
  };
  watch(window);
  return {
    retry: () => held && tell(held.place),
    close: () => stop.abort(),
  };
}

function placeOf(event: PointerEvent, idOf: (node: Node) => number): CursorPlace {
  const target = event.composedPath()[0] as Node | undefined;
  // Not instanceof: a frame has classes of its own.
  let element = target?.nodeType === 1 ? (target as Element) : null;
  const { x, y } = inViewport(element, event);
  while (element && idOf(element) < 1) element = element.parentElement;
  if (!element) return { x, y, node: 0, fx: 0, fy: 0 };
  const box = element.getBoundingClientRect();
  return {
    x,
    y,
    node: idOf(element),
    fx: fraction(event.clientX - box.left, box.width),
    fy: fraction(event.clientY - box.top, box.height),
  };
}

function inViewport(element: Element | null, { clientX, clientY }: PointerEvent): { x: number; y: number } {
  let [x, y] = [clientX, clientY];
  for (let frame = frameAround(element); frame; frame = frameAround(frame)) {
    const box = frame.getBoundingClientRect();
    x += box.left + frame.clientLeft;
    y += box.top + frame.clientTop;
  }
  return { x: Math.round(x), y: Math.round(y) };
}

function fraction(part: number, whole: number): number {
  return whole > 0 ? Math.round(Math.min(Math.max(part / whole, 0), 1) * 10_000) / 10_000 : 0;
}

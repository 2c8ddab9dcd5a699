import type { CursorPlace } from '../../server/protocol/cobrowse-event.ts';

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
  window.addEventListener('pointermove', move, listen);
  window.addEventListener('pointerdown', move, listen);
  window.addEventListener('pointerout', leave, listen);
  return {
    retry: () => held && tell(held.place),
    close: () => stop.abort(),
  };
}

function placeOf(event: PointerEvent, idOf: (node: Node) => number): CursorPlace {
  const x = Math.round(event.clientX);
  const y = Math.round(event.clientY);
  const target = event.composedPath()[0];
  let element = target instanceof Element ? target : null;
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

function fraction(part: number, whole: number): number {
  return whole > 0 ? Math.round(Math.min(Math.max(part / whole, 0), 1) * 10_000) / 10_000 : 0;
}

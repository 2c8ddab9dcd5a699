import type { Entry } from '../../../server/protocol/entry.ts';

/** Brings what was found in what scrolls before the reader's eyes and under their focus. False: it is not there (yet). */
export function showFound(scroller: HTMLElement, entries: readonly Entry[], seq: number): boolean {
  const entry = entries.find((each) => each.seq === seq);
  if (entry?.type !== 'message' && entry?.type !== 'note') return false;
  const key = CSS.escape(entry.id);
  const place = scroller.querySelector<HTMLElement>(`[data-message="${key}"], [data-note="${key}"]`);
  if (!place) return false;
  place.tabIndex = -1;
  place.dataset['found'] = '';
  toMiddle(scroller, place);
  place.focus({ preventScroll: true });
  place.addEventListener('blur', () => delete place.dataset['found'], { once: true });
  return true;
}

/** Scrolls nothing else: what is around it keeps its head in sight. */
function toMiddle(scroller: HTMLElement, place: HTMLElement): void {
  const [frame, box] = [scroller.getBoundingClientRect(), place.getBoundingClientRect()];
  scroller.scrollTop += box.top + box.height / 2 - (frame.top + frame.height / 2);
}

import type { Entry } from '../../../server/protocol/entry.ts';

/** Brings what was found before the reader's eyes and under their focus. False: it is not there (yet). */
export function showFound(within: HTMLElement, entries: readonly Entry[], seq: number): boolean {
  const entry = entries.find((each) => each.seq === seq);
  if (entry?.type !== 'message' && entry?.type !== 'note') return false;
  const key = CSS.escape(entry.id);
  const place = within.querySelector<HTMLElement>(`[data-message="${key}"], [data-note="${key}"]`);
  if (!place) return false;
  place.tabIndex = -1;
  place.dataset['found'] = '';
  place.scrollIntoView({ block: 'center' });
  place.focus({ preventScroll: true });
  place.addEventListener('blur', () => delete place.dataset['found'], { once: true });
  return true;
}

import type { Memory } from '../loader/memory.ts';

/** What a tab remembers that belongs to that one tab. */
const OF_THE_TAB = [
  'tab',
  'step',
  'open',
  'draft',
  'epoch',
  'devices',
  'call-over',
  'large',
  'apart',
  'cobrowse-stopped',
  'seen',
  'hands-stopped',
  'uploads',
];

/**
 * The id of this browser tab, the same over page loads.
 * A duplicated tab starts with a copy of the original's memory; the mark that the original keeps while it is on the
 * screen tells the copy to begin as a new tab.
 */
export function takeTab(session: Memory): string {
  if (session.get('tab-shown') !== null) for (const name of OF_THE_TAB) session.set(name, null);
  const tab = session.get('tab') ?? crypto.randomUUID();
  session.set('tab', tab);
  const mark = (): void => session.set('tab-shown', document.visibilityState === 'visible' ? '1' : null);
  mark();
  document.addEventListener('visibilitychange', mark);
  addEventListener('pagehide', () => session.set('tab-shown', null));
  addEventListener('pageshow', mark);
  return tab;
}

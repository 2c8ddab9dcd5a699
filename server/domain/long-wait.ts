import type { Settings } from '../protocol/settings.ts';
import { hoursFor, openBetween, opennessAt, type Hours } from './hours.ts';

export type Wait = { topic: string | null; since: number; waitMs: number | null };

/**
 * Whether the shop has another offer for whoever waits since `since` and may still wait for `waitMs` (null: nobody can tell).
 * Only time counts in which it is open for the topic; while it is closed, when it opens is all that there is to say.
 */
export function longWaits(
  settings: Pick<Settings, 'hours' | 'topics' | 'routing'>,
  now: number,
): (wait: Wait) => boolean {
  const { longWaitSeconds } = settings.routing;
  if (longWaitSeconds === null) return () => false;
  const most = longWaitSeconds * 1_000;
  /** The calendar is asked where it matters, and of what opens and closes together once. */
  const open = new Map<Hours, boolean>();
  const isOpen = (hours: Hours): boolean => {
    const known = open.get(hours) ?? opennessAt(hours, now).open;
    open.set(hours, known);
    return known;
  };
  return ({ topic, since, waitMs }) => {
    const still = waitMs ?? 0;
    if (now - since + still <= most) return false;
    const hours = hoursFor(settings, topic);
    return !hours || (isOpen(hours) && openBetween(hours, since, now, most - still) + still > most);
  };
}

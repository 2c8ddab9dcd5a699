import type { Settings } from '../protocol/settings.ts';
import { hoursFor, openBetween, opennessAt } from './hours.ts';

/**
 * Whether the shop has another offer for whoever waits since `since` and may still wait for `waitMs` (null: nobody can tell).
 * Only time counts in which it is open for the topic; while it is closed, when it opens is all that there is to say.
 */
export function isLongWait(
  { topic, since, waitMs }: { topic: string | null; since: number; waitMs: number | null },
  settings: Pick<Settings, 'hours' | 'topics' | 'routing'>,
  now: number,
): boolean {
  const { longWaitSeconds } = settings.routing;
  if (longWaitSeconds === null) return false;
  const isLong = (waited: number): boolean => waited + (waitMs ?? 0) > longWaitSeconds * 1_000;
  // The calendar is asked only where it matters.
  if (!isLong(now - since)) return false;
  const hours = hoursFor(settings, topic);
  return !hours || (opennessAt(hours, now).open && isLong(openBetween(hours, since, now)));
}

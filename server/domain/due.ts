import { opennessAt, type Hours } from './hours.ts';

const HOUR_MS = 3_600_000;
/** More openings than anybody promises an answer within. */
const OPENINGS_MAX = 3_000;

/**
 * When an answer is due: so many hours from `from` on, of those in which the shop is open; on the clock where it never closes.
 * Null: it does not open any more, as far as anybody can tell.
 */
export function dueAfter(hours: Hours | null, from: number, answerHours: number): number | null {
  let left = answerHours * HOUR_MS;
  if (!hours) return from + left;
  let at = from;
  for (let openings = 0; openings < OPENINGS_MAX; openings++) {
    const { open, until } = opennessAt(hours, at);
    if (open) {
      if (until === null || until - at >= left) return at + left;
      left -= until - at;
    }
    if (until === null) return null;
    at = until;
  }
  return null;
}

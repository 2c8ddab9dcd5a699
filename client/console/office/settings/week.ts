import type { HoursSetting } from '../../../../server/protocol/settings.ts';
import { hoursProblem, opennessAt } from '../../../../server/domain/hours.ts';
import { language, w } from '../../words.ts';

export type Span = HoursSetting['weekly'][number][number];

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const DAY_MS = 86_400_000;

/** Monday to Friday, nine to six, where this browser is. */
export function usualHours(): HoursSetting {
  const day = (open: boolean): Span[] => (open ? [{ from: 540, to: 1_080 }] : []);
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { zone, weekly: DAYS.map((_, index) => day(index < 5)), exceptions: {} };
}

/** A day of the week in the person's language; 0: Monday. */
export function weekday(index: number, style: 'long' | 'short' = 'long'): string {
  // 5 January 1970 was a Monday.
  return new Intl.DateTimeFormat(language, { weekday: style, timeZone: 'UTC' }).format((4 + index) * DAY_MS);
}

/** `2026-12-25` in the person's language; what is no day, as it is. */
export function dayWords(day: string): string {
  const index = DAYS.indexOf(day);
  if (index >= 0) return weekday(index);
  const at = Date.parse(`${day}T00:00:00Z`);
  const style = { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return Number.isNaN(at) ? day : new Intl.DateTimeFormat(language, style).format(at);
}

/** Minutes of a day as a time field has them. Midnight at the end of a day is 00:00, too. */
export function timeText(minutes: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}

/** What a time field says, in minutes; null: nothing (yet). */
export function minutesOf(text: string, end: boolean): number | null {
  const found = /^(\d\d):(\d\d)/.exec(text);
  if (!found) return null;
  const minutes = Number(found[1]) * 60 + Number(found[2]);
  return end && minutes === 0 ? 1_440 : minutes;
}

export function spansWords(spans: readonly Span[]): string {
  return spans.map(({ from, to }) => `${timeText(from)}–${timeText(to)}`).join(', ') || w.hours_closed();
}

/** What the hours mean now, as a shopper would hear it; null: they mean nothing, see `hoursWrong`. */
export function hoursMeaning(hours: HoursSetting | null, now: number): string | null {
  if (!hours) return w.hours_always();
  if (hoursProblem(hours)) return null;
  const { open, until } = opennessAt(hours, now);
  if (until === null) return open ? w.hours_always() : w.hours_never();
  const when = whenWords(until, now, hours.zone);
  return open ? w.hours_open_until({ when }) : w.hours_closed_until({ when });
}

/** What is wrong with the hours and on which day (`monday` …, `2026-12-25`, `zone`); null: nothing. */
export function hoursWrong(hours: HoursSetting): { at: string; sentence: string } | null {
  const problem = hoursProblem(hours);
  if (!problem) return null;
  switch (problem.reason) {
    case 'unknown-zone':
      return { at: 'zone', sentence: w.hours_unknown_zone() };
    case 'overlap':
      return { at: problem.day, sentence: w.hours_overlap() };
    case 'ends-before-start':
      return { at: problem.day, sentence: w.hours_ends_before_start() };
    case 'not-a-time':
      return { at: problem.day, sentence: w.hours_not_a_time() };
    case 'not-a-day':
      return { at: problem.day, sentence: w.hours_not_a_day() };
    case 'not-seven-days':
      return { at: 'zone', sentence: w.settings_wrong() };
  }
}

/** At 18:00 · on Monday at 09:00 · on 7 January at 09:00, on that zone's wall. */
function whenWords(at: number, now: number, zone: string): string {
  const text = (style: Intl.DateTimeFormatOptions, instant = at): string =>
    new Intl.DateTimeFormat(language, { timeZone: zone, ...style }).format(instant);
  const time = text({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const date = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  if (text(date) === text(date, now)) return w.hours_at({ time });
  if (at - now < 6 * DAY_MS) return w.hours_on_day({ day: text({ weekday: 'long' }), time });
  return w.hours_on_day({ day: text({ day: 'numeric', month: 'long' }), time });
}

export function dayName(index: number): string {
  return DAYS[index] ?? '';
}

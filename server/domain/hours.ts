/** Opening hours: when a shop (or one of its topics) is there, in its own time zone, over every change of the clocks. */
import { dayAt, dayText, offsetAt } from './wall-clock.ts';

/** Minutes from the day's midnight on the wall: 540 to 1080 is nine to six. `to` is at most 1440; past midnight is the next day's. */
export type Span = { readonly from: number; readonly to: number };

export type Hours = {
  /** IANA name, for example `Europe/Madrid`. */
  readonly zone: string;
  /** Seven days, Monday first. A day without spans is closed. */
  readonly weekly: readonly (readonly Span[])[];
  /** Days that differ (holidays, a long Saturday), as `YYYY-MM-DD`: these spans instead of the week's. */
  readonly exceptions: Readonly<Record<string, readonly Span[]>>;
};

/** `until`: when that changes, in milliseconds since the epoch; null: not within a year. */
export type Openness = { readonly open: boolean; readonly until: number | null };

export type HoursProblem =
  | { reason: 'unknown-zone'; zone: string }
  | { reason: 'not-seven-days' }
  | { reason: 'not-a-day'; day: string }
  | { reason: 'not-a-time' | 'ends-before-start' | 'overlap'; day: string };

const DAY_MINUTES = 1_440;
const DAY_MS = 86_400_000;
/** A shop that is closed longer than this does not open, as far as anybody can tell. */
const LOOK_AHEAD_DAYS = 366;
/** Of days that do not differ these say all: each day of the week twice, should the clocks leave one of them out. */
const WEEKS_DAYS = 15;
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** Whether the hours say something at all, and one thing only. Null: they do. */
export function hoursProblem({ zone, weekly, exceptions }: Hours): HoursProblem | null {
  if (!isZone(zone)) return { reason: 'unknown-zone', zone };
  if (weekly.length !== DAYS.length) return { reason: 'not-seven-days' };
  const wrongDay = Object.keys(exceptions).find((day) => !isDay(day));
  if (wrongDay !== undefined) return { reason: 'not-a-day', day: wrongDay };
  const days = [...weekly.map((spans, index) => [DAYS[index] ?? '', spans] as const), ...Object.entries(exceptions)];
  for (const [day, spans] of days) {
    const reason = spansProblem(spans);
    if (reason) return { reason, day };
  }
  return null;
}

/** Open or closed at `now`, and when that changes. */
export function opennessAt(hours: Hours, now: number): Openness {
  const today = dayAt(now, hours.zone) * DAY_MS;
  const lastException = Object.keys(hours.exceptions).reduce((last, day) => (day > last ? day : last), '');
  // From yesterday on: where the clocks change at midnight, a day can still be going on.
  let opened: number | null = null;
  let closes: number | null = null;
  for (let ahead = -1; ahead <= LOOK_AHEAD_DAYS; ahead++) {
    const day = today + ahead * DAY_MS;
    if (ahead > WEEKS_DAYS && dayText(day / DAY_MS) > lastException) break;
    for (const { from, to } of spansOf(hours, day)) {
      const start = instantOf(hours.zone, day, from, 'earlier');
      const end = instantOf(hours.zone, day, to, 'later');
      // An hour that the clocks leave out.
      if (end <= now || end <= start) continue;
      // Past midnight without a break it is the same opening.
      if (closes !== null && start <= closes) {
        closes = Math.max(closes, end);
        continue;
      }
      if (opened !== null) return { open: true, until: closes };
      if (start > now) return { open: false, until: start };
      opened = start;
      closes = end;
    }
    if (closes !== null && closes < instantOf(hours.zone, day, DAY_MINUTES, 'later'))
      return { open: true, until: closes };
  }
  // Open around the clock, all the year.
  return { open: opened !== null, until: null };
}

/** Of the time between two instants, the milliseconds in which it is open; where that is more than `most`, some of them. */
export function openBetween(hours: Hours, from: number, to: number, most = Infinity): number {
  let open = 0;
  for (let at = from; at < to && open <= most;) {
    const is = opennessAt(hours, at);
    const end = Math.min(is.until ?? to, to);
    if (is.open) open += end - at;
    at = end;
  }
  return open;
}

/** A topic may have hours of its own. Null: always open. */
export function hoursFor<Own extends Hours>(
  { hours, topics }: { hours: Own | null; topics: readonly { id: string; hours: Own | null }[] },
  topic: string | null,
): Own | null {
  return topics.find(({ id }) => id === topic)?.hours ?? hours;
}

function spansProblem(spans: readonly Span[]): 'not-a-time' | 'ends-before-start' | 'overlap' | null {
  let last = 0;
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    if (![from, to].every((minutes) => Number.isInteger(minutes) && minutes >= 0 && minutes <= DAY_MINUTES)) {
      return 'not-a-time';
    }
    if (to <= from) return 'ends-before-start';
    if (from < last) return 'overlap';
    last = to;
  }
  return null;
}

function isZone(zone: string): boolean {
  try {
    return zone !== '' && Intl.DateTimeFormat('en', { timeZone: zone }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

function isDay(day: string): boolean {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

/** `day`: its date at midnight, as if that were UTC. */
function spansOf({ weekly, exceptions }: Hours, day: number): readonly Span[] {
  const spans = exceptions[dayText(day / DAY_MS)] ?? weekly[(new Date(day).getUTCDay() + 6) % 7] ?? [];
  return spans.toSorted((a, b) => a.from - b.from);
}

/**
 * When the clock on the wall shows these minutes of that day. A time that comes twice is the earlier or the later one, as
 * asked; one that is left out is the moment at which the clocks go forward.
 */
function instantOf(zone: string, day: number, minutes: number, twice: 'earlier' | 'later'): number {
  const wall = day + minutes * 60_000;
  const around = [offsetAt(wall - DAY_MS, zone), offsetAt(wall + DAY_MS, zone)];
  const fitting = around.map((offset) => wall - offset).filter((instant) => instant + offsetAt(instant, zone) === wall);
  if (fitting.length > 0) return twice === 'earlier' ? Math.min(...fitting) : Math.max(...fitting);
  return clockChange(zone, wall - Math.max(...around), wall - Math.min(...around));
}

/** The first instant after `before` at which the offset is that of `after`; to the second. */
function clockChange(zone: string, before: number, after: number): number {
  const changed = offsetAt(after, zone);
  let [low, high] = [before, after];
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle, zone) === changed) high = middle;
    else low = middle;
  }
  return Math.round(high / 1_000) * 1_000;
}

/** The clock on a wall somewhere: what it is ahead of UTC, over every change. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** Clocks change at whole quarters of an hour, since this at the latest: what holds at one moment of a quarter holds in all of it. */
const QUARTER_MS = 900_000;
const QUARTERS_SINCE = Date.UTC(2023, 0, 1);
/** Quarters of a zone that are remembered: two of each day of two years, and as many again. */
const REMEMBERED_MAX = 3_000;
const remembered = new Map<string, Map<number, number>>();

/** What the wall is ahead of UTC, in milliseconds. The calendar takes long to be asked, and is asked the same again and again. */
export function offsetAt(instant: number, zone: string): number {
  if (instant < QUARTERS_SINCE) return askedOffset(instant, zone);
  let known = remembered.get(zone);
  if (!known) remembered.set(zone, (known = new Map()));
  const quarter = Math.floor(instant / QUARTER_MS);
  let offset = known.get(quarter);
  if (offset === undefined) {
    offset = askedOffset(instant, zone);
    if (known.size >= REMEMBERED_MAX) known.clear();
    known.set(quarter, offset);
  }
  return offset;
}

function askedOffset(instant: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) {
    const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      ...clock,
    });
    formats.set(zone, format);
  }
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  const whole = Math.floor(instant / 1_000) * 1_000;
  for (const { type, value } of format.formatToParts(whole)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** When a day (`YYYY-MM-DD`) begins on the wall; where the clocks leave midnight out, the first moment after it. */
export function midnightOf(day: string, zone: string): number {
  const wall = Date.parse(`${day}T00:00:00Z`);
  const around = [offsetAt(wall - DAY_MS, zone), offsetAt(wall + DAY_MS, zone)];
  const found = around.map((offset) => wall - offset).find((instant) => instant + offsetAt(instant, zone) === wall);
  return found ?? wall - Math.min(...around);
}

/**
 * Hours on the wall of a zone since 1970 began there, for many instants: what is asked of the calendar is asked once for each
 * day without a change of the clocks.
 */
export function wallHours(zone: string): (instant: number) => number {
  let day = Number.NaN;
  /** Of that day; null: the clocks change in it. */
  let offset: number | null = null;
  return (instant) => {
    const utcDay = Math.floor(instant / DAY_MS);
    if (utcDay !== day) {
      const [first, last] = [offsetAt(utcDay * DAY_MS, zone), offsetAt((utcDay + 1) * DAY_MS - 1_000, zone)];
      offset = first === last ? first : null;
      day = utcDay;
    }
    return Math.floor((instant + (offset ?? offsetAt(instant, zone))) / HOUR_MS);
  };
}

/** The date on the wall, in days since 1970 began there. */
export function dayAt(instant: number, zone: string): number {
  return Math.floor((instant + offsetAt(instant, zone)) / DAY_MS);
}

/** As `YYYY-MM-DD` the day that is so many days after 1970 began. */
export function dayText(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}

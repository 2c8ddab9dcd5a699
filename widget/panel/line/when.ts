import type { Openness, PlaceView } from '../../../server/protocol/views.ts';
import { locale, words } from '../words.ts';

const CLOCK = { hour: 'numeric', minute: '2-digit' } as const;
const SOON_MS = 16 * 3_600_000;

/** Whether somebody is there, as a person would say it; null where there is nothing to say. In the shopper's own time. */
export function attendanceSentence(
  { open, until, staffed }: Openness & { staffed: boolean },
  topical: boolean,
  now: number,
): string | null {
  if (!open) return until === null ? words.hours_closed() : words.hours_opens({ when: momentOf(until, now) });
  if (!staffed) return topical ? words.hours_nobody_topic() : words.hours_nobody();
  // Whoever is here for another day need not say until when.
  return until === null || until - now > SOON_MS ? null : words.hours_until({ time: inWords(until, CLOCK) });
}

export function placeSentence({ ahead, minutes }: PlaceView): string {
  const place = ahead === 0 ? words.line_next() : words.line_ahead({ count: ahead });
  return minutes === null ? place : `${place} ${words.line_minutes({ count: minutes })}`;
}

/** `at 18:00`, `tomorrow at 9:00`, `on Monday at 9:00`, `on 7 January at 9:00`. */
export function momentOf(at: number, now: number): string {
  const time = words.hours_at({ time: inWords(at, CLOCK) });
  const days = Math.round((midnight(at) - midnight(now)) / 86_400_000);
  if (days === 0) return time;
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const date: Intl.DateTimeFormatOptions = days < 7 ? { weekday: 'long' } : { day: 'numeric', month: 'long' };
  const day = days === 1 ? relative.format(1, 'day') : words.hours_on({ day: inWords(at, date) });
  return `${day} ${time}`;
}

function inWords(at: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, options).format(at);
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

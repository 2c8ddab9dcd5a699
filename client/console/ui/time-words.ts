import { language, w } from '../words.ts';

/** Made once: making one takes longer than showing a whole conversation. */
let clock: Intl.DateTimeFormat | undefined;

/** 14:05 */
export function clockTime(at: number): string {
  clock ??= new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return clock.format(at);
}

/** Yesterday, today, tomorrow, or the date; with the year where that is another. */
export function dayName(at: number, now: number): string {
  const days = dayNumber(at) - dayNumber(now);
  if (days === 0) return w.time_today();
  if (days === 1) return w.time_tomorrow();
  if (days === -1) return w.time_yesterday();
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  return new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', year }).format(at);
}

/** Of days by the calendar, also where the clocks change. */
function dayNumber(at: number): number {
  const day = new Date(at);
  return Date.UTC(day.getFullYear(), day.getMonth(), day.getDate()) / 86_400_000;
}

/** 4 May 2026, 14:05 */
export function shortDate(at: number): string {
  const style = { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(language, style).format(at);
}

/** How long somebody waits, in whole minutes. */
export function waitedFor(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes === 0) return w.time_now();
  if (minutes < 60) return w.time_minutes({ minutes });
  return w.time_hours({ hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/** 3:07, 1:02:09 */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, String(whole % 60).padStart(2, '0')];
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
}

/** A language's name in the agent's language, for example "Spanish (Mexico)". */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

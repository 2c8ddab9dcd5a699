/** Days as `YYYY-MM-DD`, both within. */
export type Range = { from: string; to: string };

const DAY_MS = 86_400_000;

/** The last so many days, today among them, where this browser is. */
export function lastDays(days: number, now: number): Range {
  const today = new Date(now);
  // Noon, so that no change of the clocks moves it into another day.
  const noon = Date.UTC(today.getFullYear(), today.getMonth(), today.getDate(), 12);
  return { from: dayOf(noon - (days - 1) * DAY_MS), to: dayOf(noon) };
}

/** Every day of a range, in order. */
export function daysOf({ from, to }: Range): string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, n) => dayOf(Date.parse(from) + n * DAY_MS));
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Days as `YYYY-MM-DD`, both within. */
export type Range = { from: string; to: string };

const DAY_MS = 86_400_000;

/** What is asked for: these days, or the last so many on the shop's wall, today among them. */
export type Asked = Range | { last: number };

export function queryOf(asked: Asked): string {
  return 'last' in asked ? `days=${asked.last}` : `from=${asked.from}&to=${asked.to}`;
}

/** Every day of a range, in order. */
export function daysOf({ from, to }: Range): string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, n) => dayOf(Date.parse(from) + n * DAY_MS));
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

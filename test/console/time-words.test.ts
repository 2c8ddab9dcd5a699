import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dayName } from '../../client/console/ui/time-words.ts';
import { loadWords } from '../../client/console/words.ts';

beforeAll(() => void vi.stubGlobal('document', { documentElement: {} }));
afterAll(async () => {
  await loadWords(['en']);
  vi.unstubAllGlobals();
});

/** The afternoon before the clocks of much of the world change, in the time zone of the machine. */
const now = new Date(2026, 2, 28, 15).getTime();
const at = (days: number, hour: number): number => new Date(2026, 2, 28 + days, hour).getTime();

describe('the name of a day', () => {
  it.each([
    ['en', ['Yesterday', 'Today', 'Today', 'Tomorrow', 'Tomorrow']],
    ['es', ['Ayer', 'Hoy', 'Hoy', 'Mañana', 'Mañana']],
  ])('is a word around today (%s)', async (language, names) => {
    await loadWords([language]);
    expect([at(-1, 0), at(0, 0), at(0, 23), at(1, 0), at(1, 23)].map((each) => dayName(each, now))).toEqual(names);
  });

  it.each([
    ['en', /^Wednesday.* April/, /March/, /2027/],
    ['es', /^miércoles.* abril$/, /marzo/, /2027/],
  ])('is a date further away, with the year where that is another (%s)', async (language, soon, before, later) => {
    await loadWords([language]);
    expect(dayName(at(4, 9), now)).toMatch(soon);
    expect(dayName(at(4, 9), now)).not.toMatch(/2026/);
    expect(dayName(at(-2, 9), now)).toMatch(before);
    expect(dayName(at(365, 9), now)).toMatch(later);
  });
});

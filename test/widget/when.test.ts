import { beforeAll, describe, expect, it } from 'vitest';
import { attendanceSentence, placeSentence } from '../../widget/panel/line/when.ts';
import { loadLineWords, loadWords } from '../../widget/panel/words.ts';

const at = (day: number, hour: number, minute = 0): number => new Date(2027, 2, day, hour, minute).getTime();
const NOW = at(3, 20);
/** Browsers differ in the spaces of a time. */
const plain = (sentence: string | null): string | null => sentence?.replaceAll(/\s/g, ' ') ?? null;
const opens = (until: number | null) => plain(attendanceSentence({ open: false, until, staffed: false }, false, NOW));
const here = (until: number | null, staffed: boolean, topical = false) =>
  plain(attendanceSentence({ open: true, until, staffed }, topical, NOW));
const place = (ahead: number, minutes: number | null) => placeSentence({ ahead, minutes, long: false });

describe('promise 20: when the shop is there, in the shopper’s language and time', () => {
  describe('in English', () => {
    beforeAll(async () => {
      await loadWords('en');
      await loadLineWords('en');
    });

    it('says when it opens: today, tomorrow, a weekday, a date, or only that it is closed', () => {
      expect(opens(at(3, 21))).toBe('We are closed now. We open at 9:00 PM; write to us, and we answer then.');
      expect(opens(at(4, 9))).toContain('We open tomorrow at 9:00 AM;');
      expect(opens(at(8, 9))).toContain('We open on Monday at 9:00 AM;');
      expect(opens(at(20, 9, 30))).toContain('We open on March 20 at 9:30 AM;');
      expect(opens(null)).toMatch(/^We are closed at the moment\./);
    });

    it('says until when somebody is there, and when nobody is', () => {
      expect(here(at(4, 2), true)).toBe('We are here until 2:00 AM.');
      expect([here(at(6, 2), true), here(null, true)]).toEqual([null, null]);
      expect(here(null, false)).toMatch(/^Nobody is here at this moment/);
      expect(here(null, false, true)).toMatch(/^Nobody who knows about this/);
    });
  });

  it('in Spanish the same', async () => {
    await loadWords('es');
    await loadLineWords('es');
    expect(opens(at(4, 9))).toBe(
      'Ahora está cerrado. Abrimos mañana a las 9:00; escríbenos y te respondemos entonces.',
    );
    expect(opens(at(8, 9))).toContain('Abrimos el lunes a las 9:00;');
    expect(here(at(3, 22), true)).toBe('Estamos aquí hasta las 22:00.');
  });
});

describe('promise 21: where a shopper is in the line', () => {
  it('is said with what is expected, and without where nothing is known', async () => {
    await loadWords('en');
    await loadLineWords('en');
    expect(place(0, null)).toBe('You are next.');
    expect(place(0, 1)).toBe('You are next. About a minute.');
    expect(place(1, 3)).toBe('One person is before you. About 3 minutes.');
    expect(place(2, null)).toBe('2 people are before you.');
  });
});

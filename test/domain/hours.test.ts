import { describe, expect, test } from 'vitest';
import { hoursProblem, opennessAt, type Hours, type Span } from '../../server/domain/hours.ts';
import { offsetAt } from '../../server/domain/wall-clock.ts';

const at = (time: string): Span[] =>
  time.split(' ').flatMap((span) => {
    const [from, to] = span.split('-').map((clock) => {
      const [hours = 0, minutes = 0] = clock.split(':').map(Number);
      return hours * 60 + minutes;
    });
    return from === undefined || to === undefined ? [] : [{ from, to }];
  });
const week = (workday: string, saturday = '', sunday = ''): Span[][] => [
  ...Array.from({ length: 5 }, () => (workday ? at(workday) : [])),
  saturday ? at(saturday) : [],
  sunday ? at(sunday) : [],
];
const madrid = (weekly: Span[][], exceptions: Hours['exceptions'] = {}): Hours => ({
  zone: 'Europe/Madrid',
  weekly,
  exceptions,
});
const when = (hours: Hours, iso: string): string => {
  const { open, until } = opennessAt(hours, Date.parse(iso));
  return `${open ? 'open' : 'closed'} until ${until === null ? 'ever' : new Date(until).toISOString().slice(0, 16)}`;
};

describe('promise 20: opening hours: open or closed, and until when', () => {
  const hours = madrid(week('09:00-14:00 16:00-20:00', '10:00-14:00'));

  test.each([
    // A Wednesday in November; Madrid is one hour ahead of UTC.
    ['2026-11-18T07:59:59Z', 'closed until 2026-11-18T08:00'],
    ['2026-11-18T08:00:00Z', 'open until 2026-11-18T13:00'],
    ['2026-11-18T12:59:59Z', 'open until 2026-11-18T13:00'],
    ['2026-11-18T13:00:00Z', 'closed until 2026-11-18T15:00'],
    ['2026-11-18T19:00:00Z', 'closed until 2026-11-19T08:00'],
    // Friday evening: Saturday is next. Saturday afternoon: Monday is.
    ['2026-11-20T22:00:00Z', 'closed until 2026-11-21T09:00'],
    ['2026-11-21T13:00:00Z', 'closed until 2026-11-23T08:00'],
    // In July it is two hours.
    ['2026-07-15T07:00:00Z', 'open until 2026-07-15T12:00'],
  ])('%s: %s', (now, expected) => expect(when(hours, now)).toBe(expected));

  test('a holiday is closed, an exception has its own hours, and the next opening looks past both', () => {
    const withChristmas = madrid(week('09:00-18:00'), { '2026-12-25': [], '2026-12-24': at('09:00-13:00') });
    expect(when(withChristmas, '2026-12-24T10:00:00Z')).toBe('open until 2026-12-24T12:00');
    expect(when(withChristmas, '2026-12-24T12:30:00Z')).toBe('closed until 2026-12-28T08:00');
    expect(when(withChristmas, '2026-12-25T10:00:00Z')).toBe('closed until 2026-12-28T08:00');
  });

  test('past midnight is one opening', () => {
    const late = madrid(week('18:00-24:00', '00:00-02:00 18:00-24:00', '00:00-02:00'));
    expect(when(late, '2026-11-20T22:30:00Z')).toBe('open until 2026-11-21T01:00');
    expect(when(late, '2026-11-21T00:30:00Z')).toBe('open until 2026-11-21T01:00');
    expect(when(late, '2026-11-21T01:00:00Z')).toBe('closed until 2026-11-21T17:00');
  });

  test('around the clock never closes; never open never opens', () => {
    expect(when(madrid(week('00:00-24:00', '00:00-24:00', '00:00-24:00')), '2026-11-18T03:00:00Z')).toBe(
      'open until ever',
    );
    expect(when(madrid(week('')), '2026-11-18T03:00:00Z')).toBe('closed until ever');
    const onlyNextYear = madrid(week(''), { '2027-03-01': at('09:00-10:00') });
    expect(when(onlyNextYear, '2026-11-18T03:00:00Z')).toBe('closed until 2027-03-01T08:00');
    const butOnce = madrid(week('00:00-12:00 12:00-24:00', '00:00-24:00', '00:00-24:00'), { '2027-03-01': [] });
    expect(when(butOnce, '2026-11-18T03:00:00Z')).toBe('open until 2027-02-28T23:00');
    expect(when(butOnce, '2027-03-02T03:00:00Z')).toBe('open until ever');
    const onceAWeek = madrid(week('', '', '02:00-03:00'));
    // That hour is left out on the last Sunday in March.
    expect(when(onceAWeek, '2027-03-22T03:00:00Z')).toBe('closed until 2027-04-04T00:00');
  });
});

describe('promise 20: opening hours: when the clocks change', () => {
  test('the wall counts: nine o’clock is an hour earlier in UTC from the spring Sunday on', () => {
    const daily = madrid(week('09:00-18:00', '09:00-18:00', '09:00-18:00'));
    expect(when(daily, '2026-03-28T20:00:00Z')).toBe('closed until 2026-03-29T07:00');
    expect(when(daily, '2026-10-24T20:00:00Z')).toBe('closed until 2026-10-25T08:00');
  });

  test('an opening inside the hour that is left out begins when the clocks go forward', () => {
    const night = madrid(week('', '', '02:30-05:00'));
    expect(when(night, '2026-03-29T00:00:00Z')).toBe('closed until 2026-03-29T01:00');
    expect(when(night, '2026-03-29T01:00:00Z')).toBe('open until 2026-03-29T03:00');
  });

  test('hours that lie wholly in the hour that is left out do not open that day', () => {
    const blink = madrid(week('', '', '02:10-02:50'));
    expect(when(blink, '2026-03-29T00:30:00Z')).toBe('closed until 2026-04-05T00:10');
  });

  test('the hour that comes twice belongs to the opening both times', () => {
    const night = madrid(week('', '', '01:00-02:30'));
    // 01:00 summer time to 02:30 winter time: two and a half hours of waiting people.
    expect(when(night, '2026-10-24T23:00:00Z')).toBe('open until 2026-10-25T01:30');
    expect(when(night, '2026-10-25T00:45:00Z')).toBe('open until 2026-10-25T01:30');
  });

  test.each([
    ['America/New_York', '2026-03-08T12:00:00Z', 'closed until 2026-03-08T13:00'],
    ['Australia/Lord_Howe', '2026-10-03T21:00:00Z', 'closed until 2026-10-03T22:00'],
    // Clocks that change at midnight: the day begins at one.
    ['Africa/Cairo', '2026-04-23T23:30:00Z', 'closed until 2026-04-24T06:00'],
    ['Asia/Kathmandu', '2026-11-18T03:00:00Z', 'closed until 2026-11-18T03:15'],
    ['Pacific/Kiritimati', '2026-11-17T18:00:00Z', 'closed until 2026-11-17T19:00'],
  ])('%s at %s: %s', (zone, now, expected) => {
    const daily = { ...madrid(week('09:00-18:00', '09:00-18:00', '09:00-18:00')), zone };
    expect(when(daily, now)).toBe(expected);
  });

  test('a whole year, minute by minute against the wall clock itself', () => {
    const hours = madrid(week('09:00-14:00 16:30-20:00', '10:00-14:00'), { '2026-05-01': [] });
    const wall = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Madrid',
      dateStyle: 'short',
      timeStyle: 'short',
    });
    for (let now = Date.UTC(2026, 0, 1); now < Date.UTC(2027, 0, 1); now += 97 * 60_000) {
      const [day = '', clock = ''] = wall.format(now).split(' ');
      const weekday = (new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7;
      const minutes = Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
      const spans = hours.exceptions[day] ?? hours.weekly[weekday] ?? [];
      const open = spans.some(({ from, to }) => minutes >= from && minutes < to);
      const said = opennessAt(hours, now);
      expect([day, clock, said.open]).toEqual([day, clock, open]);
      expect(opennessAt(hours, (said.until ?? 0) - 1).open).toBe(open);
      expect(opennessAt(hours, said.until ?? 0).open).toBe(!open);
    }
  });
});

describe('promise 20: opening hours: what cannot be meant is refused', () => {
  test.each([
    ['a zone that does not exist', { zone: 'Europe/Atlantis' }, { reason: 'unknown-zone', zone: 'Europe/Atlantis' }],
    ['no zone', { zone: '' }, { reason: 'unknown-zone', zone: '' }],
    ['six days', { weekly: week('09:00-18:00').slice(1) }, { reason: 'not-seven-days' }],
    ['a day that is none', { exceptions: { '2026-02-30': [] } }, { reason: 'not-a-day', day: '2026-02-30' }],
    ['words for a day', { exceptions: { christmas: [] } }, { reason: 'not-a-day', day: 'christmas' }],
    ['an overlap', { weekly: week('09:00-14:00 13:00-18:00') }, { reason: 'overlap', day: 'monday' }],
    ['an end before its start', { weekly: week('18:00-09:00') }, { reason: 'ends-before-start', day: 'monday' }],
    [
      'an opening of no length',
      { weekly: week('', '', '09:00-09:00') },
      { reason: 'ends-before-start', day: 'sunday' },
    ],
    ['a day of 25 hours', { weekly: week('', '09:00-25:00') }, { reason: 'not-a-time', day: 'saturday' }],
    [
      'half a minute',
      { exceptions: { '2026-12-24': [{ from: 1.5, to: 60 }] } },
      { reason: 'not-a-time', day: '2026-12-24' },
    ],
    [
      'an exception that overlaps',
      { exceptions: { '2026-12-24': at('09:00-12:00 11:00-13:00') } },
      { reason: 'overlap', day: '2026-12-24' },
    ],
  ])('%s', (_, wrong, problem) => {
    expect(hoursProblem({ ...madrid(week('09:00-18:00')), ...wrong })).toEqual(problem);
  });

  test('spans in any order, touching, and none at all are fine', () => {
    expect(hoursProblem(madrid(week('16:00-20:00 09:00-16:00')))).toBeNull();
    expect(hoursProblem(madrid(week('')))).toBeNull();
  });
});

describe('promise 20: the clock on a wall', () => {
  const WEEK_MS = 7 * 86_400_000;
  const MINUTE_MS = 60_000;

  test('what is remembered of a quarter of an hour holds in all of it, in every zone', () => {
    const wrong: string[] = [];
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      const clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
      const said = (instant: number): string => clock.format(instant).split(' ').at(-1) ?? '';
      for (let at = Date.UTC(2022, 11, 1); at < Date.UTC(2030, 0, 1); at += WEEK_MS) {
        if (said(at) === said(at + WEEK_MS)) continue;
        let [before, after] = [at, at + WEEK_MS];
        while (after - before > MINUTE_MS) {
          const middle = Math.floor((before + after) / 2 / MINUTE_MS) * MINUTE_MS;
          if (said(middle) === said(at + WEEK_MS)) after = middle;
          else before = middle;
        }
        // The quarter is asked about at its other end first.
        offsetAt(before - 14 * MINUTE_MS, zone);
        const change = offsetAt(after, zone) - offsetAt(before, zone);
        if (change === 0) wrong.push(`${zone} ${new Date(after).toISOString()}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

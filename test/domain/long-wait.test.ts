import { describe, expect, it } from 'vitest';
import { openBetween } from '../../server/domain/hours.ts';
import { longWaits } from '../../server/domain/long-wait.ts';
import { DEFAULT_SETTINGS, type HoursSetting, type Settings } from '../../server/protocol/settings.ts';

const at = (iso: string): number => Date.parse(iso);
const MINUTE = 60_000;
const day = [{ from: 540, to: 1_080 }];
/** Nine to six, Monday to Friday. */
const hours: HoursSetting = {
  zone: 'Europe/Madrid',
  weekly: [day, day, day, day, day, [], []],
  exceptions: { '2026-12-08': [] },
};
const settings = (more: Partial<Settings> = {}): Settings => ({ ...DEFAULT_SETTINGS, hours, ...more });
const long = (since: string, now: string, more: { topic?: string; waitMs?: number; settings?: Settings } = {}) => {
  const { topic = null, waitMs = null } = more;
  return longWaits(more.settings ?? settings(), at(now))({ topic, since: at(since), waitMs });
};

describe('promise 20: how long it was open', () => {
  it('is counted over nights, days off and changes of the clocks', () => {
    const open = (from: string, to: string): number => openBetween(hours, at(from), at(to)) / MINUTE;
    expect(open('2026-11-18T09:00:00Z', '2026-11-18T09:30:00Z')).toBe(30);
    expect(open('2026-11-18T16:00:00Z', '2026-11-19T09:00:00Z')).toBe(120);
    expect(open('2026-11-20T16:30:00Z', '2026-11-23T08:10:00Z')).toBe(40);
    expect(open('2026-12-07T17:00:00Z', '2026-12-09T08:00:00Z')).toBe(0);
    // On Sunday the clocks go back.
    expect(open('2026-10-23T15:00:00Z', '2026-10-26T08:30:00Z')).toBe(90);
    expect(openBetween({ ...hours, weekly: hours.weekly.map(() => []) }, 0, 1_000)).toBe(0);
    expect(openBetween({ ...hours, weekly: hours.weekly.map(() => [{ from: 0, to: 1_440 }]) }, 0, 1_000)).toBe(1_000);
  });
});

describe('promise 21: a wait beyond the shop’s limit', () => {
  it('is what was waited and what is expected, in all', () => {
    expect(long('2026-11-18T09:00:00Z', '2026-11-18T09:10:00Z')).toBe(false);
    expect(long('2026-11-18T09:00:00Z', '2026-11-18T09:10:01Z')).toBe(true);
    expect(long('2026-11-18T09:00:00Z', '2026-11-18T09:05:00Z', { waitMs: 5 * MINUTE })).toBe(false);
    expect(long('2026-11-18T09:00:00Z', '2026-11-18T09:05:00Z', { waitMs: 6 * MINUTE })).toBe(true);
    const never = settings({ routing: { ...DEFAULT_SETTINGS.routing, longWaitSeconds: null } });
    expect(long('2026-11-18T09:00:00Z', '2026-11-18T15:00:00Z', { settings: never })).toBe(false);
  });

  it('is none while the shop is closed, and the time in which it was is none of it', () => {
    expect(long('2026-11-18T22:00:00Z', '2026-11-18T22:10:01Z')).toBe(false);
    expect(long('2026-11-18T16:55:00Z', '2026-11-18T17:05:01Z')).toBe(false);
    expect(long('2026-11-18T16:55:00Z', '2026-11-19T08:05:00Z')).toBe(false);
    expect(long('2026-11-18T16:55:00Z', '2026-11-19T08:05:01Z')).toBe(true);
    expect(long('2026-11-18T22:00:00Z', '2026-11-19T08:01:00Z', { waitMs: 10 * MINUTE })).toBe(true);
  });

  it('goes by the topic’s own hours, and on the clock where it never closes', () => {
    const topics = [
      { id: 'repairs', name: {}, hours: { ...hours, weekly: hours.weekly.map(() => []) }, paths: [] },
      { id: 'sales', name: {}, hours: null, paths: [] },
    ];
    const wait = ['2026-11-18T09:00:00Z', '2026-11-18T10:00:00Z'] as const;
    expect(long(...wait, { topic: 'repairs', settings: settings({ topics }) })).toBe(false);
    expect(long(...wait, { topic: 'sales', settings: settings({ topics }) })).toBe(true);
    const night = ['2026-11-18T22:00:00Z', '2026-11-18T23:00:00Z'] as const;
    expect(long(...night, { topic: 'sales', settings: settings({ topics }) })).toBe(false);
    expect(long(...night, { settings: settings({ hours: null }) })).toBe(true);
  });
});

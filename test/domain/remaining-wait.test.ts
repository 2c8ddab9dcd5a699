import { describe, expect, it } from 'vitest';
import { addServed, expectedWait, remainingWait, servedFrom, type Served } from '../../server/domain/expected-wait.ts';
import { decideQueue, newQueue, type QueueEvent } from '../../server/domain/queue.ts';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const SETTINGS = { units: { chat: 1, cobrowse: 2, call: 3 }, offerMs: 20_000, askAgainMs: 60_000 };

const heads = (...minutes: number[]): Served[] =>
  minutes.map((waited) => ({
    topic: null,
    at: NOW - MINUTE,
    waited: waited * MINUTE,
    place: 1,
    gap: 2 * MINUTE,
    estimate: null,
  }));
const own = (waited: number, estimate: number | null, place = 1) => ({
  topic: null,
  since: NOW - waited * MINUTE,
  place,
  estimate: estimate === null ? null : estimate * MINUTE,
});

describe('promise 21: what is left of a wait', () => {
  it('is the rest of what was said; after that what was left for those who waited as long; else nothing', () => {
    const served = heads(1, 2, 3, 6, 8, 9);
    expect(remainingWait(served, own(1, 3), 1, NOW)).toBe(2 * MINUTE);
    expect(remainingWait(served, own(5, 3), 1, NOW)).toBe(3 * MINUTE);
    expect(remainingWait(served, own(8.5, 3), 1, NOW)).toBeNull();
    expect(remainingWait([], own(1, null), 1, NOW)).toBeNull();
  });

  it('after moving up is so many times the time between two, less what has passed since the last one', () => {
    expect(remainingWait(heads(1, 1, 1), own(4, 9, 3), 2, NOW)).toBe(3 * MINUTE);
    expect(remainingWait(heads(1, 1), own(4, 9, 3), 2, NOW)).toBeNull();
  });

  it('who comes back after an agent was lost is told no time, and spoils nobody else’s', () => {
    expect(remainingWait(heads(1, 1, 1), { ...own(60, null), again: true }, 1, NOW)).toBeNull();
    const events: QueueEvent[] = [
      { type: 'back', conversation: 'c', topic: null, since: NOW - 60 * MINUTE, by: 'ana' },
      { type: 'taken', conversation: 'c', agent: 'luis' },
    ];
    const queue = events.reduce((queue, event) => decideQueue(queue, event, NOW).queue, newQueue(SETTINGS));
    expect(queue.served).toEqual([]);
  });

  it('a night between two who were taken is no time between two', () => {
    const before = NOW - 15 * 60 * MINUTE;
    const evening: Served[] = heads(1).map((served) => ({ ...served, at: before }));
    const gaps = (since: number, now: number) =>
      addServed(evening, { ...own(0, null), since }, now).map(({ gap }) => gap);
    expect(gaps(before - MINUTE, NOW)).toEqual([null]);
    expect(gaps(before - MINUTE, before + 3 * MINUTE)).toEqual([2 * MINUTE, 3 * MINUTE]);
  });

  it('a queue that is put together from the record expects what the one before it did', () => {
    let queue = newQueue(SETTINGS);
    const at = (minutes: number, event: QueueEvent): void => {
      queue = decideQueue(queue, event, NOW + minutes * MINUTE).queue;
    };
    const past = [0, 1, 2, 3, 4, 5].map((n) => ({
      topic: null,
      since: NOW + n * MINUTE,
      waitedMs: 3 * MINUTE,
      estimateMs: null,
    }));
    for (let minute = 0; minute <= 8; minute++) {
      if (minute < 6) at(minute, { type: 'arrived', conversation: `${minute}`, topic: null });
      if (minute >= 3) at(minute, { type: 'taken', conversation: `${minute - 3}`, agent: 'ana' });
    }
    const later = NOW + 9 * MINUTE;
    const known = expectedWait(queue.served, null, 2, later);
    expect(known).not.toBeNull();
    expect(expectedWait(servedFrom(past), null, 2, later)).toBe(known);
  });
});

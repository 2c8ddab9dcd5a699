import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Idleness } from '../../client/console/desk/idleness.ts';

const MINUTE = 60_000;
let page: EventTarget;
let told: boolean[];
let calls: boolean;
let idleness: Idleness;

beforeEach(() => {
  vi.useFakeTimers();
  page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  told = [];
  calls = false;
  idleness = new Idleness({ told: (idle) => told.push(idle), busy: () => calls });
  idleness.after(15);
});
afterEach(() => {
  idleness.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const touch = (): boolean => page.dispatchEvent(new Event('keydown'));

describe('promise 21: away by itself', () => {
  it('after so many minutes without a touch, and back on the first one', () => {
    vi.advanceTimersByTime(10 * MINUTE);
    touch();
    vi.advanceTimersByTime(14 * MINUTE);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(MINUTE);
    expect(told).toEqual([true]);
    touch();
    expect(told).toEqual([true, false]);
  });

  it('not in a call, which needs no hand; and never where the shop does not want it', () => {
    calls = true;
    vi.advanceTimersByTime(30 * MINUTE);
    expect(told).toEqual([]);
    calls = false;
    vi.advanceTimersByTime(MINUTE);
    expect(told).toEqual([true]);
    idleness.after(null);
    expect(told).toEqual([true, false]);
    vi.advanceTimersByTime(60 * MINUTE);
    expect(told).toHaveLength(2);
  });

  it('a touch in another tab counts as well', () => {
    vi.advanceTimersByTime(14 * MINUTE);
    page.dispatchEvent(Object.assign(new Event('storage'), { key: 'mostrador.touched', newValue: String(Date.now()) }));
    vi.advanceTimersByTime(14 * MINUTE);
    expect(told).toEqual([]);
  });
});

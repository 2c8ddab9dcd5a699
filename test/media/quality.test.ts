import { describe, expect, it } from 'vitest';
import { assess, type Assessment, type Inbound, type Sample } from '../../client/core/call/quality.ts';
import type { Quality } from '../../server/protocol/media.ts';

/** A call of two that goes well, second by second; `change` makes a second of it another one. */
class Run {
  assessment: Assessment | null = null;
  #at = 0;
  #sample: Sample = {
    at: 0,
    connected: true,
    heard: 0,
    path: 'udp',
    rttMs: 30,
    up: { sent: 0, lost: 0, video: true, available: 2_000_000, busy: false },
    down: [voice(), camera()],
  };
  told: Record<string, Quality> = {};

  /** So many seconds, one sample each. */
  seconds(count: number, change: (sample: Sample) => Partial<Sample> = () => ({}), { ms = 1_000 } = {}): this {
    for (let i = 0; i < count; i++) {
      this.#at += ms;
      const { heard, up, down } = this.#sample;
      const next: Sample = {
        ...this.#sample,
        at: this.#at,
        connected: true,
        heard: heard + 1_000,
        rttMs: 30,
        up: { ...up, sent: up.sent + 150, available: 2_000_000, busy: false },
        down: down.map((one) => ({ ...one, on: true, received: one.received + 75 })),
      };
      this.#sample = { ...next, ...change(next) };
      this.assessment = assess(this.assessment, this.#sample, this.told);
    }
    return this;
  }

  get own(): Quality | undefined {
    return this.assessment?.own;
  }

  get ana() {
    return this.assessment?.parties['ana'];
  }
}

const nothing = { received: 0, lost: 0, jitterMs: 5, freezes: 0, freezeMs: 0, participant: 'ana', on: true };
const voice = (): Inbound => ({ ...nothing, id: 'voice', layers: null });
const camera = (): Inbound => ({ ...nothing, id: 'camera', layers: { forwarded: 2, sent: 3 } });
const good = { level: 'good', reason: null };

const losing = (part: number) => (s: Sample) => ({ up: { ...s.up, lost: s.up.lost + 150 * part } });
const arriving = (change: (one: Inbound) => Partial<Inbound>) => (s: Sample) => ({
  down: s.down.map((one) => ({ ...one, ...change(one) })),
});
/** Nothing comes in, though the own packets leave. */
const silence = (before: number, from: Inbound[]) => () => ({ heard: before, down: from });

describe('promise 11: an honest sign of quality', () => {
  it('a call that goes well is good, from the first sample on', () => {
    const run = new Run().seconds(1);
    expect([run.own, run.ana]).toEqual([good, { ...good, side: 'their' }]);
    expect(run.seconds(60).own).toEqual(good);
  });

  it('one bad moment is no sign, and one good moment does not take it away', () => {
    const run = new Run().seconds(20).seconds(1, losing(0.03));
    expect(run.own).toEqual(good);
    expect(run.seconds(4, losing(0.05)).own).toEqual({ level: 'fair', reason: 'lossy' });
    expect(run.seconds(4).own?.level).toBe('fair');
    expect(run.seconds(8).own).toEqual(good);
  });

  it('alternating between good and fair every other second never flickers', () => {
    const run = new Run().seconds(20);
    const seen: string[] = [];
    for (let i = 0; i < 30; i++) {
      seen.push(run.seconds(1, (s) => ({ rttMs: i % 2 ? 500 : 30, up: s.up })).own?.level ?? '');
    }
    expect(seen.filter((level, i) => i > 0 && level !== seen[i - 1]).length).toBeLessThanOrEqual(1);
  });

  it.each([
    ['much is lost', losing(0.2), { level: 'poor', reason: 'lossy' }],
    ['it is late', () => ({ rttMs: 600 }), { level: 'fair', reason: 'late' }],
    ['it is very late', () => ({ rttMs: 1_500 }), { level: 'poor', reason: 'late' }],
    ['it is slow', (s: Sample) => ({ up: { ...s.up, available: 500_000 } }), { level: 'fair', reason: 'slow' }],
    ['it is very slow', (s: Sample) => ({ up: { ...s.up, available: 90_000 } }), { level: 'poor', reason: 'slow' }],
    [
      'a narrow line loses as well, which is not the reason',
      (s: Sample) => ({ up: { ...s.up, available: 200_000, lost: s.up.lost + 30 } }),
      { level: 'poor', reason: 'slow' },
    ],
    ['the device is busy', (s: Sample) => ({ up: { ...s.up, busy: true } }), { level: 'fair', reason: 'busy' }],
    ['a relay carries it', () => ({ path: 'relay' as const }), { level: 'good', reason: 'relayed' }],
    ['the browser says that it is cut', () => ({ connected: false }), { level: 'lost', reason: 'cut' }],
    [
      'a smaller picture is forwarded',
      arriving(({ layers }) => ({ layers: layers && { forwarded: 1, sent: 3 } })),
      { level: 'fair', reason: 'slow' },
    ],
    [
      'no picture is forwarded any more',
      arriving(({ layers }) => ({ layers: layers && { forwarded: null, sent: 3 } })),
      { level: 'poor', reason: 'slow' },
    ],
  ])('%s', (_, change, expected) => {
    expect(new Run().seconds(20).seconds(8, change).own).toEqual(expected);
  });

  it('a picture that has just begun to be sent is given time to grow', () => {
    const growing = (s: Sample) => ({ up: { ...s.up, available: 300_000 } });
    expect(new Run().seconds(5, growing).seconds(1).own).toEqual(good);
  });

  it('a silence is a cut within two seconds, with nothing said of the other; it is over with the first packet', () => {
    const run = new Run().seconds(10);
    const { heard = 0, down = [] } = run.assessment?.memory.samples.at(-1) ?? {};
    run.seconds(3, silence(heard, down), { ms: 400 });
    expect(run.own).toEqual(good);
    run.seconds(1, silence(heard, down), { ms: 400 });
    expect(run.own).toEqual({ level: 'lost', reason: 'cut' });
    expect(run.ana).toEqual({ level: 'lost', reason: 'cut', side: 'own' });
    expect(run.assessment?.silentMs).toBe(1_600);
    expect(run.seconds(1).own?.level).not.toBe('lost');
  });

  it('nothing comes from the other while the own connection is well: theirs is cut', () => {
    const run = new Run().seconds(10);
    const from = run.assessment?.memory.samples.at(-1)?.down ?? [];
    run.seconds(4, () => ({ down: from }));
    expect(run.own).toEqual(good);
    expect(run.ana).toEqual({ level: 'lost', reason: 'cut', side: 'their' });
  });

  it('who has switched everything off is not cut', () => {
    const run = new Run().seconds(10);
    const from = (run.assessment?.memory.samples.at(-1)?.down ?? []).map((one) => ({ ...one, on: false }));
    expect(run.seconds(10, () => ({ down: from })).ana?.level).toBe('good');
  });

  it('what the other says of its own connection is theirs, and the own one stays good', () => {
    const run = new Run().seconds(10);
    run.told = { ana: { level: 'fair', reason: 'lossy' } };
    run.seconds(
      10,
      arriving((one) => ({ lost: one.lost + 4 })),
    );
    expect(run.own).toEqual(good);
    expect(run.ana).toEqual({ level: 'fair', reason: 'lossy', side: 'their' });
  });

  it('loss that the other knows nothing of is the own', () => {
    const run = new Run().seconds(10).seconds(
      12,
      arriving((one) => ({ lost: one.lost + 4 })),
    );
    expect(run.own).toEqual({ level: 'fair', reason: 'lossy' });
    expect(run.ana).toEqual({ level: 'fair', reason: 'lossy', side: 'own' });
  });

  it('adds up what the call was like, sources that are gone included', () => {
    const run = new Run().seconds(
      10,
      arriving((one) => ({ lost: one.lost + 5, freezes: 2, freezeMs: 700 })),
    );
    run.seconds(1, (s) => ({ down: s.down.slice(0, 1) }));
    const { packetLoss, freezes, freezeMs, path } = run.assessment?.totals ?? {};
    expect(packetLoss).toBeCloseTo(100 / 1_675, 3);
    expect([freezes, freezeMs, path]).toEqual([4, 1_400, 'udp']);
  });
});

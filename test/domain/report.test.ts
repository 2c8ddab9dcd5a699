import { describe, expect, it } from 'vitest';
import { ReportSums, type ConversationFact } from '../../server/domain/report.ts';
import { dayText, wallHours } from '../../server/domain/wall-clock.ts';

const AT = Date.parse('2026-10-24T22:30:00Z');

const fact = (more: Partial<ConversationFact> = {}): ConversationFact => ({
  openedAt: AT,
  topic: null,
  agent: null,
  waited: null,
  estimate: null,
  firstAnswer: null,
  closedAt: null,
  missed: false,
  calls: 0,
  callSeconds: 0,
  cobrowses: 0,
  rating: null,
  ...more,
});

function report(facts: readonly ConversationFact[], zone = 'Europe/Madrid') {
  const sums = new ReportSums(zone);
  for (const each of facts) sums.add(each);
  return sums.finish();
}

describe('promise 26: reports', () => {
  it('put each conversation under its day and hour on the shop’s wall, its agent and its topic', () => {
    const { days, hours, agents, topics, total } = report([
      fact({ agent: 'ana', topic: 'lamps' }),
      fact({ openedAt: AT + 3_600_000, agent: 'ana' }),
      fact({ openedAt: AT + 86_400_000, agent: 'luis', topic: 'lamps' }),
    ]);
    expect(total.conversations).toBe(3);
    expect(Object.keys(days)).toEqual(['2026-10-25']);
    // Half past midnight, half past one; and a day later the clocks have gone back: half past eleven of the same day.
    expect(Object.entries(hours).map(([hour, line]) => [hour, line.conversations])).toEqual([
      ['0', 1],
      ['1', 1],
      ['23', 1],
    ]);
    expect([
      agents['ana']?.conversations,
      agents['luis']?.conversations,
      topics['lamps']?.conversations,
      topics['']?.conversations,
    ]).toEqual([2, 1, 2, 1]);
  });

  it('say medians and nine tenths of what happened, and nothing where nothing did', () => {
    const waits = Array.from({ length: 100 }, (_, n) => fact({ waited: n, estimate: 50, firstAnswer: 2 * n }));
    const { total } = report([...waits, fact({ missed: true, closedAt: AT + 7 })]);
    expect(total).toMatchObject({
      conversations: 101,
      missed: 1,
      waited: { count: 100, median: 50, p90: 90 },
      firstAnswer: { count: 100, median: 100, p90: 180 },
      open: { count: 1, median: 7, p90: 7 },
      estimateError: { count: 100, median: 25, p90: 45 },
    });
    expect(report([fact()]).total).toMatchObject({ waited: null, firstAnswer: null, open: null, estimateError: null });
  });

  it('say how wrong the expected waits were, where one was told and somebody came', () => {
    const told = [1, 2, 3, 10].map((waited) => fact({ waited, estimate: 2 }));
    const { total } = report([...told, fact({ waited: 500 }), fact({ estimate: 500, missed: true })]);
    expect(total.estimateError).toEqual({ count: 4, median: 1, p90: 8 });
    expect(report([fact({ waited: 1 })]).total.estimateError).toBeNull();
  });

  it('count calls, looks together and each rating', () => {
    const { total } = report([
      fact({ calls: 2, callSeconds: 90, cobrowses: 1, rating: 5 }),
      fact({ calls: 1, callSeconds: 30, rating: 5 }),
      fact({ rating: 1 }),
    ]);
    expect(total).toMatchObject({ calls: 3, callSeconds: 120, cobrowses: 1, ratings: [1, 0, 0, 0, 2] });
  });

  it('know the wall over changes of the clocks, and zones of odd minutes', () => {
    const at = (zone: string, instant: string) => {
      const hours = wallHours(zone)(Date.parse(instant));
      return { day: dayText(Math.floor(hours / 24)), hour: hours % 24 };
    };
    expect(at('Europe/Madrid', '2026-10-25T00:59:59Z')).toEqual({ day: '2026-10-25', hour: 2 });
    expect(at('Europe/Madrid', '2026-10-25T01:00:00Z')).toEqual({ day: '2026-10-25', hour: 2 });
    expect(at('Europe/Madrid', '2026-03-29T01:00:00Z')).toEqual({ day: '2026-03-29', hour: 3 });
    expect(at('Asia/Kathmandu', '2026-01-01T18:20:00Z')).toEqual({ day: '2026-01-02', hour: 0 });
    expect(at('America/St_Johns', '2026-01-01T03:00:00Z')).toEqual({ day: '2025-12-31', hour: 23 });
  });
});

import { describe, expect, it } from 'vitest';
import { ticketAges, type OpenTicket } from '../../server/domain/ticket-ages.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const DAY_MS = 86_400_000;

const ticket = (days: number, more: Partial<OpenTicket> = {}): OpenTicket => ({
  topic: null,
  agent: null,
  since: NOW - days * DAY_MS,
  state: 'open',
  dueAt: null,
  ...more,
});

describe('promise 26: reports of open tickets', () => {
  it('put each into its band of age, the end of one being the beginning of the next', () => {
    const { total } = ticketAges(
      [0, 0.99, 1, 2.99, 3, 6.99, 7, 29.99, 30, 400].map((days) => ticket(days)),
      NOW,
    );
    expect(total).toEqual({ tickets: 10, byAge: [2, 2, 2, 2, 2], pending: 0, late: 0, oldestMs: 400 * DAY_MS });
    // A clock that was set back.
    expect(ticketAges([ticket(-1)], NOW).total).toMatchObject({ byAge: [1, 0, 0, 0, 0], oldestMs: 0 });
  });

  it('by who has them and what they are about, with whose turn it is and what is late', () => {
    const { total, agents, topics } = ticketAges(
      [
        ticket(2, { agent: 'ana', topic: 'lamps', dueAt: NOW - 1 }),
        ticket(5, { agent: 'ana', dueAt: NOW + 1 }),
        // It is the shopper's turn: nothing of the shop's is late.
        ticket(9, { topic: 'lamps', state: 'pending', dueAt: NOW - 1 }),
      ],
      NOW,
    );
    expect(total).toMatchObject({ tickets: 3, pending: 1, late: 1 });
    expect(agents).toEqual({
      ana: { tickets: 2, byAge: [0, 1, 1, 0, 0], pending: 0, late: 1, oldestMs: 5 * DAY_MS },
      '': { tickets: 1, byAge: [0, 0, 0, 1, 0], pending: 1, late: 0, oldestMs: 9 * DAY_MS },
    });
    expect(Object.entries(topics).map(([topic, { tickets }]) => [topic, tickets])).toEqual([
      ['lamps', 2],
      ['', 1],
    ]);
    expect(ticketAges([], NOW)).toEqual({
      total: { tickets: 0, byAge: [0, 0, 0, 0, 0], pending: 0, late: 0, oldestMs: 0 },
      agents: {},
      topics: {},
    });
  });
});

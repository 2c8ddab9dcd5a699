import { describe, expect, it } from 'vitest';
import { newsOf } from '../../client/console/desk/news.ts';
import { attention, neighbour, sectionsOf, warmth } from '../../client/console/lists/sections.ts';
import { dueWarmth, ticketsOf, type TicketList } from '../../client/console/tickets/tickets.ts';
import type { ConversationSummary } from '../../server/protocol/views.ts';

function summary(id: string, over: Partial<ConversationSummary>): ConversationSummary {
  return {
    id,
    status: 'waiting',
    openedAt: 0,
    lastSeq: 1,
    agent: null,
    shopper: { id: `s-${id}`, online: true, page: null, locale: null },
    lastAt: 0,
    preview: null,
    unread: 0,
    call: null,
    inCall: [],
    invited: [],
    cobrowse: 'off',
    recording: 'off',
    topic: null,
    ticket: null,
    waitingSince: over.openedAt ?? 0,
    estimateMs: null,
    handOver: null,
    note: null,
    unansweredSince: null,
    ...over,
  };
}

const me = { id: 'me', name: 'Me' };
const other = { id: 'other', name: 'Other' };

describe('promise 4: the lists', () => {
  it('shows who waits longest first, and shares the rest between me and my colleagues', () => {
    const sections = sectionsOf(
      [
        summary('late', { openedAt: 30 }),
        summary('mine', { status: 'active', agent: me, openedAt: 5 }),
        summary('early', { openedAt: 10 }),
        summary('theirs', { status: 'active', agent: other }),
        summary('done', { status: 'closed', agent: me }),
      ],
      'me',
    );
    expect(sections.waiting.map(({ id }) => id)).toEqual(['early', 'late']);
    expect(sections.mine.map(({ id }) => id)).toEqual(['mine']);
    expect(sections.colleagues.map(({ id }) => id)).toEqual(['theirs']);
  });

  it('has tickets apart: what is due first comes first, by whose they are, and late ones are warm', () => {
    const of = (number: number, dueAt: number | null): ConversationSummary['ticket'] => {
      return { number, state: dueAt === null ? 'pending' : 'open', since: 0, email: null, name: null, dueAt };
    };
    const { tickets, waiting, mine } = sectionsOf(
      [
        summary('late', { status: 'ticket', ticket: of(3, 5) }),
        summary('theirs', { status: 'ticket', agent: other, ticket: of(1, null) }),
        summary('mine', { status: 'ticket', agent: me, ticket: of(2, 900) }),
        summary('solved', { status: 'closed', agent: me, ticket: of(4, null) }),
      ],
      'me',
    );
    const shown = (list: TicketList): string[] => ticketsOf(tickets, list, 'me').map(({ id }) => id);
    expect([waiting, mine]).toEqual([[], []]);
    expect([shown('all'), shown('mine'), shown('nobodys')]).toEqual([['late', 'mine', 'theirs'], ['mine'], ['late']]);
    const hour = 3_600_000;
    expect([dueWarmth(null, 0), dueWarmth(4 * hour, 0), dueWarmth(hour, 0), dueWarmth(0, hour)]).toEqual([
      0, 0, 0.75, 1,
    ]);
  });

  it('keeps the order of mine whatever is written, so that nothing jumps', () => {
    const before = [
      summary('a', { status: 'active', agent: me, openedAt: 1, lastAt: 50 }),
      summary('b', { status: 'active', agent: me, openedAt: 2, lastAt: 10 }),
    ];
    const after = before.map((line) => (line.id === 'b' ? { ...line, lastAt: 99, unread: 3 } : line)).toReversed();
    const order = (lines: ConversationSummary[]): string[] => sectionsOf(lines, 'me').mine.map(({ id }) => id);
    expect(order(after)).toEqual(order(before));
  });

  it('moves from line to line and stops at the ends', () => {
    const order = ['a', 'b', 'c'];
    expect(neighbour(order, null, 1)).toBe('a');
    expect(neighbour(order, null, -1)).toBe('c');
    expect(neighbour(order, 'a', 1)).toBe('b');
    expect(neighbour(order, 'c', 1)).toBe('c');
    expect(neighbour(order, 'a', -1)).toBe('a');
    expect(neighbour(order, 'gone', 1)).toBe('a');
    expect(neighbour([], null, 1)).toBeNull();
  });

  it('warms from the first second on and never goes past warm', () => {
    expect(warmth(-5)).toBe(0);
    expect(warmth(0)).toBe(0);
    expect(warmth(60_000)).toBeGreaterThan(warmth(30_000));
    expect(warmth(180_000)).toBe(1);
    expect(warmth(86_400_000)).toBe(1);
  });

  it('counts for the title who waits and what was not read in mine', () => {
    const sections = sectionsOf(
      [
        summary('w', { unread: 4 }),
        summary('m', { status: 'active', agent: me, unread: 2 }),
        summary('t', { status: 'active', agent: other, unread: 9 }),
      ],
      'me',
    );
    expect(attention(sections)).toBe(3);
  });
});

describe('promise 4: what an agent hears of who looks elsewhere', () => {
  const kinds = (before: ConversationSummary | null, now: ConversationSummary): string[] =>
    newsOf(before, now, 'me').map(({ kind }) => kind);
  const mine = summary('a', { status: 'active', agent: me, unread: 1 });
  const handOver = { by: other, to: me, note: null };

  it('somebody who begins to wait, once; a message to me, none to others; a colleague who hands over', () => {
    expect(kinds(null, summary('a', {}))).toEqual(['waits']);
    expect(kinds(summary('a', {}), summary('a', { unread: 2 }))).toEqual([]);
    expect(kinds(mine, { ...mine, unread: 2 })).toEqual(['wrote']);
    expect(kinds(mine, mine)).toEqual([]);
    const theirs = { ...mine, agent: other };
    expect(kinds(theirs, { ...theirs, unread: 9 })).toEqual([]);
    expect(kinds(theirs, { ...theirs, handOver })).toEqual(['waits']);
    expect(kinds({ ...theirs, handOver }, { ...theirs, handOver })).toEqual([]);
  });

  it('the colleague whom I asked does not take it: it stays with me; whoever takes it is no news', () => {
    const asked = { ...mine, handOver: { ...handOver, by: me, to: other } };
    expect(newsOf(asked, mine, 'me')).toEqual([{ kind: 'stays', name: 'Other' }]);
    expect(kinds(asked, { ...mine, agent: other })).toEqual([]);
    expect(kinds(asked, { ...mine, status: 'closed' })).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Entry, Person } from '../../server/protocol/entry.ts';
import { rowsOf, unreadOf } from '../../widget/panel/rows.ts';

const NOON = new Date(2030, 0, 15, 12).getTime();
const MINUTE = 60_000;
const ana: Person = { side: 'agent', id: 'a1', name: 'Ana' };
const leo: Person = { side: 'agent', id: 'a2', name: 'Leo' };
const shopper: Person = { side: 'shopper' };
const none = { delivered: 0, read: 0 };

function message(seq: number, from: Person, at = NOON): Entry {
  return { type: 'message', seq, at, id: `m${seq}`, from, text: `text ${seq}` };
}

function shape(entries: Entry[]): string[] {
  return rowsOf(entries, [], none).map((row) => (row.kind === 'bubbles' ? `bubbles ${row.bubbles.length}` : row.kind));
}

describe('the rows of a thread', () => {
  it('put messages of one person that follow closely into one group', () => {
    expect(shape([message(1, shopper), message(2, shopper), message(3, ana)])).toEqual([
      'day',
      'bubbles 2',
      'bubbles 1',
    ]);
  });

  it('begin a new group for another agent, after a pause, and after a note', () => {
    expect(shape([message(1, ana), message(2, leo)])).toEqual(['day', 'bubbles 1', 'bubbles 1']);
    expect(shape([message(1, ana), message(2, ana, NOON + 6 * MINUTE)])).toEqual(['day', 'bubbles 1', 'bubbles 1']);
    const accepted: Entry = { type: 'accepted', seq: 2, at: NOON, agent: { id: 'a1', name: 'Ana' } };
    expect(shape([message(1, ana), accepted, message(3, ana)])).toEqual(['day', 'bubbles 1', 'note', 'bubbles 1']);
  });

  it('leave a deleted file’s message where it was, without the file', () => {
    const file = { id: 'f1', name: 'a.png', type: 'image/png', bytes: 9 };
    const deleted: Entry = { type: 'file-deleted', seq: 2, at: NOON, by: ana, file: 'f1' };
    const rows = rowsOf([{ ...message(1, ana), file } as Entry, deleted, message(3, ana)], [], none);
    expect(rows.map(({ kind }) => kind)).toEqual(['day', 'bubbles']);
    expect(rows[1]).toMatchObject({ bubbles: [{ id: 'm1', file: null }, { id: 'm3' }] });
  });

  it('name each day once', () => {
    const days = [message(1, ana), message(2, ana, NOON + 24 * 60 * MINUTE), message(3, ana, NOON + 24 * 60 * MINUTE)];
    expect(shape(days)).toEqual(['day', 'bubbles 1', 'day', 'bubbles 2']);
  });

  it('say how far an own message has come', () => {
    const entries = [message(1, shopper), message(2, shopper), message(3, shopper)];
    const pending = [
      { id: 'p1', text: 'soon', at: NOON, refused: null },
      { id: 'p2', text: 'no', at: NOON, refused: 'too-fast' as const },
    ];
    const rows = rowsOf(entries, pending, { delivered: 2, read: 1 });
    const states = rows.flatMap((row) => (row.kind === 'bubbles' ? row.bubbles.map(({ state }) => state) : []));
    expect(states).toEqual(['read', 'delivered', 'sent', 'pending', 'refused']);
  });

  it('keep their keys when a pending message becomes an entry', () => {
    const pending = rowsOf([], [{ id: 'm1', text: 'text 1', at: NOON, refused: null }], none);
    const stored = rowsOf([message(1, shopper)], [], none);
    expect(pending.map(({ key }) => key)).toEqual(stored.map(({ key }) => key));
  });
});

describe('unread messages', () => {
  it('are those of the other side after what was read', () => {
    const entries = [message(1, ana), message(2, shopper), message(3, ana), message(4, ana)];
    expect(unreadOf(entries, 'shopper', 1)).toBe(2);
    expect(unreadOf(entries, 'shopper', 4)).toBe(0);
  });
});

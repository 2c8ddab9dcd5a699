import { describe, expect, it } from 'vitest';
import { timelineOf, type MessageItem } from '../../client/console/thread/timeline.ts';
import type { PendingMessage } from '../../client/core/thread.ts';
import type { Entry, Person } from '../../server/protocol/entry.ts';

const shopper: Person = { side: 'shopper' };
const you: Person = { side: 'agent', id: 'a1', name: 'One' };
const colleague: Person = { side: 'agent', id: 'a2', name: 'Two' };
const noon = new Date(2026, 4, 4, 12).getTime();
const nothing = { delivered: 0, read: 0 };

function message(seq: number, from: Person, at = noon + seq * 1_000): Entry {
  return { type: 'message', id: `m${seq}`, from, text: `text ${seq}`, seq, at };
}

function pending(id: string, refused: PendingMessage['refused'] = null): PendingMessage {
  return { id, text: id, at: noon + 60_000, refused };
}

function messagesOf(items: ReturnType<typeof timelineOf>): MessageItem[] {
  return items.filter((item) => item.kind === 'message');
}

describe('the thread as a list', () => {
  it('joins what one person says in a row, and breaks at another person, a step and a long pause', () => {
    const entries: Entry[] = [
      message(1, shopper),
      message(2, shopper),
      message(3, you),
      { type: 'cobrowse-started', seq: 4, at: noon + 4_000 },
      message(5, you),
      message(6, you, noon + 3_600_000),
    ];
    const runs = messagesOf(timelineOf(entries, [], nothing, 'a1')).map(({ first, last }) => [first, last]);
    expect(runs).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
      [true, true],
    ]);
  });

  it('does not join the words of two agents, and names only the colleague', () => {
    const items = messagesOf(timelineOf([message(1, colleague), message(2, you)], [], nothing, 'a1'));
    expect(items.map(({ author, first }) => [author, first])).toEqual([
      ['Two', true],
      [null, true],
    ]);
  });

  it('opens every day with its date', () => {
    const items = timelineOf([message(1, shopper), message(2, shopper, noon + 86_400_000)], [], nothing, 'a1');
    expect(items.map(({ kind }) => kind)).toEqual(['day', 'message', 'day', 'message']);
  });

  it('says how far messages have come where it changes, from the newest back to the newest read one', () => {
    const entries = [1, 2, 3, 4, 5].map((seq) => message(seq, you));
    const items = messagesOf(timelineOf(entries, [pending('p')], { delivered: 4, read: 2 }, 'a1'));
    expect(items.map(({ delivery, saysDelivery }) => `${delivery}${saysDelivery ? '!' : ''}`)).toEqual([
      'read',
      'read!',
      'delivered',
      'delivered!',
      'sent!',
      'pending!',
    ]);
  });

  it('leaves a refused message out of the saying and keeps its reason', () => {
    const items = messagesOf(timelineOf([message(1, you)], [pending('p', 'too-fast')], nothing, 'a1'));
    expect(items.map(({ saysDelivery, refused }) => [saysDelivery, refused])).toEqual([
      [true, null],
      [false, 'too-fast'],
    ]);
  });
});

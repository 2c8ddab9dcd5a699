import { describe, expect, it } from 'vitest';
import type { Entry } from '../../server/protocol/entry.ts';
import { Outbox, type OrderedEffect } from '../../server/rooms/outbox.ts';

function entry(seq: number): Entry {
  return { type: 'message', id: `m${seq}`, from: { side: 'shopper' }, text: 'x', seq, at: seq };
}

function append(seq: number, sockets = ['s']): OrderedEffect {
  return { type: 'append', entries: [entry(seq)], sockets, shoppers: [] };
}

function send(name: string): OrderedEffect {
  return { type: 'send', sockets: [name], frame: { type: 'pong' } };
}

/** An outbox over a storage whose writes finish when the test says so. */
function slowOutbox(): { outbox: Outbox; seen: string[]; writes: { seqs: number[]; finish(error?: Error): void }[] } {
  const seen: string[] = [];
  const writes: { seqs: number[]; finish(error?: Error): void }[] = [];
  const outbox = new Outbox({
    write: (entries) =>
      new Promise((resolve, reject) => {
        const finish = (error?: Error): void => (error ? reject(error) : resolve());
        writes.push({ seqs: entries.map(({ seq }) => seq), finish });
      }),
    perform: (effect) => {
      if (effect.type !== 'appends') return void seen.push(effect.type);
      const seqs = effect.appends.flatMap(({ entries }) => entries.map(({ seq }) => seq));
      seen.push(`entry ${seqs.join(' ')}`);
    },
    replay: async (_, after) => void seen.push(`replay after ${after}`),
    failed: () => seen.push('failed'),
  });
  return { outbox, seen, writes };
}

describe('promise 3: nothing is seen before it is durable', () => {
  it('what needs no write is performed at once', () => {
    const { outbox, seen } = slowOutbox();
    outbox.push(send('a'));
    expect(seen).toEqual(['send']);
  });

  it('entries and everything after them wait for the write, in order', async () => {
    const { outbox, seen, writes } = slowOutbox();
    outbox.push(append(1));
    outbox.push(send('a'));
    outbox.push({ type: 'show' });
    await expect.poll(() => writes.length).toBe(1);
    expect(seen).toEqual([]);
    writes[0]?.finish();
    await outbox.idle();
    expect(seen).toEqual(['entry 1', 'send', 'show']);
  });

  it('appends that wait for the same write go into one', async () => {
    const { outbox, seen, writes } = slowOutbox();
    outbox.push(append(1));
    await expect.poll(() => writes.length).toBe(1);
    for (const seq of [2, 3, 4]) outbox.push(append(seq));
    writes[0]?.finish();
    await expect.poll(() => writes.length).toBe(2);
    expect(writes[1]?.seqs).toEqual([2, 3, 4]);
    expect(seen).toEqual(['entry 1']);
    writes[1]?.finish();
    await outbox.idle();
    expect(seen).toEqual(['entry 1', 'entry 2 3 4']);
  });

  it('what came together is written and shown together, to the same people, with the last state once', async () => {
    const { outbox, seen, writes } = slowOutbox();
    for (const seq of [1, 2]) {
      outbox.push(append(seq));
      outbox.push({ type: 'list' });
    }
    outbox.push({ type: 'show' });
    outbox.push(append(3, ['s', 'another']));
    outbox.push({ type: 'list' });
    outbox.push(send('a'));
    outbox.push(append(4, ['s', 'another']));
    await expect.poll(() => writes.length).toBe(1);
    expect(writes[0]?.seqs).toEqual([1, 2, 3, 4]);
    writes[0]?.finish();
    await outbox.idle();
    expect(seen).toEqual(['entry 1 2', 'show', 'entry 3', 'list', 'send', 'entry 4']);
  });

  it('a replay reads storage after the entries before it are durable, and before those after it are shown', async () => {
    const { outbox, seen, writes } = slowOutbox();
    outbox.push(append(1));
    outbox.push({ type: 'replay', socket: 's', after: 0 });
    outbox.push(append(2));
    await expect.poll(() => writes.length).toBe(1);
    writes[0]?.finish();
    await expect.poll(() => writes.length).toBe(2);
    expect(seen).toEqual(['entry 1', 'replay after 0']);
    writes[1]?.finish();
    await outbox.idle();
    expect(seen.at(-1)).toBe('entry 2');
  });

  it('a write that fails shows nothing of what waited', async () => {
    const { outbox, seen, writes } = slowOutbox();
    outbox.push(append(1));
    outbox.push(append(2));
    await expect.poll(() => writes.length).toBe(1);
    writes[0]?.finish(new Error('disk full'));
    await outbox.idle();
    expect(seen).toEqual(['failed']);
    expect(writes).toHaveLength(1);
  });
});

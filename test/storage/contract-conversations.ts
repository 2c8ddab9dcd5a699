import { beforeEach, describe, expect, test } from 'vitest';
import type { Entry } from '../../server/protocol/entry.ts';
import type { Shop } from '../../server/storage/storage.ts';
import type { House } from './contract.ts';
import { aConversation, aMessage, aShop, asLine, upTo } from './samples.ts';

/** Records, entries and the agents' lists, one call at a time. */
export function conversationContract(house: House): void {
  describe('a conversation', () => {
    let shop: Shop;
    beforeEach(async () => {
      shop = aShop();
      await house.storage.saveShop(shop);
    });

    test('comes back with everything of its record, and is replaced by the next append', async () => {
      const record = aConversation(shop.id);
      await house.storage.append(record, []);
      expect(await house.storage.conversation(record.id)).toEqual(asLine(record));
      expect(await house.storage.conversation('unknown')).toBeNull();

      const changed = {
        ...record,
        status: 'active' as const,
        agent: { id: 'agent-1', name: 'First agent' },
        lastAt: record.lastAt + 5,
        lastSeq: 7,
        receipts: { shopper: { delivered: 4, read: 3 }, agent: { delivered: 2, read: 1 } },
        topic: 'kitchen',
        waitingSince: record.waitingSince - 7,
        estimateMs: 61_000,
        facts: {
          firstWaitMs: 12,
          firstAnswerMs: 34,
          closedAt: 1_800_000_000_099,
          missed: true,
          calls: 2,
          callSeconds: 185,
          cobrowses: 1,
        },
        steps: { cobrowse: { status: 'on', tab: 'té "1"\\', list: [1, null, { deep: true }] } },
      };
      await house.storage.append(changed, []);
      expect(await house.storage.conversation(record.id)).toEqual(asLine(changed));

      await house.storage.append({ ...changed, status: 'closed', agent: null }, []);
      expect(await house.storage.conversation(record.id)).toMatchObject({ status: 'closed', agent: null });
    });

    test('tells how long the first waits of a shop were, those that are over, the newest first', async () => {
      const wait = (at: number, firstWaitMs: number | null, of = shop.id) => {
        const record = aConversation(of, { openedAt: at, waitingSince: at, topic: 'kitchen', estimateMs: 5_000 });
        return { ...record, facts: { ...record.facts, firstWaitMs } };
      };
      const other = aShop();
      await house.storage.saveShop(other);
      const records = [wait(1_000, 10), wait(2_000, 20), wait(3_000, null), wait(4_000, 40), wait(4_000, 50, other.id)];
      for (const record of records) await house.storage.append(record, []);
      const known = { topic: 'kitchen', estimateMs: 5_000 };
      expect(await house.storage.waits(shop.id, 2_000, 10)).toEqual([
        { ...known, since: 4_000, waitedMs: 40 },
        { ...known, since: 2_000, waitedMs: 20 },
      ]);
      expect(await house.storage.waits(shop.id, 0, 1)).toEqual([{ ...known, since: 4_000, waitedMs: 40 }]);
    });

    test('keeps every kind of entry as it was', async () => {
      const record = aConversation(shop.id);
      const agent = { id: 'agent-1', name: 'First agent' };
      const by = { side: 'agent' as const, ...agent };
      const bodies = [
        { type: 'message', id: 'm-1', from: { side: 'shopper' }, text: 'Hola' },
        { type: 'accepted', agent },
        { type: 'message', id: 'm-2', from: by, text: 'Buenas' },
        { type: 'file-deleted', by, file: 'f-1' },
        { type: 'call-started', by: { side: 'shopper' }, video: true },
        { type: 'call-missed', by, outcome: 'unanswered' },
        { type: 'call-ended', by: null, seconds: 61 },
        { type: 'screen-started', by },
        { type: 'screen-stopped', by },
        { type: 'recording-started', by },
        { type: 'recording-refused', by },
        { type: 'recording-stopped', by: null, recording: 'r-1', seconds: 151, outcome: 'failed' },
        { type: 'cobrowse-started' },
        { type: 'cobrowse-refused' },
        { type: 'cobrowse-stopped', by: null },
        { type: 'returned', from: agent, reason: 'lost' },
        { type: 'note', id: 'n-1', by: agent, text: 'Only for us', whisper: true },
        { type: 'closed', by },
        { type: 'rated', rating: 2, comment: null, agent },
      ] as const;
      const entries: Entry[] = bodies.map((body, index) => ({ ...body, seq: index + 1, at: 1_800_000_000_000 }));
      await house.storage.append(upTo(record, entries.length), entries);
      expect(await house.storage.entriesAfter(record.id, 0, 100)).toEqual(entries);
      expect(await house.storage.messageIds(record.id)).toEqual([
        { id: 'm-1', seq: 1, at: 1_800_000_000_000 },
        { id: 'm-2', seq: 3, at: 1_800_000_000_000 },
        { id: 'n-1', seq: 17, at: 1_800_000_000_000 },
      ]);
    });

    test('gives its entries in order, after a number, so many at a time', async () => {
      const record = aConversation(shop.id);
      const entries = Array.from({ length: 25 }, (_, index) => aMessage(index + 1));
      await house.storage.append(upTo(record, 10), entries.slice(0, 10));
      await house.storage.append(upTo(record, 25), entries.slice(10));
      await house.storage.append(upTo(aConversation(shop.id), 1), [aMessage(1)]);
      expect(await house.storage.entriesAfter(record.id, 0, 200)).toEqual(entries);
      expect(await house.storage.entriesAfter(record.id, 8, 4)).toEqual(entries.slice(8, 12));
      expect(await house.storage.entriesAfter(record.id, 24, 4)).toEqual(entries.slice(24));
      expect(await house.storage.entriesAfter(record.id, 25, 4)).toEqual([]);
      expect(await house.storage.entriesAfter('unknown', 0, 4)).toEqual([]);
      expect(await house.storage.messageIds('unknown')).toEqual([]);
    });

    test.each([
      ['4,000 characters', 'ñ'.repeat(4_000)],
      ['2,000 emoji', '🏺'.repeat(2_000)],
      ['joined emoji and combining marks', '👩🏽‍🔧👨‍👩‍👧‍👦 e\u0301 ﷽ שלום 日本語'],
      ['quotes and control characters', `'"\`; drop table entries; -- \\ \n\r\t\u0000\u001f\u2028`],
      ['half an emoji', 'broken \ud83d here'],
    ])('keeps text of %s as it was', async (_, text) => {
      const record = upTo(aConversation(shop.id), 1);
      const message = aMessage(1, { text });
      await house.storage.append(record, [message]);
      await house.reopen();
      expect(await house.storage.entriesAfter(record.id, 0, 10)).toEqual([message]);
    });

    test('is the latest of its shopper when it was opened last, closed or not', async () => {
      const shopper = 'shopper-1';
      const older = aConversation(shop.id, { shopper, openedAt: 1_000, lastAt: 9_000 });
      const newer = aConversation(shop.id, { shopper, openedAt: 2_000, status: 'closed' });
      expect(await house.storage.latestConversation(shop.id, shopper)).toBeNull();
      await house.storage.append(newer, []);
      await house.storage.append(older, []);
      await house.storage.append(aConversation(shop.id, { openedAt: 3_000 }), []);
      const elsewhere = aShop();
      await house.storage.saveShop(elsewhere);
      await house.storage.append(aConversation(elsewhere.id, { shopper, openedAt: 4_000 }), []);
      expect(await house.storage.latestConversation(shop.id, shopper)).toEqual(asLine(newer));
    });

    test('is on its shop’s list until it is closed, the longest waiting first', async () => {
      const third = aConversation(shop.id, { openedAt: 3_000 });
      const first = aConversation(shop.id, { openedAt: 1_000, status: 'active' });
      const second = aConversation(shop.id, { openedAt: 2_000 });
      const closed = aConversation(shop.id, { openedAt: 500, status: 'closed' });
      const elsewhere = aShop();
      await house.storage.saveShop(elsewhere);
      for (const record of [third, first, second, closed, aConversation(elsewhere.id)]) {
        await house.storage.append(record, []);
      }
      const expected = [first, second, third].map((record) => asLine(record));
      expect(await house.storage.openConversations(shop.id)).toEqual(expected);

      await house.storage.append({ ...first, status: 'closed' }, []);
      expect(await house.storage.openConversations(shop.id)).toEqual(expected.slice(1));
      expect(await house.storage.openConversations('unknown')).toEqual([]);
    });

    test('is listed with the beginning of its last message', async () => {
      const record = aConversation(shop.id);
      const previewNow = async () => (await house.storage.openConversations(shop.id))[0]?.preview;
      await house.storage.append(upTo(record, 2), [
        aMessage(1, { text: 'first' }),
        aMessage(2, { side: 'agent', text: 'second' }),
      ]);
      expect(await previewNow()).toEqual({ side: 'agent', text: 'second' });

      const started = { type: 'cobrowse-started', seq: 3, at: 1_800_000_000_003 } as const;
      await house.storage.append(upTo(record, 3), [started]);
      expect(await previewNow()).toEqual({ side: 'agent', text: 'second' });

      const long = `x${'🏺'.repeat(1_900)}`;
      await house.storage.append(upTo(record, 4), [aMessage(4, { text: long })]);
      const preview = await previewNow();
      expect(preview?.side).toBe('shopper');
      expect(long.startsWith(preview?.text ?? '?')).toBe(true);
      expect(preview?.text.length).toBeGreaterThan(60);
      expect(preview?.text.length).toBeLessThan(300);
      expect(preview?.text).toMatch(/^x(🏺)+$/u);
    });

    test('counts the shopper’s messages that no agent has read, however appends and receipts mix', async () => {
      let record = aConversation(shop.id);
      const all: Entry[] = [];
      const random = randomFrom(20_260_101);
      for (let round = 0; round < 60; round++) {
        const entries = Array.from({ length: random(4) }, (_, index): Entry => {
          const seq = record.lastSeq + index + 1;
          if (random(4) === 0) return { type: 'cobrowse-refused', seq, at: seq };
          return aMessage(seq, { side: random(3) === 0 ? 'agent' : 'shopper' });
        });
        all.push(...entries);
        record = upTo(record, all.length);
        if (random(3) === 0) {
          const { read } = record.receipts.agent;
          const agent = { delivered: all.length, read: read + random(all.length - read + 1) };
          record = { ...record, receipts: { ...record.receipts, agent } };
        }
        await house.storage.append(record, entries);

        const { read } = record.receipts.agent;
        const unread = all.filter(
          (entry) => entry.type === 'message' && entry.from.side === 'shopper' && entry.seq > read,
        );
        expect((await house.storage.conversation(record.id))?.unread).toBe(unread.length);
      }
    });
  });
}

/** Whole numbers below a limit, the same ones in every run (a linear congruential generator). */
function randomFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

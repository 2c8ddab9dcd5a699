import { beforeEach, describe, expect, test } from 'vitest';
import type { Shop } from '../../server/storage/storage.ts';
import type { House } from './contract.ts';
import { aConversation, aMessage, aShop, asLine, upTo } from './samples.ts';

/** What happens at once: all or nothing for each append, and no append pays for its neighbour. */
export function togetherContract(house: House): void {
  describe('appends', () => {
    let shop: Shop;
    beforeEach(async () => {
      shop = aShop();
      await house.storage.saveShop(shop);
    });

    test.each([
      ['a number that is taken', aMessage(2)],
      ['a message id that is there already', aMessage(5, { id: 'm-1' })],
    ])('keep nothing of one with %s', async (_, bad) => {
      const record = upTo(aConversation(shop.id), 2);
      const kept = [aMessage(1, { id: 'm-1' }), aMessage(2)];
      await house.storage.append(record, kept);
      const before = await house.storage.openConversations(shop.id);

      const changed = { ...upTo(record, 5), status: 'active' as const, steps: { changed: true } };
      await expect(house.storage.append(changed, [aMessage(3), aMessage(4), bad])).rejects.toThrow();
      expect(await house.storage.entriesAfter(record.id, 0, 10)).toEqual(kept);
      expect(await house.storage.openConversations(shop.id)).toEqual(before);
    });

    test('accept the same message id in two conversations', async () => {
      const [one, two] = [aConversation(shop.id), aConversation(shop.id)];
      await house.storage.append(upTo(one, 1), [aMessage(1, { id: 'm-1' })]);
      await house.storage.append(upTo(two, 1), [aMessage(1, { id: 'm-1' })]);
      expect(await house.storage.messageIds(two.id)).toHaveLength(1);
    });

    test('keep nothing for a shop that does not exist', async () => {
      const record = aConversation('no-such-shop');
      await expect(house.storage.append(upTo(record, 1), [aMessage(1)])).rejects.toThrow();
      expect(await house.storage.conversation(record.id)).toBeNull();
      expect(await house.storage.entriesAfter(record.id, 0, 10)).toEqual([]);
    });

    test('fail alone: neighbours that were under way with a bad one are kept', async () => {
      const records = Array.from({ length: 30 }, () => aConversation(shop.id));
      const outcomes = await Promise.allSettled(
        records.flatMap((record) => [
          house.storage.append(upTo(record, 1), [aMessage(1, { id: 'm-1' })]),
          house.storage.append(upTo(record, 3), [aMessage(2), aMessage(3, { id: 'm-1' })]),
          house.storage.append(upTo(record, 2), [aMessage(2, { id: 'm-2' })]),
        ]),
      );
      expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(records.flatMap(() => [true, false, true]));
      for (const record of records) {
        expect((await house.storage.messageIds(record.id)).map(({ id }) => id)).toEqual(['m-1', 'm-2']);
        expect(await house.storage.conversation(record.id)).toEqual(
          asLine(upTo(record, 2), { last: aMessage(2), unread: 2 }),
        );
      }
    });

    test('are all kept, in order, when 500 of 50 conversations come at once', async () => {
      const records = Array.from({ length: 50 }, () => aConversation(shop.id));
      const rounds = Array.from({ length: 10 }, (_, index) => index + 1);
      await Promise.all(
        rounds.flatMap((seq) => records.map((record) => house.storage.append(upTo(record, seq), [aMessage(seq)]))),
      );
      await house.reopen();
      for (const record of records) {
        const entries = await house.storage.entriesAfter(record.id, 0, 100);
        expect(entries.map(({ seq }) => seq)).toEqual(rounds);
        expect(await house.storage.conversation(record.id)).toEqual(
          asLine(upTo(record, 10), { last: aMessage(10), unread: 10 }),
        );
      }
    });
  });
}

import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Entry } from '../../server/protocol/entry.ts';
import type { ConversationRecord, Shop } from '../../server/storage/storage.ts';
import type { House } from './contract.ts';
import { aConversation, aMessage, aShop, upTo } from './samples.ts';

/** Finding what somebody wrote. */
export function searchContract(house: House): void {
  describe('a search', () => {
    let shop: Shop;
    let record: ConversationRecord;
    beforeEach(async () => {
      shop = aShop();
      await house.storage.saveShop(shop);
      record = aConversation(shop.id);
    });

    const write = async (texts: readonly string[], into = record): Promise<void> => {
      const entries = texts.map((text, index) => aMessage(index + 1, { text }));
      await house.storage.append(upTo(into, texts.length), entries);
    };
    const find = async (query: string, of = shop.id): Promise<string[]> =>
      (await house.storage.search(of, query, { limit: 10 })).map(({ text }) => text);

    test('finds all words, in any order and form, the newest first', async () => {
      await write(['The Café cup is chipped', 'A blue cup, please', 'CUPS with café, ñandú']);
      expect(await find('cafe CUP')).toEqual(['CUPS with café, ñandú', 'The Café cup is chipped']);
      expect(await find('nandu')).toEqual(['CUPS with café, ñandú']);
      expect(await find('cup saucer')).toEqual([]);
      const [hit] = await house.storage.search(shop.id, 'blue', { limit: 10 });
      expect(hit).toEqual({
        id: hit?.id,
        conversation: record.id,
        seq: 2,
        at: 1_800_000_000_002,
        from: 'shopper',
        text: 'A blue cup, please',
        shopper: record.shopper,
        status: 'waiting',
        agent: null,
      });
    });

    test('finds notes among agents and the names of files too', async () => {
      const file = (name: string) => ({ id: randomUUID(), name, type: 'application/pdf', bytes: 9 });
      const by = { id: 'ana', name: 'Ana' };
      const entries: Entry[] = [
        { ...aMessage(1, { text: '' }), file: file('Rechnung-März_2026.pdf') },
        { ...aMessage(2, { text: 'Here is the Rechnung' }), file: file('vase.pdf') },
        { type: 'note', id: randomUUID(), by, text: 'Has paid the Rechnung twice', seq: 3, at: 1_800_000_000_003 },
        { type: 'file-deleted', by: { side: 'shopper' }, file: 'rechnung', seq: 4, at: 1_800_000_000_004 },
      ];
      await house.storage.append(upTo(record, entries.length), entries);
      const hits = await house.storage.search(shop.id, 'rechnung', { limit: 10 });
      expect(hits.map(({ seq, from, text }) => [seq, from, text])).toEqual([
        [3, 'agent', 'Has paid the Rechnung twice'],
        [2, 'shopper', 'Here is the Rechnung vase.pdf'],
        [1, 'shopper', 'Rechnung-März_2026.pdf'],
      ]);
      expect(await find('marz')).toEqual(['Rechnung-März_2026.pdf']);
      expect(await find('vase rechnung')).toEqual(['Here is the Rechnung vase.pdf']);
      expect(await find('twice paid')).toEqual(['Has paid the Rechnung twice']);
      expect(await find('rechnung', aShop().id)).toEqual([]);
    });

    test('goes on where a page ended, stays in its shop, and lives through a restart', async () => {
      const other = aShop();
      await house.storage.saveShop(other);
      await write(['tile one', 'tile two', 'tile three']);
      await write(['tile elsewhere'], aConversation(other.id));
      const page = await house.storage.search(shop.id, 'tile', { limit: 2 });
      expect(page.map(({ text }) => text)).toEqual(['tile three', 'tile two']);
      await house.reopen();
      const rest = await house.storage.search(shop.id, 'tile', { before: page.at(-1)?.id ?? 0, limit: 2 });
      expect(rest.map(({ text }) => text)).toEqual(['tile one']);
      expect(await find('tile', other.id)).toEqual(['tile elsewhere']);
    });

    test('is never understood as a language', async () => {
      await write(['100% "wool" OR cotton* (new)', "Robert'); drop table entries;--"]);
      for (const query of ['"', "'", '*', '!', ':*', 'wool OR', 'NEAR(', '()&|!', "'); drop", '\0', '\\', '']) {
        await expect(house.storage.search(shop.id, query, { limit: 10 })).resolves.toBeInstanceOf(Array);
      }
      expect(await find('wool NOT cotton')).toEqual([]);
      expect(await find('drop table')).toHaveLength(1);
      expect(await find('"100%"')).toHaveLength(1);
      // Signs that are written as many: a word of some thousand bytes.
      expect(await find('㌖'.repeat(300))).toEqual([]);
    });
  });
}

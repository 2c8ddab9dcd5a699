import { beforeEach, describe, expect, test } from 'vitest';
import type { ConversationRecord, FileRecord, Shop } from '../../server/storage/storage.ts';
import type { House } from './contract.ts';
import { aConversation, aMessage, aShop, upTo } from './samples.ts';

/** Files: uploads until they are sent, part of a message from then on. */
export function filesContract(house: House): void {
  describe('a file', () => {
    let shop: Shop;
    let conversation: ConversationRecord;
    beforeEach(async () => {
      shop = aShop();
      await house.storage.saveShop(shop);
      conversation = aConversation(shop.id, { shopper: 'shopper-1' });
    });

    const aFile = (id: string, values: Partial<FileRecord> = {}): FileRecord => ({
      id,
      shop: shop.id,
      shopper: 'shopper-1',
      conversation: null,
      uploader: null,
      name: 'Ñandú "1" 🏺.png',
      type: 'image/png',
      bytes: 5_000_000_000,
      width: null,
      height: null,
      sha256: null,
      createdAt: 1_000,
      seq: null,
      expiresAt: 2_000,
      deletedAt: null,
      ...values,
    });

    test('is kept, found out about, found by shopper, counted, and deleted', async () => {
      const { storage } = house;
      const [one, two] = [aFile('one'), aFile('two', { shopper: 'shopper-2', createdAt: 500, uploader: 'agent-1' })];
      expect(await storage.bytesOfFiles()).toBe(0);
      for (const file of [one, two]) await storage.saveFile(file);
      // Only announced.
      expect(await storage.bytesOfFiles()).toBe(0);
      expect(await storage.unsentFiles()).toEqual([two, one]);
      expect(await storage.filesOfShopper(shop.id, 'shopper-1')).toEqual([one]);
      expect(await storage.filesOfShopper('another shop', 'shopper-1')).toEqual([]);
      expect(await storage.file('unknown')).toBeNull();

      const complete = { ...one, width: 640, height: 480, sha256: 'abc', expiresAt: 9_000 };
      await storage.saveFile({ ...complete, name: 'stays as it was announced', bytes: 1 });
      const erased = { ...two, deletedAt: 7_000 };
      await storage.saveFile(erased);
      await house.reopen();
      expect(await house.storage.file('one')).toEqual(complete);
      expect(await house.storage.file('two')).toEqual(erased);
      expect(await house.storage.liveFileIds()).toEqual(['one']);
      expect(await house.storage.bytesOfFiles()).toBe(5_000_000_000);

      await house.storage.deleteFile('one');
      await house.storage.deleteFile('one');
      expect(await house.storage.file('one')).toBeNull();
    });

    test('is sent together with its message, once, and expires no more', async () => {
      const { storage } = house;
      const complete = aFile('sent', { sha256: 'abc' });
      await storage.saveFile(complete);
      const file = { id: 'sent', name: complete.name, type: complete.type, bytes: complete.bytes };
      await storage.append(upTo(conversation, 1), [{ ...aMessage(1, { text: '' }), file }]);
      const sent = { ...complete, conversation: conversation.id, seq: 1, expiresAt: null };
      expect(await storage.file('sent')).toEqual(sent);
      expect(await storage.unsentFiles()).toEqual([]);
      expect(await storage.filesOf(conversation.id)).toEqual([sent]);
      const [line] = await storage.openConversations(shop.id);
      expect(line?.preview).toEqual({ side: 'shopper', text: '', file: complete.name });

      const other = aConversation(shop.id);
      await storage.append(upTo(other, 1), [{ ...aMessage(1), file }]);
      expect(await storage.file('sent')).toEqual(sent);
      // What is found out about it later changes nothing of that.
      await storage.saveFile({ ...complete, deletedAt: 5_000, expiresAt: null });
      expect(await storage.file('sent')).toEqual({ ...sent, deletedAt: 5_000 });
    });
  });
}

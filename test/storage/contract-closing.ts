import { describe, expect, test } from 'vitest';
import type { House } from './contract.ts';
import { aConversation, aMessage, aShop, anAgent, upTo } from './samples.ts';

export function closingContract(house: House): void {
  describe('close', () => {
    test('waits for what is under way, and all of it is there afterwards', async () => {
      const shop = aShop();
      await house.storage.saveShop(shop);
      const records = Array.from({ length: 100 }, () => upTo(aConversation(shop.id), 1));
      const appends = records.map((record) => house.storage.append(record, [aMessage(1)]));
      await house.reopen();
      await Promise.all(appends);
      expect(await house.storage.openConversations(shop.id)).toHaveLength(100);
    });

    test('may be called twice, also at once', async () => {
      await Promise.all([house.storage.close(), house.storage.close()]);
      await house.storage.close();
    });

    test('ends every method: each call rejects and says why', async () => {
      const { storage } = house;
      await storage.close();
      const session = { id: 'hash', agent: 'agent', expiresAt: 1 };
      const calls: (() => Promise<unknown>)[] = [
        () => storage.saveShop(aShop()),
        () => storage.shopByKey('key'),
        () => storage.shopById('id'),
        () => storage.shops(),
        () => storage.saveAgent(anAgent('shop')),
        () => storage.agentByEmail('agent@shop.example'),
        () => storage.agentById('id'),
        () => storage.saveAgentSession(session),
        () => storage.agentSession('hash', 0),
        () => storage.deleteAgentSession('hash'),
        () => storage.append(aConversation('shop'), []),
        () => storage.conversation('id'),
        () => storage.latestConversation('shop', 'shopper'),
        () => storage.openConversations('shop'),
        () => storage.entriesAfter('id', 0, 10),
        () => storage.messageIds('id'),
        () => storage.file('id'),
        () => storage.unsentFiles(),
        () => storage.deleteFile('id'),
        () => storage.conversationsOfShopper('shop', 'shopper', 1),
        () => storage.faqArticles('shop'),
        () => storage.setting('name'),
        () => storage.settle('name', 'value'),
      ];
      for (const call of calls) {
        await expect(call()).rejects.toMatchObject({ name: 'StorageError', reason: 'closed' });
      }
    });
  });
}

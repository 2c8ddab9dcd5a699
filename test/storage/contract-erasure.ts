import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AuditLine, ConversationRecord, Shop, Storage } from '../../server/storage/storage.ts';
import type { House } from './contract.ts';
import { aConversation, aMessage, aShop, upTo } from './samples.ts';

/** All that there is of one shopper. */
export function erasureContract(house: House): void {
  describe('an erasure', () => {
    const WORD = 'Quetzalvase';
    let shop: Shop;
    let theirs: ConversationRecord;
    let others: ConversationRecord;

    const change = (values: Partial<AuditLine> = {}): AuditLine => ({
      id: `change-${shop.id}`,
      shop: shop.id,
      at: 7,
      by: { id: 'admin', name: 'Ana' },
      action: 'shopper.erased',
      subject: '',
      before: null,
      after: { conversations: 1 },
      ...values,
    });

    beforeEach(async () => {
      const { storage } = house;
      shop = aShop();
      await storage.saveShop(shop);
      const ticket = { number: 4, state: 'open', since: 1, dueAt: null, mailedSeq: 0 } as const;
      const facts = { firstWaitMs: 10, firstAnswerMs: 20, closedAt: 30, missed: false };
      theirs = aConversation(shop.id, {
        shopper: 'eva',
        status: 'ticket',
        ticket: { ...ticket, email: `${WORD}@home.example`, name: WORD, locale: 'es' },
        rating: { value: 5, comment: WORD },
        steps: { note: { text: WORD } },
        facts: { ...facts, calls: 1, callSeconds: 60, cobrowses: 2 },
      });
      others = aConversation(shop.id, { shopper: 'tom', openedAt: theirs.openedAt + 1 });
      await storage.append(upTo(theirs, 2), [aMessage(1, { text: `A ${WORD}?` }), aMessage(2, { side: 'agent' })]);
      await storage.append(upTo(others, 1), [aMessage(1, { text: `Another ${WORD}` })]);
      await storage.saveMail({
        id: 'mail-1',
        shop: shop.id,
        conversation: theirs.id,
        to: `${WORD}@home.example`,
        subject: WORD,
        text: WORD,
        references: [],
        createdAt: 1,
        attempts: 0,
        nextAt: 1,
        sentAt: null,
        error: null,
      });
      const text = { title: 'Shipping', body: 'Free', published: true, helped: 0, notHelped: 0 };
      const article = { id: 'article', topic: null, position: 0, changedAt: 1, texts: { en: text } };
      await storage.saveFaqArticle(shop.id, article, change({ id: `article-${shop.id}` }));
      await storage.countFaqAnswer(anAnswer('answer-1'));
    });

    const anAnswer = (id: string) => ({
      id,
      shop: shop.id,
      article: 'article',
      locale: 'en',
      shopper: 'eva',
      helped: true,
    });

    async function figures(storage: Storage): Promise<unknown[]> {
      const found: unknown[] = [];
      for await (const facts of storage.facts(shop.id, 0, Number.MAX_SAFE_INTEGER)) found.push(...facts);
      return found;
    }

    test('leaves nothing of a shopper but figures of nobody, and the line that says who wanted it', async () => {
      const { storage } = house;
      const before = await figures(storage);
      await storage.beginErasure({ shop: shop.id, shopper: 'eva' }, change());
      await storage.eraseShopper(shop.id, 'eva');
      await house.reopen();
      const after = house.storage;
      expect(await after.erasures()).toEqual([]);
      expect(await after.conversation(theirs.id)).toBeNull();
      expect(await after.conversationsOfShopper(shop.id, 'eva', 10)).toEqual([]);
      expect(await after.entriesAfter(theirs.id, 0, 10)).toEqual([]);
      expect((await after.search(shop.id, WORD, { limit: 10 })).map(({ conversation }) => conversation)).toEqual([
        others.id,
      ]);
      expect(await after.mail('mail-1')).toBeNull();
      expect(await after.dueMails(10, 10)).toEqual([]);
      expect((await after.openConversations(shop.id)).map(({ id }) => id)).toEqual([others.id]);
      expect(await figures(after)).toEqual(before);
      expect(await after.lastTicketNumber(shop.id)).toBe(4);
      expect(await after.audit(shop.id, { at: 8 }, 10)).toContainEqual(change());
      // Whoever is new may answer again; the one count stays.
      expect(await after.countFaqAnswer(anAnswer('answer-2'))).toBe(true);
      expect((await after.faqArticles(shop.id))[0]?.texts['en']?.helped).toBe(2);
    });

    test('is known until it has come to its end, and waits for files and recordings', async () => {
      const { storage } = house;
      await storage.saveRecording({
        id: 'recording',
        conversation: theirs.id,
        shop: shop.id,
        shopper: 'eva',
        startedAt: 1,
        endedAt: null,
        status: 'running',
        expiresAt: 9,
        contents: null,
      });
      await storage.beginErasure({ shop: shop.id, shopper: 'eva' }, change());
      await storage.beginErasure({ shop: shop.id, shopper: 'eva' }, change({ id: `again-${shop.id}` }));
      await expect(storage.eraseShopper(shop.id, 'eva')).rejects.toThrow();
      await house.reopen();
      expect(await house.storage.erasures()).toEqual([{ shop: shop.id, shopper: 'eva' }]);
      expect(await house.storage.entriesAfter(theirs.id, 0, 10)).toHaveLength(2);
      await house.storage.deleteRecording('recording');
      await house.storage.eraseShopper(shop.id, 'eva');
      expect(await house.storage.erasures()).toEqual([]);
      expect(await house.storage.entriesAfter(theirs.id, 0, 10)).toEqual([]);
    });

    test.runIf(house.engine === 'sqlite')('leaves no byte of what was written in any file', async () => {
      const { storage } = house;
      await storage.eraseShopper(shop.id, 'tom');
      await storage.beginErasure({ shop: shop.id, shopper: 'eva' }, change());
      const bytes = (): string =>
        readdirSync(house.place)
          .map((name) => readFileSync(join(house.place, name), 'latin1'))
          .join('\n')
          .toLowerCase();
      expect(bytes()).toContain(WORD.toLowerCase());
      await storage.eraseShopper(shop.id, 'eva');
      expect(bytes()).not.toContain(WORD.toLowerCase());
    });
  });
}

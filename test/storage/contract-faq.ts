import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { AuditLine, FaqArticle } from '../../server/storage/storage.ts';
import type { House } from './contract.ts';
import { aConversation, aMessage, aShop, asLine, upTo } from './samples.ts';

/** What is often asked, how it was, and what a shopper wrote before. */
export function faqContract(house: House): void {
  const change = (shop: string, at: number): AuditLine => ({
    id: randomUUID(),
    shop,
    at,
    by: { id: 'agent-1', name: 'Ana' },
    action: 'faq.changed',
    subject: 'x',
    before: null,
    after: null,
  });
  const text = (title: string, more: Partial<FaqArticle['texts'][string]> = {}) => ({
    title,
    body: `${title}: “ñ”`,
    published: true,
    helped: 0,
    notHelped: 0,
    ...more,
  });
  const anArticle = (position: number, values: Partial<FaqArticle> = {}): FaqArticle => ({
    id: randomUUID(),
    topic: null,
    position,
    changedAt: 1_000,
    texts: { en: text('Delivery'), es: text('Envío', { published: false }) },
    ...values,
  });

  describe('what is often asked', () => {
    test('comes back by position, in all its languages, and of its shop alone', async () => {
      const [shop, other] = [aShop(), aShop()];
      for (const each of [shop, other]) await house.storage.saveShop(each);
      const [one, two] = [anArticle(1), anArticle(0, { topic: 'kitchen', texts: { es: text('Cocina') } })];
      for (const article of [one, two]) await house.storage.saveFaqArticle(shop.id, article, change(shop.id, 1));
      await house.storage.saveFaqArticle(other.id, anArticle(0), change(other.id, 1));
      await house.reopen();
      expect(await house.storage.faqArticles(shop.id)).toEqual([two, one]);
      await house.storage.orderFaqArticles(shop.id, [one.id, two.id], change(shop.id, 2));
      expect((await house.storage.faqArticles(shop.id)).map(({ id }) => id)).toEqual([one.id, two.id]);
      await house.storage.deleteFaqArticle(other.id, one.id, change(other.id, 3));
      expect(await house.storage.faqArticles(shop.id)).toHaveLength(2);
      await house.storage.deleteFaqArticle(shop.id, one.id, change(shop.id, 3));
      expect((await house.storage.faqArticles(shop.id)).map(({ id }) => id)).toEqual([two.id]);
      expect(await house.storage.audit(shop.id, { at: 10 }, 10)).toHaveLength(4);
    });

    test('a change replaces the words, drops a language, and keeps what was counted', async () => {
      const shop = aShop();
      await house.storage.saveShop(shop);
      const article = anArticle(0);
      await house.storage.saveFaqArticle(shop.id, article, change(shop.id, 1));
      const answer = (shopper: string, helped: boolean) =>
        house.storage.countFaqAnswer({
          id: randomUUID(),
          shop: shop.id,
          article: article.id,
          locale: 'en',
          shopper,
          helped,
        });
      const told = await Promise.all([answer('s-1', true), answer('s-1', false), answer('s-2', true)]);
      expect(told.filter(Boolean)).toHaveLength(2);
      expect(await answer('s-2', false)).toBe(false);
      expect(await answer('s-3', false)).toBe(true);
      const changed = { ...article, changedAt: 2_000, texts: { en: text('Delivery and returns') } };
      await house.storage.saveFaqArticle(shop.id, changed, change(shop.id, 2));
      const [kept] = await house.storage.faqArticles(shop.id);
      expect(kept).toEqual({
        ...changed,
        texts: { en: text('Delivery and returns', { helped: 2, notHelped: 1 }) },
      });
    });
  });

  test('how it was is kept with the conversation', async () => {
    const shop = aShop();
    await house.storage.saveShop(shop);
    const record = aConversation(shop.id, { status: 'closed', rating: { value: 4, comment: 'Gracias 🏺' } });
    await house.storage.append(record, []);
    await house.reopen();
    expect(await house.storage.conversation(record.id)).toEqual(asLine(record));
  });

  test('a shopper’s conversations are listed, the latest first, of one shop and so many at most', async () => {
    const [shop, other] = [aShop(), aShop()];
    for (const each of [shop, other]) await house.storage.saveShop(each);
    const shopper = randomUUID();
    const records = [3_000, 1_000, 2_000].map((openedAt) => aConversation(shop.id, { shopper, openedAt }));
    for (const record of records) await house.storage.append(record, []);
    for (const record of [aConversation(other.id, { shopper }), aConversation(shop.id)]) {
      await house.storage.append(record, []);
    }
    const [latest, , middle] = records;
    const listed = await house.storage.conversationsOfShopper(shop.id, shopper, 2);
    expect(listed.map(({ id }) => id)).toEqual([latest?.id, middle?.id]);
  });

  test('a note is kept as it was, counts as no message, and is known by its id', async () => {
    const shop = aShop();
    await house.storage.saveShop(shop);
    const record = upTo(aConversation(shop.id), 2);
    const note = { type: 'note', id: 'n-1', by: { id: 'agent-1', name: 'Ana' }, text: 'ssh', whisper: true } as const;
    const entries = [aMessage(1), { ...note, seq: 2, at: 1_800_000_000_002 }] as const;
    await house.storage.append(record, entries);
    expect(await house.storage.entriesAfter(record.id, 0, 10)).toEqual(entries);
    expect((await house.storage.messageIds(record.id)).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(await house.storage.conversation(record.id)).toEqual(asLine(record, { last: entries[0], unread: 1 }));
  });
}

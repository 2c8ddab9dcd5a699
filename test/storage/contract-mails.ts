import { describe, expect, test } from 'vitest';
import type { MailRecord } from '../../server/storage/storage.ts';
import type { House } from './contract.ts';
import { aConversation, aShop } from './samples.ts';

/** Mails that are to go out. */
export function mailsContract(house: House): void {
  describe('a mail', () => {
    test('is kept until it has gone, and found by its time, its id and its conversation', async () => {
      const { storage } = house;
      const shop = aShop();
      await storage.saveShop(shop);
      const conversation = aConversation(shop.id);
      await storage.append(conversation, []);
      const mail = (id: string, nextAt: number | null): MailRecord => ({
        id: `${shop.id}-${id}`,
        shop: shop.id,
        conversation: conversation.id,
        to: 'eva@home.example',
        subject: 'Ticket 1',
        text: 'ñ "quoted"\nline',
        references: ['<a@b>'],
        createdAt: 5,
        attempts: 0,
        nextAt,
        sentAt: null,
        error: null,
      });
      const [late, early, done] = [mail('a', 20), mail('b', 10), mail('c', null)];
      for (const each of [late, early, done]) await storage.saveMail(each);
      expect(await storage.dueMails(15, 10)).toEqual([early]);
      expect(await storage.dueMails(25, 10)).toEqual([early, late]);
      expect(await storage.dueMails(25, 1)).toEqual([early]);
      const sent = { ...early, attempts: 1, nextAt: null, sentAt: 16, error: null };
      await storage.changeMail(sent);
      // What is not there (any more) does not come back.
      await storage.changeMail({ ...sent, id: 'unknown' });
      await house.reopen();
      expect(await house.storage.mail(early.id)).toEqual(sent);
      expect(await house.storage.mail('unknown')).toBeNull();
      expect(await house.storage.mailsOf(conversation.id)).toEqual([late, sent, done]);
      expect(await house.storage.dueMails(25, 10)).toEqual([late]);
    });
  });
}

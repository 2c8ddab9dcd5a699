import { describe, expect, test } from 'vitest';
import type { TicketRecord } from '../../server/storage/storage.ts';
import type { House } from './contract.ts';
import { aConversation, aShop, asLine } from './samples.ts';

/** Conversations that are tickets. */
export function ticketsContract(house: House): void {
  describe('a ticket', () => {
    const ticket = (number: number): TicketRecord => ({
      number,
      state: 'open',
      since: 1_800_000_000_000,
      email: 'eva@home.example',
      name: 'Eva "ñ"',
      locale: 'es',
      dueAt: 1_800_000_100_000,
      mailedSeq: 3,
    });

    test('is kept with its conversation, open until that is closed, and its number is found', async () => {
      const { storage } = house;
      const [shop, other] = [aShop(), aShop()];
      await storage.saveShop(shop);
      await storage.saveShop(other);
      expect(await storage.lastTicketNumber(shop.id)).toBe(0);
      const [first, second] = [
        aConversation(shop.id, { status: 'ticket', ticket: ticket(9) }),
        aConversation(shop.id, { status: 'ticket', ticket: ticket(10) }),
      ];
      await storage.append(first, []);
      await storage.append(second, []);
      await storage.append(aConversation(shop.id), []);
      const bare = { ...ticket(1), state: 'pending', email: null, name: null, locale: null, dueAt: null } as const;
      const theirs = aConversation(other.id, { status: 'ticket', ticket: bare });
      await storage.append(theirs, []);
      const solved = { ...second, status: 'closed' as const };
      await storage.append(solved, []);
      await house.reopen();
      expect(await house.storage.lastTicketNumber(shop.id)).toBe(10);
      expect(await house.storage.lastTicketNumber(other.id)).toBe(1);
      expect(await house.storage.conversation(first.id)).toEqual(asLine(first));
      expect(await house.storage.conversation(theirs.id)).toEqual(asLine(theirs));
      expect(await house.storage.conversation(second.id)).toEqual(asLine(solved));
      const open = await house.storage.openConversations(shop.id);
      expect(open.flatMap(({ ticket: of }) => of?.number ?? [])).toEqual([9]);
    });

    test('is counted in reports while it is not solved, with who has it and what it is about', async () => {
      const { storage } = house;
      const [shop, other] = [aShop(), aShop()];
      for (const each of [shop, other]) await storage.saveShop(each);
      const agent = { id: 'ana', name: 'Ana' };
      const pending: TicketRecord = { ...ticket(2), state: 'pending', dueAt: null };
      await storage.append(aConversation(shop.id, { status: 'ticket', ticket: ticket(1), topic: 'lamps', agent }), []);
      await storage.append(aConversation(shop.id, { status: 'ticket', ticket: pending }), []);
      await storage.append(aConversation(shop.id, { status: 'closed', ticket: ticket(3) }), []);
      await storage.append(aConversation(shop.id, { status: 'active' }), []);
      await storage.append(aConversation(other.id, { status: 'ticket', ticket: ticket(1) }), []);
      const open = await storage.openTickets(shop.id);
      const { since, dueAt } = ticket(1);
      expect(open.toSorted((a, b) => (a.state < b.state ? -1 : 1))).toEqual([
        { topic: 'lamps', agent: 'ana', since, state: 'open', dueAt },
        { topic: null, agent: null, since, state: 'pending', dueAt: null },
      ]);
    });

    test('a NUL in what a stranger says of themselves loses nothing else', async () => {
      const shop = aShop();
      await house.storage.saveShop(shop);
      const said = { ...ticket(1), name: 'Eva\0', locale: 'es\0' };
      const rating = { value: 5, comment: 'good\0' };
      const record = aConversation(shop.id, { status: 'ticket', ticket: said, rating });
      await house.storage.append(record, []);
      expect(await house.storage.conversation(record.id)).toMatchObject({
        ticket: { name: 'Eva\ufffd', locale: 'es\ufffd' },
        rating: { comment: 'good\ufffd' },
      });
      expect(await house.storage.shopByKey('\0')).toBeNull();
    });

    test('a number is given once in a shop', async () => {
      const { storage } = house;
      const shop = aShop();
      await storage.saveShop(shop);
      await storage.append(aConversation(shop.id, { status: 'ticket', ticket: ticket(1) }), []);
      const again = aConversation(shop.id, { status: 'ticket', ticket: ticket(1) });
      await expect(storage.append(again, [])).rejects.toThrow();
      expect(await storage.conversation(again.id)).toBeNull();
    });
  });
}

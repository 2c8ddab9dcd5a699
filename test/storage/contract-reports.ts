import { describe, expect, test } from 'vitest';
import type { ReportedFact } from '../../server/storage/storage.ts';
import type { House } from './contract.ts';
import { aConversation, aShop } from './samples.ts';

const AT = 1_800_000_000_000;

/** What reports are made of. */
export function reportsContract(house: House): void {
  describe('facts for reports', () => {
    const factsOf = async (shop: string, from: number, to: number): Promise<ReportedFact[]> => {
      const all: ReportedFact[] = [];
      for await (const facts of house.storage.facts(shop, from, to)) all.push(...facts);
      return all.toSorted((a, b) => a.openedAt - b.openedAt);
    };

    test('are those of a range of one shop, each as it was saved, however many there are', async () => {
      const [shop, other] = [aShop(), aShop()];
      for (const each of [shop, other]) await house.storage.saveShop(each);
      const facts = { firstWaitMs: 4_000, firstAnswerMs: 9_000, closedAt: AT + 60_000, missed: false };
      const told = aConversation(shop.id, {
        status: 'closed',
        agent: { id: 'ana', name: 'Ana' },
        openedAt: AT,
        topic: 'lamps',
        estimateMs: 5_000,
        facts: { ...facts, calls: 2, callSeconds: 65, cobrowses: 1 },
        rating: { value: 4, comment: 'Kind.' },
      });
      await house.storage.append(told, []);
      await house.storage.append(aConversation(other.id, { openedAt: AT }), []);
      const later = Array.from({ length: 4_100 }, (_, n) => aConversation(shop.id, { openedAt: AT + 1 + (n >> 1) }));
      await Promise.all(later.map((record) => house.storage.append(record, [])));

      expect(await factsOf(shop.id, AT, AT + 1)).toEqual([
        {
          openedAt: AT,
          topic: 'lamps',
          agent: 'ana',
          waited: 4_000,
          estimate: 5_000,
          firstAnswer: 9_000,
          closedAt: AT + 60_000,
          missed: false,
          calls: 2,
          callSeconds: 65,
          cobrowses: 1,
          rating: 4,
        },
      ]);
      const all = await factsOf(shop.id, AT, AT + 10_000);
      expect(all.map(({ openedAt }) => openedAt)).toEqual([AT, ...later.map(({ openedAt }) => openedAt)]);
      // What no engine of ours writes, and a hand may.
      const odd = aConversation(shop.id, {
        openedAt: AT + 20_000,
        estimateMs: -7,
        topic: 'lámparas 日',
        facts: told.facts,
      });
      await house.storage.append(odd, []);
      expect(await factsOf(shop.id, AT + 20_000, AT + 20_001)).toMatchObject([
        { topic: 'lámparas 日', agent: null, estimate: -7, closedAt: AT + 60_000, rating: null },
      ]);
      expect(all[1]).toMatchObject({ topic: null, agent: null, waited: null, closedAt: null, rating: null, calls: 0 });
      expect(await factsOf(shop.id, AT + 10_000, AT + 20_000)).toEqual([]);
    });
  });
}

import { beforeEach, describe, expect, test } from 'vitest';
import type { ConversationRecord, RecordingRecord } from '../../server/storage/storage.ts';
import type { House } from './contract.ts';
import { aConversation, aShop } from './samples.ts';

/** What was recorded: its records, until they are deleted. */
export function recordingsContract(house: House): void {
  describe('a recording', () => {
    let one: ConversationRecord;
    let other: ConversationRecord;
    beforeEach(async () => {
      const shop = aShop();
      await house.storage.saveShop(shop);
      one = aConversation(shop.id, { shopper: 'shopper-1' });
      other = aConversation(shop.id, { shopper: 'shopper-2' });
      await house.storage.append(one, []);
      await house.storage.append(other, []);
    });

    const aRecording = (id: string, of: ConversationRecord, startedAt: number): RecordingRecord => ({
      id,
      conversation: of.id,
      shop: of.shop,
      shopper: of.shopper,
      startedAt,
      endedAt: null,
      status: 'running',
      expiresAt: startedAt + 1_000,
      contents: null,
    });

    test('is kept, changed, found by conversation and by shopper, and deleted', async () => {
      const { storage } = house;
      const [late, early, foreign] = [
        aRecording('b', one, 2_000),
        aRecording('a', one, 1_000),
        aRecording('c', other, 3),
      ];
      for (const recording of [late, early, foreign]) await storage.saveRecording(recording);
      expect(await storage.recording('a')).toEqual(early);
      expect(await storage.recording('unknown')).toBeNull();
      expect(await storage.recordingsOf(one.id)).toEqual([early, late]);
      expect(await storage.recordingsOfShopper(one.shop, 'shopper-2')).toEqual([foreign]);
      expect(await storage.recordingsOfShopper('another shop', 'shopper-2')).toEqual([]);
      expect(await storage.recordings()).toEqual([foreign, early, late]);

      const contents = { seconds: 12.5, tracks: [{ person: { side: 'agent', name: 'Ana "A" ñ' } }], none: null };
      const ready = { ...early, endedAt: 9_000, status: 'ready' as const, expiresAt: 0, contents };
      await storage.saveRecording(ready);
      await house.reopen();
      expect(await house.storage.recording('a')).toEqual(ready);

      await house.storage.deleteRecording('a');
      await house.storage.deleteRecording('a');
      expect(await house.storage.recordingsOf(one.id)).toEqual([late]);
    });
  });
}

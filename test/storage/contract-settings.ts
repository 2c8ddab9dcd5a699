import { describe, expect, test } from 'vitest';
import type { AuditLine } from '../../server/storage/storage.ts';
import type { House } from './contract.ts';
import { aShop, anAgent } from './samples.ts';

/** What a shop's admins settle, its team, and who changed what. */
export function settingsContract(house: House): void {
  const line = (shop: string, id: string, at: number, more: Partial<AuditLine> = {}): AuditLine => ({
    id,
    shop,
    at,
    by: { id: 'agent-1', name: 'Ana' },
    action: 'settings.changed',
    subject: 'hours',
    before: null,
    after: { zone: 'Europe/Madrid', note: 'ñ "quoted"' },
    ...more,
  });

  describe('settings', () => {
    test('are saved over the version that was seen, together with who changed them', async () => {
      const shop = aShop();
      await house.storage.saveShop(shop);
      const { id } = shop;
      expect(await house.storage.settingsOf(id)).toEqual([]);
      expect(await house.storage.saveSetting('hours', 0, { a: 1 }, line(id, `${id}-1`, 1))).toBe(true);
      expect(await house.storage.saveSetting('hours', 1, { a: 2 }, line(id, `${id}-2`, 2))).toBe(true);
      await house.reopen();
      expect(await house.storage.settingsOf(id)).toEqual([{ section: 'hours', version: 2, value: { a: 2 } }]);
      expect(await house.storage.audit(id, { at: 3 }, 10)).toEqual([line(id, `${id}-2`, 2), line(id, `${id}-1`, 1)]);
      expect(await house.storage.audit(id, { at: 2 }, 10)).toEqual([line(id, `${id}-1`, 1)]);
      expect(await house.storage.audit(id, { at: 3 }, 1)).toEqual([line(id, `${id}-2`, 2)]);
    });

    test('who comes second keeps nothing, not even a line in the audit', async () => {
      const shop = aShop();
      await house.storage.saveShop(shop);
      const { id } = shop;
      const tries = ['a', 'b', 'c'].map((name) =>
        house.storage.saveSetting('topics', 0, [name], line(id, `${id}-${name}`, 5)),
      );
      const won = await Promise.all(tries);
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await house.storage.saveSetting('topics', 7, [], line(id, `${id}-late`, 6))).toBe(false);
      const [kept] = await house.storage.settingsOf(id);
      const winner = ['a', 'b', 'c'][won.indexOf(true)];
      expect(kept).toEqual({ section: 'topics', version: 1, value: [winner] });
      expect((await house.storage.audit(id, { at: 100 }, 10)).map((kept) => kept.id)).toEqual([`${id}-${winner}`]);
    });
  });

  test('an audit is read page by page, and no line is lost among those of the same millisecond', async () => {
    const [shop, other] = [aShop(), aShop()];
    for (const each of [shop, other]) await house.storage.saveShop(each);
    const times = [1, 5, 5, 5, 5, 5, 9];
    const lines = times.map((at, n) => line(shop.id, `${shop.id}-${n}`, at));
    for (const each of [...lines, line(other.id, `${other.id}-0`, 5)]) await house.storage.appendAudit(each);
    const read: AuditLine[] = [];
    for (let page = await house.storage.audit(shop.id, { at: 10 }, 2); page.length > 0;) {
      read.push(...page);
      page = await house.storage.audit(shop.id, page.at(-1) ?? { at: 0 }, 2);
    }
    expect(read).toEqual(lines.toReversed());
    expect(await house.storage.audit(shop.id, { at: 5 }, 10)).toEqual(lines.slice(0, 1));
  });

  test('a team is listed by name, with skills and who has left', async () => {
    const [shop, other] = [aShop(), aShop()];
    await house.storage.saveShop(shop);
    await house.storage.saveShop(other);
    const bea = anAgent(shop.id, { name: 'Bea', topics: ['kitchen'], capacity: 3 });
    const ana = anAgent(shop.id, { name: 'Ana', active: false });
    for (const agent of [bea, ana, anAgent(other.id)]) await house.storage.saveAgent(agent);
    expect(await house.storage.agents(shop.id)).toEqual([ana, bea]);
  });
}

import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingRoutes } from '../../server/http/settings.ts';
import { ShopSettings } from '../../server/rooms/shop-settings.ts';
import type { AuditLine } from '../../server/storage/storage.ts';
import { openHouse, ORIGIN, type House } from './house.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.join('ana', 'admin');
});
afterEach(async () => await house.close());

describe('promise 20: the audit log, page by page', () => {
  it('is told whole, also where lines of one millisecond lie across the end of a page', async () => {
    const { storage, shop } = house;
    // Twenty of one millisecond in the middle.
    const lines = Array.from({ length: 100 }, (_, n): AuditLine => {
      const at = n < 40 || n >= 60 ? n : 40;
      const by = { id: 'ana', name: 'Ana' };
      return { id: randomUUID(), shop, at, by, action: 'settings.changed', subject: 'hours', before: null, after: n };
    });
    for (const line of lines) await storage.appendAudit(line);
    const settings = new ShopSettings({ storage, now: Date.now, newId: randomUUID });
    const app = settingRoutes({ storage, settings, serviceOrigin: ORIGIN, now: Date.now });
    const page = async (before: number): Promise<AuditLine[]> => {
      const answer = await app.request(`/audit?before=${before}`, { headers: { cookie: 'mostrador=ana' } });
      return ((await answer.json()) as { lines: AuditLine[] }).lines;
    };
    const pages: AuditLine[][] = [];
    for (let next = await page(1_000); next.length > 0; next = await page(next.at(-1)?.at ?? 0)) pages.push(next);
    expect(pages.map(({ length }) => length)).toEqual([60, 40]);
    const told = pages.flat();
    expect(told.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).toReversed());
    expect(new Set(told.map(({ after }) => after)).size).toBe(100);
  });
});

import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeptFiles } from '../../server/files/kept-files.ts';
import { shopperFileRoutes } from '../../server/http/files.ts';
import { ShopperTokens } from '../../server/http/shopper-token.ts';
import { DEFAULT_SETTINGS } from '../../server/protocol/settings.ts';
import { ShopSettings } from '../../server/rooms/shop-settings.ts';
import { png } from '../files/samples.ts';
import { openHouse, ORIGIN, serve, type House } from './house.ts';

const PAGE = 'https://shop.example';
const log = { error: () => {} };
let house: House;
let dir: string;
let files: KeptFiles;
beforeEach(async () => {
  house = await openHouse();
  dir = await mkdtemp(join(tmpdir(), 'mostrador-files-'));
  const shop = await house.storage.shopById(house.shop);
  if (shop) await house.storage.saveShop({ ...shop, key: 'demo', origins: [PAGE] });
  files = await KeptFiles.open({ storage: house.storage, dir, bytesMax: 1e9, now: Date.now, log });
});
afterEach(async () => {
  await files.close();
  await house.close();
  await rm(dir, { recursive: true });
});

describe('promise 23: who only asks whether a file is there', () => {
  it('is told, and leaves nothing open', async () => {
    const tokens = new ShopperTokens('a secret of the tests');
    const { shopper, token } = tokens.issue(house.shop);
    const by = { side: 'shopper' as const, shop: house.shop, shopper };
    const content = png(2, 2);
    const announced = { name: 'a.png', type: 'image/png', bytes: content.length };
    const begun = await files.begin(by, { shopper, conversation: null }, announced, DEFAULT_SETTINGS.uploads);
    if (!('id' in begun)) return expect.fail('the upload was refused');
    await files.append(by, begun.id, 0, new Blob([new Uint8Array(content)]).stream());
    let ids = 0;
    const newId = (): string => String((ids += 1));
    const settings = new ShopSettings({ storage: house.storage, now: Date.now, newId });
    const options = { storage: house.storage, files, settings, tokens, newId, now: Date.now };
    const rooms = { byId: async () => null };
    const routes = shopperFileRoutes({ ...options, rooms, serviceOrigin: ORIGIN, trustProxy: false });
    const served = await serve(new Hono().route('/shops/:key/files', routes));
    const response = await fetch(`${served.url}/shops/demo/files/${begun.id}`, {
      method: 'HEAD',
      headers: { origin: PAGE, authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(content.length));
    const open = readdirSync('/proc/self/fd').map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return '';
      }
    });
    expect(open.filter((path) => path.includes(begun.id))).toEqual([]);
    await served.close();
  });
});

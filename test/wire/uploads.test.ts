import { globSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Upload } from '../../client/core/files/uploads.ts';
import type { FileView } from '../../server/protocol/file.ts';
import { Chromium } from '../browser/chromium.ts';
import { servePage, type PageServer } from '../media/page-server.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { shopperWire } from '../support/wire.ts';
import { CuttableLine } from './cuttable-line.ts';
import type { UploadsPage } from './uploads-page.ts';

declare global {
  /** In the page. */
  var uploadsPage: UploadsPage;
}

const MB = 1024 * 1024;
/** No two places of it look the same, and it takes two pieces. */
const TEXT = Array.from({ length: 600_000 }, (_, n) => String(n).padStart(9, '.')).join('\n');

let shop: PageServer;
let server: TestServer;
let chromium: Chromium;
let line: CuttableLine;
let page: Page;
let headers: Record<string, string>;
beforeAll(async () => {
  shop = await servePage('../wire/uploads-page.ts', async () => {});
  server = await startServer({ SHOP_ORIGINS: shop.origin });
  chromium = await Chromium.open();
});
afterAll(async () => {
  await chromium.close();
  await server.remove();
  await shop.close();
});
beforeEach(async () => {
  const { welcome } = await shopperWire(server);
  headers = { Origin: shop.origin, Authorization: `Bearer ${welcome.token}` };
  line = await CuttableLine.open(server);
  page = await chromium.newPage();
  await page.goto(`${shop.origin}/?service=${line.origin}&token=${welcome.token}`);
  await page.waitForFunction(() => 'uploadsPage' in globalThis);
});
afterEach(async () => {
  await page.close();
  await line.close();
});

const ask = async (method: string, path: string): Promise<Response> =>
  await fetch(`${server.origin}/api/shops/demo/files/${path}`, { method, headers });
/** How much of an upload the server has. */
const kept = async (id: string): Promise<number> => (await (await ask('GET', `${id}/upload`)).json()).offset;
const first = async (): Promise<Omit<Upload, 'file'> | null> => await page.evaluate(() => uploadsPage.first());
const add = async (text: string, name = 'long.txt', type = 'text/plain'): Promise<void> =>
  await page.evaluate(({ text, name, type }) => uploadsPage.add(text, name, type), { text, name, type });

/** The file begins to be uploaded and is held up after `bytes`; its id there, once the server has all of these. */
async function heldAfter(bytes: number): Promise<string> {
  line.holdAfter(bytes);
  await add(TEXT);
  await expect.poll(async () => (await first())?.id ?? null).not.toBeNull();
  const id = (await first())?.id ?? '';
  await expect.poll(async () => await kept(id)).toBe(bytes);
  return id;
}

async function sent(): Promise<FileView> {
  await page.waitForFunction(() => uploadsPage.sent.length > 0);
  expect(await first()).toBeNull();
  const files = await page.evaluate(() => uploadsPage.sent);
  expect(files).toHaveLength(1);
  return files[0] ?? expect.fail('Nothing was sent');
}

async function isWhole({ id, bytes }: FileView): Promise<void> {
  expect(bytes).toBe(TEXT.length);
  expect(await (await ask('GET', id)).text()).toBe(TEXT);
}

describe('promise 23: an upload of a browser’s', () => {
  it.each([1, 5])('that is cut after %i MB goes on from there, and the whole is right', async (megabytes) => {
    const id = await heldAfter(megabytes * MB);
    const before = line.asked.length;
    line.cut();
    await expect.poll(async () => (await first())?.state).toBe('waiting');
    line.mend();
    const file = await sent();
    expect(file.id).toBe(id);
    await isWhole(file);
    // It asks how far it was, and brings the rest.
    expect(line.asked.slice(before, before + 2)).toEqual([
      { method: 'GET', offset: null },
      { method: 'PATCH', offset: megabytes * MB },
    ]);
    expect(line.asked.slice(before).some(({ method }) => method === 'POST')).toBe(false);
  });

  it('whose connection stays away fails, says so, and goes on once the person says so', async () => {
    const id = await heldAfter(1 * MB);
    line.cut();
    await expect.poll(async () => (await first())?.state).toBe('failed');
    expect(await first()).toMatchObject({ id, refused: null });
    line.mend();
    await page.evaluate(() => uploadsPage.uploads.retry(uploadsPage.first()?.key ?? ''));
    const file = await sent();
    expect(file.id).toBe(id);
    await isWhole(file);
  });

  it('that the server has forgotten meanwhile begins again, and the whole is right', async () => {
    const id = await heldAfter(1 * MB);
    line.cut();
    expect((await ask('DELETE', id)).status).toBe(204);
    line.mend();
    const file = await sent();
    expect(file.id).not.toBe(id);
    await isWhole(file);
    expect(line.asked.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  it('that is refused at its end says why, and leaves nothing anywhere', async () => {
    const before = globSync('files/*/*', { cwd: server.dataDir });
    await add('This is no picture.', 'a.png', 'image/png');
    await expect.poll(async () => (await first())?.state).toBe('failed');
    expect(await first()).toMatchObject({ refused: { reason: 'file-false' }, id: null, sent: 0 });
    expect(await page.evaluate(() => uploadsPage.sent)).toEqual([]);
    expect(globSync('files/*/*', { cwd: server.dataDir })).toEqual(before);
  });
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RemoteParty } from '../../client/core/call/session.ts';
import type { Media } from '../../server/media/media.ts';
import { startCoturn, type Coturn } from '../support/network/coturn.ts';
import { freePort } from '../support/network/free-port.ts';
import { hears, seeEachOther, stateOf, talking } from '../support/network/people.ts';
import { Shaper } from '../support/network/shaper.ts';
import { launchChromium, openStage, type Stage } from './call-stage.ts';
import { startRealMedia } from './real-media.ts';

const ANAS = '127.0.0.2';
const BENS = '127.0.0.3';

let coturn: Coturn;
let media: Media;
let browser: Browser;
let anas: Shaper;
let bens: Shaper;
let stage: Stage;

beforeAll(async () => {
  coturn = await startCoturn();
  const port = await freePort('127.0.0.1', ANAS, BENS);
  const turn = { urls: [`turn:${coturn.address}:${coturn.port}`], secret: coturn.secret, ttlSeconds: 600 };
  ({ media } = await startRealMedia({ port, announcedAddress: ANAS, turn }));
  const worker = { address: '127.0.0.1', port };
  anas = await Shaper.open({ address: ANAS, port }, worker);
  bens = await Shaper.open({ address: BENS, port }, worker);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await media.close();
  await Promise.all([anas.close(), bens.close(), coturn.close()]);
});
beforeEach(async () => {
  for (const shaper of [anas, bens]) shaper.become({});
  stage = await openStage(media, browser, { networkOf: (participant) => (participant === 'ben' ? BENS : ANAS) });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await stage.close();
});

describe('promise 11: a call that holds on networks that block', () => {
  it('only TCP can carry it: frames and voice arrive', async () => {
    bens.become({ udp: false });
    const { ana, ben } = await talking(stage);
    await Promise.all([hears(ana), hears(ben)]);
    await expect.poll(async () => (await stateOf(ben)).numbers?.path).toBe('tcp');
    expect((await stateOf(ana)).numbers?.path).toBe('udp');
  });

  it('only the relay can carry it: frames and voice arrive, and nothing had to be set for that', async () => {
    for (const shaper of [anas, bens]) shaper.become({ from: [coturn.address] });
    const { ana, ben } = await talking(stage);
    await Promise.all([hears(ana), hears(ben)]);
    for (const page of [ana, ben]) {
      await expect.poll(async () => (await stateOf(page)).numbers?.path).toBe('relay');
      expect((await stateOf(page)).quality).toEqual({ level: 'good', reason: 'relayed' });
    }
  });

  it('UDP is blocked in the middle of a call: it goes on by TCP; then TCP as well: by the relay', async () => {
    const { ana, ben } = await talking(stage);
    bens.become({ udp: false });
    await expect.poll(async () => (await stateOf(ben)).numbers?.path).toBe('tcp');
    await seeEachOther({ ana, ben });
    bens.become({ from: [coturn.address], tcp: false });
    await expect.poll(async () => (await stateOf(ben)).numbers?.path).toBe('relay');
    await seeEachOther({ ana, ben });
  });
});

describe('promise 11: a call that holds when the network gets worse, and better again', () => {
  it('5 % are lost: the sign says so on both sides, voice goes on, and it is good again afterwards', async () => {
    const { ana, ben } = await talking(stage);
    bens.become({ loss: 0.05 });
    await sign(ben, 'fair', 'lossy');
    await expect.poll(async () => await seen(ana, 'ben')).toMatchObject({ reason: 'lossy', side: 'their' });
    await Promise.all([hears(ana), hears(ben), seeEachOther({ ana, ben })]);
    bens.become({});
    await sign(ben, 'good', null);
    await expect.poll(async () => await seen(ana, 'ben')).toMatchObject({ level: 'good' });
  });

  it('everything takes 300 ms each way: late, and nothing else', async () => {
    const { ana, ben } = await talking(stage);
    bens.become({ delayMs: 300 });
    await sign(ben, 'fair', 'late');
    await Promise.all([hears(ana), hears(ben), seeEachOther({ ana, ben })]);
    expect((await stateOf(ben)).phase).toBe('live');
  });

  it('300 kbit/s: the picture yields and voice goes on; the picture grows again afterwards', async () => {
    const { ana, ben } = await talking(stage);
    await expect.poll(async () => await height(ben)).toBeGreaterThanOrEqual(700);
    await expect.poll(async () => await height(ana)).toBeGreaterThanOrEqual(700);
    bens.become({ kbits: 300 });
    await expect.poll(async () => (await stateOf(ben)).quality).toMatchObject({ reason: 'slow' });
    for (const page of [ana, ben]) await expect.poll(async () => await height(page)).toBeLessThanOrEqual(360);
    await Promise.all([hears(ana), hears(ben)]);
    bens.become({});
    for (const page of [ana, ben]) {
      await expect.poll(async () => await height(page), { timeout: 40_000 }).toBeGreaterThanOrEqual(700);
    }
    await sign(ben, 'good', null);
  });

  it('everything is cut for 10 s: both are told, and it comes back by itself over the same join', async () => {
    const { ana, ben } = await talking(stage);
    const before = await ben.evaluate(async () => (await window.tab.sent()).connections);
    bens.become({ cut: true });
    await sign(ben, 'lost', 'cut');
    await expect.poll(async () => await seen(ana, 'ben')).toEqual({ level: 'lost', reason: 'cut', side: 'their' });
    expect((await stateOf(ana)).quality.level).toBe('good');
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    bens.become({});
    await seeEachOther({ ana, ben });
    await sign(ben, 'good', null);
    expect(await ben.evaluate(async () => (await window.tab.sent()).connections)).toBe(before);
    expect(await ben.evaluate(() => window.tab.deviceQuestions)).toBe(1);
  });
});

async function sign(page: Page, level: string, reason: string | null): Promise<void> {
  await expect.poll(async () => (await stateOf(page)).quality, { timeout: 30_000 }).toEqual({ level, reason });
}

/** How another party comes across. */
async function seen(page: Page, participant: string): Promise<RemoteParty['quality'] | undefined> {
  return await page.evaluate(
    (id) => window.tab.session?.state.remotes.find((remote) => remote.participant === id)?.quality,
    participant,
  );
}

/** Lines of the picture that arrives. */
async function height(page: Page): Promise<number> {
  const stats = await page.evaluate(async () => await window.tab.stats('inbound-rtp'));
  return Math.max(0, ...stats.map(({ frameHeight = 0 }) => frameHeight));
}

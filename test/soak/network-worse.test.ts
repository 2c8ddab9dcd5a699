import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { height, networkLab, seen } from '../support/network/lab.ts';
import { hears, seeEachOther, stateOf, talking } from '../support/network/people.ts';

const lab = networkLab();
/** The browser's own estimate grows by 8 % a second at most; on a busy machine it starts over now and then. */
const GROWS_WITHIN_MS = 90_000;
vi.setConfig({ testTimeout: 300_000 });

describe('promise 11: a call that holds when the network gets worse, and better again', () => {
  it('5 % are lost: the sign says so on both sides, voice goes on, and it is good again afterwards', async () => {
    const { ana, ben } = await talking(lab.stage);
    lab.bens.become({ loss: 0.05 });
    await sign(ben, 'fair', 'lossy');
    await expect.poll(async () => await seen(ana, 'ben')).toMatchObject({ reason: 'lossy', side: 'their' });
    await Promise.all([hears(ana), hears(ben), seeEachOther({ ana, ben })]);
    lab.bens.become({});
    await sign(ben, 'good', null);
    await expect.poll(async () => await seen(ana, 'ben')).toMatchObject({ level: 'good' });
  });

  it('everything takes 300 ms each way: late, and nothing else', async () => {
    const { ana, ben } = await talking(lab.stage);
    lab.bens.become({ delayMs: 300 });
    await sign(ben, 'fair', 'late');
    await Promise.all([hears(ana), hears(ben), seeEachOther({ ana, ben })]);
    expect((await stateOf(ben)).phase).toBe('live');
  });

  it('300 kbit/s: the picture yields and voice goes on; the picture grows again afterwards', async () => {
    const { ana, ben } = await talking(lab.stage);
    await expect.poll(async () => await height(ben)).toBeGreaterThanOrEqual(700);
    await expect.poll(async () => await height(ana)).toBeGreaterThanOrEqual(700);
    lab.bens.become({ kbits: 300 });
    await expect.poll(async () => (await stateOf(ben)).quality).toMatchObject({ reason: 'slow' });
    for (const page of [ana, ben]) await expect.poll(async () => await height(page)).toBeLessThanOrEqual(360);
    await Promise.all([hears(ana), hears(ben)]);
    lab.bens.become({});
    for (const page of [ana, ben]) {
      await expect.poll(async () => await height(page), { timeout: GROWS_WITHIN_MS }).toBeGreaterThanOrEqual(700);
    }
    await sign(ben, 'good', null);
  });

  it('a narrow way up with a shared screen: voice goes on, the screen stays whole, the face yields and comes back', async () => {
    const { ana, ben } = await talking(lab.stage);
    await lab.stage.openShared(ana);
    expect(await ana.evaluate(async () => await window.tab.session?.shareScreen())).toBe(true);
    await expect.poll(async () => (await pictures(ben)).screen.lines).toBe(720);
    // The face has the smaller part of the way up from the beginning.
    await expect.poll(async () => (await pictures(ben)).face.lines).toBeGreaterThanOrEqual(360);
    lab.anas.become({ kbits: 400 });
    await expect.poll(async () => (await pictures(ben)).face.lines, { timeout: 30_000 }).toBeLessThanOrEqual(180);
    const before = await pictures(ben);
    expect(before.screen.lines).toBe(720);
    await expect.poll(async () => (await pictures(ben)).screen.decoded).toBeGreaterThan(before.screen.decoded + 3);
    await hears(ben);
    lab.anas.become({});
    // Half of the face after some ten seconds, all of it after thirty.
    for (const lines of [360, 720]) {
      await expect
        .poll(async () => (await pictures(ben)).face.lines, { timeout: GROWS_WITHIN_MS })
        .toBeGreaterThanOrEqual(lines);
      expect((await pictures(ben)).screen.lines).toBe(720);
    }
  });

  it('everything is cut for 10 s: both are told, and it comes back by itself over the same join', async () => {
    const { ana, ben } = await talking(lab.stage);
    const before = await ben.evaluate(async () => (await window.tab.sent()).connections);
    lab.bens.become({ cut: true });
    await sign(ben, 'lost', 'cut');
    await expect.poll(async () => await seen(ana, 'ben')).toEqual({ level: 'lost', reason: 'cut', side: 'their' });
    expect((await stateOf(ana)).quality.level).toBe('good');
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    lab.bens.become({});
    await seeEachOther({ ana, ben });
    await sign(ben, 'good', null);
    expect(await ben.evaluate(async () => (await window.tab.sent()).connections)).toBe(before);
    expect(await ben.evaluate(() => window.tab.deviceQuestions)).toBe(1);
  });
});

async function sign(page: Page, level: string, reason: string | null): Promise<void> {
  await expect.poll(async () => (await stateOf(page)).quality, { timeout: 30_000 }).toEqual({ level, reason });
}

type Picture = { lines: number; decoded: number };

/** What arrives of the other's screen and face. */
async function pictures(page: Page): Promise<{ screen: Picture; face: Picture }> {
  return await page.evaluate(async () => {
    const remote = window.tab.session?.state.remotes[0];
    const stats = await window.tab.stats('inbound-rtp');
    const of = (stream: MediaStream | null | undefined) => {
      const track = stream?.getVideoTracks()[0]?.id;
      const found = stats.find(({ trackIdentifier }) => trackIdentifier === track);
      return { lines: found?.frameHeight ?? 0, decoded: found?.framesDecoded ?? 0 };
    };
    return { screen: of(remote?.screen), face: of(remote?.person) };
  });
}

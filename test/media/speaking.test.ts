import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Chromium } from '../browser/chromium.ts';
import type { Media } from '../../server/media/media.ts';
import { launchChromium, openStage, type Stage } from './call-stage.ts';
import { startRealMedia } from './real-media.ts';

let media: Media;
let browser: Chromium;
let stage: Stage;

beforeAll(async () => {
  ({ media } = await startRealMedia());
  // Chromium's own fake microphone beeps.
  browser = await launchChromium();
  stage = await openStage(media, browser);
});
afterAll(async () => {
  await browser.close();
  await stage.close();
  await media.close();
});

async function hears(page: Page, participants: string[], dominant: string | null): Promise<void> {
  await expect
    .poll(async () => await page.evaluate(() => window.tab.session?.state.speaking), { interval: 20, timeout: 10_000 })
    .toEqual({ participants, dominant });
}

describe('promise 12: who speaks', () => {
  test('every member is told who speaks, the one who carries the talk stays so, and a muted voice is silent', async () => {
    const [ana, ben] = [await stage.open('ana'), await stage.open('ben')];
    for (const page of [ana, ben]) {
      await page.evaluate(async () => {
        window.tab.start({ video: false });
        await window.tab.session?.openDevices({ microphone: true, camera: false });
        await window.tab.session?.setMicrophone(false);
      });
    }
    for (const page of [ana, ben]) {
      await page.evaluate(async () => {
        await window.tab.until(({ phase, remotes }) => phase === 'prepared' && remotes[0]?.microphone === 'off');
      });
    }
    await ben.evaluate(async () => await window.tab.answer());
    const silent = await ana.evaluate(() => window.tab.session?.state.speaking.participants);
    expect(silent).toEqual([]);
    await ana.evaluate(async () => await window.tab.session?.setMicrophone(true));
    for (const page of [ana, ben]) await hears(page, ['ana'], 'ana');
    await ana.evaluate(async () => await window.tab.session?.setMicrophone(false));
    for (const page of [ana, ben]) await hears(page, [], 'ana');
    await ben.evaluate(async () => await window.tab.session?.setMicrophone(true));
    for (const page of [ana, ben]) await hears(page, ['ben'], 'ben');

    const eve = await stage.open('eve');
    await eve.evaluate(() => window.tab.start({ video: false }));
    await hears(eve, ['ben'], 'ben');
    await ben.evaluate(() => window.tab.session?.close());
    stage.call.leave('ben');
    // Whoever carries the talk now, it is none of those who have left.
    await eve.evaluate(
      async () => await window.tab.until(({ speaking: s }) => s.participants.length === 0 && s.dominant !== 'ben'),
    );
  }, 60_000);
});

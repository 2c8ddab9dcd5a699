import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Media } from '../../server/media/media.ts';
import { launchChromium, openStage, type Stage } from './call-stage.ts';
import { startRealMedia } from './real-media.ts';

let media: Media;
let pids: number[];
let browser: Browser;
let stage: Stage;

beforeAll(async () => {
  ({ media, pids } = await startRealMedia());
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await media.close();
});
beforeEach(async () => {
  stage = await openStage(media, browser);
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await stage.close();
});

/** Two tabs that ring: everything is agreed and both previews are open. */
async function ringing(): Promise<{ ana: Page; ben: Page }> {
  const [ana, ben] = await Promise.all([stage.open('ana'), stage.open('ben')]);
  for (const page of [ana, ben]) {
    await page.evaluate(async () => {
      window.tab.start();
      await window.tab.session?.openDevices({ microphone: true, camera: true });
    });
  }
  for (const page of [ana, ben]) {
    await page.evaluate(
      async () => await window.tab.until((s) => s.phase === 'prepared' && s.remotes[0]?.camera === 'off'),
    );
  }
  return { ana, ben };
}

async function talking(): Promise<{ ana: Page; ben: Page }> {
  const { ana, ben } = await ringing();
  await ben.evaluate(async () => await window.tab.answer());
  await ana.evaluate(async () => await window.tab.changingFrames('ben', 3));
  await ben.evaluate(async () => await window.tab.changingFrames('ana', 3));
  return { ana, ben };
}

test('everything is agreed before the yes and not one packet is sent; after it both see and hear each other', async () => {
  const { ana, ben } = await ringing();
  for (const page of [ana, ben]) {
    expect(await page.evaluate(() => window.tab.state())).toMatchObject({
      phase: 'prepared',
      microphone: 'on',
      camera: 'on',
      selfView: ['live'],
      problem: null,
      remotes: [{ microphone: 'off', camera: 'off', tracks: [], screen: null }],
    });
    const sent = await page.evaluate(async () => {
      for (;;) {
        const sent = await window.tab.sent();
        if (sent.connected === 2) return sent;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    });
    expect(sent).toMatchObject({ connected: 2, packets: 0, bytes: 0 });
  }
  expect(await media.counts()).toMatchObject({ routers: 1, transports: 4, producers: 4, consumers: 4 });

  await ben.evaluate(async () => await window.tab.answer());
  await ana.evaluate(async () => await window.tab.changingFrames('ben', 5));
  await ben.evaluate(async () => await window.tab.changingFrames('ana', 5));
  for (const page of [ana, ben]) {
    expect(await page.evaluate(async () => await window.tab.audioEnergy())).toBeGreaterThan(0);
    expect(await page.evaluate(() => window.tab.state())).toMatchObject({
      phase: 'live',
      remotes: [{ microphone: 'on', camera: 'on', tracks: ['audio', 'video'] }],
    });
  }
  for (const page of [ana, ben])
    console.log(await page.evaluate(() => ({ yes: window.tab.yesAt, ...window.tab.firstFrame })));
});

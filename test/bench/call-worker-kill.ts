import type { Page } from 'playwright-core';
import type { Chromium } from '../browser/chromium.ts';
import { launchChromium, openStage } from '../media/call-stage.ts';
import { startRealMedia } from '../media/real-media.ts';
import { quantile, type Benchmark } from './figure.ts';

const KILLS = 20;

/** Milliseconds from the kill until both sides have been shown a new frame of the other one. */
async function killOnce(browser: Chromium): Promise<number> {
  // Workers of their own each time: one that dies again and again is replaced more slowly, on purpose.
  const { media, pids } = await startRealMedia();
  const stage = await openStage(media, browser);
  try {
    const [ana, ben] = [await stage.open('ana'), await stage.open('ben')];
    for (const page of [ana, ben]) {
      await page.evaluate(async () => {
        window.tab.start();
        await window.tab.session?.openDevices({ microphone: true, camera: true });
      });
    }
    for (const page of [ana, ben]) {
      await page.evaluate(async () => void (await window.tab.until(({ phase }) => phase === 'prepared')));
    }
    await ben.evaluate(async () => await window.tab.answer());
    await ana.evaluate(async () => void (await window.tab.changingFrames('ben', 3)));
    await ben.evaluate(async () => void (await window.tab.changingFrames('ana', 3)));
    const back = [await watch(ana, 'ben'), await watch(ben, 'ana')];
    const killedAt = Date.now();
    process.kill(pids.at(-1) ?? 0, 'SIGKILL');
    const times = await Promise.all(back.map(async (shown) => await shown()));
    return Math.max(...times) - killedAt;
  } finally {
    await stage.close();
    for (const context of browser.contexts()) await context.close();
    await media.close();
  }
}

/** Begins to look, and gives back how to learn when the first frame after an interruption was shown. */
async function watch(page: Page, other: string): Promise<() => Promise<number>> {
  const looking = await page.evaluateHandle((other) => {
    const shown = (async () => {
      await window.tab.until(({ phase }) => phase !== 'live');
      await window.tab.until(({ phase, remotes }) => phase === 'live' && remotes[0]?.camera === 'on');
      await new Promise((resolve) => window.tab.video(other).requestVideoFrameCallback(resolve));
      return performance.timeOrigin + performance.now();
    })();
    return { shown };
  }, other);
  return async () => await looking.evaluate(async ({ shown }) => await shown);
}

export const callWorkerKillBenchmark: Benchmark = {
  names: ['call_worker_kill_back_ms_p95'],
  async run() {
    const browser = await launchChromium();
    const times: number[] = [];
    try {
      for (let kill = 0; kill < KILLS; kill++) times.push(await killOnce(browser));
    } finally {
      await browser.close();
    }
    return [
      {
        name: 'call_worker_kill_back_ms_p95',
        unit: 'ms',
        ours: quantile(times, 0.95),
        bare: null,
        ratio: null,
        spread: (quantile(times, 0.75) - quantile(times, 0.25)) / 2,
        note: `kill -9 of the media worker → both sides see a new frame; p95 of ${KILLS}, median ${Math.round(quantile(times, 0.5))}`,
      },
    ];
  },
};

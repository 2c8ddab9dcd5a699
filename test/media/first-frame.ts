import type { Page } from 'playwright-core';
import type { Chromium } from '../browser/chromium.ts';
import type { Media } from '../../server/media/media.ts';
import { openBareStage } from './bare-mediasoup-stage.ts';
import { openStage } from './call-stage.ts';

/** Milliseconds from the yes until both sides have seen the other's first frame. */
export type FirstFrame = { answering: number; calling: number; both: number };

/** One call of ours: everything prepared while it rings, both previews open; then the yes. */
export async function ourFirstFrame(media: Media, browser: Chromium): Promise<FirstFrame> {
  const stage = await openStage(media, browser);
  try {
    const [ana, ben] = await Promise.all([stage.open('ana'), stage.open('ben')]);
    for (const page of [ana, ben]) {
      await page.evaluate(async () => {
        window.tab.start();
        await window.tab.session?.openDevices({ microphone: true, camera: true });
      });
    }
    for (const page of [ana, ben]) {
      await page.evaluate(async () => {
        await window.tab.until(({ phase, remotes }) => phase === 'prepared' && remotes[0]?.camera === 'off');
        await window.tab.connected();
      });
    }
    await ben.evaluate(async () => await window.tab.answer());
    return await times(
      ana,
      ben,
      async (page, other) => await page.evaluate((o) => window.tab.whenFirstFrame(o), other),
      {
        yesAt: await ben.evaluate(() => window.tab.yesAt),
      },
    );
  } finally {
    await stage.close();
    await closeAll(browser);
  }
}

/** The same call by bare mediasoup, which joins from nothing at the yes; its cameras are open already as well. */
export async function bareFirstFrame(browser: Chromium): Promise<FirstFrame> {
  const stage = await openBareStage(browser);
  try {
    const [ana, ben] = await Promise.all([stage.open('ana'), stage.open('ben')]);
    for (const page of [ana, ben]) await page.evaluate(async () => await window.bare.openDevices());
    await ben.evaluate(() => window.bare.answer());
    return await times(
      ana,
      ben,
      async (page, other) => await page.evaluate((o) => window.bare.whenFirstFrame(o), other),
      {
        yesAt: await ben.evaluate(() => window.bare.yesAt),
      },
    );
  } finally {
    await stage.close();
    await closeAll(browser);
  }
}

async function times(
  ana: Page,
  ben: Page,
  firstFrame: (page: Page, other: string) => Promise<number>,
  { yesAt }: { yesAt: number },
): Promise<FirstFrame> {
  const [calling, answering] = await Promise.all([firstFrame(ana, 'ben'), firstFrame(ben, 'ana')]);
  return { calling: calling - yesAt, answering: answering - yesAt, both: Math.max(calling, answering) - yesAt };
}

async function closeAll(browser: Chromium): Promise<void> {
  for (const context of browser.contexts()) await context.close();
}

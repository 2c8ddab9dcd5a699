import type { Page } from 'playwright-core';
import type { CallState } from '../../../client/core/call/session.ts';
import type { Stage } from '../../media/call-stage.ts';

export type Two = { ana: Page; ben: Page };

/** Ana and Ben in a call, on the page of the tests; resolves when both see each other. */
export async function talking(stage: Stage): Promise<Two> {
  const [ana, ben] = [await stage.open('ana'), await stage.open('ben')];
  await Promise.all(
    [ana, ben].map(async (page) => {
      await page.evaluate(async () => {
        window.tab.start();
        await window.tab.session?.openDevices({ microphone: true, camera: true });
        await window.tab.until(({ phase, remotes }) => phase === 'prepared' && remotes[0]?.camera === 'off');
      });
    }),
  );
  await ben.evaluate(async () => await window.tab.answer());
  await seeEachOther({ ana, ben });
  return { ana, ben };
}

export async function seeEachOther({ ana, ben }: Two): Promise<void> {
  await Promise.all([
    ana.evaluate(async () => await window.tab.changingFrames('ben', 3)),
    ben.evaluate(async () => await window.tab.changingFrames('ana', 3)),
  ]);
}

/** Sound of the other goes on arriving. */
export async function hears(page: Page): Promise<void> {
  await page.evaluate(async () => await window.tab.moreAudio());
}

export async function stateOf(page: Page): Promise<Pick<CallState, 'phase' | 'quality' | 'numbers'>> {
  return await page.evaluate(() => {
    const state = window.tab.session?.state;
    if (!state) throw new Error('no session');
    const { phase, quality, numbers } = state;
    return { phase, quality, numbers };
  });
}

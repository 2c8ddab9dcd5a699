import { Stage } from '../browser/stage.ts';
import { forgetFrames, keepFrames, nextFrames } from '../browser/frame-log.ts';
import { figure, quantile, type Benchmark } from './figure.ts';

const LOADS = 30;
/** As somebody who looks around: from page to page of the shop by full loads. */
const PAGES = [
  '/demo/product/table-lamp.html',
  '/demo/',
  '/demo/product/olive-vase.html',
  '/demo/product/woven-pendant.html',
];

export type PageLoad = {
  /** Milliseconds from the new page's `DOMContentLoaded` until the shopper sees the agent again. */
  shopper: number;
  /** … until the agent sees the shopper again. */
  agent: number;
};

/** A video call of the whole product in one Chromium, and a shopper who goes from page to page. */
export async function measurePageLoads(loads = LOADS): Promise<PageLoad[]> {
  const stage = await Stage.open();
  try {
    const { shopper, agent } = await stage.conversation();
    for (const { page } of [shopper, agent]) await page.context().addInitScript(keepFrames);
    await shopper.page.reload();
    await shopper.sees('is with you now');
    await agent.page.reload();
    await agent.field.waitFor();
    await agent.button('Video').click();
    await shopper.button('Answer').click();
    await shopper.button('Join now').click();
    await shopper.remotePicture.waitFor();
    await agent.remotePicture.waitFor();
    const measured: PageLoad[] = [];
    for (let load = 0; load < loads; load++) {
      await agent.page.evaluate(forgetFrames);
      const seenByAgent = await nextFrames(agent.page, 5);
      await nextFrames(shopper.page, 5);
      await shopper.goto(PAGES[load % PAGES.length] ?? '/demo/');
      const began = await shopper.page.evaluate(
        () =>
          performance.timeOrigin +
          (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).domContentLoadedEventStart,
      );
      const [atShopper, atAgent] = await Promise.all([
        nextFrames(shopper.page, 1),
        nextFrames(agent.page, 1, seenByAgent.track),
      ]);
      measured.push({ shopper: atShopper.at - began, agent: atAgent.at - began });
    }
    return measured;
  } finally {
    await stage.close();
  }
}

export const callPageLoadBenchmark: Benchmark = {
  names: ['call_page_load_back_ms_p95'],
  async run() {
    const loads = await measurePageLoads();
    const back = loads.map(({ shopper, agent }) => Math.max(shopper, agent));
    const { spread } = figure('', 'ms', { ours: back, bare: null }, '');
    const ours = quantile(back, 0.95);
    const note = `p95 of ${LOADS} loads, DOMContentLoaded → both see each other again; median ${Math.round(quantile(back, 0.5))}`;
    return [{ name: 'call_page_load_back_ms_p95', unit: 'ms', ours, spread, bare: null, ratio: null, note }];
  },
};

import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { CHROMIUM_ARGUMENTS, ensureChromium } from '../browser/chromium.ts';
import { bundleScript } from '../cobrowse/support/bundle.ts';
import { openLab, type Lab } from '../cobrowse/support/lab.ts';
import { BIG_CSS, bigShopPage } from './cobrowse/shop-page.ts';
import { figure, quantile, type Benchmark } from './figure.ts';

const WAYS = ['ours', 'rrweb', 'without'] as const;
type Way = (typeof WAYS)[number];
/** `first`: longest task of the first picture · `later`: of three re-renders of all cards · `scripting`: of both. In milliseconds. */
type Cost = { first: number; later: number; scripting: number };

/** The cost of being recorded, in the shop's page of 5,000 nodes: ours, rrweb out of the box, and nobody at all, in turn. */
export async function measureRecorder(rate: number, rounds = 5): Promise<Record<Way, Cost[]>> {
  const found = ensureChromium(true);
  if (!found.ok) throw new Error(found.reason);
  const bare = await bundleScript(join(import.meta.dirname, 'cobrowse', 'bare-pages.ts'));
  const quiet = (html: string) => html.replace('<html', '<html id="no-start"');
  const lab = await openLab(
    {
      'big.css': BIG_CSS,
      'ours.html': quiet(bigShopPage('/shopper.js')),
      'rrweb.html': bigShopPage('/bare.js', 'rrwebLater'),
      'without.html': bigShopPage('/none.js'),
    },
    new Map([
      ['/bare.js', { body: bare, type: 'text/javascript' }],
      ['/none.js', { body: 'window.startRecorder = () => undefined;', type: 'text/javascript' }],
    ]),
  );
  const browser = await chromium.launch({ executablePath: found.path, args: CHROMIUM_ARGUMENTS });
  const costs: Record<Way, Cost[]> = { ours: [], rrweb: [], without: [] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const way of WAYS) costs[way].push(await measureOnce(browser, lab, way, rate));
    }
    return costs;
  } finally {
    await browser.close();
    await lab.close();
  }
}

async function measureOnce(browser: Browser, lab: Lab, way: Way, rate: number): Promise<Cost> {
  lab.forget();
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const protocol = await context.newCDPSession(page);
    await page.goto(`${lab.shop}${way}.html`);
    await page.waitForFunction(() => 'shopper' in window || 'startRecorder' in window);
    await protocol.send('Emulation.setCPUThrottlingRate', { rate });
    await protocol.send('Performance.enable');
    await page.evaluate(watchTasks);
    const scripting = async () => {
      const { metrics } = await protocol.send('Performance.getMetrics');
      return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0) * 1_000;
    };
    const before = await scripting();
    const first = await page.evaluate(startAndRest, 900 * Math.sqrt(rate));
    const later = await page.evaluate(renderAgain, 500 * Math.sqrt(rate));
    return { first, later, scripting: (await scripting()) - before };
  } finally {
    await context.close();
  }
}

/** In the browser. */
function watchTasks(): void {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
  }).observe({ type: 'longtask' });
}

async function startAndRest(rest: number): Promise<number> {
  // In a task of its own.
  setTimeout(() => (window.startRecorder ?? (() => window.shopper.start()))());
  await new Promise((resolve) => setTimeout(resolve, rest));
  const { longest } = window;
  window.longest = 0;
  return longest;
}

async function renderAgain(rest: number): Promise<number> {
  const main = document.querySelector('main');
  for (let time = 0; time < 3; time += 1) {
    main?.replaceChildren(...[...main.children].map((card) => card.cloneNode(true)));
    await new Promise((resolve) => setTimeout(resolve, rest));
  }
  return window.longest;
}

declare global {
  interface Window {
    longest: number;
    startRecorder?: () => unknown;
  }
}

export const recorderBenchmark: Benchmark = {
  names: [
    'recorder_longest_task_ms',
    'recorder_longest_task_slow_ms',
    'recorder_scripting_ms',
    'recorder_scripting_slow_ms',
  ],
  run: async () => {
    const figures = [];
    for (const [suffix, rate] of [
      ['', 1],
      ['_slow', 4],
    ] as const) {
      const costs = await measureRecorder(rate);
      const all = (way: Way, part: keyof Cost) => costs[way].map((cost) => cost[part]);
      const median = (way: Way, part: keyof Cost) => Math.round(quantile(all(way, part), 0.5));
      const worst = (way: Way) => costs[way].map(({ first, later }) => Math.max(first, later));
      const cpu = rate === 1 ? 'unthrottled' : 'a processor four times slower';
      figures.push(
        figure(
          `recorder_longest_task${suffix}_ms`,
          'ms',
          { ours: worst('ours'), bare: worst('rrweb') },
          `first picture and three re-renders of 300 cards, ${cpu}, beside rrweb out of the box; ours ${median('ours', 'first')} and ${median('ours', 'later')}, rrweb ${median('rrweb', 'first')} and ${median('rrweb', 'later')}, without any ${median('without', 'first')} and ${median('without', 'later')}; 0: none over 50`,
        ),
        figure(
          `recorder_scripting${suffix}_ms`,
          'ms',
          { ours: all('ours', 'scripting'), bare: all('rrweb', 'scripting') },
          `the same, all scripting; without any recorder ${median('without', 'scripting')}`,
        ),
      );
    }
    return figures;
  },
};

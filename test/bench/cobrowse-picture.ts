import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { ShopVisit } from '../browser/shop-visit.ts';
import { Stage } from '../browser/stage.ts';
import { replayFrame } from '../cobrowse/support/picture.ts';
import { openLabBrowser, until, type LabBrowser } from './cobrowse/lab-browser.ts';
import { BIG_CSS, bigShopPage } from './cobrowse/shop-page.ts';
import { figure, quantile, type Benchmark, type Figure } from './figure.ts';

const PICTURES = 8;
/** Enough that the 95th of a hundred is not the slowest of all. */
const LOADS = 40;
const LATE = 30;
/** Between two pictures, and two page loads of the whole product, as a person takes a moment. */
const REST_MS = 1_500;

/** Milliseconds. `first`: from the yes to the page in the console · `load`: from a new page's `DOMContentLoaded` to it. */
type Times = { first: number[]; load: number[] };
/** `late`: from the click of a colleague who looks along to the page in that console. */
type ProductTimes = Times & { late: number[] };
/** `view`: to what the shopper sees · `whole`: to all of the page, also what is far below. */
type Measured = Record<'view' | 'whole', ProductTimes>;

/** When a page was in view, and when it was whole. By the clock that all pages of a machine share. */
type Shown = { view: number; whole: number };

declare global {
  interface Window {
    shownPages: Shown[];
  }
}

/** The whole product in a shop of 300 cards on an origin of its own. */
async function measureProduct(): Promise<Measured> {
  let widget = '';
  const shop = createServer((request, response) => {
    const css = request.url === '/shop/big.css';
    response.writeHead(200, { 'Content-Type': css ? 'text/css' : 'text/html' });
    response.end(css ? BIG_CSS : bigShopPage('').replace(/<script.*<\/script>/, widget));
  }).listen(0, '127.0.0.1');
  await once(shop, 'listening');
  const origin = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  const stage = await Stage.open({ SHOP_ORIGINS: origin }, [{ name: 'Eva', role: 'supervisor' }]);
  widget = `<script async src="${stage.server.origin}/widget.js" data-shop="demo"></script>`;
  try {
    const agent = await stage.agent();
    await agent.page.context().addInitScript(noteShownPages);
    await agent.page.reload();
    const context = await stage.context({ viewport: { width: 1366, height: 768 }, locale: 'en-GB' });
    const shopper = new ShopVisit(await context.newPage(), () => ({ ...stage.server, origin }));
    await shopper.goto('/');
    await shopper.open();
    await shopper.say('A large page');
    await agent.accept('A large page');
    const measured: Measured = { view: emptyTimes(), whole: emptyTimes() };
    for (let picture = 0; picture < PICTURES; picture += 1) {
      await agent.button('Look together').click();
      const yes = shopper.button('Show my page');
      await yes.waitFor();
      await setTimeout(REST_MS);
      const began = await clickNow(yes);
      note(measured, 'first', began, await shownAfter(agent.page, began));
      if (picture === PICTURES - 1) break;
      await agent.button('Stop looking').click();
      await agent.page.locator('iframe[data-part="page"]').waitFor({ state: 'detached' });
    }
    for (let count = 0; count < LOADS; count += 1) {
      await setTimeout(REST_MS);
      await shopper.page.reload();
      const began = await parsedAt(shopper.page);
      note(measured, 'load', began, await shownAfter(agent.page, began));
    }
    await measureLate(stage, measured);
    return measured;
  } finally {
    await stage.close();
    shop.close();
  }
}

function emptyTimes(): ProductTimes {
  return { first: [], load: [], late: [] };
}

function note(measured: Measured, what: keyof ProductTimes, began: number, shown: Shown): void {
  measured.view[what].push(shown.view - began);
  measured.whole[what].push(shown.whole - began);
}

/** A supervisor opens the picture of a session that runs, again and again. */
async function measureLate(stage: Stage, measured: Measured): Promise<void> {
  const eva = await stage.agent({}, stage.as['Eva']);
  await eva.page.context().addInitScript(noteShownPages);
  await eva.page.reload();
  await eva.page.getByText('With colleagues').click();
  await eva.page.locator('[data-line]').last().click();
  for (let count = 0; count < LATE; count += 1) {
    const look = eva.button('Look along');
    await look.waitFor();
    await setTimeout(REST_MS);
    const began = await clickNow(look);
    note(measured, 'late', began, await shownAfter(eva.page, began));
    await eva.button('Stop looking').click();
  }
}

/** Clicks without a mouse in between. When: by the clock that all pages of a machine share. */
async function clickNow(button: Locator): Promise<number> {
  return await button.evaluate((each) => {
    const now = performance.timeOrigin + performance.now();
    (each as HTMLButtonElement).click();
    return now;
  });
}

/** When the page that came to be shown in a console after a moment was in view, and when it was whole. */
async function shownAfter(console: Page, moment: number): Promise<Shown> {
  await setTimeout(REST_MS);
  const replay = await replayFrame(console);
  await until(() => replay.evaluate((after) => window.shownPages.some(({ view }) => view > after), moment));
  return await replay.evaluate((after) => {
    const shown = window.shownPages.find(({ view }) => view > after);
    if (!shown) throw new Error('No page has come to be shown.');
    return shown;
  }, moment);
}

/** The same page with the limit (its HTML as a text → ws → innerHTML) or with rrweb, over a bare relay. */
async function measureBare(rig: LabBrowser, ends: 'limit' | 'rrweb'): Promise<Times> {
  const way = await rig.open(ends);
  const times: Times = { first: [], load: [] };
  try {
    const next = async (make: () => Promise<number>): Promise<number> => {
      const before = await way.console.evaluate(() => window.shownAt.at(-1) ?? 0);
      const began = await make();
      await until(() => way.console.evaluate((last) => (window.shownAt.at(-1) ?? 0) > last, before));
      return (await way.console.evaluate(() => window.shownAt.at(-1) ?? 0)) - began;
    };
    for (let count = 0; count < PICTURES; count += 1) {
      times.first.push(
        await next(() =>
          way.shopper.evaluate(() => {
            const now = performance.timeOrigin + performance.now();
            window.startRecorder?.();
            return now;
          }),
        ),
      );
    }
    for (let count = 0; count < LOADS; count += 1) {
      times.load.push(
        await next(async () => {
          await way.shopper.reload();
          return await parsedAt(way.shopper);
        }),
      );
    }
    return times;
  } finally {
    await way.close();
  }
}

async function parsedAt(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    return performance.timeOrigin + (entry?.domContentLoadedEventStart ?? Number.NaN);
  });
}

/** In every frame of the console, before anything else: when another page of the shopper's has come to be shown. */
function noteShownPages(): void {
  window.shownPages = [];
  let last: Element | null = null;
  const now = () => performance.timeOrigin + performance.now();
  new MutationObserver(() => {
    const shown = document.querySelector('.page.shown');
    const page = shown?.querySelector('iframe')?.contentDocument;
    if (!shown || !page || shown === last) return;
    last = shown;
    const view = now();
    const look = () => {
      // The last card of 300 is there.
      if (!page.querySelector('.c299 button')) return;
      grows.disconnect();
      window.shownPages.push({ view, whole: now() });
    };
    const grows = new MutationObserver(look);
    grows.observe(page, { subtree: true, childList: true });
    look();
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
}

const NAMES = ['cobrowse_first_picture_ms', 'cobrowse_page_load_ms_p95', 'cobrowse_late_console_ms_p95'] as const;
const WHOLE_NAMES = [
  'cobrowse_first_picture_whole_ms',
  'cobrowse_page_load_whole_ms_p95',
  'cobrowse_late_console_whole_ms_p95',
] as const;

export const pictureBenchmark: Benchmark = {
  names: [...NAMES, ...WHOLE_NAMES],
  run: async () => {
    const { view, whole } = await measureProduct();
    const rig = await openLabBrowser();
    try {
      const limit = await measureBare(rig, 'limit');
      const rrweb = await measureBare(rig, 'rrweb');
      return [
        ...figuresOf(NAMES, view, rrweb, {
          what: "what the shopper sees in the console, the whole product, beside rrweb's whole page",
          limit,
          budgets: ['; budget 400', '; budget 500', '; budget 300'],
        }),
        ...figuresOf(WHOLE_NAMES, whole, rrweb, {
          what: 'the last of 4,700 elements in the console, the whole product',
          limit,
          budgets: ['', '', ''],
        }),
      ];
    } finally {
      await rig.close();
    }
  },
};

type Wording = { what: string; limit: Times; budgets: readonly [string, string, string] };

/** rrweb's recorder is loaded already when the yes comes. */
function figuresOf(
  [first, load, late]: readonly [string, string, string],
  ours: ProductTimes,
  rrweb: Times,
  { what, limit, budgets }: Wording,
): Figure[] {
  const p50 = (values: number[]) => quantile(values, 0.5).toFixed(0);
  const innerHtml = `the limit (innerHTML of the page) ${p50(limit.first)} and p95 ${quantile(limit.load, 0.95).toFixed(0)}`;
  return [
    figure(first, 'ms', { ours: ours.first, bare: rrweb.first }, `from the yes to ${what}; ${innerHtml}${budgets[0]}`),
    p95(load, ours.load, rrweb.load, `from DOMContentLoaded to ${what}, p50 ${p50(ours.load)}${budgets[1]}`),
    p95(late, ours.late, null, `from a colleague's click to ${what}, p50 ${p50(ours.late)}${budgets[2]}`),
  ];
}

function p95(name: string, ours: number[], bare: number[] | null, text: string): Figure {
  return figure(name, 'ms', { ours: [quantile(ours, 0.95)], bare: bare && [quantile(bare, 0.95)] }, text);
}

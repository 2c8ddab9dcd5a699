import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { chromium, type Browser, type Frame, type Page } from 'playwright-core';
import { CHROMIUM_ARGUMENTS, ensureChromium } from '../browser/chromium.ts';
import { bundleScript } from '../cobrowse/support/bundle.ts';
import { openLab, type Lab } from '../cobrowse/support/lab.ts';
import { BIG_CSS, bigShopPage } from './cobrowse/shop-page.ts';
import { quantile } from './figure.ts';

/** One value for each round, in milliseconds. */
export type LatencyRounds = { p50: number[]; p95: number[] };
export type CobrowseLatency = {
  /** From a change in the shop's page to the same change in the replay, through the real relay. */
  ours: LatencyRounds;
  /** The limit: MutationObserver → plain socket relay → setAttribute. */
  bare: LatencyRounds;
  /** rrweb's recorder and live mode out of the box over the plain relay. */
  rrweb: LatencyRounds;
};

type Way = { shopper: Page; console: Page; watched: Page | Frame; close(): Promise<void> };

/** All three in one browser, round by round in turn, on the same page. */
export async function measureCobrowseLatency({ rounds = 5, changes = 100 } = {}): Promise<CobrowseLatency> {
  const found = ensureChromium();
  if (!found.ok) throw new Error(found.reason);
  const bare = await bundleScript(join(import.meta.dirname, 'cobrowse', 'bare-pages.ts'));
  const console = (end: string) =>
    `<!doctype html><html data-end="${end}"><meta charset="utf-8"><link rel="icon" href="data:,"><body><script type="module" src="/bare.js"></script>`;
  const lab = await openLab(
    {
      'big.css': BIG_CSS,
      'ours.html': bigShopPage('/shopper.js'),
      'limit.html': bigShopPage('/bare.js', 'limitShopper'),
      'rrweb.html': bigShopPage('/bare.js', 'rrwebShopper'),
    },
    new Map([
      ['/bare.js', { body: bare, type: 'text/javascript' }],
      ['/limit/', { body: console('limitConsole'), type: 'text/html' }],
      ['/rrweb/', { body: console('rrwebConsole'), type: 'text/html' }],
    ]),
  );
  const browser = await chromium.launch({ executablePath: found.path, args: CHROMIUM_ARGUMENTS });
  const result: CobrowseLatency = { ours: empty(), bare: empty(), rrweb: empty() };
  try {
    for (let round = 0; round < rounds; round += 1) {
      await measure(() => openOurs(browser, lab), changes, result.ours);
      await measure(() => openBare(browser, lab, 'limit'), changes, result.bare);
      await measure(() => openBare(browser, lab, 'rrweb'), changes, result.rrweb);
    }
    return result;
  } finally {
    await browser.close();
    await lab.close();
  }
}

function empty(): LatencyRounds {
  return { p50: [], p95: [] };
}

async function measure(open: () => Promise<Way>, changes: number, into: LatencyRounds): Promise<void> {
  const way = await open();
  try {
    await way.watched.evaluate(watchProbe);
    const made = await way.shopper.evaluate(changeProbe, changes);
    await until(() => way.watched.evaluate((last) => window.seen.at(-1)?.[0] === last, changes));
    const seen = await way.watched.evaluate(() => window.seen);
    // A change that was overtaken is seen with the one that overtook it. The first few warm up what runs for the first time.
    const delays = made
      .slice(10)
      .map(([change, at]) => (seen.find(([shown]) => shown >= change)?.[1] ?? Number.NaN) - at);
    into.p50.push(quantile(delays, 0.5));
    into.p95.push(quantile(delays, 0.95));
  } finally {
    await way.close();
  }
}

async function openOurs(browser: Browser, lab: Lab): Promise<Way> {
  lab.forget();
  const { shopper, console, close } = await openPages(browser, `${lab.shop}ours.html`, lab.console);
  const frame = await (await console.waitForSelector('iframe')).contentFrame();
  if (!frame) throw new Error('The console has no replay frame.');
  await frame.waitForSelector('.page.shown', { state: 'attached' });
  await frame.evaluate(() => {
    const shown = document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument;
    if (shown) window.probe = shown;
  });
  return { shopper, console, watched: frame, close };
}

async function openBare(browser: Browser, lab: Lab, name: 'limit' | 'rrweb'): Promise<Way> {
  const origin = new URL(lab.console).origin;
  const { shopper, console, close } = await openPages(browser, `${lab.shop}${name}.html`, `${origin}/${name}/`);
  await until(() =>
    console.evaluate(() => window.probe?.nodeType === 9 && window.probe.querySelector('#probe') !== null),
  );
  return { shopper, console, watched: console, close };
}

/** The console first, so that nothing is missed; each in a window of its own. */
async function openPages(browser: Browser, shop: string, desk: string) {
  const contexts = [await browser.newContext(), await browser.newContext()] as const;
  const [console, shopper] = [await contexts[0].newPage(), await contexts[1].newPage()];
  await console.goto(desk);
  await shopper.goto(shop);
  return { shopper, console, close: async () => void (await Promise.all(contexts.map((each) => each.close()))) };
}

/** Asked from outside: a window behind another one gets no animation frames and few timers. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (await condition()) return;
    await setTimeout(50);
  }
  throw new Error('The last change has not arrived within 30 seconds.');
}

/** In the browser. The clocks of all pages of one Chromium tell the same time. */
function watchProbe(): void {
  const probe = window.probe.querySelector('#probe');
  if (!probe) throw new Error('There is no probe to watch.');
  window.seen = [];
  new MutationObserver(() => {
    window.seen.push([Number(probe.getAttribute('title')), performance.timeOrigin + performance.now()]);
  }).observe(probe, { attributes: true });
}

async function changeProbe(changes: number): Promise<[number, number][]> {
  const probe = document.querySelector('#probe');
  const made: [number, number][] = [];
  for (let change = 1; change <= changes; change += 1) {
    await new Promise((resolve) => window.setTimeout(resolve, 15 + Math.random() * 20));
    made.push([change, performance.timeOrigin + performance.now()]);
    probe?.setAttribute('title', String(change));
  }
  return made;
}

declare global {
  interface Window {
    /** Change and time. */
    seen: [number, number][];
  }
}

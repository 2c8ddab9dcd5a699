import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { chromium, type Browser, type Frame, type Page } from 'playwright-core';
import { CHROMIUM_ARGUMENTS, ensureChromium } from '../../browser/chromium.ts';
import { bundleScript } from '../../cobrowse/support/bundle.ts';
import { openLab, type Lab } from '../../cobrowse/support/lab.ts';
import { BIG_CSS, bigShopPage } from './shop-page.ts';

export type Ends = 'ours' | 'limit' | 'rrweb';
/** `watched`: where the replayed page is, as `window.probe`. */
export type Way = { shopper: Page; console: Page; watched: Page | Frame; close(): Promise<void> };

export type LabBrowser = {
  lab: Lab;
  browser: Browser;
  /** Both ends of a way, on the big page of a shop. `host`: through another port, where a slow network is · `first`: what runs in the shopper's page before anything else · `watch`: is given that page before it is loaded. */
  open(ends: Ends, host?: string, first?: () => void, watch?: (shopper: Page) => void): Promise<Way>;
  close(): Promise<void>;
};

/** The shop page of 300 cards with our own ends, the limit's, and rrweb's, in one browser. */
export async function openLabBrowser(pages: Record<string, string> = {}): Promise<LabBrowser> {
  const found = ensureChromium(true);
  if (!found.ok) throw new Error(found.reason);
  const bare = await bundleScript(join(import.meta.dirname, 'bare-pages.ts'));
  const desk = (end: string) =>
    `<!doctype html><html data-end="${end}"><meta charset="utf-8"><link rel="icon" href="data:,"><body><script type="module" src="/bare.js"></script>`;
  const lab = await openLab(
    {
      'big.css': BIG_CSS,
      'ours.html': bigShopPage('/shopper.js'),
      'limit.html': bigShopPage('/bare.js', 'limitShopper'),
      'rrweb.html': bigShopPage('/bare.js', 'rrwebShopper'),
      ...pages,
    },
    new Map([
      ['/bare.js', { body: bare, type: 'text/javascript' }],
      ['/limit/', { body: desk('limitConsole'), type: 'text/html' }],
      ['/rrweb/', { body: desk('rrwebConsole'), type: 'text/html' }],
    ]),
  );
  const browser = await chromium.launch({ executablePath: found.path, args: CHROMIUM_ARGUMENTS });
  return {
    lab,
    browser,
    async open(ends, host = new URL(lab.shop).host, first = () => {}, watch = () => {}) {
      if (ends === 'ours') lab.forget();
      const origin = new URL(lab.console).origin;
      const contexts = [await browser.newContext(), await browser.newContext()] as const;
      const [console, shopper] = [await contexts[0].newPage(), await contexts[1].newPage()];
      await shopper.addInitScript(first);
      watch(shopper);
      // The console first, so that nothing is missed; each in a window of its own.
      await console.goto(ends === 'ours' ? lab.console : `${origin}/${ends}/`);
      await shopper.goto(`http://${host}/shop/${ends}.html`);
      const close = async () => void (await Promise.all(contexts.map((each) => each.close())));
      if (ends === 'ours') return { shopper, console, watched: await watchReplay(console), close };
      await until(() =>
        console.evaluate(() => window.probe?.nodeType === 9 && window.probe.querySelector('#probe') !== null),
      );
      return { shopper, console, watched: console, close };
    },
    async close() {
      await browser.close();
      await lab.close();
    },
  };
}

/** The frame of the replay, which knows the page that is shown. */
export async function watchReplay(console: Page): Promise<Frame> {
  const frame = await (await console.waitForSelector('iframe')).contentFrame();
  if (!frame) throw new Error('The console has no replay frame.');
  await frame.waitForSelector('.page.shown', { state: 'attached' });
  await frame.evaluate(() => {
    const shown = document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument;
    if (shown) window.probe = shown;
  });
  return frame;
}

/** Asked from outside: a window behind another one gets no animation frames and few timers. */
export async function until(condition: () => Promise<boolean>, milliseconds = 30_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    if (await condition()) return;
    // Moments are noted in the pages: whoever asks often only takes their processor.
    await setTimeout(250);
  }
  throw new Error(`What was waited for has not come within ${milliseconds / 1_000} seconds.`);
}

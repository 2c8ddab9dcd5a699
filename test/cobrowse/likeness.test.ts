import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Chromium } from '../browser/chromium.ts';
import { openLab, type Lab } from './support/lab.ts';
import { likeness } from './support/likeness.ts';
import { LIKENESS_EXTRAS, LIKENESS_PAGES } from './support/likeness-pages.ts';
import { replayFrame } from './support/picture.ts';

let browser: Chromium;
let lab: Lab;
beforeAll(async () => {
  const pages = Object.entries(LIKENESS_PAGES).map(
    // Without the strict policy of the other pages: these have styles of their own.
    ([name, body]) => [`/pages/${name}`, { body, type: 'text/html; charset=utf-8' }] as const,
  );
  lab = await openLab(LIKENESS_EXTRAS, new Map(pages));
  browser = await Chromium.open();
});
afterAll(async () => {
  await browser?.close();
  await lab?.close();
});

describe('promise 17: exact', () => {
  it.each(Object.keys(LIKENESS_PAGES))('%s: every element is there, in its place, of the same look', async (name) => {
    lab.forget();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const shopper = await context.newPage();
    await shopper.goto(new URL(`/pages/${name}`, lab.shop).href);
    const agent = await context.newPage();
    await agent.goto(lab.console);
    const replay = await replayFrame(agent);
    await expect
      .poll(async () => ({ ...(await likeness(shopper, replay)), elements: 0 }))
      .toEqual({
        elements: 0,
        missing: [],
        moved: [],
        restyled: [],
      });
    expect((await likeness(shopper, replay)).elements).toBeGreaterThan(5);
    await context.close();
  });
});

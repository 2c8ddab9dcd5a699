import { chromium, type Browser, type BrowserContext, type Frame, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHROMIUM_ARGUMENTS, findChromium } from '../browser/chromium.ts';
import { openLab, type Lab } from './support/lab.ts';
import { outlineOf, outlineOfReplay, ownBox, placeInConsole, replayFrame, replayShows, type Box } from './support/picture.ts';
import { SHOP_PAGES } from './support/shop-pages.ts';

let browser: Browser;
let lab: Lab;
let context: BrowserContext;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium() ?? '', args: CHROMIUM_ARGUMENTS });
});
afterAll(async () => await browser?.close());
beforeEach(async () => {
  lab = await openLab(SHOP_PAGES);
});
afterEach(async () => {
  await context?.close();
  await lab.close();
});

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

async function openBoth(viewport = DESKTOP): Promise<{ shopper: Page; agent: Page; replay: Frame }> {
  context = await browser.newContext({ viewport });
  const shopper = await context.newPage();
  await shopper.goto(`${lab.shop}home.html`);
  const agent = await (await browser.newContext({ viewport: DESKTOP })).newPage();
  context.once('close', () => void agent.context().close());
  await agent.goto(lab.console);
  const replay = await replayFrame(agent);
  return { shopper, agent, replay };
}

let steps = 0;
/** Runs something in the shop's page and waits until the replay has got everything up to there. */
async function andThen(shopper: Page, replay: Frame): Promise<void> {
  const step = String((steps += 1));
  await shopper.evaluate((text) => {
    const output = document.querySelector('#step');
    if (output) output.textContent = text;
  }, step);
  await replayShows(replay, step);
}

describe('promise 6: the same page', () => {
  it('shows the same text and the same elements after each of ten changes', async () => {
    const { shopper, agent, replay } = await openBoth();
    await andThen(shopper, replay);
    expect(await outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
    for (let index = 0; index < 10; index += 1) {
      await shopper.evaluate((at) => window.steps[at]?.(), index);
      await andThen(shopper, replay);
      expect(await outlineOfReplay(replay), `after change ${index + 1}`).toEqual(await outlineOf(shopper));
    }
    expect(await agent.evaluate(() => window.agent.gaps)).toBe(0);
    expect(await agent.evaluate(() => window.agent.pages.at(-1))).toEqual({
      url: `${lab.shop}home.html`,
      title: 'Sale at Casa Lina',
      ...DESKTOP,
    });
  });
});
void ownBox;
void placeInConsole;
void (0 as unknown as Box);
void PHONE;

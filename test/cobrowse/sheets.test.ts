import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Both, DESKTOP } from './support/both.ts';
import { replayFrame, replayShows } from './support/picture.ts';
import { SHOP_PAGES } from './support/shop-pages.ts';

let both: Both;
beforeAll(async () => (both = await Both.open()));
afterEach(async () => await both.leave());
afterAll(async () => await both.close());

/** Of the shop's stylesheet. */
const TEXT = 'minmax(180px';

/** More rules than are read at once. */
const large = (top: string): string =>
  `main { padding-top: ${top} }${Array.from({ length: 320 }, (_, i) => `.row-${i} { order: ${i}; margin-block-end: ${i}px }`).join('')}`;

declare global {
  interface Window {
    /** How many rules of stylesheets were read: now, and when the first picture left. */
    rulesRead: { now: number; before: number };
  }
}

function countRules(): void {
  const counts = { now: 0, before: -1 };
  window.rulesRead = counts;
  const text = Object.getOwnPropertyDescriptor(CSSRule.prototype, 'cssText');
  Object.defineProperty(CSSRule.prototype, 'cssText', {
    ...text,
    get() {
      counts.now += 1;
      return text?.get?.call(this) as string;
    },
  });
  window.WebSocket = class extends WebSocket {
    override send(data: Parameters<WebSocket['send']>[0]): void {
      if (typeof data !== 'string' && counts.before < 0) counts.before = counts.now;
      super.send(data);
    }
  };
}

/** What only the shop's stylesheet says of the page that is shown. */
function padding(replay: Frame): Promise<string | undefined> {
  return replay.evaluate(() => {
    const page = document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument;
    const main = page?.querySelector('main');
    return main ? page?.defaultView?.getComputedStyle(main).paddingTop : undefined;
  });
}

describe('promise 16: a stylesheet travels once', () => {
  it('the next page does not send it again, and a console that comes later has it all the same', async () => {
    const { shopper, agent, replay } = await both.look();
    const texts = () => both.lab.sent.filter(({ text }) => text.includes(TEXT)).length;
    expect(texts()).toBe(1);
    await both.caughtUp({ shopper, replay });
    await shopper.click('nav a');
    await replay.waitForFunction(
      () =>
        document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument?.querySelector('h1')
          ?.textContent === 'Everything must go',
    );
    await both.caughtUp({ shopper, replay });
    expect(both.lab.sent.filter(({ epoch, kind }) => epoch === 2 && kind === 'snapshot').length).toBeGreaterThan(0);
    expect(texts()).toBe(1);
    expect(await padding(replay)).toBe('24px');
    // It has nothing of its own from before.
    await agent.reload();
    const fresh = await replayFrame(agent);
    await both.caughtUp({ shopper, replay: fresh });
    expect(await padding(fresh)).toBe('24px');
    expect(texts()).toBe(1);
  });

  it('a large one of the page before is read behind the picture, and where it has become another one, that one is shown', async () => {
    const pages = { ...SHOP_PAGES, 'shop.css': large('31px') };
    const { shopper, replay } = await both.look(DESKTOP, 'next.html', pages);
    await both.caughtUp({ shopper, replay });
    expect(await padding(replay)).toBe('31px');

    await shopper.addInitScript(countRules);
    await shopper.reload();
    await both.caughtUp({ shopper, replay });
    expect(await padding(replay)).toBe('31px');
    expect(await shopper.evaluate(() => window.rulesRead.before)).toBeLessThan(50);
    await expect.poll(async () => await shopper.evaluate(() => window.rulesRead.now)).toBeGreaterThan(300);

    // The same address and as many rules.
    await shopper.route('**/shop.css', async (route) => {
      await route.fulfill({ contentType: 'text/css', body: large('17px') });
    });
    await shopper.reload();
    await expect.poll(async () => await padding(replay)).toBe('17px');
    await both.caughtUp({ shopper, replay });
    await shopper.reload();
    await both.caughtUp({ shopper, replay });
    expect(await padding(replay)).toBe('17px');
    expect(await shopper.evaluate(() => window.rulesRead.before)).toBeLessThan(50);
  });

  it('a server that has forgotten it asks for it, and shows no page without it', async () => {
    const { shopper, agent, replay } = await both.look();
    await both.caughtUp({ shopper, replay });
    both.lab.forget();
    await agent.reload();
    await shopper.reload();
    const fresh = await replayFrame(agent);
    expect(await padding(fresh)).toBe('24px');
    await replayShows(fresh, '0');
    await both.caughtUp({ shopper, replay: fresh });
    expect(both.lab.sent.filter(({ text }) => text.includes(TEXT)).length).toBeGreaterThan(1);
    expect(await agent.evaluate(() => window.agent.gaps)).toBe(0);
  });
});

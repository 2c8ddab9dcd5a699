import { chromium, type Browser, type BrowserContext, type Frame, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHROMIUM_ARGUMENTS, findChromium } from '../browser/chromium.ts';
import { openLab, type Lab } from './support/lab.ts';
import { outlineOf, outlineOfReplay, ownBox, placeInConsole, replayFrame, replayShows, type Box } from './support/picture.ts';
import { SHOP_PAGES } from './support/shop-pages.ts';

let browser: Browser;
let lab: Lab;
let context: BrowserContext;
/** What the shop's page complained about. */
let problems: string[];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium() ?? '', args: CHROMIUM_ARGUMENTS });
});
afterAll(async () => await browser?.close());
beforeEach(async () => {
  lab = await openLab(SHOP_PAGES);
  problems = [];
});
afterEach(async () => {
  await context?.close();
  await lab.close();
  expect(problems).toEqual([]);
});

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

async function openBoth(viewport = DESKTOP): Promise<{ shopper: Page; agent: Page; replay: Frame }> {
  context = await browser.newContext({ viewport });
  const shopper = await context.newPage();
  shopper.on('pageerror', (error) => problems.push(String(error)));
  shopper.on('console', (message) => /Content Security Policy|TrustedHTML/.test(message.text()) && problems.push(message.text()));
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

  it('goes on after a page load by itself', async () => {
    const { shopper, agent, replay } = await openBoth();
    await shopper.click('nav a');
    await replayShows(replay, '0');
    await replay.waitForFunction(() => document.querySelectorAll('.page').length === 1);
    await andThen(shopper, replay);
    expect(await outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
    const { statuses, pages, gaps, applied } = await agent.evaluate(() => ({ ...window.agent, replay: null }));
    expect(statuses).toEqual(['live', 'loading-next-page', 'live']);
    expect(pages.at(-1)).toMatchObject({ url: `${lab.shop}next.html`, title: 'Sale' });
    expect(applied.epoch).toBe(2);
    expect(gaps).toBe(0);
  });

  it('goes on after the socket was away', async () => {
    const { shopper, agent, replay } = await openBoth();
    await shopper.evaluate(() => window.shopper.disconnect());
    for (const step of [0, 2, 6]) await shopper.evaluate((at) => window.steps[at]?.(), step);
    await shopper.evaluate(() => window.shopper.reconnect());
    await andThen(shopper, replay);
    expect(await outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
    expect(await agent.evaluate(() => window.agent.gaps)).toBe(0);
  });

  it('goes on after a restart of the server, and for an agent who comes late', async () => {
    const { shopper } = await openBoth();
    lab.forget();
    await shopper.evaluate(() => window.steps[0]?.());
    await shopper.evaluate(() => window.shopper.reconnect());
    const late = await context.newPage();
    await late.goto(lab.console);
    const replay = await replayFrame(late);
    await andThen(shopper, replay);
    expect(await outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
  });

  it('can be started again in the same page', async () => {
    const { shopper, replay } = await openBoth();
    await shopper.evaluate(() => {
      window.shopper.session()?.close();
      window.steps[6]?.();
      window.shopper.start();
    });
    await andThen(shopper, replay);
    await shopper.evaluate(() => window.steps[7]?.());
    await andThen(shopper, replay);
    expect(await outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
  });

  it('never lags behind: what the wire cannot carry becomes one change', async () => {
    const { shopper, agent, replay } = await openBoth();
    await andThen(shopper, replay);
    const before = lab.sent.length;
    const release = lab.holdAcknowledgements();
    await shopper.evaluate(async () => {
      for (let round = 0; round < 200; round += 1) {
        window.steps[round % 2 === 0 ? 6 : 7]?.();
        window.scrollTo({ top: round, behavior: 'instant' });
        await new Promise(requestAnimationFrame);
      }
      window.shopper.mark('storm');
    });
    await lab.until(() => lab.marks.includes('storm'));
    // Before compression: what was made of 200 rounds.
    const written = () => lab.sent.slice(before).reduce((sum, { text }) => sum + text.length, 0);
    expect(written()).toBeLessThan(60_000);
    release();
    await andThen(shopper, replay);
    expect(written()).toBeLessThan(120_000);
    expect(await outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
    expect(await agent.evaluate(() => window.agent.gaps)).toBe(0);
    await replay.waitForFunction(() => document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentWindow?.scrollY === 199);
  });

  it('loses nothing of what grows while changes are gathered', async () => {
    const { shopper, replay } = await openBoth();
    await andThen(shopper, replay);
    const release = lab.holdAcknowledgements();
    await shopper.evaluate(async () => {
      // Enough to fill the wire, and not to be compressed.
      const noise = Array.from({ length: 5_000 }, () => Math.random().toString(36)).join(' ');
      document.querySelector('#step')?.setAttribute('class', noise);
      await new Promise(requestAnimationFrame);
      const rating = document.createElement('shop-rating');
      document.querySelector('main')?.append(rating);
      await new Promise(requestAnimationFrame);
      rating.shadowRoot?.append(document.createElement('em'), 'after a moment');
      document.querySelector('#rating')?.shadowRoot?.append(document.createElement('em'));
      const frame = document.createElement('iframe');
      document.querySelector('main')?.append(frame);
      frame.contentDocument?.body.append('in a new frame');
      await new Promise(requestAnimationFrame);
      frame.contentDocument?.body.append(frame.contentDocument.createElement('hr'));
      window.shopper.mark('grown');
    });
    await lab.until(() => lab.marks.includes('grown'));
    release();
    await andThen(shopper, replay);
    await expect.poll(() => outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
  });

  it('needs no animation frames, which a tab in the background does not get', async () => {
    const { shopper, replay } = await openBoth();
    await replay.evaluate(() => {
      window.requestAnimationFrame = () => 0;
    });
    await shopper.evaluate(() => {
      window.steps[0]?.();
      window.scrollTo({ top: 120, behavior: 'instant' });
      document.querySelector('#step')?.replaceChildren('in the background');
    });
    const read = () =>
      replay.evaluate(() => {
        const page = document.querySelector<HTMLIFrameElement>('.page.shown iframe');
        return [page?.contentDocument?.querySelector('#step')?.textContent, page?.contentWindow?.scrollY];
      });
    await expect.poll(read).toEqual(['in the background', 120]);
  });

  it('does not take the focus from the agent who is typing', async () => {
    const { shopper, agent, replay } = await openBoth();
    await agent.click('#chat');
    await shopper.evaluate(() => window.steps[4]?.());
    await shopper.locator('#close-dialog').focus();
    await andThen(shopper, replay);
    await agent.keyboard.type('hello');
    expect(await agent.inputValue('#chat')).toBe('hello');
    const modal = () => replay.evaluate(() => document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument?.querySelector('dialog')?.matches(':modal'));
    expect(await modal()).toBe(true);
    await shopper.evaluate(() => window.steps[5]?.());
    await andThen(shopper, replay);
    expect(await modal()).toBe(false);
  });
});

describe('promise 6: what stays in the browser', () => {
  it('nothing secret is in the frames, at first and while things change', async () => {
    const { shopper, replay } = await openBoth();
    await shopper.fill('[aria-label=Name]', 'SECRET-typed-name');
    await shopper.fill('[aria-label=Note]', 'SECRET-typed-note');
    await shopper.fill('[aria-label=Password]', 'SECRET-typed-password');
    await shopper.fill('[aria-label=Card]', '4111111111111111');
    await shopper.locator('#editor').pressSequentially('SECRET-typed-editor');
    await shopper.check('input[type=checkbox]');
    await shopper.selectOption('select', 'b');
    await shopper.evaluate(() => {
      const find = (selector: string) => document.querySelector(selector);
      const say = (text: string) => Object.assign(document.createElement('p'), { textContent: text });
      find('input[type=hidden]')?.setAttribute('value', 'SECRET-hidden-changed');
      find('[aria-label=Password]')?.setAttribute('type', 'text');
      find('[aria-label=Password]')?.setAttribute('value', 'SECRET-default-password');
      find('#blocked')?.append(say('SECRET-blocked-changed'));
      find('#blocked p')?.firstChild?.replaceWith('SECRET-blocked-text');
      find('#address')?.append(say('SECRET-address-changed'));
      find('#rating')?.setAttribute('data-mostrador-mask', '');
      find('#rating')?.shadowRoot?.append(say('SECRET-in-masked-shadow'));
      find('main')?.append(document.createComment('SECRET-comment-changed'));
      find('main')?.setAttribute('data-customer', 'SECRET-data');
      find('nav a')?.setAttribute('href', '/shop/next.html?session=SECRET-link-changed');
      const frame = find('iframe') as HTMLIFrameElement;
      frame.contentDocument?.body.append(Object.assign(frame.contentDocument.createElement('textarea'), { value: 'SECRET-frame-changed' }));
      window.sayInWidget('SECRET-widget-changed');
      history.pushState(null, '', '?order=SECRET-order#SECRET-fragment');
      find('#checkout')?.setAttribute('action', '?order=SECRET-order');
    });
    await andThen(shopper, replay);
    lab.tell({ type: 'cobrowse.snapshot', conversation: 'c1' });
    await lab.until(() => lab.sent.filter(({ kind }) => kind === 'snapshot').length === 2);
    await andThen(shopper, replay);
    const text = lab.sent.map((frame) => frame.text).join('\n');
    expect(text.match(/.{60}(?:SECRET|4111).{30}/gs)).toBeNull();
    expect(lab.sent.length).toBeGreaterThan(10);
    // It was not merely cut off: what may be seen is there.
    for (const shown of ['Casa Lina', 'Order now', 'Cheapest', 'In a frame', '•••••']) expect(text).toContain(shown);
  });

  it('the widget is not part of the picture', async () => {
    const { shopper, replay } = await openBoth();
    await andThen(shopper, replay);
    const before = lab.sent.length;
    await shopper.evaluate(() => {
      for (let i = 0; i < 20; i += 1) window.sayInWidget(`line ${i}`);
      window.shopper.mark('said');
    });
    await lab.until(() => lab.marks.includes('said'));
    expect(lab.sent.slice(before)).toEqual([]);
    const drawn = await replay.evaluate(() => document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument?.querySelector('#widget-host, [id*=widget]'));
    expect(drawn).toBeNull();
  });

  it('after Stop not one more event leaves, and nothing of ours is left in the page', async () => {
    const { shopper, replay } = await openBoth();
    await andThen(shopper, replay);
    await shopper.mouse.move(300, 300);
    const stop = await ownBox(shopper, 'stop');
    expect(stop?.height).toBeGreaterThanOrEqual(48);
    await press(shopper, stop);
    expect(await shopper.evaluate(() => window.shopper.stopped)).toBe(true);
    const before = lab.sent.length;
    await shopper.mouse.move(400, 400);
    await shopper.fill('[aria-label=Name]', 'after');
    await shopper.evaluate(async () => {
      for (const step of window.steps) step();
      window.scrollTo({ top: 300, behavior: 'instant' });
      window.dispatchEvent(new Event('pagehide'));
      for (let i = 0; i < 3; i += 1) await new Promise(requestAnimationFrame);
      window.shopper.session()?.resume();
      window.shopper.session()?.close();
      window.shopper.mark('after');
    });
    await lab.until(() => lab.marks.includes('after'));
    expect(lab.sent.slice(before)).toEqual([]);
    expect(await ownBox(shopper, 'frame')).toBeNull();
    expect(await shopper.locator('mostrador-cobrowse').count()).toBe(0);
  });

  it('Stop can be pressed while a dialog of the shop is open', async () => {
    const { shopper } = await openBoth();
    await shopper.evaluate(() => window.steps[4]?.());
    await shopper.waitForFunction(() => document.querySelector('dialog > mostrador-cobrowse:popover-open') !== null);
    await press(shopper, await ownBox(shopper, 'stop'));
    expect(await shopper.evaluate(() => [window.shopper.stopped, document.querySelector('dialog')?.open])).toEqual([true, true]);
  });
});

describe('promise 6: pointing', () => {
  it.each([
    ['a desktop', DESKTOP, '.card:nth-child(5) h3'],
    ['a phone', PHONE, '.card:nth-child(2) img'],
  ])('the pointer is where the agent points, on %s', async (_, viewport, selector) => {
    const { shopper, agent, replay } = await openBoth(viewport);
    const place = await placeInConsole(agent, replay, selector);
    await agent.mouse.move(place.x + place.width / 4, place.y + place.height / 2);
    const target = await boxOf(shopper, selector);
    const wanted = { x: target.x + target.width / 4, y: target.y + target.height / 2 };
    await expect.poll(async () => distance(await ownBox(shopper, 'pointer'), wanted)).toBeLessThan(4);
    await shopper.evaluate(() => window.scrollTo({ top: 60, behavior: 'instant' }));
    await expect.poll(async () => distance(await ownBox(shopper, 'pointer'), { ...wanted, y: wanted.y - 60 })).toBeLessThan(4);
    await agent.mouse.move(5, 790);
    await expect.poll(() => ownBox(shopper, 'pointer')).toBeNull();
  });

  it.each([
    ['a desktop', DESKTOP, '.card:nth-child(9) img'],
    ['a phone', PHONE, '.card:nth-child(3) h3'],
  ])('what the agent clicks is outlined for the shopper and comes into view, on %s', async (_, viewport, card) => {
    const { shopper, agent, replay } = await openBoth(viewport);
    // Half of it is below the edge of the window.
    await shopper.evaluate((from) => {
      const element = document.querySelector(from);
      if (!element) return;
      element.id = 'wanted';
      const box = element.getBoundingClientRect();
      window.scrollTo({ top: box.y + box.height / 2 - innerHeight, behavior: 'instant' });
    }, card);
    const selector = '#wanted';
    await andThen(shopper, replay);
    const place = await placeInConsole(agent, replay, selector);
    await agent.mouse.click(place.x + place.width / 2, place.y + 2);
    await expect.poll(async () => (await boxOf(shopper, selector)).y + (await boxOf(shopper, selector)).height).toBeLessThanOrEqual(viewport.height);
    await expect.poll(async () => apart(await ownBox(shopper, 'outline'), await boxOf(shopper, selector))).toBeLessThan(4);
    expect(await agent.evaluate(() => window.agent.picked)).toMatchObject({ tag: card.split(' ')[1] });
    // It stays right when the layout changes under it.
    await shopper.evaluate(() => document.querySelector('.cards')?.prepend(document.createElement('li')));
    await expect.poll(async () => apart(await ownBox(shopper, 'outline'), await boxOf(shopper, selector))).toBeLessThan(4);
    // A second click on the same element takes it away.
    await andThen(shopper, replay);
    const again = await placeInConsole(agent, replay, selector);
    await agent.mouse.click(again.x + again.width / 2, again.y + again.height / 2);
    await expect.poll(() => ownBox(shopper, 'outline')).toBeNull();
  });

  it('a command for another page, another element or a blocked part moves nothing', async () => {
    const { shopper, agent, replay } = await openBoth();
    const place = await placeInConsole(agent, replay, '.card:nth-child(2) h3');
    await agent.mouse.click(place.x + 5, place.y + 5);
    await agent.waitForFunction(() => window.agent.picked !== null);
    const picked = await agent.evaluate(() => window.agent.picked);
    await expect.poll(() => ownBox(shopper, 'outline')).not.toBeNull();
    const tell = (node: number, tag: string, epoch = 1) => {
      lab.tell({ type: 'cobrowse.highlight', conversation: 'c1', agent: 'Ana', epoch, node, tag });
      return shopper.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    };
    const node = picked?.node ?? 0;
    await tell(node, 'p');
    await expect.poll(() => ownBox(shopper, 'outline')).toBeNull();
    await tell(node, 'h3', 99);
    expect(await ownBox(shopper, 'outline')).toBeNull();
    await tell(4_000_000, 'h3');
    expect(await ownBox(shopper, 'outline')).toBeNull();
    await tell(node, 'h3');
    await expect.poll(() => ownBox(shopper, 'outline')).not.toBeNull();
    await shopper.evaluate(() => document.querySelector('.card:nth-child(2)')?.remove());
    await expect.poll(() => ownBox(shopper, 'outline')).toBeNull();
  });

  it('is said to people who listen', async () => {
    const { shopper, agent, replay } = await openBoth();
    const place = await placeInConsole(agent, replay, '.card:nth-child(2) h3');
    await agent.mouse.click(place.x + 5, place.y + 5);
    const names = async () => {
      const protocol = await context.newCDPSession(shopper);
      const { nodes } = await protocol.send('Accessibility.getFullAXTree');
      await protocol.detach();
      return nodes.map(({ role, name }) => `${String(role?.value)}: ${String(name?.value)}`);
    };
    await expect.poll(names).toContain('StaticText: Ana is pointing here: Thing 1');
    expect(await names()).toContain('button: Stop');
    expect(await names()).toContain('group: Ana sees this page');
  });
});

async function press(page: Page, box: Box | null): Promise<void> {
  if (!box) throw new Error('It is not drawn.');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

async function boxOf(page: Page, selector: string): Promise<Box> {
  return await page.$eval(selector, (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x, y, width, height };
  });
}

function distance(box: Box | null, place: { x: number; y: number }): number {
  return box ? Math.hypot(box.x - place.x, box.y - place.y) : Number.POSITIVE_INFINITY;
}

/** The largest distance between two edges. */
function apart(a: Box | null, b: Box): number {
  if (!a) return Number.POSITIVE_INFINITY;
  const edges = [a.x - b.x, a.y - b.y, a.x + a.width - b.x - b.width, a.y + a.height - b.y - b.height];
  return Math.max(...edges.map(Math.abs));
}

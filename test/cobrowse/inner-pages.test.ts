import type { BrowserContext, Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Chromium } from '../browser/chromium.ts';
import { framedPages } from './support/framed-pages.ts';
import { openLab, type Lab } from './support/lab.ts';
import { clickOwn, ownBox, ownText, replayFrame } from './support/picture.ts';

let browser: Chromium;
let context: BrowserContext;
let desk: BrowserContext;
let pages: Awaited<ReturnType<typeof framedPages>>;
let lab: Lab;
let shopper: Page;
let agent: Page;
let replay: Frame;

beforeAll(async () => {
  pages = await framedPages();
  browser = await Chromium.open();
});
beforeEach(async () => {
  lab = await openLab({}, pages);
  context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
  shopper = await context.newPage();
  await shopper.goto(new URL('/pages/outer.html', lab.shop).href);
  desk = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  agent = await desk.newPage();
  await agent.goto(lab.console);
  replay = await replayFrame(agent);
});
afterEach(async () => {
  await Promise.all([context.close(), desk.close()]);
  const { refused } = lab;
  await lab.close();
  // The server has understood everything that left.
  expect(refused).toEqual([]);
});
afterAll(async () => await browser.close());

/** A page inside, in the shopper's browser. */
function inside(name: string): Frame {
  const found = shopper.frames().find((frame) => frame.url().endsWith(`/pages/${name}`));
  if (!found) throw new Error(`There is no ${name} in the page.`);
  return found;
}

/** In the agent's picture, what is in frames by their path, such as `#adviser #nested`. */
function seen<T>(path: string, read: (page: Document) => T): Promise<T> {
  return replay.evaluate<T>(`(() => {
    let page = document.querySelector('.page.shown iframe').contentDocument;
    for (const frame of ${JSON.stringify(path.split(' ').filter(Boolean))}) page = page?.querySelector(frame)?.contentDocument;
    return page?.body && (${read.toString()})(page);
  })()`);
}
const text = (path: string) => seen(path, (page) => page.body.innerText.replaceAll(/\s+/g, ' ').trim());

describe('promise 17: a page of the shop inside a frame of another origin', () => {
  it('is seen as it is, live, with what is inside it, and nothing that is masked leaves', async () => {
    await expect.poll(() => text('#adviser')).toContain('Size adviser Which size? Size M');
    await expect.poll(() => text('#adviser #nested')).toContain('Innermost');
    await expect.poll(() => text('#adviser #same')).toContain('In a frame of its own');
    const look = () =>
      seen('#adviser', (page) => {
        const shadow = page.querySelector('#shadow')?.shadowRoot?.querySelector('p');
        const colour = (element: Element | null | undefined) => element && getComputedStyle(element).color;
        return [
          colour(page.querySelector('h2')),
          colour(shadow),
          page.querySelector<HTMLInputElement>('#typed')?.value,
          page.querySelector('[data-mostrador-mask]')?.textContent,
        ];
      });
    await expect.poll(look).toEqual(['rgb(10, 120, 90)', 'rgb(1, 2, 3)', '•••••', '•••••']);
    // Everything is in its place.
    const boxes = (page: Document) =>
      [...page.querySelectorAll('h2,p,button,input,select,iframe,div')].map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return [element.localName, ...[x, y, width, height].map(Math.round)].join(' ');
      });
    const there = await inside('adviser.html').evaluate<string[]>(`(${boxes.toString()})(document)`);
    expect(there.length).toBeGreaterThan(15);
    await expect.poll(() => seen('#adviser', boxes)).toEqual(there);
    await inside('adviser.html').evaluate(() => {
      document.querySelector('#said')?.replaceChildren('Size M it is');
      document.querySelector('#size')?.setAttribute('class', 'chosen');
      const cut = document.querySelector<HTMLSelectElement>('#cut');
      if (cut) cut.selectedIndex = 1;
      scrollTo({ top: 120, behavior: 'instant' });
    });
    await inside('nested.html').evaluate(() => document.querySelector('#innermost')?.append(' and changed'));
    await expect.poll(() => text('#adviser')).toContain('Size M it is');
    await expect.poll(() => text('#adviser #nested')).toContain('Innermost and changed');
    await expect
      .poll(() => seen('#adviser', (page) => [page.querySelector('.chosen')?.id, page.defaultView?.scrollY]))
      .toEqual(['size', 120]);
    // By its hash, as every style sheet.
    const sheets = () => lab.sent.filter(({ text: said }) => said.includes('"tag":"sheet"')).length;
    expect(sheets()).toBeGreaterThan(0);
    const all = lab.sent.map(({ text: said }) => said).join('\n');
    expect(all).not.toMatch(/SECRET|4111/);
    expect(await text('#foreign')).toBe('localhost');
    expect(await text('#covered')).toBe('localhost');
  });

  it('goes on when it loads anew, is another page, is none of ours, goes away and comes back', async () => {
    await expect.poll(() => text('#adviser')).toContain('Size adviser');
    await inside('adviser.html').evaluate(() => location.reload());
    await expect.poll(() => text('#adviser')).toContain('Size adviser');
    const goTo = (name: string) =>
      shopper.$eval('#adviser', (frame: HTMLIFrameElement, page) => (frame.src = new URL(page, frame.src).href), name);
    await goTo('small.html');
    await expect.poll(() => text('#adviser')).toBe('Only small');
    await goTo('foreign.html');
    await expect.poll(() => text('#adviser')).toBe('localhost');
    await goTo('adviser.html');
    await expect.poll(() => text('#adviser #nested')).toContain('Innermost');
    // Of its own origin it is seen from outside.
    await shopper.$eval('#adviser', (frame: HTMLIFrameElement) => (frame.src = '/pages/small.html'));
    await expect.poll(() => text('#adviser')).toBe('Only small');
    await goTo('small.html');
    // The picture says the same before and after: the frame itself says when it is back.
    await shopper.$eval('#adviser', async (frame) => {
      frame.remove();
      await new Promise((resolve) => setTimeout(resolve));
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
      document.querySelector('#around')?.after(frame);
      await loaded;
    });
    await expect.poll(() => text('#adviser')).toBe('Only small');
    await inside('small.html').evaluate(() => document.querySelector('h2')?.append(', live'));
    await expect.poll(() => text('#adviser')).toBe('Only small, live');
  });

  it('stays when the whole page is taken anew, for a second agent and for one who came later', async () => {
    await expect.poll(() => text('#adviser #nested')).toContain('Innermost');
    lab.tell({ type: 'cobrowse.snapshot', conversation: 'c1' });
    await lab.until(() => lab.sent.filter(({ kind }) => kind === 'snapshot').length > 1);
    await inside('nested.html').evaluate(() => document.querySelector('#innermost')?.append(' again'));
    await expect.poll(() => text('#adviser #nested')).toContain('Innermost again');
    const late = await desk.newPage();
    await late.goto(lab.console);
    replay = await replayFrame(late);
    await expect.poll(() => text('#adviser #nested')).toContain('Innermost again');
  });

  it('nothing of it is recorded before the yes, and nothing after the stop', async () => {
    await expect.poll(() => text('#adviser')).toContain('Size adviser');
    const isRecorded = () => inside('adviser.html').evaluate(() => window.idOf(document) !== -1);
    expect(await isRecorded()).toBe(true);
    await shopper.evaluate(() => window.shopper.session()?.close());
    await expect.poll(isRecorded).toBe(false);
    await inside('adviser.html').evaluate(() => document.querySelector('#said')?.replaceChildren('After the stop'));
    await shopper.evaluate(() => window.shopper.start());
    await expect.poll(() => text('#adviser')).toContain('After the stop');
  });

  it('is not recorded as long as the shopper has not said yes', async () => {
    await shopper.close();
    const quiet = await context.newPage();
    await quiet.goto(new URL('/pages/quiet.html', lab.shop).href);
    const adviser = quiet.frames().find((frame) => frame.url().endsWith('adviser.html'));
    // Of the page inside it alone.
    const heard = await adviser?.evaluate(() => window.heard.filter((word) => word !== 'hello'));
    expect([heard, await adviser?.evaluate(() => window.idOf(document))]).toEqual([[], -1]);
    await quiet.evaluate(() => window.shopper.start());
    await adviser?.waitForFunction(() => window.idOf(document) !== -1);
    expect(await adviser?.evaluate(() => window.heard.includes('record'))).toBe(true);
  });

  it('is a box as soon as the page around masks it', async () => {
    await expect.poll(() => text('#adviser')).toContain('Size adviser');
    await shopper.$eval('#adviser', (frame) => frame.setAttribute('data-mostrador-mask', ''));
    await expect.poll(() => text('#adviser')).toBe('localhost');
    await shopper.$eval('#adviser', (frame) => frame.removeAttribute('data-mostrador-mask'));
    await expect.poll(() => text('#adviser')).toContain('Size adviser');
  });
});

describe('promise 17 and 18: pointing in a page inside a frame', () => {
  const idOf = (selector: string) =>
    inside('adviser.html').evaluate((wanted) => {
      const element = document.querySelector(wanted);
      return element ? window.idOf(element) : 0;
    }, selector);
  const placeOf = async (selector: string) =>
    (await shopper.frameLocator('#adviser').locator(selector).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const isOutlined = async (selector: string) => {
    const [box, place] = [await ownBox(shopper, 'outline'), await placeOf(selector)];
    return box !== null && Math.hypot(box.x - place.x, box.y - place.y) < 4 && Math.abs(box.width - place.width) < 4;
  };
  const highlight = (node: number, tag: string) =>
    lab.tell({ type: 'cobrowse.highlight', conversation: 'c1', agent: 'Ana', by: 'ana', epoch: 1, node, tag });
  const told = (type: string) =>
    shopper.evaluate(
      (wanted) => window.shopper.told.findLast((each) => (each as { type?: string }).type === wanted),
      type,
    );

  /** Eight pixels inside the button, in the agent's window. */
  const placeInPicture = async () => {
    const { x, y } = (await agent.locator('iframe').boundingBox()) ?? { x: 0, y: 0 };
    const inReplay = await replay.evaluate(() => {
      const page = document.querySelector<HTMLIFrameElement>('.page.shown iframe');
      const frame = page?.contentDocument?.querySelector<HTMLIFrameElement>('#adviser');
      const box = frame?.contentDocument?.querySelector('#size')?.getBoundingClientRect();
      if (!page || !frame || !box) throw new Error('There is no such button in the picture.');
      const [outer, around] = [page.getBoundingClientRect(), frame.getBoundingClientRect()];
      const scale = outer.width / page.offsetWidth;
      const middle = { x: around.x + frame.clientLeft + box.x + 8, y: around.y + frame.clientTop + box.y + 8 };
      return { x: outer.x + middle.x * scale, y: outer.y + middle.y * scale };
    });
    return { x: x + inReplay.x, y: y + inReplay.y };
  };

  it('what the agent points at is outlined there, follows, and is named; another element is not', async () => {
    await expect.poll(() => text('#adviser')).toContain('Size adviser');
    const place = await placeInPicture();
    await agent.mouse.move(place.x, place.y);
    const button = await placeOf('#size');
    await expect
      .poll(async () => {
        const pointer = await ownBox(shopper, 'pointer');
        return pointer ? Math.hypot(pointer.x - button.x - 8, pointer.y - button.y - 8) : 99;
      })
      .toBeLessThan(4);
    await agent.mouse.click(place.x, place.y);
    await expect.poll(() => isOutlined('#size')).toBe(true);
    expect(await agent.evaluate(() => window.agent.picked)).toMatchObject({ tag: 'button', text: 'Size M' });
    await expect.poll(() => ownText(shopper, 'live')).toBe('Ana is pointing here: Size M');
    await inside('adviser.html').evaluate(() => document.querySelector('h2')?.before(document.createElement('hr')));
    await expect.poll(() => isOutlined('#size')).toBe(true);
    highlight(await idOf('#size'), 'h1');
    await expect.poll(() => told('cobrowse.missed')).toMatchObject({ by: 'ana' });
    expect(await ownBox(shopper, 'outline')).toBeNull();
  });

  it('what is out of sight in there has a way to it', async () => {
    await expect.poll(() => text('#adviser')).toContain('Far down');
    highlight(await idOf('#deep'), 'p');
    await expect.poll(() => ownBox(shopper, 'way')).not.toBeNull();
    expect(await ownBox(shopper, 'outline')).toBeNull();
    await clickOwn(shopper, 'way');
    await expect.poll(() => isOutlined('#deep')).toBe(true);
    await expect.poll(() => ownBox(shopper, 'way')).toBeNull();
  });

  it('the shopper’s mouse is where it is in there, the shopper points back, and hands do nothing', async () => {
    await expect.poll(() => text('#adviser')).toContain('Size adviser');
    const [node, { x, y }] = [await idOf('#size'), await placeOf('#size')];
    await shopper.mouse.move(x + 5, y + 5);
    await lab.until(() => lab.sent.some((sent) => sent.kind === 'cursor' && sent.text.includes(`"node":${node},`)));
    const moved = JSON.parse(lab.sent.findLast(({ kind }) => kind === 'cursor')?.text ?? '') as {
      x: number;
      y: number;
    };
    expect(Math.hypot(moved.x - x - 5, moved.y - y - 5)).toBeLessThan(2);
    await clickOwn(shopper, 'point');
    await expect.poll(() => ownBox(shopper, 'pane')).not.toBeNull();
    await shopper.mouse.click(x + 5, y + 5);
    await expect.poll(() => told('cobrowse.point')).toMatchObject({ node });
    await shopper.evaluate(() => window.shopper.help());
    const at = { node, fx: 0.5, fy: 0.5, tag: 'button', hash: '' };
    const order = { epoch: 1, act: 1, agent: 'Ana', by: 'ana', origins: [new URL(lab.shop).origin] };
    await expect
      .poll(async () => {
        lab.tell({ type: 'hands.act', conversation: 'c1', ...order, deed: { kind: 'click', at } });
        return await told('hands.acted');
      })
      .toMatchObject({ outcome: 'not-allowed' });
    // And the agent reads why, before a click.
    await agent.evaluate(() => window.agent.replay.use('hands', false));
    const place = await placeInPicture();
    await agent.mouse.move(place.x, place.y);
    await agent.waitForFunction(() => window.agent.hint === 'framed');
    await agent.mouse.click(place.x, place.y);
    expect(await agent.evaluate(() => window.agent.deeds)).toEqual([]);
  });
});

describe('promise 17 and 19: a page inside a frame that means harm', () => {
  it.each([
    [
      'numbers of the page around',
      [{ type: 3, data: { source: 0, adds: [], texts: [{ id: 5, value: 'FORGED' }], removes: [], attributes: [] } }],
    ],
    [
      'an address of the page around',
      [{ type: 5, data: { tag: 'page', payload: { href: 'https://forged.example/' } } }],
    ],
    [
      'the whole page',
      [{ type: 2, data: { node: { type: 0, id: 1, childNodes: [] }, initialOffset: { left: 0, top: 0 } } }],
    ],
    ['what cannot be read', [{ type: 3, data: { source: 0, adds: [{ parentId: 'x', node: 7 }] } }]],
    ['no events at all', { not: 'a list' }],
  ])('cannot say %s: it is a box from then on, and co-browsing goes on', async (_, forged) => {
    await expect.poll(() => text('#adviser')).toContain('Size adviser');
    // A page that is let in and then does as it likes: it takes the way of ours.
    await inside('adviser.html').evaluate((events) => {
      const send = Reflect.get(MessagePort.prototype, 'postMessage') as (this: MessagePort, word: unknown) => void;
      MessagePort.prototype.postMessage = function (this: MessagePort, word: unknown) {
        const { n } = word as { n?: number };
        send.call(this, n === undefined ? word : { n, whole: false, events: JSON.stringify(events) });
      } as typeof MessagePort.prototype.postMessage;
      document.querySelector('#said')?.replaceChildren('Now');
    }, forged);
    await expect.poll(() => text('#adviser')).toBe('localhost');
    await shopper.evaluate(() => document.querySelector('#step')?.replaceChildren('1'));
    await expect.poll(() => text('')).toContain('1');
    expect(lab.sent.some(({ text: said }) => said.includes('FORGED') || said.includes('forged.example'))).toBe(false);
  });

  it('cannot speak for another one, nor be asked by a page that is not around it', async () => {
    await expect.poll(() => text('#adviser')).toContain('Size adviser');
    const asked = await inside('foreign.html').evaluate(async () => {
      let heard = 0;
      addEventListener('message', ({ data, ports }) => {
        if ((data as { word?: string } | null)?.word === 'record' || ports.length > 0) heard += 1;
      });
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => (heard += 1));
      port1.start();
      const word = { mostrador: 'demo', first: 1, maskText: false, queries: [] };
      // A sibling's page asks for the adviser's.
      (parent.frames[0] as Window).postMessage({ ...word, word: 'record' }, { targetOrigin: '*', transfer: [port2] });
      (parent.frames[0] as Window).postMessage({ ...word, word: 'here' }, '*');
      // Without our script it is invited where its origin is the shop's; what it makes of that is nothing.
      for (let at = 0; at < 200; at += 1) parent.postMessage({ mostrador: 'other', word: 'hello' }, '*');
      await new Promise((resolve) => setTimeout(resolve));
      return heard;
    });
    expect(asked).toBe(0);
    await inside('adviser.html').evaluate(() => document.querySelector('#said')?.replaceChildren('Still here'));
    await expect.poll(() => text('#adviser')).toContain('Still here');
  });
});

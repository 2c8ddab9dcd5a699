import { deflateRawSync } from 'node:zlib';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCobrowseFrame, type CobrowseEncoding, type CobrowseKind } from '../../server/protocol/cobrowse-frame.ts';
import { Chromium } from '../browser/chromium.ts';
import { openLab, type Lab } from './support/lab.ts';
import { FORGED, RUN, add, attributes, element, hostileNodes, newId, page, say } from './support/hostile-pages.ts';
import { SHOP_PAGES } from './support/shop-pages.ts';

let browser: Chromium;
let lab: Lab;
let agent: Page;
let replay: Frame;
let origin: string;

beforeAll(async () => {
  lab = await openLab(SHOP_PAGES);
  origin = new URL(lab.console).origin;
  browser = await Chromium.open();
  const context = await browser.newContext();
  await context.addCookies([
    { name: 'session', value: 'of-the-agent', url: origin, httpOnly: true, sameSite: 'Strict' },
  ]);
  agent = await context.newPage();
  await agent.goto(lab.console);
  const frame = await (await agent.waitForSelector('iframe')).contentFrame();
  if (!frame) throw new Error('There is no replay frame.');
  replay = frame;
  await replay.waitForSelector('.device', { state: 'attached' });
});
afterAll(async () => {
  await browser?.close();
  await lab?.close();
});

let seq = 0;
async function feed(
  payload: string | Uint8Array,
  kind: CobrowseKind = 'events',
  encoding: CobrowseEncoding = 'json',
  epoch = 1,
): Promise<void> {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  const frame = encodeCobrowseFrame({ kind, encoding, channel: 7, epoch, seq: (seq += 1) }, bytes);
  await agent.evaluate((numbers) => window.agent.replay.feed(new Uint8Array(numbers).buffer), [...frame]);
}

/** Waits until the page that is shown says a word, which the last event of a test lets it do. */
async function shows(word: string): Promise<void> {
  const said = () =>
    replay.evaluate(
      () =>
        document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument?.querySelector('#alive')
          ?.textContent,
    );
  await expect.poll(said, { timeout: 5_000 }).toBe(word);
}

async function alive(word: string): Promise<void> {
  await feed(JSON.stringify([say(word)]));
  await shows(word);
}

/** From nothing: a page that says `start`. */
async function begin(...nodes: unknown[]): Promise<void> {
  await agent.evaluate(() => window.agent.replay.reset());
  seq = 0;
  await feed(JSON.stringify(page(...nodes)), 'snapshot');
  await shows('start');
}

/** Clicks everything that could be clicked, as the agent might, and looks whether anything ran. */
async function nothingRan(): Promise<void> {
  await agent.bringToFront();
  await agent.mouse.click(200, 60);
  await agent.keyboard.press('Tab');
  await agent.keyboard.press('Enter');
  expect(await agent.evaluate(() => 'pwned' in window || 'polluted' in {})).toBe(false);
  const windows = await replay.evaluate(() => {
    const inside = (view: Window): Window[] => [
      view,
      ...Array.from({ length: view.length }, (_, at) => view[at]).flatMap((each) => (each ? inside(each) : [])),
    ];
    return inside(window).map((view) => 'pwned' in view);
  });
  expect(windows.length).toBeGreaterThan(1);
  expect(windows).not.toContain(true);
  const asked = lab.requests.filter(({ path }) => /^\/evil-(?:doc|script|ran)/.test(path)).map(({ path }) => path);
  expect(asked).toEqual([]);
}

describe('promise 6: the replay is safe from the page it shows', () => {
  it('hostile pages do nothing, and the replay goes on', async () => {
    for (const [name, nodes] of Object.entries(hostileNodes(origin))) {
      await begin(...nodes);
      await alive(name);
    }
    await nothingRan();
    expect(await replay.evaluate(() => document.querySelector('.page.shown iframe')?.getAttribute('sandbox'))).toBe(
      'allow-same-origin',
    );
  });

  it('hostile changes do nothing, and the replay goes on', async () => {
    await begin();
    for (const [name, nodes] of Object.entries(hostileNodes(origin))) {
      await feed(JSON.stringify([add(...nodes)]));
      await alive(name);
    }
    const frameId = newId();
    await feed(
      JSON.stringify([
        add({ ...element('iframe'), id: frameId }),
        attributes(frameId, { src: `${origin}/evil-doc`, srcdoc: `<script>${RUN}</script>` }),
      ]),
    );
    await nothingRan();
    await alive('still here');
  });

  it('forged events do nothing, and the replay goes on', async () => {
    for (const [name, event] of Object.entries(FORGED)) {
      await begin();
      await feed(JSON.stringify([event, say(name)]));
      await shows(name);
    }
    await nothingRan();
  });

  it('frames that are none are left out: no JSON, no deflate, too deep, an old epoch, no header', async () => {
    await begin();
    await feed('{not json');
    await feed('{"events":1}');
    const [open = '', close = ''] = JSON.stringify(element('b', {}, 'INSIDE')).split('"INSIDE"');
    await feed(JSON.stringify([add('NODE')]).replace('"NODE"', open.repeat(3_000) + close.repeat(3_000)));
    await feed(JSON.stringify([{ type: 3, data: { source: 3, id: 1, x: 1, y: 1 } }]), 'cursor');
    seq -= 1;
    await agent.evaluate(() => window.agent.replay.feed(new ArrayBuffer(3)));
    await alive('still here');
    const before = await agent.evaluate(() => window.agent.gaps);
    await feed(new Uint8Array([1, 2, 3, 250]), 'events', 'deflate-raw');
    await agent.waitForFunction((gaps) => window.agent.gaps === gaps + 1, before);
    await feed(JSON.stringify(page()), 'snapshot');
    await alive('after a new picture');
  });

  it('a page that is too large is said to be so at once, once, and the next one is shown', async () => {
    await begin();
    const gaps = await agent.evaluate(() => window.agent.gaps);
    const nodes = Array.from({ length: 290_000 }, () => element('i'));
    const status = () => agent.evaluate(() => window.agent.statuses.at(-1));
    const inflated = new TextEncoder().encode(
      JSON.stringify(page(element('div', {}, 'NODES'))).replace('"NODES"', JSON.stringify(nodes).slice(1, -1)),
    );
    await feed(deflateRawSync(inflated), 'snapshot', 'deflate-raw', 2);
    await expect.poll(status, { timeout: 5_000 }).toBe('too-large');
    await feed(JSON.stringify([say('not yet')]), 'events', 'json', 2);
    expect(await agent.evaluate(() => window.agent.gaps)).toBe(gaps);
    await feed(JSON.stringify(page()), 'snapshot', 'json', 2);
    await shows('start');
    await expect.poll(status).toBe('live');
  });

  it('a video is silent, whatever the page says', async () => {
    const video = { ...element('video', { id: 'loud', rr_mediaMuted: false, rr_mediaVolume: 1 }) };
    const { data } = add(video);
    await begin();
    await feed(
      JSON.stringify([{ type: 3, data: { ...data, attributes: [{ id: video.id, attributes: { muted: null } }] } }]),
    );
    await feed(JSON.stringify([attributes(video.id, { muted: null })]));
    await feed(JSON.stringify([{ type: 3, data: { source: 7, type: 3, id: video.id, muted: false, volume: 1 } }]));
    await alive('after the video');
    const muted = await replay.evaluate(() => {
      const inner = document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument;
      const loud = inner?.querySelector('video');
      return [loud?.muted, loud?.hasAttribute('muted')];
    });
    expect(muted).toEqual([true, true]);
  });

  it('no request of the replay carries the agent’s cookie', async () => {
    await begin(
      element('img', { src: `${origin}/logout.png` }),
      element('link', { rel: 'stylesheet', href: `${origin}/logout.css` }),
    );
    await expect.poll(() => lab.requests.filter(({ path }) => path.startsWith('/logout')).length).toBe(2);
    expect(lab.requests.filter(({ path }) => path.startsWith('/logout')).map(({ cookie }) => cookie)).toEqual(['', '']);
    expect(lab.requests.some(({ path, cookie }) => path === '/console/' && cookie.includes('of-the-agent'))).toBe(true);
  });
});

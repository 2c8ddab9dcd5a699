import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clickOwn } from '../cobrowse/support/picture.ts';
import type { AgentDesk } from './agent-desk.ts';
import { keepFrames } from './frame-log.ts';
import { keepTracks } from './media-probe.ts';
import { ShopVisit } from './shop-visit.ts';
import { Stage } from './stage.ts';
import { mediaReady, seeEachOther } from './video-call.ts';

let stage: Stage;
let shop: Server;
let shopOrigin: string;
let shopPage = '';
/** Besides its type. */
let shopHeaders: Record<string, string> = {};
/** Pages that are shown in frames of the shop's. */
let inner: Server;
let innerOrigin: string;

beforeAll(async () => {
  // A shop of somebody else's, on an origin of its own.
  shop = createServer(({ url }, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html', ...shopHeaders });
    response.end(url === '/adviser' ? page({ body: '<h2>Size adviser</h2>' }) : shopPage);
  }).listen(0, '127.0.0.1');
  await once(shop, 'listening');
  const address = shop.address();
  shopOrigin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  inner = createServer((_, response) => {
    const script = `<script async src="${stage.server.origin}/widget.js" data-shop="demo"></script>`;
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end(`<!doctype html><html lang="en"><title>Adviser</title>${script}<h2>Size adviser</h2></html>`);
  }).listen(0, '127.0.0.1');
  await once(inner, 'listening');
  const there = inner.address();
  innerOrigin = `http://127.0.0.1:${typeof there === 'object' && there ? there.port : 0}`;
  stage = await Stage.open({ SHOP_ORIGINS: `${shopOrigin},${innerOrigin}` });
});
afterEach(async () => {
  shopHeaders = {};
  await stage.leave();
});
afterAll(async () => {
  await stage.close();
  shop.close();
  inner.close();
});

function page(options: { key?: string; head?: string; body?: string; host?: string; settings?: string } = {}): string {
  const { key = 'demo', settings = '', head = '', body = '<h1>A shop</h1>', host = stage.server.origin } = options;
  const script = `<script async src="${host}/widget.js" data-shop="${key}" ${settings}></script>`;
  return `<!doctype html><html lang="en"><head><title>Shop</title>${script}${head}</head><body>${body}</body></html>`;
}

/** A shopper of the foreign shop who has written, and Ana who has taken it. */
async function conversation(greeting: string): Promise<{ shopper: ShopVisit; desk: AgentDesk }> {
  const desk = await stage.agent();
  const context = await stage.context({ viewport: { width: 1366, height: 768 }, locale: 'en-GB' });
  const shopper = new ShopVisit(await context.newPage(), () => ({ ...stage.server, origin: shopOrigin }));
  await shopper.goto('/');
  await shopper.open();
  await shopper.say(greeting);
  await desk.accept(greeting);
  return { shopper, desk };
}

/** A visit to the foreign shop. */
async function visit(): Promise<{ page: import('playwright-core').Page; messages: string[] }> {
  const context = await stage.context({ viewport: { width: 1200, height: 800 }, locale: 'en-GB' });
  const tab = await context.newPage();
  const messages: string[] = [];
  tab.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') messages.push(message.text());
  });
  tab.on('pageerror', (error) => messages.push(String(error)));
  await tab.goto(shopOrigin, { waitUntil: 'networkidle' });
  return { page: tab, messages };
}

describe('promise 1: one line in a shop of another origin', () => {
  it('under a strict Content-Security-Policy the widget opens and a message goes through', async () => {
    const { origin } = stage.server;
    const socket = origin.replace('http', 'ws');
    const policy = `default-src 'none'; script-src ${origin}; connect-src ${origin} ${socket}; media-src blob: mediastream:`;
    shopHeaders = { 'Content-Security-Policy': policy };
    shopPage = page();
    const { page: tab, messages } = await visit();
    await tab.getByRole('button', { name: /^Chat with/ }).click();
    await tab.getByRole('textbox', { name: 'Your message' }).fill('From a strict shop');
    await tab.keyboard.press('Enter');
    await tab.getByRole('log').getByText('We have your message').waitFor();
    expect(messages).toEqual([]);
  });

  it('no style leaks in or out', async () => {
    const brutal = `<style>* { color: red !important; font-size: 40px !important; display: block !important; }
      button { transform: rotate(45deg) !important; position: static !important } mostrador-widget { opacity: .1 }</style>`;
    shopPage = page();
    const plain = await visit();
    const launcher = (tab: import('playwright-core').Page): Promise<unknown> =>
      tab.getByRole('button', { name: /^Chat with/ }).evaluate((button) => {
        const { color, fontSize, transform, width, position } = getComputedStyle(button);
        const host = getComputedStyle((button.getRootNode() as ShadowRoot).host);
        return { color, fontSize, transform, width, position, opacity: host.opacity, display: host.display };
      });
    const looks = await launcher(plain.page);
    const own = await plain.page
      .getByRole('heading', { name: 'A shop' })
      .evaluate((h1) => JSON.stringify(getComputedStyle(h1)));
    shopPage = page({ head: brutal });
    const styled = await visit();
    expect(await launcher(styled.page)).toEqual(looks);
    shopPage = page();
    const opened = await visit();
    await opened.page.getByRole('button', { name: /^Chat with/ }).click();
    await opened.page.getByRole('textbox', { name: 'Your message' }).waitFor();
    expect(
      await opened.page.getByRole('heading', { name: 'A shop' }).evaluate((h1) => JSON.stringify(getComputedStyle(h1))),
    ).toBe(own);
  });

  it('the shop does not see globals of ours beside Mostrador', async () => {
    shopPage = page();
    const { page: tab } = await visit();
    await tab.getByRole('button', { name: /^Chat with/ }).click();
    await tab.getByRole('textbox', { name: 'Your message' }).waitFor();
    const globals = await tab.evaluate(() => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      const clean = new Set(Object.getOwnPropertyNames(frame.contentWindow));
      frame.remove();
      return Object.getOwnPropertyNames(window).filter((name) => !clean.has(name) && Number.isNaN(Number(name)));
    });
    expect(globals.filter((name) => !name.startsWith('__pw') && !name.startsWith('__playwright'))).toEqual([
      'Mostrador',
    ]);
  });

  it.each([
    ['an unknown key', { key: 'no-such-shop' }, /no-such-shop/],
    ['a forbidden origin', {}, /localhost:\d+/],
  ])('%s: one clear message, no launcher', async (what, options, message) => {
    shopPage = page(options);
    const context = await stage.context();
    const tab = await context.newPage();
    const messages: string[] = [];
    tab.on('console', (each) => messages.push(each.text()));
    // The same shop by its other name is an origin that was not allowed.
    const address = what === 'a forbidden origin' ? shopOrigin.replace('127.0.0.1', 'localhost') : shopOrigin;
    await tab.goto(address);
    const ours = (): string[] => messages.filter((text) => text.includes('Mostrador'));
    await expect.poll(ours).toHaveLength(1);
    expect(ours()[0]).toMatch(message);
    expect(await tab.locator('mostrador-widget').getByRole('button').count()).toBe(0);
  });

  it('the script twice on a page is one widget', async () => {
    const again = `<script async src="${stage.server.origin}/widget.js" data-shop="demo"></script>`;
    shopPage = page({ body: `<h1>A shop</h1>${again}` });
    const { page: tab } = await visit();
    await tab.getByRole('button', { name: /^Chat with/ }).waitFor();
    expect(await tab.locator('mostrador-widget').count()).toBe(1);
  });
});

describe('promise 17: a page of the shop in a frame of another one', () => {
  /** By its other name the same page is of an origin that is not the shop's. */
  const elsewhere = () => innerOrigin.replace('127.0.0.1', 'localhost');
  const frames = () =>
    `<h1>A shop</h1><iframe id="ours" src="${innerOrigin}/"></iframe><iframe id="other" src="${elsewhere()}/"></iframe>`;

  it('has no second launcher, is seen after the yes, and one of another origin is not', async () => {
    shopPage = page({ body: frames() });
    const { shopper: visit, desk } = await conversation('Which size?');
    const asked: string[] = [];
    visit.page.on('request', (request) => asked.push(request.url()));
    await desk.button('Look together').click();
    await visit.button('Show my page').waitFor();
    expect(asked.filter((url) => url.includes('/inside/'))).toEqual([]);
    await visit.button('Show my page').click();
    const ours = desk.picture.frameLocator('#ours');
    await ours.getByText('Size adviser').waitFor();
    await desk.picture.frameLocator('#other').getByText('Content of localhost: not shown').waitFor();
    for (const name of ['#ours', '#other'])
      expect(await visit.page.frameLocator(name).locator('mostrador-widget').count()).toBe(0);
    await visit.page
      .frameLocator('#ours')
      .locator('h2')
      .evaluate((title) => title.replaceChildren('Size M it is'));
    await ours.getByText('Size M it is').waitFor();
    await visit.closePanel();
    await clickOwn(visit.page, 'stop');
    await desk.page.locator('iframe[data-part="page"]').waitFor({ state: 'detached' });
  });

  it('leaves to the page around it what goes on over a page load, also where both are of one origin', async () => {
    shopPage = page({ body: '<h1>A shop</h1><iframe id="own" src="/adviser"></iframe>' });
    const { shopper, desk } = await conversation('And for children?');
    const sockets: string[] = [];
    shopper.page.on('websocket', (socket) => sockets.push(socket.url()));
    await shopper.page.reload();
    await shopper.sees('is with you now');
    await shopper.page.frameLocator('#own').getByText('Size adviser').waitFor();
    await shopper.say('From the page around');
    await desk.sees('From the page around');
    expect(await shopper.page.frameLocator('#own').locator('mostrador-widget').count()).toBe(0);
    expect(sockets).toHaveLength(1);
  });

  it('says nothing to a page around it that is not the shop’s, and has its launcher there', async () => {
    // Whatever it knows of how ours talk.
    shopPage = `<!doctype html><title>Evil</title><iframe src="${innerOrigin}/"></iframe><script>
      window.heard = [];
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => heard.push(data);
      addEventListener('message', ({ data, source }) => {
        if (data?.word !== 'hello') return;
        const word = { mostrador: 'demo', word: 'record', first: 1, maskText: false, queries: ['all'] };
        source.postMessage(word, { targetOrigin: '*', transfer: [port2] });
      }, { once: true });</script>`;
    const context = await stage.context({ locale: 'en-GB' });
    const tab = await context.newPage();
    const refused = tab.waitForResponse((response) => response.url().includes('/together'));
    await tab.goto(shopOrigin.replace('127.0.0.1', 'localhost'));
    expect(await (await refused).json()).toEqual({ allowed: false });
    const inside = tab.frameLocator('iframe');
    await inside.getByRole('button', { name: /^Chat with/ }).waitFor();
    // A recorder begins in idle time, and says at once that it has.
    const idle = async (): Promise<void> => await new Promise((resolve) => requestIdleCallback(() => resolve()));
    for (let turn = 0; turn < 10; turn += 1) await inside.locator('body').evaluate(idle);
    expect(await tab.evaluate(() => (window as unknown as { heard: unknown[] }).heard)).toEqual([]);
  });
});

describe('a shop that keeps its pages apart (Cross-Origin-Opener-Policy)', () => {
  beforeEach(() => {
    shopHeaders = { 'Cross-Origin-Opener-Policy': 'same-origin' };
    shopPage = page();
  });

  it('promise 6: page loads are followed as ever, and the shopper reads why there is no window with what Ana sees', async () => {
    const { shopper, desk } = await conversation('Do you see it?');
    await desk.button('Look together').click();
    await shopper.button('Show my page').click();
    const title = desk.picture.getByRole('heading', { name: 'A shop' });
    await title.waitFor();
    for (const path of ['/next', '/last']) {
      await shopper.goto(path);
      await desk.page.getByText(path).first().waitFor();
      await title.waitFor();
      await expect.poll(async () => await desk.page.getByText('Not here right now').count()).toBe(0);
    }
    const opened = shopper.page.context().waitForEvent('page');
    await shopper.button('See it too').click();
    await (await opened).getByText('This window cannot reach the shop’s page').waitFor();
    const why = shopper.widget.getByText(/This shop keeps its pages apart from other windows, so what Ana sees/);
    await why.waitFor();
    await shopper.button('Dismiss').click();
    await why.waitFor({ state: 'detached' });
    // The way out for the shop.
    shopHeaders = { 'Cross-Origin-Opener-Policy': 'same-origin-allow-popups' };
    await shopper.goto('/apart-no-more');
    const joined = shopper.page.context().waitForEvent('page');
    await shopper.button('See it too').click();
    await (await joined).getByRole('heading', { name: 'What Ana sees' }).waitFor();
    expect(shopper.errors).toEqual([]);
  });

  it('promise 11: the call stays, says why, and is kept on top of other windows by the page itself', async () => {
    await mediaReady(stage);
    stage.scripts = [keepFrames, keepTracks];
    const { shopper, desk } = await conversation('May I call?');
    await desk.button('Video').click();
    await shopper.button('Answer').click();
    await shopper.button('Join now').click();
    await seeEachOther(shopper.remotePicture, desk);

    await shopper.button('Move the call into its own window').click();
    await shopper.widget.getByText('This shop keeps its pages apart from other windows').waitFor();
    await seeEachOther(shopper.remotePicture, desk);
    const opened = shopper.page.context().waitForEvent('page', (each) => !each.url().includes('/call/'));
    await shopper.widget
      .getByRole('alert')
      .getByRole('button', { name: 'Keep the call on top of other windows' })
      .click();
    const top = await opened;
    const onTop = top.locator('mostrador-window');
    await seeEachOther(onTop.getByLabel('Picture of Ana'), desk);
    await shopper.widget.getByText('Your call is in the small window on top, until the next page.').waitFor();
    await shopper.remotePicture.waitFor({ state: 'detached' });
    await onTop.getByRole('button', { name: 'Turn the microphone off' }).click();
    await desk.page.getByText('Microphone off').first().waitFor();
    await shopper.button('Bring it back').click();
    await seeEachOther(shopper.remotePicture, desk);

    // The next page of this tab knows, and has the call as before.
    await shopper.goto('/next');
    await seeEachOther(shopper.remotePicture, desk);
    await shopper.button('Turn the microphone on').waitFor();
    const again = shopper.page.context().waitForEvent('page');
    await shopper.button('Keep the call on top of other windows').click();
    const last = (await again).locator('mostrador-window');
    const closed = (await again).waitForEvent('close');
    await last.getByRole('button', { name: 'Hang up' }).click();
    await closed;
    await shopper.sees('Call ended');
    expect(shopper.errors).toEqual([]);
    stage.scripts = [];
  });
});

describe('promise 6: what the script tag says of texts and addresses', () => {
  it('holds from the first word that leaves', async () => {
    shopPage = page({ settings: 'data-mask-text="all" data-query-allow="page"' });
    const context = await stage.context({ locale: 'en-GB' });
    const tab = await context.newPage();
    let sent = '';
    tab.on('websocket', (socket) => socket.on('framesent', ({ payload }) => (sent += payload.toString())));
    await tab.goto(`${shopOrigin}/lamps?page=2&session=token-session#token-hash`);
    await tab.getByRole('button', { name: /^Chat with/ }).click();
    await tab.getByRole('textbox', { name: 'Your message' }).fill('Hello');
    await tab.keyboard.press('Enter');
    await tab.getByRole('log').getByText('We have your message').waitFor();
    await tab.evaluate(() => history.pushState(null, '', '/vases?page=3&session=token-later#token-later'));
    await expect.poll(() => sent).toContain('/vases');
    expect(sent).toContain('/lamps?page=2","title":""');
    expect(sent).toContain('/vases?page=3","title":""');
    expect(sent).not.toContain('token-');
  });
});

describe('promise 10: a page that does not open the chat', () => {
  it('loads the loader and the shop, and opens no socket', async () => {
    const context = await stage.context();
    const tab = await context.newPage();
    const asked: string[] = [];
    tab.on('request', (request) => asked.push(new URL(request.url()).pathname));
    let sockets = 0;
    tab.on('websocket', () => sockets++);
    shopPage = page();
    await tab.goto(shopOrigin, { waitUntil: 'networkidle' });
    await tab.getByRole('button', { name: /^Chat with/ }).waitFor();
    expect(asked.filter((path) => path !== '/' && path !== '/favicon.ico')).toEqual(['/widget.js', '/api/shops/demo']);
    expect(sockets).toBe(0);
  });
});

describe('promise 2: a shop to try it on', () => {
  it('twelve products on real pages, from the list to the thank-you page', async () => {
    const visit = await stage.shopper('/demo/category.html');
    expect(await visit.page.getByTestId('product-card').count()).toBe(12);
    await visit.page.getByTestId('product-card').first().getByRole('link').first().click();
    await visit.page.waitForLoadState('load');
    expect(await visit.page.locator('script[type="application/ld+json"]').count()).toBeGreaterThan(0);
    await visit.page.getByTestId('add-to-cart').click();
    await visit.page.getByTestId('drawer-checkout').click();
    await visit.page.waitForURL(/checkout/);
    await visit.launcher.waitFor();
    expect(visit.errors).toEqual([]);
  });
});

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readCobrowseHeader } from '../../server/protocol/cobrowse-frame.ts';
import { clickOwn, outlineOf, outlineOfReplay, ownBox, replayFrame } from '../cobrowse/support/picture.ts';
import { openTcpShaper, type TcpShaper } from '../support/network/tcp-shaper.ts';
import type { AgentDesk } from './agent-desk.ts';
import { ShopVisit } from './shop-visit.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let shaper: TcpShaper;
/** A shop of somebody else's: its pages come as they always do, what our widget sends goes over the slow network. */
let shop: Server;
let shopOrigin: string;

beforeAll(async () => {
  shaper = await openTcpShaper();
  const rows = Array.from({ length: 30 }, (_, row) => `<p>Row ${row}</p>`).join('');
  shop = createServer((_, response) => {
    const widget = `<script async src="http://127.0.0.1:${shaper.port}/widget.js" data-shop="demo"></script>`;
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end(`<!doctype html><html lang="en"><title>Shop</title>${widget}<h1>A shop</h1>${rows}`);
  }).listen(0, '127.0.0.1');
  await once(shop, 'listening');
  const address = shop.address();
  shopOrigin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  // A page that is left goes into the back-forward cache, as it does for people.
  const keeping = { whole: true, without: ['--disable-back-forward-cache'] };
  stage = await Stage.open({ SHOP_ORIGINS: shopOrigin }, [{ name: 'Eva', role: 'supervisor' }], keeping);
  shaper.target = { host: '127.0.0.1', port: Number(new URL(stage.server.origin).port) };
});
afterEach(async () => await stage.leave());
afterAll(async () => {
  await stage.close();
  await shaper.close();
  shop.close();
});

/** Ana looks at the page of a shopper. `before`: what the shopper's browser is like, from the next page on. */
async function looking(
  options: { path?: string; before?: (shopper: ShopVisit) => Promise<void> } = {},
): Promise<{ shopper: ShopVisit; ana: AgentDesk }> {
  const { shopper, agent: ana } = await stage.conversation();
  if (options.before) {
    await options.before(shopper);
    await shopper.page.reload();
    await shopper.sees('is with you now');
  }
  await ana.button('Look together').click();
  await shopper.button('Show my page').click();
  await replayFrame(ana.page);
  return { shopper, ana };
}

/** Both show the same elements and texts, and what the shopper's page changes in this moment arrives as well. */
async function isLive({ page }: ShopVisit, desk: AgentDesk): Promise<void> {
  const now = `Seen at step ${await page.evaluate(() => performance.now())}`;
  await page.evaluate((text) => document.querySelector('h1')?.replaceChildren(text), now);
  await desk.picture.getByText(now).waitFor();
  await expect
    .poll(async () => {
      const replay: Frame = await replayFrame(desk.page);
      const [shop, picture] = await Promise.all([outlineOf(page), outlineOfReplay(replay)]);
      const at = shop.findIndex((line, index) => line !== picture[index]);
      if (shop.length > 20 && at === -1 && shop.length === picture.length) return 'the same';
      return `${shop.length}/${picture.length} lines: ${shop[at]} ≠ ${picture[at]}`;
    })
    .toBe('the same');
}

declare global {
  interface Window {
    attributesRead: number;
  }
}

function countReads(): void {
  window.attributesRead = 0;
  const read = Object.getOwnPropertyDescriptor(Element.prototype, 'getAttributeNames')?.value as () => string[];
  Element.prototype.getAttributeNames = function (this: Element) {
    window.attributesRead += 1;
    return read.call(this);
  };
}

/** What of a page's sockets is held back, lost and counted. */
type Line = { held: (() => void)[] | null; lost: boolean; binary: number; snapshots: Set<string> };

async function tap({ page }: ShopVisit, line: Line): Promise<void> {
  await page.addInitScript(countReads);
  await page.routeWebSocket(/\/socket$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (typeof message !== 'string') {
        line.binary += 1;
        // In one part: the pages here are small. It may be sent again, when nothing says that it has arrived.
        const { kind, epoch, seq } = readCobrowseHeader(message) ?? {};
        if (kind === 'snapshot') line.snapshots.add(`${epoch} ${seq}`);
      }
      if (line.held) line.held.push(() => server.send(message));
      else if (!line.lost) server.send(message);
    });
    server.onMessage((message) => socket.send(message));
  });
}

describe('promise 16: always there', () => {
  it('the next page is taken while the tab still asks; if nobody looks any more by then, nothing of it leaves', async () => {
    const line: Line = { held: null, lost: false, binary: 0, snapshots: new Set() };
    const { shopper, ana } = await looking({ before: async (visit) => await tap(visit, line) });
    await isLive(shopper, ana);
    const taken = async (): Promise<number> => await shopper.page.evaluate(() => window.attributesRead);
    const reload = async (meanwhile: () => Promise<void>): Promise<void> => {
      line.held = [];
      await shopper.page.reload();
      line.binary = 0;
      // Every element of the page.
      await expect.poll(taken).toBeGreaterThan(30);
      await meanwhile();
      expect(line.binary).toBe(0);
      const held = line.held;
      line.held = null;
      for (const send of held) send();
    };
    await reload(async () => {});
    await isLive(shopper, ana);

    await reload(async () => {
      await ana.button('Stop looking').click();
      await ana.sees(/You stopped looking/);
    });
    await shopper.sees('is with you now');
    await shopper.page.evaluate(() => document.querySelector('h1')?.replaceChildren('Nobody sees this'));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(line.binary).toBe(0);
    expect(await shopper.page.locator('mostrador-cobrowse').count()).toBe(0);
  });

  it('a stop that no server has heard of is told by the next page, and nothing leaves any more', async () => {
    const line: Line = { held: null, lost: false, binary: 0, snapshots: new Set() };
    const { shopper, ana } = await looking({ before: async (visit) => await tap(visit, line) });
    await isLive(shopper, ana);
    line.lost = true;
    await clickOwn(shopper.page, 'stop');
    await shopper.page.reload();
    line.lost = false;
    line.binary = 0;
    await shopper.page.reload();
    await ana.sees(/stopped showing/);
    await shopper.page.evaluate(() => document.querySelector('h1')?.replaceChildren('Nobody sees this'));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(line.binary).toBe(0);
  });

  it('a page is sent whole once for each page load', async () => {
    const line: Line = { held: null, lost: false, binary: 0, snapshots: new Set() };
    const { shopper, ana } = await looking({ before: async (visit) => await tap(visit, line) });
    await isLive(shopper, ana);
    await shopper.page.reload();
    await isLive(shopper, ana);
    // What asks for a new picture is gathered for a second.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(line.snapshots.size).toBe(2);
  });

  it('several tabs: the one in view is shown, and each has the frame with Stop', async () => {
    const { shopper, ana } = await looking();
    await shopper.closePanel();
    const second = new ShopVisit(await shopper.page.context().newPage(), () => stage.server);
    await second.goto('/demo/category.html');
    await second.page.bringToFront();
    await ana.picture.getByRole('heading', { name: 'Everything in the shop' }).waitFor();
    for (const { page } of [shopper, second]) {
      await expect.poll(async () => (await ownBox(page, 'frame'))?.width ?? 0).toBeGreaterThan(1_000);
    }
    await isLive(second, ana);
    await shopper.page.bringToFront();
    await shopper.page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await isLive(shopper, ana);
    const stop = await ownBox(shopper.page, 'stop');
    await shopper.page.mouse.click((stop?.x ?? 0) + 30, (stop?.y ?? 0) + 20);
    await ana.page.locator('iframe[data-part="page"]').waitFor({ state: 'detached' });
  });

  it('goes on when a page comes back from the back-forward cache', async () => {
    const { shopper, ana } = await looking();
    await shopper.closePanel();
    await shopper.page.evaluate(() => {
      addEventListener(
        'pageshow',
        ({ persisted }) => (document.documentElement.dataset['cameBack'] = String(persisted)),
      );
    });
    await shopper.goto('/demo/category.html');
    await ana.picture.getByRole('heading', { name: 'Everything in the shop' }).waitFor();
    // Nothing is loaded: there is no other event to wait for than the page itself.
    await shopper.page.evaluate(() => history.back()).catch(() => undefined);
    await expect.poll(async () => await shopper.page.locator('html').getAttribute('data-came-back')).toBe('true');
    await isLive(shopper, ana);
    expect(await shopper.widget.getByText('would like to see this page').count()).toBe(0);
  });

  it('a supervisor looks along: the picture comes from the server, and the shopper reads the name', async () => {
    let asked = 0;
    const { shopper, ana } = await looking({
      before: async ({ page }) => {
        page.on('websocket', (socket) =>
          socket.on('framereceived', ({ payload }) => {
            if (typeof payload === 'string' && payload.includes('"cobrowse.snapshot"')) asked += 1;
          }),
        );
      },
    });
    await isLive(shopper, ana);
    const before = asked;
    const eva = await stage.agent({}, stage.as['Eva']);
    await eva.page.getByText('With colleagues').click();
    await eva.page.locator('[data-line]').last().click();
    await eva.page.getByText('the shopper sees your name').waitFor();
    expect(await shopper.widget.getByText('Eva').count()).toBe(0);
    // The replay page is there before the click, and comes into view without being loaded again.
    const spare = await eva.page.waitForSelector('iframe[data-part="spare"]', { state: 'attached' });
    const ahead = await spare.contentFrame();
    // What is not drawn has no animation frames.
    await ahead?.waitForFunction(() => document.querySelector('.blank') !== null, undefined, { polling: 50 });
    await ahead?.evaluate(() => (document.documentElement.dataset['sameAsBefore'] = 'true'));
    await eva.button('Look along').click();
    await isLive(shopper, eva);
    await (await replayFrame(eva.page)).waitForSelector('html[data-same-as-before]', { state: 'attached' });
    expect(await eva.page.locator('iframe[data-part="spare"]').count()).toBe(0);
    await shopper.widget
      .getByText(/Ana (?:and|y) Eva see this page/)
      .first()
      .waitFor();
    await ana.page.getByText('Also looking: Eva').waitFor();
    expect(asked).toBe(before);
    await eva.button('Stop looking').click();
    await shopper.widget.getByText('Ana sees this page').first().waitFor();
    await isLive(shopper, ana);
  });

  it.each([5_000, -5_000])("a shopper's clock that is %d ms off changes nothing", async (off) => {
    const { shopper, ana } = await looking({
      before: async ({ page }) => void (await page.context().addInitScript(shiftClock, off)),
    });
    expect(Math.abs((await shopper.page.evaluate(() => Date.now())) - Date.now() - off)).toBeLessThan(2_500);
    await shopper.closePanel();
    await isLive(shopper, ana);
    await shopper.page.evaluate(() => window.scrollTo({ top: 300, behavior: 'instant' }));
    const top = await shopper.page.evaluate(() => window.scrollY);
    const replay = await replayFrame(ana.page);
    const seen = () =>
      replay.evaluate(
        () => document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentWindow?.scrollY ?? -1,
      );
    await expect.poll(seen).toBe(top);
    await shopper.page.mouse.move(300, 300);
    await shopper.page.mouse.move(320, 310);
    await expect.poll(() => replay.evaluate(() => document.querySelector<HTMLElement>('.cursor')?.hidden)).toBe(false);
    expect(await ana.page.getByText(/^\d+ s behind$/).count()).toBe(0);
  });
});

describe('promise 16: never behind', () => {
  it('on a slow network the agent reads how old the picture is, and it goes when the network is quick again', async () => {
    shaper.up = { bytesPerSecond: Infinity, delay: 0 };
    const ana = await stage.agent();
    const context = await stage.context({ viewport: { width: 1366, height: 768 }, locale: 'en-GB' });
    const shopper = new ShopVisit(await context.newPage(), () => ({ ...stage.server, origin: shopOrigin }));
    await shopper.goto('/');
    await shopper.open();
    await shopper.say('From far away');
    await ana.accept('From far away');
    await ana.button('Look together').click();
    await shopper.button('Show my page').click();
    await replayFrame(ana.page);
    await isLive(shopper, ana);
    const sign = ana.page.getByText(/^\d+ s behind$/);
    expect(await sign.count()).toBe(0);
    shaper.up = { bytesPerSecond: 32_000, delay: 1_600 };
    await sign.waitFor();
    // The picture goes on, and so does the chat.
    await isLive(shopper, ana);
    await shopper.say('It is slow here');
    await ana.sees('It is slow here');
    shaper.up = { bytesPerSecond: Infinity, delay: 0 };
    await sign.waitFor({ state: 'detached' });
    await isLive(shopper, ana);
  });
});

/** In the browser, before anything else runs: whoever asks what time it is hears another one. */
function shiftClock(off: number): void {
  const Real = Date;
  window.Date = class extends Real {
    constructor(...time: [] | [number]) {
      if (time.length === 0) super(Real.now() + off);
      else super(...time);
    }
    static override now(): number {
      return Real.now() + off;
    }
  } as DateConstructor;
}

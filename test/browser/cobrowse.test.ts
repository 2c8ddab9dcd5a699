import { inflateRawSync } from 'node:zlib';
import type { BrowserContextOptions, Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { COBROWSE_HEADER_BYTES, readCobrowseHeader } from '../../server/protocol/cobrowse-frame.ts';
import { FrameParts } from '../../server/rooms/frame-parts.ts';
import {
  clickOwn,
  outlineOf,
  outlineOfReplay,
  ownBox,
  placeInConsole,
  replayFrame,
} from '../cobrowse/support/picture.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { ShopVisit } from './shop-visit.ts';
import { Stage } from './stage.ts';

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

let stage: Stage;
beforeAll(async () => (stage = await Stage.open()));
afterEach(async () => await stage.leave());
afterAll(async () => await stage.close());

/** Everything that a page sends over its socket, readable. */
function listen(page: Page): { text(): string; binaryFrames(): number } {
  let sent = '';
  let binary = 0;
  const parts = new FrameParts();
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      if (typeof payload === 'string') return void (sent += payload);
      binary++;
      const header = readCobrowseHeader(payload);
      const whole = header && parts.take(header, Buffer.from(payload));
      if (typeof whole !== 'object' || !whole || !('frame' in whole)) return;
      const body = whole.frame.subarray(COBROWSE_HEADER_BYTES);
      sent += Buffer.from(header?.encoding === 'deflate-raw' ? inflateRawSync(body) : body).toString();
    });
  });
  return { text: () => sent, binaryFrames: () => binary };
}

async function looking(
  options: { path?: string; shopper?: BrowserContextOptions } = {},
): Promise<{ shopper: ShopVisit; agent: AgentDesk; replay: Frame }> {
  const { shopper, agent } = await stage.conversation(options);
  await agent.button('Look together').click();
  await shopper.button('Show my page').click();
  return { shopper, agent, replay: await replayFrame(agent.page) };
}

/** Waits until both show the same page: the same elements, and the same text where it is not masked. */
async function samePicture(shopper: ShopVisit, replay: () => Promise<Frame>): Promise<void> {
  await expect
    .poll(async () => {
      const [page, picture] = await Promise.all([outlineOf(shopper.page), outlineOfReplay(await replay())]);
      return page.length > 20 && JSON.stringify(page) === JSON.stringify(picture) ? 'same' : difference(page, picture);
    })
    .toBe('same');
}

function difference(page: string[], picture: string[]): string {
  const at = page.findIndex((line, index) => line !== picture[index]);
  return `line ${at} of ${page.length}/${picture.length}: ${page[at]} ≠ ${picture[at]}`;
}

describe('promise 6: the same page, with a yes', () => {
  it('nothing is recorded and nothing leaves before the yes; a no is a no', async () => {
    const { shopper, agent } = await stage.conversation();
    const scripts: string[] = [];
    shopper.page.on('request', (request) => scripts.push(request.url()));
    const wire = listen(shopper.page);
    await shopper.page.reload();
    await shopper.sees('is with you now');
    // Not even the recorder's code, before somebody asks.
    expect(scripts.filter((url) => url.includes('cobrowse'))).toEqual([]);
    await agent.button('Look together').click();
    await shopper.widget.getByText('Ana would like to see this page with you').waitFor();
    const untouched = (): Promise<boolean> =>
      shopper.page.evaluate(
        () =>
          document.querySelector('mostrador-cobrowse') === null &&
          /native code/.test(CSSStyleSheet.prototype.insertRule.toString()),
      );
    await shopper.page.evaluate(() => document.querySelector('h1')?.append(' before the yes'));
    await shopper.button('Not now').click();
    await shopper.sees('You kept your page to yourself');
    await agent.button('Look together').waitFor();
    expect([await untouched(), wire.binaryFrames()]).toEqual([true, 0]);
    await agent.button('Look together').click();
    await shopper.button('Show my page').waitFor();
    expect([await untouched(), wire.binaryFrames()]).toEqual([true, 0]);
    await shopper.button('Show my page').click();
    await replayFrame(agent.page);
    expect(scripts.some((url) => url.includes('cobrowse'))).toBe(true);
    expect(await untouched()).toBe(false);
  });

  it('the console shows the same text and elements after ten changes of the shop', async () => {
    const { shopper, agent, replay } = await looking({ path: '/demo/category.html' });
    const { page } = shopper;
    await shopper.closePanel();
    const now = async (): Promise<Frame> => replay;
    const changes: (() => Promise<unknown>)[] = [
      () => page.locator('label[for="filter-lamps"]').or(page.locator('#filter-lamps')).first().click(),
      () => page.getByTestId('filter-sort').selectOption({ index: 1 }),
      () => page.locator('label[for="filter-lamps"]').or(page.locator('#filter-lamps')).first().click(),
      () => page.getByTestId('filter-price').fill('60'),
      () => page.getByTestId('quick-view-button').first().click(),
      () => page.keyboard.press('Escape'),
      () => page.getByTestId('cart-button').click(),
      () => page.locator('#cart-close').click(),
      () => page.evaluate(() => (document.querySelector('h1') as HTMLElement).append(' (changed by a script)')),
      () => page.evaluate(() => document.querySelector('main')?.append(document.createElement('hr'))),
    ];
    await samePicture(shopper, now);
    for (const change of changes) {
      await change();
      await samePicture(shopper, now);
    }
    expect(await replay.evaluate(() => document.querySelector('.page.shown iframe')?.getAttribute('sandbox'))).toBe(
      'allow-same-origin',
    );
    await shopper.goto('/demo/');
    const home = async (): Promise<Frame> => await replayFrame(agent.page);
    for (let slide = 0; slide < 2; slide++) {
      await page.getByTestId('carousel-next').click();
      await samePicture(shopper, home);
    }
    await shopper.goto('/demo/checkout.html');
    await page.getByTestId('note').fill('typed text');
    await samePicture(shopper, home);
    const widgets = await agent.picture.locator('mostrador-widget *').count();
    expect(widgets).toBe(0);
    expect(shopper.errors).toEqual([]);
  });

  it('secrets never leave the browser, and what is typed is masked', async () => {
    const { shopper, agent } = await stage.conversation({ path: '/demo/checkout.html' });
    const wire = listen(shopper.page);
    await shopper.page.reload();
    await agent.button('Look together').click();
    await shopper.button('Show my page').click();
    await replayFrame(agent.page);
    await shopper.closePanel();
    const secrets: Record<string, string> = {
      email: 'token-email@shop.example',
      phone: '600111222',
      'given-name': 'token-given',
      street: 'token-street',
      note: 'token-note',
      'card-name': 'token-card-name',
      'card-number': '4111111111111111',
      'card-expiry': '12/77',
      'card-cvc': '739',
    };
    for (const [field, value] of Object.entries(secrets)) {
      await shopper.page.getByTestId(field).pressSequentially(value);
    }
    await shopper.page.getByTestId('create-account').check();
    await shopper.page.getByTestId('password').fill('token-password-9c1');
    await shopper.page.evaluate(() => document.querySelector('h1')?.append(' end-of-typing'));
    await agent.picture.getByText('end-of-typing').waitFor();
    const hidden = await shopper.page.getByTestId('csrf').inputValue();
    expect(wire.text()).toContain('end-of-typing');
    for (const secret of [...Object.values(secrets), 'token-password-9c1', hidden]) {
      expect(wire.text()).not.toContain(secret);
    }
    expect(wire.text()).not.toContain('4111');
    // The agent sees that something was typed, and not how long it is.
    const typed = await agent.picture.locator('#email').inputValue();
    expect(typed).toMatch(/^[^a-z0-9]+$/i);
    expect(await agent.picture.locator('#street').inputValue()).toBe(typed);
    expect(await agent.picture.locator('#card-number').inputValue()).not.toMatch(/\d/);
  });

  it('the shopper sees what the agent sees, made of what left, over a page load, and that it has ended', async () => {
    const { shopper, agent, replay } = await looking({ path: '/demo/checkout.html' });
    await shopper.page.getByTestId('street').fill('token-street');
    await samePicture(shopper, async () => replay);
    const [window] = await Promise.all([
      shopper.page.context().waitForEvent('page'),
      shopper.button('See it too').click(),
    ]);
    await window.getByRole('heading', { name: 'What Ana sees' }).waitFor();
    const own = async (): Promise<Frame> => await replayFrame(window);
    await samePicture(shopper, own);
    const street = window.frameLocator('iframe').frameLocator('.page.shown iframe').locator('#street');
    expect(await street.inputValue()).toBe('•••••');
    await shopper.page.evaluate(() => document.querySelector('h1')?.append(' and it changes'));
    await samePicture(shopper, own);
    await shopper.goto('/demo/category.html');
    await samePicture(shopper, own);
    expect(await outlineOfReplay(await own())).toEqual(await outlineOfReplay(await replayFrame(agent.page)));
    await shopper.button('Stop').first().click();
    await window.getByText('Nobody sees your page any more').waitFor();
    expect(shopper.errors).toEqual([]);
    await window.getByRole('button', { name: 'Close' }).click();
  });

  it('is always visible to the shopper, and one click stops it: not one more frame leaves', async () => {
    const { shopper, agent } = await stage.conversation();
    const wire = listen(shopper.page);
    await shopper.page.reload();
    await agent.button('Look together').click();
    await shopper.button('Show my page').click();
    await replayFrame(agent.page);
    await shopper.widget.getByText('Ana sees this page').waitFor();
    await expect.poll(async () => (await ownBox(shopper.page, 'frame'))?.width ?? 0).toBeGreaterThan(1_000);
    await shopper.button('Stop').first().click();
    const sent = wire.binaryFrames();
    expect(sent).toBeGreaterThan(0);
    await shopper.sees('Your page is not shown any more');
    await agent.page.locator('iframe[data-part="page"]').waitFor({ state: 'detached' });
    await shopper.page.mouse.move(200, 200);
    await shopper.page.evaluate(() => document.querySelector('h1')?.append(' not for you'));
    await shopper.page.mouse.wheel(0, 600);
    // A message that goes the same way afterwards proves that there was time enough.
    await shopper.say('Still here');
    await agent.sees('Still here');
    expect(wire.binaryFrames()).toBe(sent);
    expect(wire.text()).not.toContain('not for you');
  });

  it.each([
    ['on a desktop', {}],
    ['on a phone', PHONE],
  ])(
    "%s: the agent's click highlights the same element, within 4 px, and one click of the shopper's scrolls there",
    async (_, device) => {
      const { shopper, agent, replay } = await looking({ path: '/demo/category.html', shopper: device });
      // On a phone the panel covers the page: the agent's highlight puts it away by itself.
      if (device === PHONE) await shopper.launcher.click();
      else await shopper.closePanel();
      const target = 'a[href*="linen-throw"] img';
      await samePicture(shopper, async () => replay);
      // Only its upper edge is in view on the shopper's side; the console follows, and there it is clicked.
      const scrolled = await shopper.page.locator(target).evaluate((element) => {
        window.scrollBy({ top: element.getBoundingClientRect().top - window.innerHeight + 40, behavior: 'instant' });
        return window.scrollY;
      });
      const seen = async (): Promise<number> =>
        await replay.evaluate(
          () => document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentWindow?.scrollY ?? -1,
        );
      await expect.poll(async () => Math.abs((await seen()) - scrolled) <= 1).toBe(true);
      const place = await placeInConsole(agent.page, replay, target);
      const size = await shopper.page.locator(target).evaluate((element) => element.getBoundingClientRect().width);
      await agent.page.mouse.click(place.x + place.width / 2, place.y + 20 * (place.width / size));
      await expect.poll(() => ownBox(shopper.page, 'way')).not.toBeNull();
      await clickOwn(shopper.page, 'way');
      await expect
        .poll(async () => {
          const outline = await ownBox(shopper.page, 'outline');
          const box = await shopper.page
            .locator(target)
            .evaluate((element) => element.getBoundingClientRect().toJSON() as DOMRect);
          const height = await shopper.page.evaluate(() => window.innerHeight);
          if (!outline) return 'nothing is highlighted';
          if (box.y < 0 || box.y + box.height > height) return 'it is not in view';
          const off = Math.max(
            Math.abs(outline.x - box.x),
            Math.abs(outline.y - box.y),
            Math.abs(outline.x + outline.width - box.x - box.width),
            Math.abs(outline.y + outline.height - box.y - box.height),
          );
          return off <= 4 ? 'right' : `off by ${off} px`;
        })
        .toBe('right');
    },
  );

  it("the agent's pointer is on the shopper's page, at the element under it", async () => {
    const { shopper, agent, replay } = await looking({ path: '/demo/category.html' });
    await samePicture(shopper, async () => replay);
    const target = '#filter-sort';
    const place = await placeInConsole(agent.page, replay, target);
    await agent.page.mouse.move(place.x + place.width / 2, place.y + place.height / 2, { steps: 4 });
    await expect
      .poll(async () => {
        const pointer = await ownBox(shopper.page, 'pointer');
        const box = await shopper.page.locator(target).boundingBox();
        if (!pointer || !box) return false;
        return (
          Math.abs(pointer.x - (box.x + box.width / 2)) <= 4 && Math.abs(pointer.y - (box.y + box.height / 2)) <= 4
        );
      })
      .toBe(true);
  });

  it('goes on over full page loads, a reload and a restart of the server, with no second question', async () => {
    const { shopper, agent } = await looking();
    const replay = async (): Promise<Frame> => await replayFrame(agent.page);
    await shopper.closePanel();
    await shopper.goto('/demo/category.html');
    await agent.picture.getByRole('heading', { name: 'Everything in the shop' }).waitFor();
    await samePicture(shopper, replay);
    await shopper.page.reload();
    await samePicture(shopper, replay);
    await stage.server.kill();
    stage.server = await stage.server.restart();
    await shopper.page.evaluate(() => document.querySelector('h1')?.replaceChildren('After the restart'));
    await agent.picture.getByRole('heading', { name: 'After the restart' }).waitFor();
    await samePicture(shopper, replay);
    expect(await shopper.widget.getByText('would like to see this page').count()).toBe(0);
  });
});

describe('promises 3, 5 and 6 at once', () => {
  it('a full page load in the middle of chat, call and co-browsing: all are back without a question', async () => {
    const { shopper, agent } = await looking();
    await agent.button('Video').click();
    await shopper.button('Answer').click();
    await shopper.button('Join now').click();
    await shopper.remotePicture.waitFor();
    await shopper.field.fill('half a sent');
    await shopper.goto('/demo/product/oil-cruet.html');
    await shopper.remotePicture.waitFor();
    await agent.picture.getByRole('heading', { name: 'Aceitera cruet' }).waitFor();
    await agent.remotePicture.waitFor();
    await shopper.say('Everything is back');
    await agent.sees('Everything is back');
    await samePicture(shopper, async () => await replayFrame(agent.page));
    expect(await shopper.widget.getByText(/would like|is calling you/).count()).toBe(0);
    await agent.button('Hang up').click();
    await shopper.sees('Call ended');
  });
});

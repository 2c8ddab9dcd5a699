import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Both } from './support/both.ts';
import { replayFrame } from './support/picture.ts';

let both: Both;
beforeAll(async () => (both = await Both.open()));
afterEach(async () => await both.leave());
afterAll(async () => await both.close());

/** In the replayed page. */
function inPage<T>(replay: Frame, read: (page: Document) => T): Promise<T> {
  return replay.evaluate<T>(`(${read.toString()})(document.querySelector('.page.shown iframe').contentDocument)`);
}

describe('promise 17: exact', () => {
  it('a canvas is seen as what is drawn on it, and a masked one is not', async () => {
    const { shopper, replay } = await both.look();
    await shopper.evaluate(() => {
      for (const id of ['seen', 'masked']) {
        const canvas = Object.assign(document.createElement('canvas'), { id, width: 64, height: 40 });
        const context = canvas.getContext('2d');
        if (context) context.fillStyle = id === 'seen' ? 'rgb(0, 200, 0)' : 'rgb(200, 0, 0)';
        context?.fillRect(0, 0, 64, 40);
        (id === 'seen' ? document.querySelector('main') : document.querySelector('#address'))?.prepend(canvas);
      }
      scrollTo({ top: 0, behavior: 'instant' });
    });
    const drawn = (id: string) =>
      replay.evaluate((wanted) => {
        const page = document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument;
        const canvas = page?.getElementById(wanted);
        return { box: [canvas?.offsetWidth, canvas?.offsetHeight], drawn: canvas?.style.content.includes('webp') };
      }, id);
    await expect.poll(() => drawn('seen')).toEqual({ box: [64, 40], drawn: true });
    expect(await drawn('masked')).toMatchObject({ drawn: false });
    // Once more only when it has changed.
    const pictures = () => both.lab.sent.filter(({ text }) => text.includes('"picture"')).length;
    expect(pictures()).toBe(1);
  });

  it('a picture that only the shopper’s browser has is sent by it, once, and never a masked one', async () => {
    const { shopper, replay } = await both.look();
    await shopper.evaluate(async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 30, height: 20 });
      canvas.getContext('2d')?.fillRect(0, 0, 30, 20);
      const only = canvas.toDataURL();
      for (const [id, home] of [
        ['only-here', 'main'],
        ['only-here-masked', '#address'],
      ] as const) {
        const image = Object.assign(new Image(), { id, src: only });
        await image.decode();
        document.querySelector(home)?.append(image);
      }
    });
    await both.caughtUp({ shopper, replay });
    // What the agent's console says when a picture does not load.
    const tell = async (id: string) => {
      const node = await shopper.evaluate((wanted) => {
        const element = document.getElementById(wanted);
        return element ? window.shopper.idOf(element) : 0;
      }, id);
      both.lab.tell({
        type: 'cobrowse.missing',
        conversation: 'c1',
        agent: 'Ana',
        by: 'ana',
        epoch: 1,
        node,
        font: null,
      });
    };
    await tell('only-here-masked');
    await tell('only-here');
    const pictures = () => both.lab.sent.filter(({ text }) => text.includes('"picture"'));
    await expect.poll(() => pictures().length).toBe(1);
    await expect
      .poll(() =>
        inPage(replay, (page) => {
          const image = page.querySelector<HTMLImageElement>('#only-here');
          return [image?.naturalWidth, image?.naturalHeight, image?.src.startsWith('data:image/svg+xml')];
        }),
      )
      .toEqual([30, 20, true]);
    expect(pictures()).toHaveLength(1);
  });

  it('focus, an undecided tick, a popover, the address and a field set by a script are as they are', async () => {
    const { shopper, agent, replay } = await both.look();
    await shopper.keyboard.press('Tab');
    await expect
      .poll(() => inPage(replay, (page) => page.querySelector('[data-mostrador-focus]')?.textContent))
      .toBe('Sale');
    await shopper.evaluate(() => {
      const tick = document.querySelector<HTMLInputElement>('input[type=checkbox]');
      if (tick) tick.indeterminate = true;
      document.querySelector<HTMLElement>('#cart')?.showPopover();
      const name = document.querySelector<HTMLInputElement>('[aria-label=Name]');
      if (name) name.value = 'by a script';
      history.pushState(null, '', '?a=1');
      history.pushState(null, '', 'home/two');
    });
    const state = () =>
      inPage(replay, (page) => [
        page.querySelector<HTMLInputElement>('input[type=checkbox]')?.indeterminate,
        page.querySelector('#cart')?.matches(':popover-open'),
        page.querySelector<HTMLInputElement>('[aria-label=Name]')?.value,
      ]);
    await expect.poll(state).toEqual([true, true, '•••••']);
    await expect.poll(() => agent.evaluate(() => window.agent.pages.at(-1)?.url)).toBe(`${both.lab.shop}home/two`);
  });

  it('the cursor, what is under it, a click, a selection and a zoom, these two also for who comes later', async () => {
    const { shopper, agent, replay } = await both.look();
    await both.caughtUp({ shopper, replay });
    const card = shopper.locator('.card').first();
    await card.hover();
    const border = (frame: Frame) =>
      inPage(frame, (page) => {
        const first = page.querySelector('.card');
        return first && page.defaultView?.getComputedStyle(first).borderTopColor;
      });
    await expect.poll(() => border(replay)).toBe('rgb(179, 38, 30)');
    expect(await replay.locator('.cursor').getAttribute('hidden')).toBeNull();
    const clicked = replay.waitForSelector('.ripple', { state: 'attached' });
    await card.getByRole('button').click();
    await clicked;

    await shopper.evaluate(() => getSelection()?.selectAllChildren(document.querySelector('.card h3') as Element));
    const protocol = await shopper.context().newCDPSession(shopper);
    await protocol.send('Emulation.setPageScaleFactor', { pageScaleFactor: 2 });
    const standing = (frame: Frame) =>
      frame.evaluate(() => {
        const page = document.querySelector<HTMLIFrameElement>('.page.shown iframe');
        const device = document.querySelector('.device')?.getBoundingClientRect();
        const viewport = document.querySelector('.viewport')?.getBoundingClientRect();
        const zoom = Math.round(10 * ((viewport?.width ?? 0) / (device?.width ?? 1))) / 10;
        return { selected: page?.contentDocument?.getSelection()?.toString(), zoom };
      });
    await expect.poll(() => standing(replay)).toEqual({ selected: 'Thing 0', zoom: 2 });
    // A whole page again, and a console that has seen nothing before it.
    const snapshots = () => both.lab.sent.filter(({ kind }) => kind === 'snapshot').length;
    const before = snapshots();
    both.lab.tell({ type: 'cobrowse.snapshot', conversation: 'c1' });
    await both.lab.until(() => snapshots() > before);
    const late = await replayFrame(await both.openConsole());
    await expect.poll(() => standing(late)).toEqual({ selected: 'Thing 0', zoom: 2 });
    await expect.poll(() => standing(replay)).toEqual({ selected: 'Thing 0', zoom: 2 });
    expect(await agent.evaluate(() => window.agent.gaps)).toBe(0);
  });

  it('a frame of another origin is a box with its name', async () => {
    const { shopper, replay } = await both.look();
    await shopper.evaluate(() => {
      const frame = Object.assign(document.createElement('iframe'), { id: 'foreign' });
      // Without an origin of its own it is of another one than the page.
      frame.setAttribute('sandbox', '');
      frame.src = '/shop/shop.css';
      document.querySelector('main')?.append(frame);
    });
    const said = () =>
      inPage(replay, (page) => page.querySelector<HTMLIFrameElement>('#foreign')?.contentDocument?.body.textContent);
    await expect.poll(said).toBe('127.0.0.1');
  });

  it('a page that never stops changing is said to, and is shown again when it rests', async () => {
    const { shopper, agent, replay } = await both.look();
    await shopper.evaluate(() => {
      const main = document.querySelector('main');
      const row = document.createElement('p');
      row.append(...Array.from({ length: 4_000 }, () => document.createElement('i')));
      const storm = setInterval(() => {
        main?.querySelector('p:has(i)')?.remove();
        main?.append(row.cloneNode(true));
      }, 16);
      Object.assign(window, { calm: () => clearInterval(storm) });
    });
    await expect.poll(() => agent.evaluate(() => window.agent.statuses.includes('lively'))).toBe(true);
    await shopper.evaluate(() => (window as unknown as { calm(): void }).calm());
    await both.caughtUp({ shopper, replay });
    await expect.poll(() => agent.evaluate(() => window.agent.statuses.at(-1))).toBe('live');
    await expect.poll(() => inPage(replay, (page) => page.querySelectorAll('main p i').length)).toBe(4_000);
  });
});

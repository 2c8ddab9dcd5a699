import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Both, DESKTOP, PHONE } from './support/both.ts';
import { clickOwn, ownBox, placeInConsole, type Box } from './support/picture.ts';

let both: Both;
beforeAll(async () => (both = await Both.open()));
afterEach(async () => await both.leave());
afterAll(async () => await both.close());

describe('promise 6: pointing', () => {
  it.each([
    ['a desktop', DESKTOP, '.card:nth-child(5) h3'],
    ['a phone', PHONE, '.card:nth-child(2) img'],
  ])('the pointer is where the agent points, on %s', async (_, viewport, selector) => {
    const { shopper, agent, replay } = await both.look(viewport);
    const place = await placeInConsole(agent, replay, selector);
    await agent.mouse.move(place.x + place.width / 4, place.y + place.height / 2);
    const target = await boxOf(shopper, selector);
    const wanted = { x: target.x + target.width / 4, y: target.y + target.height / 2 };
    await expect.poll(async () => distance(await ownBox(shopper, 'pointer'), wanted)).toBeLessThan(4);
    await shopper.evaluate(() => window.scrollTo({ top: 60, behavior: 'instant' }));
    await expect
      .poll(async () => distance(await ownBox(shopper, 'pointer'), { ...wanted, y: wanted.y - 60 }))
      .toBeLessThan(4);
    await agent.mouse.move(5, 790);
    await expect.poll(() => ownBox(shopper, 'pointer')).toBeNull();
  });

  it.each([
    ['a desktop', DESKTOP, '.card:nth-child(24) img', 'no-preference'],
    ['a phone, at once for who wants no motion', PHONE, '.card:nth-child(15) h3', 'reduce'],
  ] as const)(
    'what the agent clicks is outlined for the shopper, who scrolls there with one click, on %s',
    async (_, viewport, card, reducedMotion) => {
      const { shopper, agent, replay } = await both.look(viewport);
      await shopper.emulateMedia({ reducedMotion });
      // Three quarters of it are below the edge of the window.
      await shopper.evaluate((from) => {
        const element = document.querySelector(from);
        if (!element) return;
        element.id = 'wanted';
        const box = element.getBoundingClientRect();
        window.scrollTo({ top: box.y + box.height / 4 - innerHeight, behavior: 'instant' });
      }, card);
      const selector = '#wanted';
      await both.caughtUp({ shopper, replay });
      const place = await placeInConsole(agent, replay, selector);
      await agent.mouse.click(place.x + place.width / 2, place.y + 2);
      // The page is the shopper's: it moves when they say so.
      await expect.poll(() => ownBox(shopper, 'way')).not.toBeNull();
      const before = await shopper.evaluate(() => scrollY);
      const places = await shopper.evaluateHandle(() => {
        const seen = new Set<number>();
        addEventListener('scroll', () => seen.add(scrollY));
        return seen;
      });
      await clickOwn(shopper, 'way');
      await expect.poll(() => shopper.evaluate(() => scrollY)).toBeGreaterThan(before);
      await expect.poll(() => ownBox(shopper, 'way')).toBeNull();
      await expect
        .poll(async () => (await boxOf(shopper, selector)).y + (await boxOf(shopper, selector)).height)
        .toBeLessThanOrEqual(viewport.height);
      if (reducedMotion === 'reduce') expect(await places.evaluate((seen) => seen.size)).toBe(1);
      await expect
        .poll(async () => apart(await ownBox(shopper, 'outline'), await boxOf(shopper, selector)))
        .toBeLessThan(4);
      expect(await agent.evaluate(() => window.agent.picked)).toMatchObject({ tag: card.split(' ')[1] });
      // It stays right when the layout changes under it.
      await shopper.evaluate(() => document.querySelector('.cards')?.prepend(document.createElement('li')));
      await expect
        .poll(async () => apart(await ownBox(shopper, 'outline'), await boxOf(shopper, selector)))
        .toBeLessThan(4);
      // A second click on the same element takes it away.
      await both.caughtUp({ shopper, replay });
      const again = await placeInConsole(agent, replay, selector);
      await agent.mouse.click(again.x + again.width / 2, again.y + again.height / 2);
      await expect.poll(() => ownBox(shopper, 'outline')).toBeNull();
    },
  );

  it('a command for another page, another element or a blocked part moves nothing', async () => {
    const { shopper, agent, replay } = await both.look();
    const place = await placeInConsole(agent, replay, '.card:nth-child(2) h3');
    await agent.mouse.click(place.x + 5, place.y + 5);
    await agent.waitForFunction(() => window.agent.picked !== null);
    const picked = await agent.evaluate(() => window.agent.picked);
    await expect.poll(() => ownBox(shopper, 'outline')).not.toBeNull();
    const tell = (node: number, tag: string, epoch = 1) => {
      both.lab.tell({ type: 'cobrowse.highlight', conversation: 'c1', agent: 'Ana', by: 'ana', epoch, node, tag });
      return shopper.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      );
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

  it.each([
    ['hidden', 'display: none'],
    ['invisible', 'visibility: hidden'],
    ['of no size', 'height: 0; min-height: 0; padding: 0; border: 0; overflow: hidden'],
    ['slid out of a carousel', 'transform: translateX(3000px)'],
  ])('an outline is away on both sides while its element is %s', async (_, style) => {
    const { shopper, agent, replay } = await both.look();
    const selector = '.card:nth-child(2)';
    await shopper.$eval('.cards', (cards: HTMLElement) => (cards.style.overflow = 'hidden'));
    await both.caughtUp({ shopper, replay });
    const place = await placeInConsole(agent, replay, selector);
    await agent.mouse.click(place.x + 4, place.y + 4);
    const outlined = async () => [
      (await ownBox(shopper, 'outline')) !== null,
      await replay.evaluate(() => document.querySelector<HTMLElement>('.mark')?.hidden === false),
    ];
    await expect.poll(outlined).toEqual([true, true]);
    await shopper.$eval(selector, (card: HTMLElement, css) => (card.style.cssText = css), style);
    await expect.poll(outlined).toEqual([false, false]);
    await shopper.$eval(selector, (card: HTMLElement) => (card.style.cssText = ''));
    await expect.poll(outlined).toEqual([true, true]);
    await shopper.$eval(selector, (card) => card.remove());
    await expect.poll(outlined).toEqual([false, false]);
  });

  it('is said to people who listen', async () => {
    const { shopper, agent, replay } = await both.look();
    const place = await placeInConsole(agent, replay, '.card:nth-child(2) h3');
    await agent.mouse.click(place.x + 5, place.y + 5);
    const names = async () => {
      const protocol = await shopper.context().newCDPSession(shopper);
      const { nodes } = await protocol.send('Accessibility.getFullAXTree');
      await protocol.detach();
      return nodes.map(({ role, name }) => `${String(role?.value)}: ${String(name?.value)}`);
    };
    await expect.poll(names).toContain('StaticText: Ana is pointing here: Thing 1');
    expect(await names()).toContain('button: Stop');
    expect(await names()).toContain('group: Ana sees this page');
  });
});

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

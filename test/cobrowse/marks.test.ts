import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Both, DESKTOP, PHONE, type Pair } from './support/both.ts';
import { clickOwn, ownAttributes, ownBox, ownText, placeInConsole } from './support/picture.ts';

let both: Both;
beforeAll(async () => (both = await Both.open()));
afterEach(async () => await both.leave());
afterAll(async () => await both.close());

/** The agent drags from one element's middle to another's. */
async function drag({ agent, replay }: Pair, from: string, to: string): Promise<void> {
  const [a, b] = [await placeInConsole(agent, replay, from), await placeInConsole(agent, replay, to)];
  await agent.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
  await agent.mouse.down();
  await agent.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 6 });
  await agent.mouse.up();
}

/** Where the line that the shopper sees begins and ends; an arrow's end is where its shaft ends. */
async function lineOf(page: Page): Promise<[number, number, number, number] | null> {
  const [shaft = '', ...head] = (await ownText(page, 'line')).split('M').filter(Boolean);
  const points = shaft.split('L').map((pair) => pair.split(' ').map(Number));
  const [from, to] = [points[0], points.at(-1)];
  if (!from || !to || points.length + head.length < 2) return null;
  return [from[0] ?? 0, from[1] ?? 0, to[0] ?? 0, to[1] ?? 0];
}

async function middles(page: Page, from: string, to: string): Promise<[number, number, number, number]> {
  const middle = (selector: string) =>
    page.$eval(selector, (element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [x + width / 2, y + height / 2] as const;
    });
  return [...(await middle(from)), ...(await middle(to))];
}

async function isRight(page: Page, from: string, to: string): Promise<void> {
  await expect
    .poll(async () => {
      const [line, wanted] = [await lineOf(page), await middles(page, from, to)];
      return line ? Math.max(...line.map((value, index) => Math.abs(value - (wanted[index] ?? 0)))) : 'no line';
    })
    .toBeLessThan(4);
}

describe('promise 18: pointing, drawings', () => {
  it.each([
    ['a line on a desktop', 'draw', DESKTOP, '.card:nth-child(2) h3', '.card:nth-child(4) h3'],
    ['an arrow on a phone', 'arrow', PHONE, '.card:nth-child(1) h3', '.card:nth-child(2) img'],
  ] as const)('%s holds on to its elements after scrolling and in another layout', async (_, tool, size, from, to) => {
    const pair = await both.look(size);
    const { shopper, agent } = pair;
    await agent.evaluate((wanted) => window.agent.replay.use(wanted, true), tool);
    await drag(pair, from, to);
    await isRight(shopper, from, to);
    await shopper.evaluate(() => window.scrollTo({ top: 70, behavior: 'instant' }));
    await isRight(shopper, from, to);
    await shopper.evaluate(() => document.querySelector('.cards')?.prepend(document.createElement('li')));
    // What was the second card is the third one now.
    const later = (selector: string) => selector.replace(/\d+/, (number) => String(Number(number) + 1));
    await isRight(shopper, later(from), later(to));
    await shopper.setViewportSize({ width: size.width - 120, height: size.height });
    await isRight(shopper, later(from), later(to));
  });

  it('a drawing fades by itself, one that stays is there until the agent clears it, and none of it is recorded', async () => {
    const pair = await both.look();
    const { shopper, agent } = pair;
    await agent.evaluate(() => window.agent.replay.use('draw', true));
    await drag(pair, '.card:nth-child(2) h3', '.card:nth-child(4) h3');
    await expect.poll(() => lineOf(shopper)).not.toBeNull();
    await both.caughtUp(pair);
    const sent = both.lab.sent.length;
    const wiped = { type: 'cobrowse.wipe', conversation: 'c1', agent: 'Ana', epoch: 1 } as const;
    both.lab.tell({ ...wiped, by: 'somebody-else' });
    await agent.evaluate(() => window.agent.replay.use('draw', false));
    await drag(pair, '.card:nth-child(2) h3', '.card:nth-child(3) h3');
    // The first one is still there when the second has faded.
    await expect.poll(() => countOwn(shopper, 'line')).toBe(2);
    await expect.poll(() => countOwn(shopper, 'line'), { timeout: 15_000 }).toBe(1);
    both.lab.tell({ ...wiped, by: 'ana' });
    await expect.poll(() => countOwn(shopper, 'line')).toBe(0);
    await both.caughtUp(pair);
    // The one event is the test's own that it waited for.
    const events = both.lab.sent.slice(sent).filter(({ kind }) => kind === 'events' || kind === 'snapshot');
    expect(events.map(({ text }) => text).join('')).not.toMatch(/strokes|mostrador-cobrowse/);
    expect(events).toHaveLength(1);
  });

  it('is above a dialog of the shop, label and drawing too', async () => {
    const pair = await both.look();
    const { shopper, agent, replay } = pair;
    await shopper.evaluate(() => window.steps[4]?.());
    await both.caughtUp(pair);
    await agent.evaluate(() => {
      window.agent.label = 'Measure here';
    });
    const place = await placeInConsole(agent, replay, '#dialog h2');
    await agent.mouse.click(place.x + 20, place.y + 5);
    await expect.poll(() => ownText(shopper, 'label')).toBe('Measure here');
    await agent.evaluate(() => window.agent.replay.use('draw', true));
    await drag(pair, '#dialog h2', '#close-dialog');
    await isRight(shopper, '#dialog h2', '#close-dialog');
    expect(
      await shopper.evaluate(() => {
        const host = document.querySelector('mostrador-cobrowse');
        return host?.closest('dialog')?.id === 'dialog' && host.matches(':popover-open');
      }),
    ).toBe(true);
  });

  it('what says something else now is not pointed at, and the agent is told', async () => {
    const pair = await both.look();
    const { shopper, agent, replay } = pair;
    const place = await placeInConsole(agent, replay, '.card:nth-child(2) h3');
    await agent.mouse.click(place.x + 5, place.y + 5);
    await expect.poll(() => ownBox(shopper, 'outline')).not.toBeNull();
    const picked = await agent.evaluate(() => window.agent.picked);
    const highlight = { type: 'cobrowse.highlight', conversation: 'c1', agent: 'Ana', by: 'ana', epoch: 1 } as const;
    const { node = 0, tag = '', hash = '' } = picked ?? {};
    expect(hash).not.toBe('');
    await shopper.$eval('.card:nth-child(2) h3', (title) => (title.textContent = 'Quite another thing'));
    both.lab.tell({ ...highlight, node, tag, hash });
    await expect.poll(() => ownBox(shopper, 'outline')).toBeNull();
    expect(await shopper.evaluate(() => window.shopper.told)).toContainEqual({
      type: 'cobrowse.missed',
      conversation: 'c1',
      epoch: 1,
      by: 'ana',
    });
  });

  it('what is masked or blocked is pointed at as a box, and not read out', async () => {
    const { shopper, agent, replay } = await both.look();
    const said = async () => await ownText(shopper, 'live');
    for (const selector of ['#address', '#checkout [data-mostrador-block]']) {
      await shopper.$eval(selector, (element) => element.scrollIntoView({ behavior: 'instant', block: 'center' }));
      await both.caughtUp({ shopper, replay });
      await expect.poll(async () => (await placeInConsole(agent, replay, selector)).y).toBeLessThan(700);
      const place = await placeInConsole(agent, replay, selector);
      await agent.mouse.click(place.x + place.width / 2, place.y + place.height / 2);
      await expect.poll(said).toBe('Ana is pointing at something');
      const [outline, box] = [await ownBox(shopper, 'outline'), await shopper.locator(selector).boundingBox()];
      expect(Math.abs((outline?.y ?? 0) - (box?.y ?? 99))).toBeLessThan(4);
      expect(await agent.evaluate(() => window.agent.picked?.text)).toBe('');
    }
  });

  it('two agents have a colour each', async () => {
    const { shopper, agent, replay } = await both.look();
    const place = await placeInConsole(agent, replay, '.card:nth-child(2) h3');
    await agent.mouse.move(place.x + 5, place.y + 5);
    await expect.poll(() => ownBox(shopper, 'pointer')).not.toBeNull();
    const at = await agent.evaluate(() => window.agent.pointer);
    const { epoch = 1, node = 0, fx = 0, fy = 0 } = at ?? {};
    const pointer = { type: 'cobrowse.pointer', conversation: 'c1', epoch, node, fx, fy } as const;
    both.lab.tell({ ...pointer, agent: 'Luis', by: 'luis' });
    await expect.poll(() => countOwn(shopper, 'pointer')).toBe(2);
    expect(new Set(await stylesOf(shopper, 'pointer')).size).toBe(2);
  });
});

describe('promise 18: the shopper points back', () => {
  it.each([
    ['a desktop', DESKTOP],
    ['a phone', PHONE],
  ])('with the button and one click, which is not the shop’s, on %s', async (_, size) => {
    const { shopper, agent, replay } = await both.look(size);
    const card = '.card:nth-child(2)';
    await shopper.$eval(card, (element) => element.addEventListener('click', () => (document.title = 'clicked')));
    await clickOwn(shopper, 'point');
    await expect.poll(() => ownText(shopper, 'question')).toContain('Click what you mean');
    const box = await shopper.locator(`${card} h3`).boundingBox();
    if (!box) throw new Error('There is no card.');
    await shopper.mouse.click(box.x + box.width / 4, box.y + box.height / 2);
    const told = () => shopper.evaluate(() => window.shopper.told as { type: string; node: number; fx: number }[]);
    await expect.poll(async () => (await told()).length).toBe(1);
    const [point] = await told();
    expect(point).toMatchObject({ type: 'cobrowse.point', epoch: 1 });
    expect(await shopper.title()).not.toBe('clicked');
    await agent.evaluate((at) => window.agent.replay.pointed(at as never), point);
    await expect.poll(() => agent.evaluate(() => window.agent.pointed)).toEqual(['Thing 1']);
    const ring = await replay.locator('.pointed').evaluate((element) => element.style.transform);
    const [x = 0, y = 0] = [...ring.matchAll(/[\d.]+/g)].map(Number);
    expect(Math.abs(x - (box.x + box.width / 4))).toBeLessThan(4);
    expect(Math.abs(y - (box.y + box.height / 2))).toBeLessThan(4);
    // The next click is the page's again.
    await shopper.mouse.click(box.x + box.width / 4, box.y + box.height / 2);
    expect(await shopper.title()).toBe('clicked');
  });
});

async function countOwn(page: Page, className: string): Promise<number> {
  return (await stylesOf(page, className)).length;
}

/** The colours of our own elements with a class, one for each. */
async function stylesOf(page: Page, className: string): Promise<string[]> {
  return (await ownAttributes(page, className)).map(({ style = '' }) => /--tint:[^;]*/.exec(style)?.[0] ?? '');
}

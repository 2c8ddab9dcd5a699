import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Both } from './support/both.ts';

let both: Both;
beforeAll(async () => (both = await Both.open()));
afterEach(async () => await both.leave());
afterAll(async () => await both.close());

/** In the replayed page. */
function inPage<T>(replay: Frame, read: (page: Document) => T): Promise<T> {
  return replay.evaluate<T>(`(${read.toString()})(document.querySelector('.page.shown iframe').contentDocument)`);
}

describe('promise 6: the same look', () => {
  it.each([
    ['light', 'dark'],
    ['dark', 'light'],
  ] as const)('a shopper’s %s page is that in a %s console, and follows a change', async (shoppers, agents) => {
    // Of the browser itself: what DevTools emulates holds inside of every frame, whatever embeds it.
    const own = await Both.open(`--blink-settings=preferredColorScheme=${agents === 'dark' ? 0 : 1}`);
    onTestFinished(async () => {
      await own.leave();
      await own.close();
    });
    const { shopper, agent, replay } = await own.look();
    const dark = await agent.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
    expect(dark).toBe(agents === 'dark');
    await shopper.emulateMedia({ colorScheme: shoppers });
    await shopper.evaluate(() => {
      const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/shop/scheme.css' });
      document.head.append(link);
    });
    const shade = () => inPage(replay, (page) => page.defaultView?.getComputedStyle(page.body).outlineColor);
    const rgb = { light: 'rgb(1, 1, 1)', dark: 'rgb(2, 2, 2)' };
    await expect.poll(shade).toBe(rgb[shoppers]);
    await shopper.emulateMedia({ colorScheme: agents });
    await expect.poll(shade).toBe(rgb[agents]);
    await shopper.emulateMedia({ colorScheme: shoppers });
    await expect.poll(shade).toBe(rgb[shoppers]);
    // And in a console that comes later.
    own.lab.tell({ type: 'cobrowse.snapshot', conversation: 'c1' });
    await own.lab.until(() => own.lab.sent.filter(({ kind }) => kind === 'snapshot').length > 1);
    await own.caughtUp({ shopper, replay });
    const last = own.lab.sent.findLast(({ kind }) => kind === 'snapshot');
    expect(JSON.parse(last?.text ?? '')).toContainEqual({
      type: 5,
      data: { tag: 'scheme', payload: { dark: shoppers === 'dark' } },
    });
    await expect.poll(shade).toBe(rgb[shoppers]);
  });

  it('a filled field looks filled and an empty one empty, without the value', async () => {
    const { shopper, replay } = await both.look();
    const types = ['number', 'date', 'time', 'range', 'color'];
    await shopper.evaluate((all) => {
      for (const type of all)
        document
          .querySelector('main')
          ?.append(Object.assign(document.createElement('input'), { type, id: `f-${type}` }));
    }, types);
    const marked = () =>
      inPage(replay, (page) =>
        [...page.querySelectorAll('input[id^=f-]')]
          .filter((field) => page.defaultView?.getComputedStyle(field).backgroundImage.includes('radial-gradient'))
          .map(({ id }) => id.slice(2)),
      );
    await both.caughtUp({ shopper, replay });
    // A slider and a colour always have a value.
    expect(await marked()).toEqual(['range', 'color']);
    await shopper.fill('#f-number', '7331');
    await shopper.fill('#f-date', '1973-03-31');
    await shopper.fill('#f-time', '13:37');
    await expect.poll(marked).toEqual(types);
    await shopper.fill('#f-date', '');
    await expect.poll(marked).toEqual(['number', 'time', 'range', 'color']);
    const chosen = () => inPage(replay, (page) => page.querySelector('select')?.selectedOptions[0]?.textContent ?? '');
    expect(await chosen()).toBe('•••••');
    await shopper.evaluate(() => {
      const select = document.querySelector('select');
      if (select) select.selectedIndex = -1;
    });
    await expect.poll(chosen).toBe('');
    await shopper.selectOption('select', 'b');
    await expect.poll(chosen).toBe('•••••');
    // A list of which several can be chosen, also where what is chosen has no value of its own.
    await shopper.evaluate(() => {
      const list = Object.assign(document.createElement('select'), { multiple: true, id: 'f-list' });
      list.append(new Option('Any', ''), new Option('Red', 'r'));
      document.querySelector('main')?.append(list);
    });
    const listed = () =>
      inPage(replay, (page) => {
        const list = page.querySelector('#f-list');
        return list && page.defaultView?.getComputedStyle(list).outlineStyle;
      });
    await both.caughtUp({ shopper, replay });
    expect(await listed()).toBe('none');
    await shopper.selectOption('#f-list', { label: 'Any' });
    await expect.poll(listed).toBe('dotted');
    // The same in a new picture.
    const before = both.lab.sent.filter(({ kind }) => kind === 'snapshot').length;
    both.lab.tell({ type: 'cobrowse.snapshot', conversation: 'c1' });
    await both.lab.until(() => both.lab.sent.filter(({ kind }) => kind === 'snapshot').length > before);
    await both.caughtUp({ shopper, replay });
    expect(await marked()).toEqual(['number', 'time', 'range', 'color']);
    expect(await chosen()).toBe('•••••');
    expect(await listed()).toBe('dotted');
    const wire = both.lab.sent.map(({ text }) => text).join('\n');
    expect(wire).not.toMatch(/7331|1973-03-31|13:37/);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Both } from './support/both.ts';

let both: Both;
beforeAll(async () => (both = await Both.open()));
afterEach(async () => await both.leave());
afterAll(async () => await both.close());

const RENDERS = 12;

describe('promise 16: the picture goes from one whole state to the next', () => {
  it('while a large part of the page is written anew all the time, no look sees a page that never was', async () => {
    const { shopper, replay } = await both.look();
    await both.caughtUp({ shopper, replay });
    await replay.evaluate(() => {
      const page = document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument;
      const list = page?.querySelector('.cards');
      window.seenStates = [];
      // Called after all that was applied in one go: nothing is painted before.
      new MutationObserver(() => {
        const cards = [...(list?.children ?? [])];
        const renders = new Set(cards.map((card) => card.querySelector('b')?.textContent));
        window.seenStates.push(`${cards.length} cards of ${[...renders].join(' and ')}`);
      }).observe(page ?? document, { subtree: true, childList: true, characterData: true });
    });
    // Several slices' worth of work each time: 500 cards of eight nodes.
    const count = await shopper.evaluate(async (renders) => {
      const list = document.querySelector('.cards');
      const make = (tag: string, ...inside: (string | Node)[]) => {
        const element = document.createElement(tag);
        element.append(...inside);
        return element;
      };
      for (let render = 1; render <= renders; render += 1) {
        const cards = Array.from({ length: 500 }, (_, at) =>
          make('li', make('h3', `Thing ${at}`), make('p', 'From ', make('b', String(render)))),
        );
        list?.replaceChildren(...cards);
        await new Promise((resolve) => setTimeout(resolve, render % 2 === 0 ? 120 : 30));
      }
      return list?.children.length;
    }, RENDERS);
    await expect.poll(() => replay.evaluate(() => window.seenStates.at(-1))).toBe(`${count} cards of ${RENDERS}`);
    const seen = await replay.evaluate(() => window.seenStates);
    expect(seen.filter((state) => !/^500 cards of \d+$/.test(state))).toEqual([]);
    expect(seen.length).toBeGreaterThan(1);
  });
});

declare global {
  interface Window {
    seenStates: string[];
  }
}

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Both } from './support/both.ts';
import { outlineOf, outlineOfReplay, scrolledTo } from './support/picture.ts';

/** The lines of a long page, each an element that is seen in few places of its page. */
const LINES = 4_000;
const line = (at: number) => `<p id="line-${at}" title="Line ${at}">Line <b>${at}</b></p>`;
const LONG_PAGE = `<!doctype html><html><head><title>Long</title><link rel="icon" href="data:,">
  <link rel="stylesheet" href="/shop/long.css"></head><body><h1>Long</h1><div id="step"></div>
  <div id="box">${Array.from({ length: 200 }, (_, at) => `<p>In the box ${at}</p>`).join('')}</div>
  <input id="name" data-mostrador-unmask>
  ${Array.from({ length: LINES }, (_, at) => line(at)).join('')}
  <div id="far"><p>Far</p></div><dialog id="last"><p>A word before you go</p></dialog>
  <div id="widget-host"></div><script src="/shop/long.js"></script>
  <script src="/shopper.js" type="module"></script></body></html>`;
const PAGES = {
  'long.html': LONG_PAGE,
  'shadow.html': `<!doctype html><html><head><title>Shadow</title><link rel="icon" href="data:,"></head>
    <body><div id="step"></div><div id="app"></div><div id="widget-host"></div><script src="/shop/shadow.js"></script>
    <script src="/shopper.js" type="module"></script></body></html>`,
  'shadow.js': `const root = document.querySelector('#app').attachShadow({ mode: 'open' });
    for (let at = 0; at < ${LINES}; at += 1) {
      const line = document.createElement('p');
      line.id = 'line-' + at;
      line.append('Line ', Object.assign(document.createElement('b'), { textContent: at }));
      root.append(line);
    }
    scrollTo({ top: 1e6, behavior: 'instant' });`,
  'long.css': `html { scroll-behavior: smooth; } dialog { inset: 20px; margin: 0; }
    #box, #far { height: 120px; overflow: auto; } #far p { height: 900px; }`,
  'long.js': `document.querySelector('#box').scrollTop = 900;
    document.querySelector('#far').scrollTop = 300;
    if (location.hash === '#ask') document.querySelector('#last').showModal();
    if (location.hash === '#down') scrollTo({ top: 1e6, behavior: 'instant' });`,
};

let both: Both;
beforeAll(async () => (both = await Both.open()));
afterEach(async () => await both.leave());
afterAll(async () => await both.close());

/** How many frames have left, and what stands in each that is an element's text. */
function pictures(): { kind: string; text: string }[] {
  return both.lab.sent.filter(({ kind }) => kind === 'snapshot' || kind === 'events');
}

describe('promise 16: what is in view is seen first, of a page that is new', () => {
  it('the rest follows as one whole state, with what was scrolled', async () => {
    const { shopper, replay } = await both.look(undefined, 'long.html', PAGES);
    await both.caughtUp({ shopper, replay });
    const [first, ...rest] = pictures();
    expect(first?.kind).toBe('snapshot');
    expect(first?.text).toContain('line-1"');
    expect(first?.text).not.toContain(`line-${LINES - 1}"`);
    const bringers = rest.filter(({ text }) => text.includes('"line-'));
    expect(bringers.map(({ kind }) => kind)).toEqual(['events']);
    expect(bringers[0]?.text).toContain(`line-${LINES - 1}"`);
    expect(await outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
    const scrolls = await replay.evaluate(() => {
      const page = document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument;
      return ['#box', '#far'].map((selector) => page?.querySelector(selector)?.scrollTop);
    });
    expect(scrolls).toEqual([900, 300]);
  });

  it('a dialog in view is part of it, though it stands at the end of the page', async () => {
    const { shopper, replay } = await both.look(undefined, 'long.html#ask', PAGES);
    await both.caughtUp({ shopper, replay });
    expect(pictures()[0]?.text).toContain('A word before you go');
    const modal = await replay.evaluate(() =>
      document
        .querySelector<HTMLIFrameElement>('.page.shown iframe')
        ?.contentDocument?.querySelector('dialog')
        ?.matches(':modal'),
    );
    expect(modal).toBe(true);
  });

  it('of a page that is scrolled far down, what is there', async () => {
    const { shopper, replay } = await both.look(undefined, 'long.html#down', PAGES);
    await both.caughtUp({ shopper, replay });
    expect(pictures()[0]?.text).toContain(`line-${LINES - 1}"`);
    expect(await scrolledTo(replay)).toBeGreaterThan(10_000);
  });

  it('of a page that is made of one shadow root, what the window shows of it', async () => {
    const { shopper, replay } = await both.look(undefined, 'shadow.html#down', PAGES);
    await both.caughtUp({ shopper, replay });
    expect(pictures()[0]?.text).toContain(`line-${LINES - 1}"`);
    expect(await outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
  });

  it('what happens meanwhile is not lost: typing, changes above and below, a scroll', async () => {
    const { shopper, replay } = await both.look(undefined, 'long.html', PAGES);
    await both.caughtUp({ shopper, replay });
    // A new recording of the same page, and things happen in each turn of the page until it is there.
    const sent = both.lab.sent.length;
    await shopper.reload({ waitUntil: 'commit' });
    await shopper.waitForFunction(() => document.readyState !== 'loading');
    await shopper.evaluate(async (lines) => {
      const name = document.querySelector<HTMLInputElement>('#name');
      for (let turn = 0; turn < 60; turn += 1) {
        if (name) name.value = `typed ${turn}`;
        name?.dispatchEvent(new Event('input', { bubbles: true }));
        document.querySelector(`#line-${turn}`)?.remove();
        document.querySelector(`#line-${lines - 1 - turn}`)?.replaceChildren(`Changed ${turn}`);
        document.querySelector('h1')?.setAttribute('title', `Turn ${turn}`);
        await new Promise((resolve) => setTimeout(resolve, 8));
      }
      scrollTo({ top: 500, behavior: 'instant' });
    }, LINES);
    await expect.poll(() => both.lab.sent.slice(sent).some(({ kind }) => kind === 'snapshot')).toBe(true);
    await both.caughtUp({ shopper, replay });
    expect(await outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
    const typed = await replay.evaluate(
      () =>
        document
          .querySelector<HTMLIFrameElement>('.page.shown iframe')
          ?.contentDocument?.querySelector<HTMLInputElement>('#name')?.value,
    );
    expect(typed).toBe('typed 59');
  });

  it('a page that was shown already is shown anew as a whole', async () => {
    const { shopper, replay } = await both.look(undefined, 'long.html', PAGES);
    await both.caughtUp({ shopper, replay });
    const sent = both.lab.sent.length;
    both.lab.tell({ type: 'cobrowse.snapshot', conversation: 'c1', anew: true });
    await expect.poll(() => both.lab.sent.slice(sent).some(({ kind }) => kind === 'snapshot')).toBe(true);
    const again = both.lab.sent.slice(sent).find(({ kind }) => kind === 'snapshot');
    expect(again?.text).toContain(`line-${LINES - 1}"`);
    await both.caughtUp({ shopper, replay });
  });
});

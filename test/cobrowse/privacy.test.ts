import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Both, DESKTOP } from './support/both.ts';
import { fontKey } from '../../server/protocol/font-key.ts';
import { ownBox, type Box } from './support/picture.ts';
import { TEXTS, TYPED, type Mode } from './support/secret-pages.ts';

let both: Both;
beforeAll(async () => (both = await Both.open()));
afterEach(async () => await both.leave());
afterAll(async () => await both.close());

describe('promise 6: what stays in the browser', () => {
  it('nothing secret is in the frames, at first and while things change', async () => {
    const { shopper, replay } = await both.look();
    await shopper.fill('[aria-label=Name]', 'SECRET-typed-name');
    await shopper.fill('[aria-label=Note]', 'SECRET-typed-note');
    await shopper.fill('[aria-label=Password]', 'SECRET-typed-password');
    await shopper.fill('[aria-label=Card]', '4111111111111111');
    await shopper.locator('#editor').pressSequentially('SECRET-typed-editor');
    await shopper.check('input[type=checkbox]');
    await shopper.selectOption('select', 'b');
    await shopper.evaluate(() => {
      const find = (selector: string) => document.querySelector(selector);
      const say = (text: string) => Object.assign(document.createElement('p'), { textContent: text });
      find('input[type=hidden]')?.setAttribute('value', 'SECRET-hidden-changed');
      find('[aria-label=Password]')?.setAttribute('type', 'text');
      find('[aria-label=Password]')?.setAttribute('value', 'SECRET-default-password');
      find('#blocked')?.append(say('SECRET-blocked-changed'));
      find('#blocked p')?.firstChild?.replaceWith('SECRET-blocked-text');
      find('#address')?.append(say('SECRET-address-changed'));
      find('#rating')?.setAttribute('data-mostrador-mask', '');
      find('#rating')?.shadowRoot?.append(say('SECRET-in-masked-shadow'));
      find('main')?.append(document.createComment('SECRET-comment-changed'));
      find('main')?.setAttribute('data-customer', 'SECRET-data');
      find('nav a')?.setAttribute('href', '/shop/next.html?session=SECRET-link-changed');
      const frame = find('iframe') as HTMLIFrameElement;
      frame.contentDocument?.body.append(
        Object.assign(frame.contentDocument.createElement('textarea'), { value: 'SECRET-frame-changed' }),
      );
      window.sayInWidget('SECRET-widget-changed');
      history.pushState(null, '', '?order=SECRET-order#SECRET-fragment');
      find('#checkout')?.setAttribute('action', '?order=SECRET-order');
    });
    await both.caughtUp({ shopper, replay });
    both.lab.tell({ type: 'cobrowse.snapshot', conversation: 'c1' });
    await both.lab.until(() => both.lab.sent.filter(({ kind }) => kind === 'snapshot').length === 2);
    await both.caughtUp({ shopper, replay });
    const text = both.lab.sent.map((frame) => frame.text).join('\n');
    expect(text.match(/.{60}(?:SECRET|4111).{30}/gs)).toBeNull();
    expect(both.lab.sent.length).toBeGreaterThan(10);
    // It was not merely cut off: what may be seen is there.
    for (const shown of ['Casa Lina', 'Order now', 'Cheapest', 'In a frame', '•••••']) expect(text).toContain(shown);
  });

  it.each([
    ['as it is', 'usual'],
    ['with everything opened that can be', 'open'],
    ['with all text masked', 'all'],
  ] as const)('of a page with a token in every place, %s, only those leave that may', async (_, mode: Mode) => {
    const { shopper, replay } = await both.look(
      DESKTOP,
      `secrets-${mode}.html?page=1&session=SECRET-address#SECRET-hash`,
    );
    await both.caughtUp({ shopper, replay });

    const pages = [await shopper.evaluate(() => window.shopper.page())];
    await shopper.evaluate(() => window.typeEverything(1));
    await both.caughtUp({ shopper, replay });
    const places = await shopper.evaluate(() =>
      ['#masked', '#drawn', '[data-mostrador-block] p', 'img'].map((place) => {
        const element = document.querySelector(place);
        return element ? window.shopper.idOf(element) : -1;
      }),
    );
    // What the agent's browser says it lacks, and what nobody's browser lacks.
    const ask = (node: number | null, font: string | null) =>
      both.lab.tell({ type: 'cobrowse.missing', conversation: 'c1', agent: 'Ana', by: 'ana', epoch: 1, node, font });
    for (const node of places) ask(node, null);
    for (const family of ['Fake', 'Real']) ask(null, fontKey({ family, style: '', weight: '', unicodeRange: '' }));

    await both.lab.until(() => both.lab.sent.some(({ text }) => text.includes('"tag":"font"')));

    both.lab.tell({ type: 'cobrowse.snapshot', conversation: 'c1' });
    await both.lab.until(() => both.lab.sent.filter(({ kind }) => kind === 'snapshot').length > 1);
    await both.lab.until(() => both.lab.sent.filter(({ text }) => text.includes('"tag":"products"')).length > 1);
    await shopper.evaluate(() => window.typeEverything(2));
    await both.caughtUp({ shopper, replay });
    pages.push(await shopper.evaluate(() => window.shopper.page()));
    const told = await shopper.evaluate(() => window.shopper.told);
    const wire = [...both.lab.sent.map(({ text }) => text), JSON.stringify([pages, told])].join('\n');

    const leaked = (word: string) => [...new Set(wire.match(new RegExp(`.{0,20}${word}[\\w-]*`, 'g')))];
    expect(leaked('SECRET')).toEqual([]);
    expect(leaked('4111')).toEqual([]);
    expect(wire).not.toContain(btoa('SECRET-font-file'));
    const [, drawn = -1, blocked = -1] = places;
    for (const node of [drawn, blocked]) expect(wire).not.toContain(`"tag":"picture","payload":{"id":${node},`);
    if (mode === 'open') for (const place of TYPED) expect(wire).toContain(`TYPED-${place}`);
    else expect([...leaked('TYPED'), ...leaked('7700\\d31')]).toEqual([]);
    if (mode === 'all') expect(leaked('TEXT')).toEqual([]);
    else for (const place of TEXTS) expect(wire).toContain(`TEXT-${place}`);
    expect(pages.map(({ url, title }) => [new URL(url).search, title])).toEqual([
      ['?page=1', mode === 'all' ? '' : 'TEXT-title'],
      ['?page=2', mode === 'all' ? '' : 'TEXT-title'],
    ]);
    for (const open of ['next.html?page=2', 'secrets-', '•••••']) expect(wire).toContain(open);
  });

  it('the widget is not part of the picture', async () => {
    const { shopper, replay } = await both.look();
    await both.caughtUp({ shopper, replay });
    const before = both.lab.sent.length;
    await shopper.evaluate(() => {
      for (let i = 0; i < 20; i += 1) window.sayInWidget(`line ${i}`);
      window.shopper.mark('said');
    });
    await both.lab.until(() => both.lab.marks.includes('said'));
    expect(both.lab.sent.slice(before)).toEqual([]);
    const drawn = await replay.evaluate(() =>
      document
        .querySelector<HTMLIFrameElement>('.page.shown iframe')
        ?.contentDocument?.querySelector('#widget-host, [id*=widget]'),
    );
    expect(drawn).toBeNull();
  });

  it('after Stop not one more event leaves, and nothing of ours is left in the page', async () => {
    const { shopper, replay } = await both.look();
    await both.caughtUp({ shopper, replay });
    await shopper.mouse.move(300, 300);
    const stop = await ownBox(shopper, 'stop');
    expect(stop?.height).toBeGreaterThanOrEqual(48);
    await press(shopper, stop);
    expect(await shopper.evaluate(() => window.shopper.stopped)).toBe(true);
    const before = both.lab.sent.length;
    await shopper.mouse.move(400, 400);
    await shopper.fill('[aria-label=Name]', 'after');
    await shopper.evaluate(async () => {
      for (const step of window.steps) step();
      window.scrollTo({ top: 300, behavior: 'instant' });
      window.dispatchEvent(new Event('pagehide'));
      for (let i = 0; i < 3; i += 1) await new Promise(requestAnimationFrame);
      window.shopper.session()?.resume();
      window.shopper.session()?.close();
      window.shopper.mark('after');
    });
    await both.lab.until(() => both.lab.marks.includes('after'));
    expect(both.lab.sent.slice(before)).toEqual([]);
    expect(await ownBox(shopper, 'frame')).toBeNull();
    expect(await shopper.locator('mostrador-cobrowse').count()).toBe(0);
  });

  it('Stop can be pressed while a dialog of the shop is open', async () => {
    const { shopper } = await both.look();
    await shopper.evaluate(() => window.steps[4]?.());
    await shopper.waitForFunction(() => document.querySelector('dialog > mostrador-cobrowse:popover-open') !== null);
    await press(shopper, await ownBox(shopper, 'stop'));
    expect(await shopper.evaluate(() => [window.shopper.stopped, document.querySelector('dialog')?.open])).toEqual([
      true,
      true,
    ]);
  });
});

async function press(page: Page, box: Box | null): Promise<void> {
  if (!box) throw new Error('It is not drawn.');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

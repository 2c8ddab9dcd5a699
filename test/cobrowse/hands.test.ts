import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HandsDeed, HandsOutcome } from '../../server/protocol/hands.ts';
import { textHash } from '../../server/protocol/text-hash.ts';
import { Both, DESKTOP } from './support/both.ts';
import { HANDS_PAGES } from './support/hands-pages.ts';
import { clickOwn, ownBox, ownText, placeInConsole } from './support/picture.ts';
import { SHOP_PAGES } from './support/shop-pages.ts';

let both: Both;
beforeAll(async () => (both = await Both.open()));
afterEach(async () => await both.leave());
afterAll(async () => await both.close());

type Told = { type: string; act?: number; outcome?: HandsOutcome; did?: string; what?: string; on?: boolean };
type Deed = (page: Page, selector: string) => Promise<HandsDeed>;

/** Another one than the test before: the page says what came of which. */
let acts = 0;

async function helped(): Promise<Page> {
  const { shopper } = await both.look(DESKTOP, 'hands.html', { ...SHOP_PAGES, ...HANDS_PAGES });
  await shopper.evaluate(() => window.shopper.help());
  return shopper;
}

function tell(deed: HandsDeed, epoch = 1): number {
  const act = (acts += 1);
  const origins = ['https://shop.example'];
  both.lab.tell({ type: 'hands.act', conversation: 'c1', epoch, act, deed, agent: 'Ana', by: 'ana', origins });
  return act;
}

async function order(page: Page, deed: HandsDeed, epoch = 1): Promise<Told> {
  const act = tell(deed, epoch);
  const told = await page.waitForFunction(
    (wanted) => (window.shopper.told as Told[]).find((each) => each.type === 'hands.acted' && each.act === wanted),
    act,
  );
  return (await told.jsonValue()) as Told;
}

const targetOf = async (page: Page, selector: string) =>
  await page.evaluate((wanted) => window.shopper.target(wanted), selector);
const clicking: Deed = async (page, selector) => ({ kind: 'click', at: await targetOf(page, selector) });
const filling =
  (text: string): Deed =>
  async (page, selector) => ({ kind: 'fill', at: await targetOf(page, selector), text });
const choosing =
  (option: number, text: string): Deed =>
  async (page, selector) => ({ kind: 'choose', at: await targetOf(page, selector), option, text });
const happened = (page: Page) => page.evaluate(() => window.happened);

describe('promise 20: what helping hands do', () => {
  it('choose, tick, click, fill, scroll: with the events of a person, seen by the shopper, named and never quoted', async () => {
    const page = await helped();
    expect(await order(page, await choosing(1, textHash('M'))(page, '#size'))).toMatchObject({
      did: 'chose',
      what: 'Size: M',
    });
    expect(await page.locator('#size').inputValue()).toBe('M');
    expect(await happened(page)).toEqual(['input size', 'change size']);
    expect(await order(page, await clicking(page, '#gift-label'))).toMatchObject({ did: 'ticked', what: 'Gift wrap' });
    expect(await order(page, await clicking(page, '#gift'))).toMatchObject({ did: 'unticked', what: 'Gift wrap' });
    expect(await order(page, await clicking(page, '#fast'))).toMatchObject({ did: 'chose', what: 'Fast' });
    expect(await page.locator('#fast').isChecked()).toBe(true);
    expect(await order(page, await clicking(page, '#guide'))).toMatchObject({ did: 'clicked', what: 'Size guide' });
    expect(await order(page, await clicking(page, '#loose'))).toMatchObject({ did: 'clicked' });
    expect(await order(page, await filling('Luz')(page, '#text'))).toMatchObject({ did: 'filled', what: 'First name' });
    // What the hands have written they may write anew; what stands there already is nobody's deed.
    expect(await order(page, await filling('Lucía')(page, '#text'))).toMatchObject({ did: 'filled' });
    expect((await order(page, await filling('Lucía')(page, '#text'))).did).toBeUndefined();
    expect(await order(page, await filling('2')(page, '#number'))).toMatchObject({ did: 'filled', what: 'Quantity' });
    expect(await order(page, await filling('8')(page, '#range'))).toMatchObject({ did: 'filled' });
    expect(await order(page, await filling('Two\nlines')(page, '#note'))).toMatchObject({ did: 'filled' });
    expect(await page.locator('#text').inputValue()).toBe('Lucía');
    expect(await page.locator('#number').inputValue()).toBe('2');
    const log = await happened(page);
    expect(log).toEqual(expect.arrayContaining(['pointerdown guide', 'click guide', 'input text', 'change text']));
    const down = { kind: 'scroll', at: await targetOf(page, '#scroller p'), across: 0, down: 0.5 } as const;
    expect(await order(page, down)).toMatchObject({ did: 'scrolled' });
    expect(await page.$eval('#scroller', (element) => element.scrollTop)).toBe(40);
    expect(await order(page, { kind: 'scroll-to', at: await targetOf(page, '#end') })).toMatchObject({
      did: 'scrolled',
    });
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(500);
    // Before it is clicked, what is out of view is brought into it.
    expect(await order(page, await clicking(page, '#guide'))).toMatchObject({ outcome: 'done' });
    expect(await page.evaluate(() => scrollY)).toBeLessThan(500);
    expect(await ownBox(page, 'deed')).not.toBeNull();
    await expect.poll(() => ownText(page, 'live')).toBe('Ana clicked Size guide');
    expect(JSON.stringify(await page.evaluate(() => window.shopper.told))).not.toMatch(/Luz|Lucía|Two/);
  });

  it('a submit that the shop allows by attribute or selector is pressed; one that pays is not, whatever is allowed', async () => {
    const page = await helped();
    expect(await order(page, await clicking(page, '#allowed'))).toMatchObject({
      did: 'clicked',
      what: 'Add to basket',
    });
    expect(await order(page, await clicking(page, '#selected'))).toMatchObject({ did: 'clicked', what: 'Add to list' });
    expect(await happened(page)).toEqual(expect.arrayContaining(['sent allowed', 'sent selected']));
    expect(await order(page, await clicking(page, '#pay-allowed'))).toMatchObject({ outcome: 'not-allowed' });
    expect(await happened(page)).not.toContain('sent pay-allowed');
  });

  it('what the shopper has typed where the shop shows it may be put right; never a secret', async () => {
    const page = await helped();
    await page.locator('#opened').pressSequentially('2801');
    await page.locator('#opened-note').fill('Ring twice');
    await page.locator('#opened-card').fill('4111 1111 1111 1111');
    await page.locator('#opened-password').fill('opened');
    await idle(page);
    expect(await order(page, await filling('28013')(page, '#opened'))).toMatchObject({
      did: 'filled',
      what: 'Postcode',
    });
    expect(await order(page, await filling('Ring once')(page, '#opened-note'))).toMatchObject({ did: 'filled' });
    expect(await page.locator('#opened').inputValue()).toBe('28013');
    // A number of a card is no less one because its field says nothing.
    for (const secret of ['#opened-card', '#opened-password']) {
      expect(await order(page, await filling('1')(page, secret))).toMatchObject({ outcome: 'masked' });
    }
    expect(await page.locator('#opened-card').inputValue()).toBe('4111 1111 1111 1111');
  });

  it('by keyboard, finger and pen as by mouse: Tab from control to control, Enter, arrows; a tap, a drag', async () => {
    const { shopper, agent, replay } = await both.look(DESKTOP, 'hands.html', { ...SHOP_PAGES, ...HANDS_PAGES });
    await both.caughtUp({ shopper, replay });
    await agent.evaluate(() => {
      const words = { fill: 'Fill', fillGo: 'Fill in', choose: 'Choose', cancel: 'Cancel', keys: 'The page' };
      window.agent.replay.handsWords(words);
      window.agent.replay.use('hands', false);
    });
    const deeds = () => agent.evaluate(() => window.agent.deeds.map(({ deed }) => deed));
    const nodeOf = async (selector: string) => (await targetOf(shopper, selector)).node;
    const glass = replay.getByRole('application', { name: 'The page' });
    await glass.focus();
    const said = replay.getByRole('status');
    // The list, the box, two choices, the button.
    await agent.keyboard.press('Tab');
    await expect.poll(() => said.textContent()).toBe('Size');
    await agent.keyboard.press('Enter');
    await replay.getByRole('listbox', { name: 'Size' }).selectOption('M');
    await agent.keyboard.press('Enter');
    for (const _ of ['gift', 'slow', 'fast', 'guide']) await agent.keyboard.press('Tab');
    await expect.poll(() => said.textContent()).toBe('Size guide');
    await agent.keyboard.press('Enter');
    await agent.keyboard.press('ArrowDown');
    await expect.poll(deeds).toMatchObject([
      { kind: 'choose', option: 1 },
      { kind: 'click', at: { node: await nodeOf('#guide'), tag: 'button' } },
      { kind: 'scroll', across: 0, down: 0.15 },
    ]);
    // Out of the picture at its end, and in again from there.
    await agent.keyboard.press('Shift+Tab');
    await expect.poll(() => said.textContent()).toBe('Fast');

    await agent.evaluate(() => window.agent.deeds.splice(0));
    const at = await placeInConsole(agent, replay, '#guide');
    const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
    const protocol = await agent.context().newCDPSession(agent);
    const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
      await protocol.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    await touch('touchStart', [{ x, y }]);
    await touch('touchEnd', []);
    await expect.poll(deeds).toMatchObject([{ kind: 'click', at: { node: await nodeOf('#guide') } }]);
    await touch('touchStart', [{ x, y: y + 100 }]);
    for (const up of [80, 60, 40, 20]) await touch('touchMove', [{ x, y: y + up }]);
    await touch('touchEnd', []);
    // It scrolls as far as the finger goes, and what was under it is not clicked.
    const dragged = async () => {
      const [, ...later] = await deeds();
      return later.map((deed) => (deed.kind === 'scroll' ? Math.sign(deed.down) : deed.kind));
    };
    await expect.poll(dragged).toContain(1);
    await agent.evaluate(() => window.agent.deeds.splice(0));
    const pen = { button: 'left', clickCount: 1, pointerType: 'pen', x, y } as const;
    await protocol.send('Input.dispatchMouseEvent', { ...pen, type: 'mousePressed' });
    await protocol.send('Input.dispatchMouseEvent', { ...pen, type: 'mouseReleased' });
    await expect.poll(deeds).toMatchObject([{ kind: 'click', at: { node: await nodeOf('#guide') } }]);
  });

  it('a link of the shop is followed and the way back taken, never out of the shop', async () => {
    const page = await helped();
    expect(await order(page, { kind: 'back' })).toMatchObject({ outcome: 'not-allowed' });
    const at = await targetOf(page, '#next');
    tell({ kind: 'click', at });
    await page.waitForURL(/next\.html/);
    await page.waitForFunction(() => 'shopper' in window);
    await page.evaluate(() => window.shopper.help());
    tell({ kind: 'back' }, 2);
    await page.waitForURL(/hands\.html/);
  });
});

describe('promise 20: what helping hands never do', () => {
  const write = filling('x');
  const second = choosing(1, '');
  const never: [string, [string, Deed, HandsOutcome][]][] = [
    [
      'secrets: passwords, cards, codes, hidden and file fields',
      [
        ['#password', write, 'masked'],
        ['#shown-password', write, 'masked'],
        ['#new-password', write, 'masked'],
        ['#card', write, 'masked'],
        ['#card-name', write, 'masked'],
        ['#cvc', write, 'masked'],
        ['#card-month', second, 'masked'],
        ['#code', write, 'masked'],
        ['#iban', write, 'masked'],
        ['#hidden', write, 'masked'],
        ['#file', write, 'not-allowed'],
        ['#file', clicking, 'not-allowed'],
        ['#file-label', clicking, 'not-allowed'],
        ['#password', clicking, 'masked'],
      ],
    ],
    [
      'what is masked, blocked, written by the shopper, or closed by the shop',
      [
        ['#masked', write, 'masked'],
        ['#masked-button', clicking, 'masked'],
        ['#blocked', write, 'gone'],
        ['#editor', write, 'not-allowed'],
        ['#editor', clicking, 'masked'],
        ['#never', write, 'not-allowed'],
        ['#never-button', clicking, 'not-allowed'],
        ['#never-select', second, 'not-allowed'],
        ['#readonly', write, 'not-allowed'],
        ['#disabled', write, 'not-allowed'],
        ['#short', filling('long'), 'not-allowed'],
        ['#number', write, 'not-allowed'],
        ['#gone', write, 'gone'],
        ['#gift', write, 'not-allowed'],
      ],
    ],
    [
      'sending a form: by a button of any kind, by a label, from outside, by the page’s own scripts',
      [
        ['#send-it', clicking, 'not-allowed'],
        ['#input-submit', clicking, 'not-allowed'],
        ['#image', clicking, 'not-allowed'],
        ['#reset', clicking, 'not-allowed'],
        ['#submit-label', clicking, 'not-allowed'],
        ['#outside', clicking, 'not-allowed'],
        ['#scripted', clicking, 'not-allowed'],
        ['#unheard', clicking, 'not-allowed'],
        ['#pressed', clicking, 'not-allowed'],
      ],
    ],
    [
      'ordering and paying, and links that leave the shop or the tab',
      [
        ['#pay', clicking, 'not-allowed'],
        ['#pay-div', clicking, 'not-allowed'],
        ['#pay-link', clicking, 'not-allowed'],
        ['#labelled', clicking, 'not-allowed'],
        ['#icon', clicking, 'not-allowed'],
        ['#slotted', clicking, 'not-allowed'],
        ['#drawn', clicking, 'not-allowed'],
        ['#other', clicking, 'not-allowed'],
        ['#script', clicking, 'not-allowed'],
        ['#mail', clicking, 'not-allowed'],
        ['#tab', clicking, 'not-allowed'],
        ['#download', clicking, 'not-allowed'],
      ],
    ],
  ];

  it('secrets, what is masked or closed, sending a form, ordering, paying, leaving the shop: refused by name, nothing moves', async () => {
    const page = await helped();
    const values = () =>
      page.$$eval('input, textarea, select', (fields) => fields.map((field) => (field as HTMLInputElement).value));
    const before = await values();
    for (const [what, cases] of never) {
      const outcomes: string[] = [];
      for (const [selector, deed] of cases) {
        const { outcome } = await order(page, await deed(page, selector));
        outcomes.push(`${selector}: ${outcome}`);
      }
      expect(outcomes, what).toEqual(cases.map(([selector, , wanted]) => `${selector}: ${wanted}`));
      expect(await values(), what).toEqual(before);
    }
    expect((await happened(page)).filter((each) => /^(?:sent|input|change|reset|ran)/.test(each))).toEqual([]);
    expect(page.url()).toMatch(/hands\.html$/);
    expect(page.context().pages()).toHaveLength(1);
  });

  it('a form that a script sends because of a choice, of what was filled in, or a moment later is not sent; the shopper’s is', async () => {
    const page = await helped();
    const url = page.url();
    expect(await order(page, await choosing(1, textHash('Cheap'))(page, '#sort'))).toMatchObject({ did: 'chose' });
    expect(await order(page, await filling('TEN')(page, '#coupon'))).toMatchObject({ did: 'filled' });
    await expect.poll(() => happened(page)).toContain('asked');
    expect(await order(page, await clicking(page, '#later'))).toMatchObject({ did: 'clicked' });
    await expect.poll(() => happened(page)).toContain('later');
    expect(await happened(page)).not.toContainEqual(expect.stringMatching(/^sent/));
    expect(page.url()).toBe(url);
    const inSlot = await page.evaluate(() => {
      const button = document.querySelector('#slotted')?.shadowRoot?.querySelector('button');
      return button ? window.shopper.idOf(button) : -1;
    });
    const slotted: HandsDeed = { kind: 'click', at: { node: inSlot, fx: 0.5, fy: 0.5, tag: 'button', hash: '' } };
    expect((await order(page, slotted)).outcome).not.toBe('done');
    // With a hand of the shopper's own on the page it is theirs again.
    await page.locator('#later').click();
    await page.waitForURL(/sent\.html/);
  });

  it('nothing while the shopper types or clicks, and what they have typed stays theirs; the agent is told when', async () => {
    const page = await helped();
    await page.locator('#typed').pressSequentially('Calle Mayor 1');
    const deed = await clicking(page, '#guide');
    expect(await order(page, deed)).toMatchObject({ outcome: 'typing' });
    expect(await order(page, { kind: 'back' })).toMatchObject({ outcome: 'typing' });
    expect(await happened(page)).not.toContain('click guide');
    await idle(page);
    expect(await order(page, await filling('x')(page, '#typed'))).toMatchObject({ outcome: 'masked' });
    expect(await page.locator('#typed').inputValue()).toBe('Calle Mayor 1');
    const told = await page.evaluate(() => window.shopper.told as Told[]);
    expect(told.filter(({ type }) => type === 'hands.busy').map(({ on }) => on)).toEqual([false, true, false]);
    await page.mouse.move(600, 300);
    await page.mouse.down();
    expect(await order(page, deed)).toMatchObject({ outcome: 'typing' });
    await page.mouse.up();
    await idle(page);
    expect(await order(page, deed)).toMatchObject({ outcome: 'done' });
  });

  it('an old page, another element, another text, a forged number or our own widget: nothing moves', async () => {
    const page = await helped();
    const at = await targetOf(page, '#guide');
    const click = (more: Partial<typeof at>): HandsDeed => ({ kind: 'click', at: { ...at, ...more } });
    expect(await order(page, click({}), 99)).toMatchObject({ outcome: 'old-epoch' });
    for (const forged of [{ tag: 'a' }, { hash: 'zzz' }, { hash: '' }, { node: 4_000_000 }, { node: 0 }]) {
      expect(await order(page, click(forged))).toMatchObject({ outcome: 'gone' });
    }
    const [host, inner] = await page.evaluate(() => {
      const widget = document.querySelector('#widget-host');
      const button = widget?.shadowRoot?.querySelector('button');
      return [window.shopper.idOf(widget as Element), button ? window.shopper.idOf(button) : -1];
    });
    expect(inner).toBe(-1);
    expect(await order(page, click({ node: host, tag: 'div', hash: '' }))).toMatchObject({ outcome: 'gone' });
    await page.$eval('#guide', (button) => (button.textContent = 'Delete my account'));
    expect(await order(page, click({}))).toMatchObject({ outcome: 'gone' });
    expect(await order(page, await choosing(1, 'other')(page, '#size'))).toMatchObject({ outcome: 'gone' });
    expect(await happened(page)).toEqual([]);
  });

  it('after the shopper’s Stop, which a keyboard reaches too', async () => {
    const page = await helped();
    await expect.poll(async () => (await ownBox(page, 'hands-frame'))?.width ?? 0).toBeGreaterThan(1_000);
    const deed = await clicking(page, '#guide');
    await clickOwn(page, 'hands-stop');
    expect(await page.evaluate(() => [window.shopper.handsStopped, window.shopper.stopped])).toEqual([true, false]);
    expect(await order(page, deed)).toMatchObject({ outcome: 'no-hands' });
    expect(await ownBox(page, 'hands-frame')).toBeNull();
    await page.evaluate(() => window.shopper.help());
    await page.evaluate(() => (window.shopper.handsStopped = false));
    await page.locator('#next').focus();
    // Past the scrolled box and the buttons of looking: the last of the page.
    for (let tabs = 0; tabs < 8 && !(await page.evaluate(() => window.shopper.handsStopped)); tabs += 1) {
      await page.keyboard.press('Tab');
      if (
        await page.evaluate(() => document.activeElement?.localName === 'mostrador-cobrowse' && window.shopper.stopped)
      )
        break;
      if ((await focusedName(page)) === 'Stop: Ana no longer clicks here') await page.keyboard.press('Enter');
    }
    expect(await page.evaluate(() => window.shopper.handsStopped)).toBe(true);
    expect(await happened(page)).not.toContain('click guide');
  });
});

async function idle(page: Page): Promise<void> {
  await page.waitForFunction(
    () => (window.shopper.told as Told[]).findLast(({ type }) => type === 'hands.busy')?.on === false,
  );
}

/** Also inside our own closed shadow root. */
async function focusedName(page: Page): Promise<string> {
  const protocol = await page.context().newCDPSession(page);
  const { nodes } = await protocol.send('Accessibility.getFullAXTree');
  await protocol.detach();
  const focused = nodes.find(
    ({ role, properties = [] }) =>
      String(role?.value) === 'button' &&
      properties.some(({ name, value }) => name === 'focused' && value.value === true),
  );
  return String(focused?.name?.value ?? '');
}

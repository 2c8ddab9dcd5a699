import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => (stage = await Stage.open()));
afterEach(async () => await stage.leave());
afterAll(async () => await stage.close());

/** The texts of a log's messages that a test wrote, in the order in which they stand. */
async function written(log: import('playwright-core').Locator): Promise<string[]> {
  const text = await log.innerText();
  return text.match(/\b[sa]-\d{3}\b/g) ?? [];
}

/** Types a hundred messages into a text field, each ended by Enter, as fast as the page shows them. */
async function writeMany(field: import('playwright-core').Locator, prefix: string): Promise<void> {
  await field.evaluate(async (element, letter) => {
    const text = element as HTMLTextAreaElement;
    for (let n = 0; n < 100; n++) {
      text.value = `${letter}-${String(n).padStart(3, '0')}`;
      text.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
      text.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true, cancelable: true }),
      );
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }, prefix);
}

describe('promise 3: chat', () => {
  it('goes both ways, with typing, delivered and read', async () => {
    const { shopper, agent } = await stage.conversation();
    await shopper.field.pressSequentially('Do you');
    await agent.page
      .getByText(/typing/i)
      .first()
      .waitFor();
    await shopper.say('Do you have this in blue?');
    await agent.sees('Do you have this in blue?');
    await agent.say('We do: ¡sí, señora! 🙂');
    await shopper.sees('We do: ¡sí, señora! 🙂');
    await agent.page.getByText('Read', { exact: true }).first().waitFor();
    await shopper.widget.getByRole('img', { name: 'Read' }).first().waitFor();
    expect(shopper.errors).toEqual([]);
  });

  it('is there after a reload and on the next page', async () => {
    const { shopper, agent } = await stage.conversation();
    await agent.say('See you on the next page');
    await shopper.sees('See you on the next page');
    await shopper.page.reload();
    await shopper.sees('See you on the next page');
    await shopper.goto('/demo/product/olive-vase.html');
    await shopper.sees('Hello, is anybody there?');
    await shopper.say('Here I am');
    await agent.sees('Here I am');
    await agent.page
      .getByText(/olive-vase/)
      .first()
      .waitFor();
  });

  it('a panel that the page before had open is there at once, without coming into view again', async () => {
    const { shopper } = await stage.conversation();
    const panel = shopper.widget.getByRole('dialog').first();
    const motion = async () => await panel.evaluate((element) => getComputedStyle(element).animationName);
    expect(await motion()).toBe('rise');
    await shopper.page.reload();
    await shopper.field.waitFor();
    expect(await motion()).toBe('none');
    await shopper.closePanel();
    await shopper.open();
    expect(await motion()).toBe('rise');
  });

  it('the next page waits for nothing that the page before knew; what the shop is by now is told all the same', async () => {
    const { shopper } = await stage.conversation();
    let answer = (): void => {};
    const asked = new Promise<void>((resolve) => (answer = resolve));
    await shopper.page.route('**/api/shops/demo', async (route) => {
      await asked;
      await route.fulfill({ status: 403, body: '{}' });
    });
    const complains = async (): Promise<unknown> =>
      await shopper.page.waitForEvent('console', (message) => message.text().includes('SHOP_ORIGINS'));
    const first = complains();
    await shopper.page.reload();
    await shopper.sees('is with you now');
    await shopper.say('Still here?');
    await shopper.sees('Still here?');
    answer();
    await first;
    // It is kept no longer: the next page asks first, and is refused.
    await Promise.all([complains(), shopper.page.reload()]);
    expect(await shopper.page.locator('mostrador-widget').count()).toBe(0);
    await shopper.page.unrouteAll();
    await shopper.page.reload();
    await shopper.sees('Still here?');
  });

  it('what is typed offline is sent afterwards, and says so', async () => {
    const { shopper, agent } = await stage.conversation();
    await stage.server.stop();
    await shopper.widget.getByText('The connection is lost').waitFor();
    await shopper.say('Written offline');
    await shopper.sees('Written offline');
    await shopper.sees('Will be sent when you are back online');
    await agent.page.getByText('The connection is gone').waitFor();
    await agent.say('Also offline');
    await shopper.page.reload().catch(() => {});
    stage.server = await stage.server.restart();
    await shopper.goto('/demo/');
    await shopper.sees('Also offline');
    await agent.sees('Written offline');
    await shopper.widget.getByText('The connection is lost').waitFor({ state: 'detached' });
  });

  it('a lost connection is said within two seconds on both sides, however often it is tried again', async () => {
    const { shopper, agent } = await stage.conversation();
    for (const { page } of [shopper, agent]) {
      await page.clock.install();
      await page.reload();
    }
    await shopper.sees('is with you now');
    await agent.field.waitFor();
    // From here on the time of the pages is the test's.
    for (const { page } of [shopper, agent]) await page.clock.pauseAt(Date.now() + 2_000);
    await stage.server.kill();
    await shopper.button('Video call (When you are back online)').waitFor();
    await agent.page.getByText('Connecting …').waitFor();
    const [lost, gone] = [
      shopper.widget.getByText('The connection is lost'),
      agent.page.getByText('The connection is gone'),
    ];
    expect([await lost.count(), await gone.count()]).toEqual([0, 0]);
    for (const { page } of [shopper, agent]) await page.clock.runFor(1_600);
    await lost.waitFor();
    await gone.waitFor();
    stage.server = await stage.server.restart();
  });

  it('a text over 4,000 characters is explained and not lost; an empty one is not sent', async () => {
    const { shopper, agent } = await stage.conversation();
    await shopper.field.fill('x'.repeat(4_010));
    await shopper.widget.getByText('10 characters too many').first().waitFor();
    await shopper.field.press('Enter');
    expect(await shopper.field.inputValue()).toHaveLength(4_010);
    await shopper.field.fill('   ');
    await shopper.field.press('Enter');
    await shopper.say('and on we go');
    await agent.sees('and on we go');
    expect(await agent.log.innerText()).not.toContain('xxxx');
  });

  it('what somebody writes is text, never markup; links are safe', async () => {
    const { shopper, agent } = await stage.conversation();
    await agent.say('<img src=x onerror="document.title=\'owned\'"> see https://shop.example/a?b=1.');
    const link = shopper.log.getByRole('link', { name: /shop\.example/ });
    await link.waitFor();
    expect(await link.getAttribute('href')).toBe('https://shop.example/a?b=1');
    expect(await link.getAttribute('rel')).toContain('noopener');
    expect(await shopper.page.title()).not.toBe('owned');
    await shopper.say('<script>document.title="owned"</script>');
    await agent.sees('<script>');
    expect(await agent.page.title()).not.toBe('owned');
  });

  it('two tabs of one shopper show the same conversation', async () => {
    const { shopper, agent } = await stage.conversation();
    const other = await shopper.page.context().newPage();
    await other.goto(`${stage.server.origin}/demo/cart.html`);
    const log = other.locator('mostrador-widget').getByRole('log');
    await other.getByRole('button', { name: /^Chat with/ }).click();
    await log.getByText('Hello, is anybody there?').waitFor();
    await agent.say('For both tabs');
    await log.getByText('For both tabs').waitFor();
    await shopper.sees('For both tabs');
  });

  it('a kill -9 in the middle of 200 messages from both sides: each one once, in order, on both sides', async () => {
    const { shopper, agent } = await stage.conversation();
    const writing = Promise.all([writeMany(shopper.field, 's'), writeMany(agent.field, 'a')]);
    await shopper.sees('a-020');
    await stage.server.kill();
    stage.server = await stage.server.restart();
    await writing;
    await expect.poll(async () => (await written(shopper.log)).length, { timeout: 30_000 }).toBe(200);
    await expect.poll(async () => (await written(agent.log)).length, { timeout: 30_000 }).toBe(200);
    await expect
      .poll(async () => await shopper.widget.getByText('Will be sent when you are back online').count())
      .toBe(0);
    const seen = await written(shopper.log);
    expect(await written(agent.log)).toEqual(seen);
    for (const prefix of ['s', 'a']) {
      const own = seen.filter((text) => text.startsWith(prefix));
      expect(own).toEqual(Array.from({ length: 100 }, (_, n) => `${prefix}-${String(n).padStart(3, '0')}`));
    }
  });
});

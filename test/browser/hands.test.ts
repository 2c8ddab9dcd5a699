import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clickOwn, ownBox, placeInConsole, replayFrame } from '../cobrowse/support/picture.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { ShopVisit } from './shop-visit.ts';
import { Stage } from './stage.ts';

type People = { shopper: ShopVisit; agent: AgentDesk };

let stage: Stage;
beforeAll(async () => (stage = await Stage.open()));
afterAll(async () => await stage.close());

/** A click of the agent's on an element of the picture, once it is there where it is in the shopper's window. */
async function clickPicture({ shopper, agent }: People, selector: string): Promise<void> {
  const corner = (element: Element): number[] => {
    const { x, y } = element.getBoundingClientRect();
    return [Math.round(x / 4), Math.round(y / 4)];
  };
  await expect
    .poll(async () => {
      const there = await shopper.page.locator(selector).first().evaluate(corner);
      const seen = await agent.picture.locator(selector).first().evaluate(corner);
      return Math.hypot((there[0] ?? 0) - (seen[0] ?? 0), (there[1] ?? 0) - (seen[1] ?? 0));
    })
    .toBeLessThan(2);
  const place = await placeInConsole(agent.page, await replayFrame(agent.page), selector);
  await agent.page.mouse.click(place.x + place.width / 2, place.y + place.height / 2);
}

describe('promise 27: helping hands', () => {
  it('asked for, with a yes of their own: choose, tick, follow a link over a page load, fill, buy not, go back, stop', async () => {
    const people = await stage.conversation({ path: '/demo/category.html' });
    const { shopper, agent } = people;
    const loaded: string[] = [];
    shopper.page.on('request', (request) => loaded.push(request.url()));
    await agent.button('Look together').click();
    await shopper.button('Show my page').click();
    await replayFrame(agent.page);
    const editor = agent.page.frameLocator('iframe[data-part="page"]').locator('.editor');

    await agent.page.keyboard.press('h');
    await shopper.widget.getByText('Ana would like to lend a hand on the page').waitFor();
    expect(loaded.filter((url) => /openHands|hands/.test(url) && url.includes('cobrowse'))).toEqual([]);
    await shopper.button('Let Ana help').click();
    await agent.page.getByText('You can act in the page').waitFor();
    await expect.poll(async () => (await ownBox(shopper.page, 'hands-frame'))?.width ?? 0).toBeGreaterThan(1_000);
    // The shopper presses a key: the agent sees that, and their turn comes in a moment.
    const bar = agent.page.getByRole('toolbar', { name: 'Pointing' });
    await shopper.closePanel();
    await bar.getByText('The shopper is typing or clicking').waitFor();
    await bar.getByText('Click what you would click for the shopper').waitFor();

    await clickPicture(people, '#filter-sort');
    await editor.getByRole('listbox', { name: 'Sort by' }).selectOption('Cheapest first');
    await editor.getByRole('button', { name: 'Choose' }).click();
    await agent.sees('You chose “Sort by: Cheapest first”');
    expect(await shopper.page.locator('#filter-sort').inputValue()).toBe('cheapest');
    await clickPicture(people, '.chip:has(#filter-lamps)');
    await agent.sees('You ticked “Lamps”');
    await expect.poll(() => shopper.page.locator('#filter-lamps').isChecked()).toBe(true);

    await clickPicture(people, '#products a[href*="table-lamp"]');
    await shopper.page.waitForURL(/table-lamp/);
    await agent.sees('You opened “Lumbre table lamp”');
    await agent.picture.locator('#quantity').waitFor();
    // It goes on over the page load, with the frame and the tool.
    await expect.poll(async () => (await ownBox(shopper.page, 'hands-frame'))?.width ?? 0).toBeGreaterThan(1_000);
    // The picture is loaded anew, for whatever reason: it has its words and its tool again.
    const before = await replayFrame(agent.page);
    await before.evaluate(() => location.reload());
    await before.waitForSelector('.glass[data-tool="hands"]');
    await agent.picture.locator('#quantity').waitFor();
    await clickPicture(people, '#quantity');
    await editor.getByRole('button', { name: 'Fill in' }).waitFor();
    await editor.getByLabel('Quantity').fill('3');
    await editor.getByLabel('Quantity').press('Enter');
    await agent.sees('You filled in “Quantity”');
    expect(await shopper.page.locator('#quantity').inputValue()).toBe('3');
    // The demo shop allows this one submit.
    await clickPicture(people, '#add-to-cart');
    await agent.sees('You clicked “Add to cart”');
    await expect.poll(() => shopper.page.locator('#cart-drawer').getAttribute('inert')).toBeNull();
    const checkout = '.cart-drawer-end a[href*="checkout"]';
    await expect
      .poll(() => shopper.page.locator(checkout).evaluate((link) => link.getBoundingClientRect().right <= innerWidth))
      .toBe(true);
    await clickPicture(people, checkout);
    await shopper.page.waitForURL(/checkout/);
    await agent.sees(/You opened “.*heckout/);

    // Nothing is sent, and no card is touched.
    await agent.picture.locator('#card-number').waitFor();
    await shopper.page.locator('#card-number').evaluate((field) => field.scrollIntoView({ behavior: 'instant' }));
    await clickPicture(people, '#card-number');
    await bar.getByText('Masked or secret: only the shopper can touch this.').waitFor();
    expect(await editor.count()).toBe(0);
    await agent.page.mouse.wheel(0, -300);
    await agent.sees('You scrolled the page');

    await agent.button('Go back a page').click();
    await shopper.page.waitForURL(/table-lamp/);
    await agent.sees('You went back a page');
    await expect.poll(async () => (await ownBox(shopper.page, 'hands-stop'))?.width ?? 0).toBeGreaterThan(40);
    await clickOwn(shopper.page, 'hands-stop');
    await agent.sees('The shopper ended acting in the page');
    await agent.page.getByText('You can act in the page').waitFor({ state: 'detached' });
    expect(await ownBox(shopper.page, 'hands-frame')).toBeNull();
    // Looking together goes on.
    expect(await ownBox(shopper.page, 'frame')).not.toBeNull();
    await shopper.launcher.click();
    for (const line of [
      'Ana can click in your page now',
      'Ana chose “Sort by: Cheapest first”',
      'Ana ticked “Lamps”',
      'Ana filled in “Quantity”',
      'Ana clicked “Add to cart”',
      'Ana went back a page',
      'Ana cannot click in your page any more',
    ]) {
      await shopper.sees(line);
    }
    expect(await shopper.log.textContent()).not.toContain('“3”');
    expect(shopper.errors).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownBox, replayFrame } from '../cobrowse/support/picture.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => (stage = await Stage.open()));
afterAll(async () => await stage.close());

describe('promise 18: pointing at products', () => {
  it('the console lists the page’s products; one click shows one to the shopper, another sends it as a card', async () => {
    const { shopper, agent } = await stage.conversation({ path: '/demo/category.html' });
    await agent.button('Look together').click();
    await shopper.button('Show my page').click();
    await replayFrame(agent.page);
    await agent.page.getByText('Products on this page').click();
    const list = agent.page.getByRole('region', { name: 'Products on this page' });
    await expect.poll(async () => await list.getByRole('listitem').count()).toBe(12);
    expect(await list.getByRole('listitem').first().textContent()).toMatch(/€/);
    await expect
      .poll(
        async () =>
          await list
            .locator('img')
            .first()
            .evaluate((image) => (image as HTMLImageElement).naturalWidth),
      )
      .toBeGreaterThan(0);

    await list.getByText('Mark them').click();
    const marked = agent.picture.locator('.card', { hasText: 'Alba espresso cup' });
    await expect.poll(async () => await marked.evaluate((card) => getComputedStyle(card).outlineStyle)).toBe('dotted');
    await list.getByText('Mark them').click();
    await expect.poll(async () => await marked.evaluate((card) => getComputedStyle(card).outlineStyle)).toBe('none');

    await agent.button('Show Alba espresso cup to the shopper').click();
    await expect
      .poll(async () => {
        const shown = await ownBox(shopper.page, 'outline');
        const card = await shopper.page.locator('[data-slug="espresso-cup"]').boundingBox();
        return shown && card ? Math.hypot(shown.x - card.x, shown.y - card.y) : null;
      })
      .toBeLessThan(12);

    await agent.button('Send Alba espresso cup into the chat').click();
    await agent.log.getByRole('link', { name: 'Alba espresso cup' }).waitFor();
    const card = shopper.log.getByRole('link', { name: /Alba espresso cup/ });
    await card.waitFor();
    expect(await card.textContent()).toMatch(/€/);
    await card.click();
    await shopper.page.waitForURL(/product\/espresso-cup\.html/);
    // The next page's products are the list now: the one it is about, and those that go well with it.
    await expect.poll(async () => await list.getByRole('listitem').first().textContent()).toMatch(/Alba espresso cup/);
    expect(shopper.errors).toEqual([]);
  });
});

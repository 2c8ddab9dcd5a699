import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { violations } from './axe.ts';
import { Stage } from './stage.ts';

const pictures = join(import.meta.dirname, '..', 'output');
const picture = async (page: Page, name: string): Promise<void> =>
  void (await page.screenshot({ path: join(pictures, `${name}.png`) }));

let stage: Stage;
beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  stage = await Stage.open();
});
afterEach(async () => await stage.leave());
afterAll(async () => await stage.close());

describe('promise 24: before and after a person', () => {
  it('an answer is found as the shopper types, read, and never stands before a person; afterwards they say how it was', async () => {
    const shopper = await stage.shopper();
    const loaded: string[] = [];
    shopper.page.on('request', (request) => void loaded.push(request.url()));
    await shopper.open();
    const often = shopper.widget.getByRole('region', { name: 'Often asked' });
    await often.getByRole('button').first().waitFor();
    const searching = (): string[] => loaded.filter((url) => /\/widget\/search-[^/]+\.js$/.test(url));
    expect(searching()).toEqual([]);
    await picture(shopper.page, 'faq-often');
    expect(await violations(shopper.page, 'mostrador-widget')).toEqual([]);

    // A slip of the keyboard, and the focus stays where it is.
    await shopper.field.pressSequentially('How lnog does delivrey take');
    const suggestions = shopper.widget.getByRole('region', { name: 'This may help' });
    await suggestions.getByRole('button', { name: 'How long does delivery take?' }).waitFor();
    // What searches has come with the first search, once.
    expect(searching()).toHaveLength(1);
    expect(await suggestions.getByRole('button').count()).toBeLessThanOrEqual(3);
    expect(await shopper.field.evaluate((field) => field.matches(':focus'))).toBe(true);
    const [below, field] = [await suggestions.boundingBox(), await shopper.field.boundingBox()];
    expect((below?.y ?? 0) + (below?.height ?? 0)).toBeLessThanOrEqual(field?.y ?? 0);
    await picture(shopper.page, 'faq-suggestions');

    // By keyboard: into the article, told that it helped, back to the same place.
    const first = suggestions.getByRole('button').first();
    await first.focus();
    await shopper.page.keyboard.press('Enter');
    const article = shopper.widget.getByRole('heading', { name: 'How long does delivery take?' });
    await expect.poll(async () => await article.evaluate((title) => title.matches(':focus'))).toBe(true);
    await shopper.widget.getByText('Orders over €60 travel free.').waitFor();
    await picture(shopper.page, 'faq-article');
    expect(await violations(shopper.page, 'mostrador-widget')).toEqual([]);
    const counted = shopper.page.waitForResponse((response) => response.url().endsWith('/answers'));
    await shopper.button(/^Yes$/).click();
    expect((await counted).status()).toBe(200);
    await shopper.widget.getByText('Thank you, good to know.').waitFor();
    await shopper.page.keyboard.press('Escape');
    await expect.poll(async () => await first.evaluate((button) => button.matches(':focus'))).toBe(true);
    await first.click();
    expect(await shopper.widget.getByText('Did this help?').count()).toBe(0);
    await shopper.button('Talk to someone').click();
    await expect.poll(async () => await shopper.field.evaluate((text) => text.matches(':focus'))).toBe(true);
    expect(await shopper.field.inputValue()).toBe('How lnog does delivrey take');

    await shopper.field.press('Enter');
    await shopper.sees('How lnog does delivrey take');
    expect(await often.count()).toBe(0);
    const agent = await stage.agent();
    await agent.accept('delivrey');
    await agent.button('Close').click();
    await agent.button('Really close?').click();

    // Asked once, by a group of radio buttons; the agent reads it.
    const scale = shopper.widget.getByRole('group', { name: 'How was it with Ana?' });
    await scale.getByRole('radio').first().focus();
    await shopper.page.keyboard.press('Space');
    for (let step = 1; step < 4; step++) await shopper.page.keyboard.press('ArrowRight');
    await shopper.widget.getByLabel('A few words, if you like').fill('Quick and kind.');
    await picture(shopper.page, 'rating');
    expect(await violations(shopper.page, 'mostrador-widget')).toEqual([]);
    await shopper.widget.locator('.rating').getByRole('button', { name: 'Send' }).click();
    await shopper.sees('You rated this chat 4 out of 5');
    await agent.sees('The shopper found it 4 out of 5: “Quick and kind.”');
    expect(await scale.count()).toBe(0);
    await shopper.page.reload();
    await shopper.open();
    await shopper.sees('You rated this chat 4 out of 5');
    await often.getByRole('button').first().waitFor();
    expect(await scale.count()).toBe(0);
    expect(shopper.errors).toEqual([]);
  });

  it('an article is written, put in its place and published by keyboard alone, and found by a shopper', async () => {
    const agent = await stage.agent();
    const { page } = agent;
    const { keyboard } = page;
    const focused = (locator: Locator) =>
      expect.poll(async () => await locator.evaluate((element) => element.matches(':focus'))).toBe(true);
    /** By Tab until the focus is there; what cannot be reached fails. */
    const goTo = async (locator: Locator, key = 'Tab'): Promise<void> => {
      for (let step = 0; step < 40; step++) {
        if (await locator.evaluate((element) => element.matches(':focus'))) return;
        await keyboard.press(key);
      }
      await focused(locator);
    };
    await goTo(agent.button('FAQ'));
    await keyboard.press('Enter');
    await page.getByRole('button', { name: 'How long does delivery take?' }).first().waitFor();
    expect(await violations(page, 'main')).toEqual([]);
    await goTo(agent.button('New article'));
    await keyboard.press('Enter');
    const title = page.getByLabel('Title', { exact: true });
    await focused(title);
    await keyboard.type('Can I have it gift wrapped?');
    await keyboard.press('Enter');
    await page.getByText('A title and an answer are needed in one language').waitFor();
    await goTo(page.getByLabel('Answer'));
    await keyboard.type('Of course:\n\n- in paper\n- or in linen');
    const preview = page.getByRole('region', { name: 'As shoppers see it' });
    await preview.getByRole('listitem').filter({ hasText: 'or in linen' }).waitFor();
    // The other language, of which only half is written.
    await goTo(page.getByRole('tab', { name: 'English' }), 'Shift+Tab');
    await keyboard.press('ArrowRight');
    await focused(page.getByRole('tab', { name: 'Spanish' }));
    await goTo(title);
    await keyboard.type('¿Se puede envolver?');
    await picture(page, 'faq-editor');
    expect(await violations(page, 'main')).toEqual([]);
    await goTo(page.getByLabel('Answer'));
    await keyboard.type('Claro que sí.');
    await goTo(page.getByRole('checkbox', { name: 'Published in this language' }));
    await keyboard.press('Space');
    await goTo(agent.button('Save'));
    await keyboard.press('Enter');
    await page.getByText('Saved.', { exact: true }).waitFor();
    // It has an editor of its own now, and the focus is in it.
    await focused(title);
    expect(await violations(page, 'main')).toEqual([]);
    await goTo(agent.button('Move “Can I have it gift wrapped?” up'), 'Shift+Tab');
    for (let place = 0; place < 5; place++) await keyboard.press('Enter');
    await focused(agent.button('Move “Can I have it gift wrapped?” down'));

    const shopper = await stage.shopper();
    await shopper.open();
    const often = shopper.widget.getByRole('region', { name: 'Often asked' });
    await expect.poll(() => often.getByRole('button').first().innerText()).toBe('Can I have it gift wrapped?');
    await often.getByRole('button').first().click();
    await shopper.widget.getByRole('listitem').filter({ hasText: 'or in linen' }).waitFor();
    expect(shopper.errors).toEqual([]);
  });

  it('on a phone in the dark, in Spanish, there is room for all of it', async () => {
    const phone = {
      viewport: { width: 360, height: 640 },
      hasTouch: true,
      isMobile: true,
      colorScheme: 'dark',
    } as const;
    const shopper = await stage.shopper('/demo/es/', { ...phone, locale: 'es-ES' });
    await shopper.widget.getByRole('button', { name: 'Chatear con' }).click();
    await shopper.widget.getByRole('textbox', { name: 'Tu mensaje' }).fill('cuanto tarda el envio');
    const found = shopper.widget.getByRole('button', { name: '¿Cuánto tarda el envío?' });
    await found.waitFor();
    await picture(shopper.page, 'faq-phone');
    await found.tap();
    await shopper.widget.getByRole('button', { name: 'Hablar con alguien' }).waitFor();
    await picture(shopper.page, 'faq-phone-article');
    expect(await violations(shopper.page, 'mostrador-widget')).toEqual([]);
    expect(shopper.errors).toEqual([]);
  });
});

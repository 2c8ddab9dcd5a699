import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ReplySetting } from '../../server/protocol/settings.ts';
import { signIn } from '../support/wire.ts';
import { violations } from './axe.ts';
import { Stage } from './stage.ts';

const pictures = join(import.meta.dirname, '..', 'output');
const picture = async (page: Page, name: string): Promise<void> =>
  void (await page.screenshot({ path: join(pictures, `${name}.png`) }));

/** Who opens the console without a sign-in is told so, and the browser notes that down. */
const isNoGreeting = (error: string): boolean => !error.includes('401');

let stage: Stage;
beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  stage = await Stage.open({}, [{ name: 'Zoe', role: 'supervisor' }]);
  const replies: ReplySetting[] = [
    { id: 'a', short: 'hello', text: 'Hello {shopper}, this is {agent} of {shop}.', topic: null },
    { id: 'b', short: 'help', text: 'How can I help you?', topic: null },
    { id: 'c', short: 'thanks', text: 'Thank you for your patience.', topic: null },
  ];
  await fetch(`${stage.server.origin}/api/settings/replies`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', Origin: stage.server.origin, cookie: await signIn(stage.server) },
    body: JSON.stringify({ version: 0, value: replies }),
  });
});
afterEach(async () => await stage.leave());
afterAll(async () => await stage.close());

describe('promise 22: a console for a busy agent', () => {
  it('saved replies by a slash, notes that stay inside, a whisper that is seen, what was before', async () => {
    const { shopper, agent } = await stage.conversation();
    const list = agent.page.getByRole('listbox', { name: 'Saved replies' });

    // The list filters as typed, is chosen from by keyboard, and fills in who is who.
    await agent.field.pressSequentially('/');
    await list.getByRole('option').nth(2).waitFor();
    await agent.field.pressSequentially('hel');
    expect(await list.getByRole('option').allInnerTexts()).toEqual([
      expect.stringContaining('/hello'),
      expect.stringContaining('/help'),
    ]);
    await picture(agent.page, 'replies');
    expect(await violations(agent.page, 'body')).toEqual([]);
    await agent.field.press('Enter');
    expect(await agent.field.inputValue()).toBe('Hello, this is Ana of Casa Lumbre.');
    await agent.field.pressSequentially(' Nice to meet you! /h');
    await agent.field.press('ArrowDown');
    await agent.field.press('Enter');
    await agent.field.press('Enter');
    await shopper.sees('Hello, this is Ana of Casa Lumbre. Nice to meet you! How can I help you?');

    // Whoever wants a slash gets a slash: alone, within words, and after the list was put away.
    await agent.say('/');
    await shopper.sees(/^\/$/);
    await agent.say('24/7 and/or https://shop.example/help');
    await shopper.sees('24/7 and/or');
    await agent.field.pressSequentially('/hel');
    await list.waitFor();
    await agent.field.press('Escape');
    await list.waitFor({ state: 'detached' });
    await agent.field.press('Enter');
    await shopper.sees(/^\/hel$/);

    // A note: another field with a text of its own, that the shopper never sees.
    await agent.field.fill('Half a reply');
    await agent.page.getByRole('button', { name: 'Note', exact: true }).click();
    const noteField = agent.page.getByRole('textbox', { name: 'Your note for colleagues' });
    expect(await noteField.inputValue()).toBe('');
    await noteField.pressSequentially('A regular: be generous');
    await picture(agent.page, 'note-writing');
    await noteField.press('Enter');
    await agent.sees('A regular: be generous');
    await agent.page.getByRole('button', { name: 'Reply', exact: true }).click();
    expect(await agent.field.inputValue()).toBe('Half a reply');

    // The supervisor reads the same, and whispers to the agent.
    const zoe = await stage.agent({}, stage.as['Zoe']);
    await zoe.page.getByText('With colleagues').click();
    await zoe.page.locator('[data-line]').first().click();
    await zoe.sees('A regular: be generous');
    await zoe.page.getByRole('textbox', { name: 'Your note for colleagues' }).fill('Offer a voucher');
    await zoe.page.keyboard.press('Enter');
    await agent.page.locator('.whisper').getByText('Zoe whispers').waitFor();
    await agent.sees('Offer a voucher');
    await picture(agent.page, 'whisper');
    await agent.page.emulateMedia({ colorScheme: 'dark' });
    // Colours take a moment to change; a picture waits for that.
    await picture(agent.page, 'whisper-dark');
    expect(await violations(agent.page, 'body')).toEqual([]);
    await agent.page.emulateMedia({ colorScheme: 'light' });
    await agent.field.press('Enter');
    await shopper.sees('Half a reply');
    expect(await shopper.widget.getByText(/generous|voucher/).count()).toBe(0);

    // Also where nobody has taken the conversation yet; whoever takes it goes on to the shopper.
    const waiting = await stage.shopper();
    await waiting.open();
    await waiting.say('Is the lamp waterproof?');
    await agent.page.locator('[data-line]').filter({ hasText: 'waterproof' }).click();
    await agent.page.keyboard.press('n');
    await noteField.fill('It is: see the box');
    await noteField.press('Enter');
    await agent.sees('It is: see the box');
    await agent.button('Take this conversation').click();
    await agent.field.waitFor();
    expect(await waiting.widget.innerText()).not.toContain('see the box');

    // The next conversation of the same shopper knows of this one.
    await agent.page.locator('[data-line]').filter({ hasText: 'Half a reply' }).click();
    await agent.button('Close').click();
    await agent.button('Really close?').click();
    await shopper.sees('Ana ended the chat');
    await shopper.say('One more thing');
    await agent.accept('One more thing');
    // What lies in the basket, as the shop tells it.
    await shopper.page.evaluate(() =>
      window.Mostrador?.basket({ items: [{ name: 'Blue vase', quantity: 2, price: '39,80 €' }], total: '39,80 €' }),
    );
    const basket = agent.page.getByRole('region', { name: 'In the basket' });
    await basket.getByText('Blue vase').waitFor();
    expect(await basket.innerText()).toMatch(/2 ×[^]*Blue vase[^]*39,80 € in all/);
    const earlier = agent.page.getByRole('region', { name: 'Earlier conversations' });
    await earlier.getByRole('button').filter({ hasText: 'Half a reply' }).click();
    const thread = agent.page.getByRole('dialog');
    await thread.getByText('A regular: be generous').waitFor();
    await picture(agent.page, 'earlier');
    expect(await violations(agent.page, 'dialog')).toEqual([]);
    await agent.page.keyboard.press('Escape');

    // An admin erases the shopper: first it is said what goes, then it is gone on both sides.
    await agent.button('Erase this shopper …').click();
    const erase = agent.page.getByRole('dialog', { name: 'Erase this shopper for good?' });
    await erase.getByText('2 conversations').waitFor();
    await picture(agent.page, 'erase');
    expect(await violations(agent.page, 'dialog[open]')).toEqual([]);
    await erase.getByRole('button', { name: 'Erase for good' }).click();
    await agent.page.getByText('The shopper has been erased').waitFor();
    await shopper.widget.getByText('The shop has deleted what was written here.').waitFor();
    expect(await shopper.widget.getByText('One more thing').count()).toBe(0);
    await shopper.say('Hello, I am new here');
    await agent.accept('Hello, I am new here');
    expect(shopper.errors).toEqual([]);
    expect([...agent.errors, ...zoe.errors].filter(isNoGreeting)).toEqual([]);
  });

  it('notifications and sounds are settled by a click and remembered; nobody is told of what they look at', async () => {
    // What the desktop would show; whether the tab is looked at is the test's to say.
    stage.scripts.push(() => {
      const shown: string[] = [];
      Object.assign(globalThis, { shown, looked: true });
      document.hasFocus = () => (globalThis as unknown as { looked: boolean }).looked;
      class Shown extends EventTarget {
        static permission = 'granted';
        static requestPermission = async () => 'granted';
        constructor(title: string) {
          super();
          shown.push(title);
        }
        close() {}
      }
      Object.assign(globalThis, { Notification: Shown });
    });
    const agent = await stage.agent();
    stage.scripts.pop();
    const shown = async () => await agent.page.evaluate(() => (globalThis as unknown as { shown: string[] }).shown);
    await agent.button('Notifications and sounds').click();
    await agent.page.getByLabel('Show notifications on the desktop').check();
    await agent.page.getByLabel('When somebody writes to you').uncheck();
    await picture(agent.page, 'alerts');
    expect(await violations(agent.page, 'dialog')).toEqual([]);
    await agent.button('Close').click();

    const shopper = await stage.shopper();
    await shopper.open();
    await shopper.say('Anybody?');
    await agent.page.locator('[data-line]').filter({ hasText: 'Anybody?' }).waitFor();
    expect(await shown()).toEqual([]);
    await agent.accept('Anybody?');
    await agent.page.evaluate(() => Object.assign(globalThis, { looked: false }));
    await shopper.say('Still there?');
    await expect.poll(shown).toEqual([expect.stringMatching(/^Shopper /)]);
    const icon = async () => await agent.page.locator('link[rel="icon"]').getAttribute('href');
    const second = await stage.shopper();
    await second.open();
    await second.say('Me too');
    await expect.poll(shown).toContainEqual(expect.stringMatching(/is waiting$/));
    await expect.poll(icon).toContain(encodeURIComponent('>1</text>'));
    await agent.page.reload();
    await agent.button('Notifications and sounds').click();
    expect(await agent.page.getByLabel('When somebody writes to you').isChecked()).toBe(false);
    expect(await agent.page.getByLabel('When somebody waits').isChecked()).toBe(true);
  });

  it('articles are written in both languages, published and put in order, and shoppers have them', async () => {
    const agent = await stage.agent();
    const { page } = agent;
    await agent.button('FAQ').click();
    await page.getByRole('button', { name: 'New article' }).click();
    await page.getByLabel('Title').fill('Do you wrap gifts?');
    await page
      .getByLabel('Answer')
      .fill('Yes, in linen.\n\n- With a card: https://shop.example/cards\n- <b>No plastic</b>');
    await page.getByRole('tab', { name: /^Spanish/ }).click();
    await page.getByLabel('Title').fill('¿Envolvéis regalos?');
    await page.getByLabel('Answer').fill('Sí, en lino.');
    await page.getByRole('tab', { name: 'English' }).click();
    await picture(page, 'faq-editor');
    expect(await violations(page, 'body')).toEqual([]);

    // A shopper who comes meanwhile is heard of, and what was written is still there afterwards.
    const shopper = await stage.shopper();
    await shopper.open();
    await shopper.say('Hello over there');
    await page.locator('[data-line]').filter({ hasText: 'Hello over there' }).click();
    await page.getByRole('button', { name: 'Take this conversation' }).waitFor();
    await agent.button('FAQ').click();
    expect(await page.getByLabel('Title').inputValue()).toBe('Do you wrap gifts?');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
    for (let place = 0; place < 5; place++)
      await page.getByRole('button', { name: 'Move “Do you wrap gifts?” up' }).click();
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture(page, 'faq-editor-dark');
    expect(await violations(page, 'body')).toEqual([]);

    const other = await stage.shopper();
    await other.open();
    await other.widget.getByRole('region', { name: 'Often asked' }).getByRole('button').first().click();
    await other.widget.getByRole('heading', { name: 'Do you wrap gifts?' }).waitFor();
    // Text is text, whoever wrote it.
    await other.widget.getByText('<b>No plastic</b>').waitFor();
    expect(await other.widget.getByRole('link', { name: 'https://shop.example/cards' }).getAttribute('rel')).toContain(
      'noopener',
    );
    expect(other.errors).toEqual([]);
    expect(agent.errors.filter(isNoGreeting)).toEqual([]);
  });
});

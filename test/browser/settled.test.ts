import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PDF } from '../files/samples.ts';
import { violations } from './axe.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open({}, [{ name: 'Marta', role: 'admin' }]);
});
afterAll(async () => await stage.close());
afterEach(async () => await stage.leave());

/** Opens a part of the settings. */
async function part(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name }).click();
  await page.getByRole('tabpanel', { name }).waitFor();
}

async function saves(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
}

describe('promise 20: what is settled is what people meet', () => {
  it('the order of topics, the long wait, files, replies, tickets and satisfaction', async () => {
    const { shopper, agent } = await stage.conversation();
    const { page } = agent;
    const late = await stage.shopper();
    await late.open();
    await late.say('Is the lamp waterproof?');
    await agent.button('Settings').click();

    await part(page, 'Topics');
    for (const [index, name] of ['Lamps', 'Vases', 'Returns'].entries()) {
      await agent.button('New topic').click();
      await page.getByLabel('Name in English').nth(index).fill(name);
    }
    // By keyboard to the top: the focus goes along.
    await agent.button('Move “Returns” up').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    const down = agent.button('Move “Returns” down');
    await expect.poll(() => down.evaluate((button) => button.matches(':focus'))).toBe(true);
    await saves(page);

    await part(page, 'Sharing out the work');
    await page.getByLabel('A long wait begins at').fill('10');
    await agent.button('Add a way').click();
    await page.getByLabel('Name', { exact: true }).fill('Call us');
    await page.getByLabel('Address', { exact: true }).fill('ftp://shop.example');
    await agent.button('Save').click();
    await page.getByText('A name and an address that begins with https://, mailto: or tel: are needed.').waitFor();
    await page.getByLabel('Address', { exact: true }).fill('tel:+34910000000');
    await saves(page);

    await part(page, 'Files');
    await page.getByLabel('Largest file').fill('0');
    await page.getByText('A whole number from 1 to 100.').waitFor();
    await page.getByLabel('Largest file').fill('1');
    await page.getByLabel('PDF documents').uncheck();
    await page.getByLabel('Others').fill('zip');
    await agent.button('Save').click();
    await page.getByText('A type looks like application/zip, and there are at most 60.').waitFor();
    expect(await violations(page, 'main')).toEqual([]);
    await page.getByLabel('Others').fill('application/zip');
    await saves(page);

    await part(page, 'Saved replies');
    for (const text of ['Hello {shopper}, this is {agent} of {shop}.', 'Another one']) {
      await agent.button('New reply').click();
      await page.getByLabel('Short name').first().fill('hello');
      await page.getByLabel('Text', { exact: true }).first().fill(text);
    }
    await agent.button('Save').click();
    await page.getByText('Another reply of this topic has the same short name.').first().waitFor();
    expect(await violations(page, 'main')).toEqual([]);
    await page.getByLabel('Topic', { exact: true }).nth(1).selectOption({ label: 'Returns' });
    await saves(page);

    await part(page, 'Tickets');
    await page.getByLabel('Answered within').fill('0');
    await page.getByText('A whole number from 1 to 720.').waitFor();
    await page.getByLabel('Answered within').fill('3');
    await saves(page);
    await part(page, 'Satisfaction');
    await page.getByRole('checkbox', { name: 'Ask shoppers how it was' }).uncheck();
    await saves(page);
    expect(await violations(page, 'main')).toEqual([]);

    // What shoppers meet.
    const third = await stage.shopper();
    await third.open();
    const topics = third.widget.getByRole('group', { name: 'What is it about?' }).getByRole('button');
    await expect.poll(() => topics.allInnerTexts()).toEqual(['Returns', 'Lamps', 'Vases']);
    await late.widget.getByRole('link', { name: 'Call us' }).waitFor();
    await late.button('Leave a message').click();
    const form = late.widget.getByRole('form', { name: 'Leave us a message' });
    expect(await violations(late.page, 'mostrador-widget')).toEqual([]);
    await form.getByLabel('Your name').fill('Eva');
    await form.getByRole('button', { name: 'Leave message' }).click();
    await late.widget.getByText('Ticket #1.', { exact: true }).waitFor();
    expect(await violations(late.page, 'mostrador-widget')).toEqual([]);

    const chooser = shopper.page.waitForEvent('filechooser');
    await shopper.button('Files, calls and more').click();
    await shopper.widget.getByRole('menuitem', { name: 'Send a file' }).click();
    await (await chooser).setFiles([{ name: 'invoice.pdf', mimeType: 'application/pdf', buffer: PDF }]);
    await shopper.widget.getByText('Files of this kind cannot be sent here.').waitFor();

    await agent.button('Back to the conversations').click();
    await agent.field.pressSequentially('/hel');
    await page.getByRole('listbox', { name: 'Saved replies' }).getByText('/hello').first().waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await shopper.sees('Hello, this is Ana of Casa Lumbre.');
    // Who has left a name with the ticket is called by it, and its topic puts the replies in order.
    await page.getByRole('region', { name: 'Tickets' }).locator('[data-line]').click();
    await page.keyboard.press('Enter');
    const topic = page.getByLabel('What it is about');
    await agent.field.waitFor();
    await topic.selectOption({ label: 'Returns' });
    await expect.poll(() => topic.locator('option:checked').innerText()).toBe('Returns');
    await agent.field.pressSequentially('/hel');
    const replies = page.getByRole('listbox', { name: 'Saved replies' }).getByRole('option');
    expect(await replies.first().innerText()).toContain('Another one');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await agent.field.inputValue()).toBe('Hello Eva, this is Ana of Casa Lumbre.');
    await page.keyboard.press('Enter');
    await late.sees('Hello Eva, this is Ana of Casa Lumbre.');

    await page.locator('[data-line]').filter({ hasText: 'Hello, this is Ana' }).click();
    await agent.button('Close').click();
    await agent.button('Really close?').click();
    await shopper.sees('Ana ended the chat');
    // What is asked afterwards was said to this tab before the change; its next page asks nothing.
    await shopper.page.reload();
    await shopper.open();
    await shopper.sees('Ana ended the chat');
    await expect.poll(() => shopper.widget.getByText('How was it with Ana?').count()).toBe(0);
    expect([...shopper.errors, ...late.errors, ...third.errors].filter((e) => !e.startsWith('Failed to load'))).toEqual(
      [],
    );
  });
});

describe('promise 4: a machine that several people share', () => {
  it('what an agent wrote, chose or was shown is there for them alone, however the session ended', async () => {
    const { agent } = await stage.conversation();
    const { page } = agent;
    const marta = stage.as['Marta'];
    if (!marta) throw new Error('There is no Marta');
    const signIn = async ({ email, password }: { email: string; password: string }): Promise<void> => {
      await page.getByLabel('Email').fill(email);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
    };
    const endSession = async (): Promise<void> => {
      const { origin } = stage.server;
      await page.request.post(`${origin}/api/agent/sign-out`, { headers: { Origin: origin }, data: {} });
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
    };
    const hours = async (): Promise<string> => {
      await agent.button('Settings').click();
      await part(page, 'Tickets');
      return await page.getByLabel('Answered within').inputValue();
    };

    await agent.field.fill('A reply that only Ana has seen');
    await page.getByLabel('Your presence').selectOption('Away');
    await agent.button('FAQ').click();
    await agent.button('New article').click();
    await page.getByLabel('Title', { exact: true }).fill('Only Ana’s');
    await hours();
    await page.getByLabel('Answered within').fill('77');
    await part(page, 'Team');
    await agent.button('Add a colleague').click();
    await page.getByLabel('Name', { exact: true }).fill('Luis');
    await page.getByRole('textbox', { name: 'Email' }).fill('luis@shop.example');
    await agent.button('Add').click();
    await page.getByRole('group', { name: 'Password of Luis' }).waitFor();

    // It ends elsewhere: her work waits for Ana …
    await endSession();
    await signIn(stage.server);
    await expect.poll(() => agent.field.inputValue()).toBe('A reply that only Ana has seen');
    expect(await hours()).toBe('77');

    // … and for nobody else.
    await endSession();
    await signIn(marta);
    await page.getByText('Marta', { exact: true }).waitFor();
    expect(await page.getByLabel('Your presence').inputValue()).toBe('available');
    expect(await hours()).not.toBe('77');
    await part(page, 'Team');
    await page.getByText('luis@shop.example').waitFor();
    expect(await page.getByRole('group', { name: 'Password of Luis' }).count()).toBe(0);
    await agent.button('FAQ').click();
    await agent.button('New article').click();
    expect(await page.getByLabel('Title', { exact: true }).inputValue()).toBe('');
    expect(await page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)))).not.toContain('Ana');

    // Whoever signs out leaves nothing, not even for themselves.
    await page.getByLabel('Title', { exact: true }).fill('Only Marta’s');
    await agent.button('Sign out').click();
    await page.getByText('Something that you wrote is not sent or saved').waitFor();
    await agent.button('Sign out').click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual(['mostrador.tab']);
    await signIn(marta);
    await agent.button('FAQ').click();
    await agent.button('New article').click();
    expect(await page.getByLabel('Title', { exact: true }).inputValue()).toBe('');
  });
});

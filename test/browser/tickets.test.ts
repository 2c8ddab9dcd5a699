import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSmtp, type SmtpHouse } from '../support/mail/smtp-house.ts';
import { settle } from '../support/settle.ts';
import { signIn } from '../support/wire.ts';
import { violations } from './axe.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let smtp: SmtpHouse;
beforeAll(async () => {
  smtp = await startSmtp();
  const from = { MAIL_FROM: 'Casa Lumbre <help@shop.example>', MAIL_GATHER_SECONDS: '1' };
  stage = await Stage.open({ SMTP_URL: smtp.url, ...from });
  const closed = { zone: 'Europe/Madrid', weekly: Array.from({ length: 7 }, () => []), exceptions: {} };
  await settle(stage.server, await signIn(stage.server), 'hours', closed);
});
afterAll(async () => {
  await stage?.close();
  await smtp?.close();
});

describe('promise 25: nobody there is no dead end', () => {
  it('a closed shop: the form by keyboard, a ticket, an agent who answers, a shopper who reads it and has it by mail', async () => {
    const eva = await stage.shopper();
    await eva.open();
    await eva.widget.getByText('We are closed at the moment.').waitFor();
    expect(await eva.widget.getByText('A person answers you here').count()).toBe(0);
    // What is often asked leaves the greeting its room.
    await eva.widget.getByRole('region', { name: 'Often asked' }).waitFor();
    await eva.button('Get our answer by e-mail').waitFor();
    const hidden = ({ scrollHeight, clientHeight }: Element): number => scrollHeight - clientHeight;
    await expect.poll(() => eva.log.evaluate(hidden)).toBe(0);
    await eva.button('Get our answer by e-mail').press('Enter');
    const form = eva.widget.getByRole('form', { name: 'Leave us a message' });
    const message = form.getByLabel('Your message');
    await message.press('Tab');
    const email = form.getByLabel('Your e-mail address');
    await email.fill('eva@home');
    await email.press('Enter');
    // What is missing is said, and the first of it is where the shopper writes next.
    await form.getByText('Write what we can do for you.').waitFor();
    await form.getByText('This does not look like one e-mail address').waitFor();
    await expect.poll(() => message.evaluate((field) => field.matches(':focus'))).toBe(true);
    expect(await violations(eva.page, 'mostrador-widget')).toEqual([]);
    await message.fill('Do you repair pots?');
    await email.fill('eva@home.example');
    await form.getByLabel('Your name').fill('Eva');
    await email.press('Enter');
    await eva.sees('Do you repair pots?');
    await eva.sees('Your message is ticket #1.');
    await eva.widget.getByText('You hear from us when we are back.').waitFor();
    await eva.widget.getByText('Our answer goes to eva@home.example, and stays here.').waitFor();
    await smtp.mail(({ subject }) => subject === '[#1] Casa Lumbre');
    expect(await violations(eva.page, 'mostrador-widget')).toEqual([]);
    await eva.page.close();

    const ana = await stage.agent();
    const list = ana.page.getByRole('region', { name: 'Tickets' });
    await list.getByText('Do you repair pots?').waitFor();
    await ana.page.keyboard.press('j');
    await ana.page.keyboard.press('Enter');
    const bar = ana.page.getByRole('group', { name: 'Ticket #1' });
    await expect
      .poll(() => bar.getByLabel('Who looks after it').evaluate((field: HTMLSelectElement) => field.value))
      .not.toBe('');
    await ana.say('We do. Bring it along.');
    await ana.log.getByText('Sent to the shopper by e-mail').waitFor();
    await smtp.mail(({ text }) => /We do\. Bring it along\./.test(text ?? ''));
    expect(await violations(ana.page, 'body')).toEqual([]);
    await ana.field.press('Escape');
    await ana.page.keyboard.press('e');
    const state = bar.getByLabel('State of the ticket');
    await expect.poll(() => state.evaluate((field) => field.matches(':focus'))).toBe(true);
    await state.selectOption('Solved');
    await ana.page.getByText('This ticket is solved.').waitFor();
    await list.waitFor({ state: 'detached' });

    // The same browser, later: the answer is there, and a word opens the ticket again.
    const page = await eva.page.context().newPage();
    await page.goto(`${stage.server.origin}/demo/`);
    const widget = page.locator('mostrador-widget');
    await widget.getByRole('button', { name: /^Chat with/ }).click();
    await widget.getByText('We do. Bring it along.').waitFor();
    await widget.getByText('Ana marked the ticket as solved.').waitFor();
    const field = widget.getByRole('textbox', { name: 'Your message' });
    await field.fill('On Sunday, too?');
    await field.press('Enter');
    await widget.getByText('The ticket is open again').waitFor();
    await list.getByText('On Sunday, too?').waitFor();
    expect(eva.errors).toEqual([]);
  });

  it('an open shop: what was said goes by mail when either side asks, a chat goes on as a ticket', async () => {
    await stage.leave();
    await settle(stage.server, await signIn(stage.server), 'hours', null);
    const { shopper: eva, agent: ana } = await stage.conversation();
    const transcripts = (): number =>
      smtp.mails.filter(({ subject }) => subject?.startsWith('Your conversation with')).length;

    await ana.field.press('Escape');
    await ana.page.keyboard.press('e');
    const menu = ana.page.getByRole('dialog', { name: 'By e-mail' });
    const address = menu.getByLabel("The shopper's e-mail address");
    await expect.poll(() => address.evaluate((field) => field.matches(':focus'))).toBe(true);
    await address.fill('eva@home');
    await menu.getByRole('button', { name: 'Send this conversation' }).click();
    await menu.getByText('This is not a mail address that we can write to.').waitFor();
    expect(await violations(ana.page, 'body')).toEqual([]);
    await address.fill('eva@home.example');
    await menu.getByRole('button', { name: 'Send this conversation' }).press('Enter');
    await menu.waitFor({ state: 'detached' });
    await expect.poll(() => ana.button('By e-mail').evaluate((button) => button.matches(':focus'))).toBe(true);
    await smtp.mail(({ subject }) => subject?.startsWith('Your conversation with') ?? false);

    await ana.button('Close').click();
    await ana.button('Really close?').click();
    await eva.button('Send me this conversation by e-mail').click();
    const form = eva.widget.getByRole('form', { name: 'Send me this conversation by e-mail' });
    const own = form.getByLabel('Your e-mail address');
    await expect.poll(() => own.evaluate((field) => field.matches(':focus'))).toBe(true);
    await own.fill('eva');
    await own.press('Enter');
    await form.getByText('This does not look like one e-mail address').waitFor();
    expect(await violations(eva.page, 'mostrador-widget')).toEqual([]);
    await own.fill('eva@home.example');
    await own.press('Enter');
    await eva.widget.getByText('It is on its way to you.').waitFor();
    await expect.poll(transcripts).toBe(2);

    // A ticket knows where its mails go: nobody types the address again.
    await eva.say('One more thing');
    await ana.accept('One more thing');
    await ana.field.press('Escape');
    await ana.page.keyboard.press('e');
    await address.fill('eva@home.example');
    await menu.getByRole('button', { name: 'Go on as a ticket' }).click();
    const bar = ana.page.getByRole('group', { name: /^Ticket #/ });
    await bar.getByText(/eva@home\.example/).waitFor();
    await bar.getByLabel('State of the ticket').selectOption('Solved');
    await eva.button('Send me this conversation by e-mail').click();
    await eva.widget.getByText('It is on its way to you.').waitFor();
    await expect.poll(transcripts).toBe(3);
    expect([...eva.errors, ...ana.errors].filter((error) => !error.includes('401'))).toEqual([]);
  });
});

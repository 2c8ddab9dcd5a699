import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContext, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Chromium } from '../browser/chromium.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { agentWire, shopperWire, signIn, type Wire } from '../support/wire.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let server: TestServer;
let browser: Chromium;
let context: BrowserContext | null = null;
/** One sign-in for all of them: attempts are limited. */
let cookie: string;

beforeAll(async () => {
  server = await startServer();
  cookie = await signIn(server);
  browser = await Chromium.open();
});
afterEach(async () => {
  await context?.close();
  context = null;
});
afterAll(async () => {
  await browser.close();
  await server.remove();
});

type Look = { colorScheme?: 'light' | 'dark'; locale?: string };

/** The console in a fresh profile; `signedIn` brings the cookie of a sign-in. */
async function openConsole({ signedIn = true, ...look }: Look & { signedIn?: boolean } = {}): Promise<Page> {
  context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1366, height: 768 }, ...look });
  if (signedIn) {
    const [name = '', value = ''] = cookie.split('=');
    await context.addCookies([{ name, value, url: server.origin }]);
  }
  const page = await context.newPage();
  await page.goto(`${server.origin}/console/`);
  return page;
}

/** A shopper who wrote `texts`. */
async function shopper(...texts: string[]): Promise<{ wire: Wire; id: string }> {
  const { wire } = await shopperWire(server, { page: { url: 'https://shop.example/lamp', title: 'A lamp' } });
  let id = '';
  for (const text of texts) {
    const message = randomUUID();
    wire.send({ type: 'message.send', id: message, text });
    id = (await wire.frame('message.ack', (ack) => ack.id === message)).conversation;
  }
  return { wire, id };
}

async function closeAll(): Promise<void> {
  const { wire, welcome } = await agentWire(server, cookie);
  for (const { id, status } of welcome.conversations) {
    if (status === 'closed') continue;
    wire.send({ type: 'conversation.open', conversation: id, after: 0 });
    wire.send({ type: 'conversation.close', conversation: id });
    await wire.frame('conversation.summary', ({ summary }) => summary.id === id && summary.status === 'closed');
  }
  wire.close();
}

function texts(wire: Wire): string[] {
  return wire.frames
    .flatMap((frame) => (frame.type === 'conversation.entries' ? frame.entries : []))
    .flatMap((entry) => (entry.type === 'message' ? [entry.text] : []));
}

async function accept(page: Page, id: string): Promise<void> {
  await page.locator(`[data-line="${id}"]`).click();
  await page.getByRole('button', { name: 'Take this conversation' }).click();
  await page.getByLabel('Your reply').waitFor();
}

async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  });
}

describe('promise 4: the console', () => {
  afterEach(closeAll);

  it('signs in with a sentence for a wrong password, stays signed in over a reload, and signs out', async () => {
    const page = await openConsole({ signedIn: false });
    await page.getByLabel('Email').fill(server.email);
    await page.getByLabel('Password').fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('This email and password do not belong together.').waitFor();
    await page.getByLabel('Password').fill(server.password);
    await page.keyboard.press('Enter');
    await page.getByText('Nobody is waiting. It will ring here.').first().waitFor();
    await page.reload();
    await page.getByText('Nobody is waiting. It will ring here.').first().waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Password').waitFor();
    const me = await page.evaluate(async () => (await fetch('/api/agent/me')).status);
    expect(me).toBe(401);
  });

  it('works by keyboard alone from the waiting line to the sent reply, and takes no key from the text field', async () => {
    const page = await openConsole();
    await page.getByText('Nobody is waiting. It will ring here.').first().waitFor();
    const { wire, id } = await shopper('Is anybody there?');
    await page.locator(`[data-line="${id}"]`).waitFor();
    expect(await page.title()).toMatch(/^\(1\) /);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('[data-reply]:focus').waitFor();
    await page.keyboard.type('jk rcb mv ? yes');
    await page.keyboard.press('Enter');
    await wire.until(() => texts(wire).includes('jk rcb mv ? yes'));
    await page.keyboard.press('Escape');
    await page.locator(`[data-line="${id}"]:focus`).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await wire.frame(
      'conversation.state',
      ({ conversation }) => conversation.receipts.agent.read >= 1 && conversation.call === null,
    );
  });

  it('adds what is older to what was found, and not to what is looked for meanwhile', async () => {
    const page = await openConsole();
    const hit = (id: number, text: string) => ({
      id,
      text,
      conversation: `c${id}`,
      seq: 1,
      at: 1,
      from: 'shopper',
      shopper: 's',
      status: 'closed',
      agent: null,
    });
    /** What was asked for older ones, and waits for its answer. */
    const older: Route[] = [];
    await page.route('**/api/search?*', async (route) => {
      const asked = new URL(route.request().url()).searchParams;
      if (asked.has('before')) older.push(route);
      else await route.fulfill({ json: { hits: [hit(9, `A ${asked.get('q')}`)], more: true } });
    });
    const hits = page.getByRole('option');
    await page.getByText('Nobody is waiting. It will ring here.').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('lamp');
    await page.getByRole('button', { name: 'Show older ones' }).click();
    await expect.poll(() => older.length).toBe(1);
    await page.getByRole('combobox', { name: 'Search all conversations' }).fill('vase');
    await hits.getByText('A vase').waitFor();
    await older[0]?.fulfill({ json: { hits: [hit(3, 'An older lamp')], more: true } });
    await page.getByRole('button', { name: 'Show older ones' }).click();
    await expect.poll(() => older.length).toBe(2);
    await older[1]?.fulfill({ json: { hits: [hit(4, 'An older vase')], more: false } });
    await hits.getByText('An older vase').waitFor();
    expect(await hits.locator('.text').allInnerTexts()).toEqual(['A vase', 'An older vase']);
  });

  it('shows how far a message has come: sent, delivered, read; and that the shopper types', async () => {
    const page = await openConsole();
    const { wire, id } = await shopper('Hello');
    await accept(page, id);
    await page.getByLabel('Your reply').fill('Good day');
    await page.keyboard.press('Enter');
    await page.getByText('Sent', { exact: true }).waitFor();
    const { entries } = await wire.frame('conversation.entries', (frame) =>
      frame.entries.some((entry) => entry.type === 'message' && entry.text === 'Good day'),
    );
    const seq = entries.at(-1)?.seq ?? 0;
    wire.send({ type: 'message.receipt', conversation: id, delivered: seq, read: 0 });
    await page.getByText('Delivered', { exact: true }).waitFor();
    wire.send({ type: 'message.receipt', conversation: id, delivered: seq, read: seq });
    await page.getByText('Read', { exact: true }).waitFor();
    wire.send({ type: 'message.typing', conversation: id, on: true });
    await page.getByText('The shopper is typing').waitFor();
  });

  it('keeps a draft for every conversation, also over a reload', async () => {
    const page = await openConsole();
    const one = await shopper('First');
    const two = await shopper('Second');
    await accept(page, one.id);
    await page.getByLabel('Your reply').fill('for the first');
    await accept(page, two.id);
    expect(await page.getByLabel('Your reply').inputValue()).toBe('');
    await page.getByLabel('Your reply').fill('for the second');
    await page.locator(`[data-line="${one.id}"]`).click();
    expect(await page.getByLabel('Your reply').inputValue()).toBe('for the first');
    await page.reload();
    await page.getByLabel('Your reply').waitFor();
    expect(await page.getByLabel('Your reply').inputValue()).toBe('for the first');
    await page.locator(`[data-line="${two.id}"]`).click();
    expect(await page.getByLabel('Your reply').inputValue()).toBe('for the second');
  });

  it('does not send more than 4,000 characters and says how many are too many', async () => {
    const page = await openConsole();
    const { wire, id } = await shopper('Hello');
    await accept(page, id);
    await page.getByLabel('Your reply').fill('x'.repeat(4_003));
    await page.getByText('3 characters too many').waitFor();
    await page.keyboard.press('Enter');
    expect(await page.getByLabel('Your reply').inputValue()).toHaveLength(4_003);
    await page.getByLabel('Your reply').fill('x'.repeat(4_000));
    await page.keyboard.press('Enter');
    await wire.until(() => texts(wire).some((text) => text.length === 4_000));
  });

  it('shows the page that the shopper is on, and the pages before', async () => {
    const page = await openConsole();
    const { wire, id } = await shopper('Hello');
    await page.locator(`[data-line="${id}"]`).click();
    await page.getByRole('link', { name: 'shop.example/lamp' }).waitFor();
    wire.send({ type: 'page.show', page: { url: 'https://shop.example/cart', title: 'The cart' } });
    await page.getByRole('link', { name: 'shop.example/cart' }).waitFor();
    const earlier = page.getByRole('region', { name: 'Earlier pages' });
    expect(await earlier.getByRole('listitem').allInnerTexts()).toEqual([expect.stringContaining('A lamp')]);
  });

  it('closes a conversation at the second press only', async () => {
    const page = await openConsole();
    const { wire, id } = await shopper('Hello');
    await accept(page, id);
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('button', { name: 'Really close?' }).click();
    await page.getByText('This conversation is closed.').waitFor();
    await wire.frame('conversation.state', ({ conversation }) => conversation.status === 'closed');
    await page.locator(`[data-line="${id}"]`).waitFor({ state: 'detached' });
  });

  it('rings when the shopper calls, and declines', async () => {
    const page = await openConsole();
    const { wire, id } = await shopper('Can we talk?');
    await accept(page, id);
    await wire.until(() => wire.frames.findLast((frame) => 'media' in frame && frame.media.status === 'ready'));
    wire.send({ type: 'call.propose', conversation: id, video: true });
    const card = page.getByRole('alertdialog', { name: 'Incoming call' });
    await card.getByText('is calling with video').waitFor();
    expect(await findings(page)).toEqual([]);
    await card.getByRole('button', { name: 'Decline' }).click();
    await card.waitFor({ state: 'detached' });
    await page.getByText('You declined the call').waitFor();
    await wire.frame('conversation.entries', ({ entries }) =>
      entries.some((entry) => entry.type === 'call-missed' && entry.outcome === 'declined'),
    );
  });

  it('asks before it looks at the page, and the stage is there only after the yes', async () => {
    const page = await openConsole();
    const { wire, id } = await shopper('Which one?');
    await accept(page, id);
    await page.getByRole('button', { name: 'Look together', exact: true }).click();
    await page.getByText("Waiting for the shopper's yes").waitFor();
    expect(await page.locator('iframe[data-part="page"]').count()).toBe(0);
    await wire.frame('conversation.state', ({ conversation }) => conversation.cobrowse.status === 'asked');
    wire.send({ type: 'cobrowse.answer', conversation: id, yes: false });
    await page.getByText('The shopper would rather not show the page').waitFor();
    expect(await page.locator('iframe[data-part="page"]').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('b');
    await page.getByText("Waiting for the shopper's yes").waitFor();
    wire.send({ type: 'cobrowse.answer', conversation: id, yes: true });
    await page.locator('iframe[data-part="page"]').waitFor();
    await wire.frame('cobrowse.snapshot');
    await page.getByText("Loading the shopper's page").waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Stop looking' }).click();
    await page.locator('iframe[data-part="page"]').waitFor({ state: 'detached' });
    await page.getByText('You stopped looking at the page').waitFor();
  });

  it('speaks Spanish to whose browser does', async () => {
    const page = await openConsole({ locale: 'es-MX' });
    await page.getByText('No espera nadie. Sonará aquí.').first().waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('es');
  });

  it.each(['light', 'dark'] as const)('has no findings of axe (%s)', async (colorScheme) => {
    const page = await openConsole({ signedIn: false, colorScheme });
    await page.getByLabel('Email').waitFor();
    expect(await findings(page)).toEqual([]);
    await context?.close();
    const inside = await openConsole({ colorScheme });
    const { id } = await shopper('Hello', 'Look: https://shop.example/lamp');
    const waiting = await shopper('I am waiting');
    await accept(inside, id);
    await inside.getByLabel('Your reply').fill('Good day');
    await inside.keyboard.press('Enter');
    await inside.getByText('Sent', { exact: true }).waitFor();
    expect(await findings(inside)).toEqual([]);
    await inside.locator(`[data-line="${waiting.id}"]`).click();
    await inside.getByRole('button', { name: 'Take this conversation' }).waitFor();
    expect(await findings(inside)).toEqual([]);
    await inside.keyboard.press('?');
    await inside.getByRole('dialog').waitFor();
    expect(await findings(inside)).toEqual([]);
  });
});

describe('promise 3: the console without a connection', () => {
  it('says so, and sends what was written meanwhile, once', async () => {
    const page = await openConsole();
    const { wire, id } = await shopper('Hello');
    await accept(page, id);
    await server.kill();
    await page.getByText('The connection is gone.').waitFor();
    await page.getByLabel('Your reply').fill('written without a connection');
    await page.keyboard.press('Enter');
    await page.getByText('Will be sent when the connection is back').waitFor();
    server = await server.restart();
    await page.getByText('The connection is gone.').waitFor({ state: 'detached' });
    await page.getByText('Sent', { exact: true }).waitFor();
    wire.close();
    const agent = await agentWire(server, cookie);
    agent.wire.send({ type: 'conversation.open', conversation: id, after: 0 });
    await agent.wire.until(() => texts(agent.wire).includes('written without a connection'));
    expect(texts(agent.wire)).toEqual(['Hello', 'written without a connection']);
    agent.wire.close();
  });
});

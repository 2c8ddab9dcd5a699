import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Stage } from '../browser/stage.ts';
import { shopperWire } from '../support/wire.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(async () => await stage.close());
afterEach(async () => await stage.leave());

/** A shopper who wrote all of it. */
async function wrote(texts: readonly string[]): Promise<void> {
  const { wire } = await shopperWire(stage.server);
  for (const text of texts) {
    const id = randomUUID();
    wire.send({ type: 'message.send', id, text });
    await wire.frame('message.ack', (ack) => ack.id === id);
  }
  wire.close();
}

describe('promise 22: a conversation that is over, found', () => {
  it('opens with its head in sight, is read once, and closes without a complaint', async () => {
    const texts = Array.from({ length: 24 }, (_, at) => (at === 11 ? 'The chandelier hums' : `Line ${at}\n\nof many`));
    await wrote(texts);
    const agent = await stage.agent({ viewport: { width: 1280, height: 560 } });
    const { page } = agent;
    const complaints: string[] = [];
    page.on('console', (message) => void (/svelte/.test(message.text()) && complaints.push(message.text())));
    let asked = 0;
    page.on('request', (request) => (asked += request.url().includes('/entries?') ? 1 : 0));
    await agent.accept('of many');
    await agent.button('Close').click();
    await agent.button('Really close?').click();
    await page.locator('[data-line]').waitFor({ state: 'detached' });

    await page.keyboard.press('Control+k');
    await page.keyboard.type('chandelier');
    await page.getByRole('option').filter({ hasText: 'hums' }).waitFor();
    await page.keyboard.press('Enter');
    const thread = page.getByRole('dialog', { name: /^Conversation of/ });
    const found = thread.locator('[data-found]');
    await found.waitFor();
    // One that reads again would have asked by now.
    await page.evaluate(async () => void (await fetch('/api/team'), await fetch('/api/team')));
    expect(asked).toBe(1);
    const [frame, heading, place] = await Promise.all(
      [thread, thread.getByRole('heading'), found].map((each) => each.boundingBox()),
    );
    expect(heading?.y).toBeGreaterThanOrEqual(frame?.y ?? Infinity);
    expect(place?.y).toBeGreaterThan(heading?.y ?? Infinity);
    await page.keyboard.press('Escape');
    await thread.waitFor({ state: 'detached' });
    expect([...agent.errors.filter((error) => !error.includes('401')), ...complaints]).toEqual([]);
  });

  it('can be closed while it is still being read', async () => {
    await wrote(['The sconce is dim']);
    const agent = await stage.agent();
    const { page } = agent;
    await agent.accept('sconce');
    await agent.button('Close').click();
    await agent.button('Really close?').click();
    await page.locator('[data-line]').waitFor({ state: 'detached' });
    let answer = (): void => {};
    const wait = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/entries?*', async (route) => {
      await wait;
      await route.continue();
    });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('sconce');
    await page.getByRole('option').filter({ hasText: 'dim' }).waitFor();
    await page.keyboard.press('Enter');
    const thread = page.getByRole('dialog', { name: /^Conversation of/ });
    await thread.waitFor();
    await page.keyboard.press('Escape');
    await thread.waitFor({ state: 'detached' });
    const answered = page.waitForResponse('**/entries?*');
    answer();
    await (await answered).finished();
    await page.getByRole('option').filter({ hasText: 'dim' }).click();
    await thread.getByText('The sconce is dim').waitFor();
    expect(agent.errors.filter((error) => !error.includes('401'))).toEqual([]);
  });
});

describe('promise 4: the console on a phone in Spanish', () => {
  it('a waiting conversation fits, and so does the button that takes it', async () => {
    await wrote(['¿Hay alguien?']);
    const context = await stage.context({ viewport: { width: 390, height: 800 }, locale: 'es-ES' });
    const page = await context.newPage();
    const { origin, email, password } = stage.server;
    await page.request.post(`${origin}/api/agent/sign-in`, { headers: { Origin: origin }, data: { email, password } });
    await page.goto(`${origin}/console/`);
    await page.locator('[data-line]').filter({ hasText: '¿Hay alguien?' }).click();
    const take = page.getByRole('button', { name: 'Atender esta conversación' });
    await take.waitFor();
    const box = await take.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
});

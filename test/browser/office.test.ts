import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { shopperWire } from '../support/wire.ts';
import { violations } from './axe.ts';
import { freshStage } from './fresh-stage.ts';
import { tabTo } from './keyboard.ts';
import { Stage } from './stage.ts';

const pictures = join(import.meta.dirname, '..', 'output');

mkdirSync(pictures, { recursive: true });
const stage = freshStage(async () => await Stage.open());
afterEach(async () => await stage().leave());

/** Looked at by people, and by axe-core. */
async function look(page: Page, name: string, within = 'main'): Promise<void> {
  await page.screenshot({ path: join(pictures, `office-${name}.png`) });
  expect(await violations(page, within)).toEqual([]);
}

/** Where a chart shows its first values: the box around what is painted in their colour, in shares of the picture. */
async function painted(chart: Locator): Promise<{ left: number; right: number; height: number } | null> {
  return await chart.locator('canvas').evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { width, height } = canvas;
    const pot = new OffscreenCanvas(1, 1).getContext('2d');
    const paper = canvas.getContext('2d');
    if (!pot || !paper) return null;
    pot.fillStyle = getComputedStyle(canvas).getPropertyValue('--accent-ink');
    pot.fillRect(0, 0, 1, 1);
    const [colour] = new Uint32Array(pot.getImageData(0, 0, 1, 1).data.buffer);
    const places = [...new Uint32Array(paper.getImageData(0, 0, width, height).data.buffer).entries()]
      .filter(([, pixel]) => pixel === colour)
      .map(([at]) => ({ x: at % width, y: Math.floor(at / width) }));
    if (places.length === 0) return null;
    const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
    const box = { left: Math.min(...xs), right: Math.max(...xs), height: Math.max(...ys) - Math.min(...ys) };
    return { left: box.left / width, right: box.right / width, height: box.height / height };
  });
}

describe('promises 20, 22 and 26: the office', () => {
  it('an admin settles hours and a topic, adds a colleague, reads who changed what; looks at the report; finds a message', async () => {
    const { shopper, agent } = await stage().conversation();
    await shopper.say('The lámpara flickers at night');
    await agent.say('We send you another one');
    await shopper.sees('We send you another one');
    const { page } = agent;

    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('checkbox', { name: 'The shop has opening hours' }).check();
    await page.getByLabel('Time zone').fill('Mars/Olympus');
    await page.getByLabel('Time zone').press('Tab');
    await page.getByText('There is no time zone of that name.').waitFor();
    await page.getByLabel('Time zone').fill('Europe/Madrid');
    await page.getByLabel('Monday: closes at').fill('14:00');
    await page.getByRole('button', { name: 'Monday: add hours' }).click();
    await page.getByLabel('Monday: opens at').last().fill('13:00');
    await page.getByText('These times overlap.').waitFor();
    expect(await agent.button('Save').isDisabled()).toBe(true);
    await page.getByLabel('Monday: opens at').last().fill('16:00');
    await page.getByRole('button', { name: 'Tuesday: the same as Monday' }).click();
    await page.getByText(/^(Open now, closes|Closed now, opens) /).waitFor();
    await look(page, 'hours');
    // Nothing typed is lost on the way to a shopper and back.
    await agent.button('Back to the conversations').click();
    await page.getByText('Your changes in the settings are not saved yet.').waitFor();
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    expect(await page.getByLabel('Tuesday: opens at').last().inputValue()).toBe('16:00');
    await agent.button('Save').click();
    await page.getByText('Saved.').waitFor();

    // By keyboard to the next part.
    await page.getByRole('tab', { name: 'Opening hours' }).press('ArrowDown');
    await agent.button('New topic').click();
    await agent.button('Save').click();
    await page.getByText('A topic needs a name in one language at least.').waitFor();
    await page.getByLabel('Name in English').fill('Lamps');
    await page.getByLabel('Pages where this topic is meant').fill('/lamps');
    await look(page, 'topics');
    await agent.button('Save').click();
    await page.getByText('Saved.').waitFor();

    await page.getByRole('tab', { name: 'Sharing out the work' }).click();
    await page.getByLabel('A call', { exact: true }).fill('99');
    await agent.button('Save').click();
    await page.getByText('Something does not make sense yet').waitFor();
    await page.getByText('A whole number from 1 to 20.').waitFor();
    await page.getByLabel('A call', { exact: true }).fill('4');
    await agent.button('Save').click();
    await page.getByText('Saved.').waitFor();
    await look(page, 'routing');

    await page.getByRole('tab', { name: 'Team' }).click();
    await agent.button('Add a colleague').click();
    await page.getByLabel('Name', { exact: true }).fill('Luis');
    await page.getByRole('textbox', { name: 'Email' }).fill(stage().server.email);
    await agent.button('Add').click();
    await page.getByText('Somebody has this email address already.').waitFor();
    await page.getByRole('textbox', { name: 'Email' }).fill('luis@shop.example');
    await agent.button('Add').click();
    const password = await page.getByRole('group', { name: 'Password of Luis' }).locator('code').innerText();
    await look(page, 'team');
    await agent.button('I have it').click();

    await page.getByRole('tab', { name: 'Who changed what' }).click();
    const audit = page.getByRole('tabpanel', { name: 'Who changed what' });
    await audit.getByText('added Luis to the team').waitFor();
    await audit
      .getByRole('listitem')
      .filter({ hasText: 'changed: Sharing out the work' })
      .getByText('4', { exact: true })
      .waitFor();
    expect(
      await audit
        .getByRole('listitem')
        .filter({ hasText: /^Tuesday:/ })
        .innerText(),
    ).toContain('09:00–14:00, 16:00–18:00');
    expect(await audit.innerText()).not.toContain(password);
    await look(page, 'audit');

    await page.getByRole('button', { name: 'Reports', exact: true }).click();
    const tile = page.locator('dl > div').filter({ hasText: 'Conversations' });
    await expect.poll(async () => await tile.locator('dd').first().innerText()).toBe('1');
    await page.getByText('Days and hours are those of Europe/Madrid.').waitFor();
    await page.getByText('No ticket is open.').waitFor();
    const days = page.getByRole('img', { name: /^Conversations by day\. The highest: 1, / });
    const hours = page.getByRole('img', { name: /^Conversations by hour of the day\. The highest: 1, / });
    // One conversation on the last of thirty days is a bar at the right end, of a quarter of what the axis shows.
    await expect.poll(async () => (await painted(days))?.left ?? 0).toBeGreaterThan(0.93);
    const bar = await painted(days);
    expect(bar?.height).toBeGreaterThan(0.15);
    expect(bar?.height).toBeLessThan(0.3);
    await expect.poll(async () => (await painted(hours))?.height ?? 0).toBeGreaterThan(0.15);
    expect(await page.getByRole('row', { name: /^Ana 1 0 / }).count()).toBe(1);
    await page.locator('summary').last().click();
    await look(page, 'reports');
    await page.getByLabel('From').fill('2001-01-01');
    await page.getByText('At most two years at a time.').waitFor();

    // By keyboard alone: found, marked, opened where it is.
    await page.keyboard.press('Control+k');
    await page.keyboard.type('lampar');
    const hit = page.getByRole('option').filter({ hasText: 'flickers' });
    await hit.locator('mark', { hasText: 'lámpara' }).waitFor();
    await look(page, 'search', 'dialog');
    await page.keyboard.press('Enter');
    await expect.poll(async () => await page.locator('[data-found]').filter({ hasText: 'flickers' }).count()).toBe(1);

    // What is over is read where it cannot be answered.
    await agent.button('Close').click();
    await agent.button('Really close?').click();
    await page.locator('[data-line]').waitFor({ state: 'detached' });
    await page.locator('body').press('/');
    await page.keyboard.type('another one');
    await page.getByRole('option').filter({ hasText: 'We send you' }).getByText(/./).first().waitFor();
    await page.keyboard.press('Enter');
    const thread = page.getByRole('dialog', { name: /^Conversation of/ });
    await thread.locator('[data-found]').filter({ hasText: 'We send you another one' }).waitFor();
    expect(await thread.getByRole('textbox').count()).toBe(0);
    // The browser names each refusal.
    expect(agent.errors.filter((error) => !error.startsWith('Failed to load resource'))).toEqual([]);
  });

  it('is worked by keyboard alone: a setting is changed, and a report looked at from another side', async () => {
    const { page, errors } = await stage().agent();
    const { keyboard } = page;
    await tabTo(page.getByRole('button', { name: 'Settings', exact: true }));
    await keyboard.press('Enter');
    await tabTo(page.getByRole('tab', { name: 'Opening hours' }));
    for (let steps = 0; steps < 6; steps++) await keyboard.press('ArrowDown');
    const asks = page.getByRole('checkbox', { name: 'Ask shoppers how it was' });
    await tabTo(asks);
    await keyboard.press('Space');
    await tabTo(page.getByRole('button', { name: 'Save', exact: true }));
    await keyboard.press('Enter');
    await page.getByText('Saved.', { exact: true }).waitFor();

    await tabTo(page.getByRole('button', { name: 'Reports', exact: true }));
    await keyboard.press('Enter');
    const week = page.getByRole('button', { name: '7 days' });
    await tabTo(week);
    await keyboard.press('Enter');
    await expect.poll(async () => await week.getAttribute('aria-pressed')).toBe('true');
    await tabTo(page.getByLabel('Charts show'));
    await keyboard.press('ArrowDown');
    const days = page.getByRole('group', { name: 'Wait by day' });
    await tabTo(days.getByText('As a table'));
    await keyboard.press('Enter');
    expect(await days.getByRole('row').count()).toBe(8);
    await tabTo(days.getByRole('link', { name: 'CSV' }));
    const download = page.waitForEvent('download');
    await keyboard.press('Enter');
    expect((await download).suggestedFilename()).toMatch(/^report-days-/);

    await tabTo(page.getByRole('button', { name: 'Back to the conversations' }));
    await keyboard.press('Enter');
    await page.getByText('Nobody is waiting. It will ring here.').first().waitFor();
    await tabTo(page.getByRole('button', { name: 'Settings', exact: true }));
    await keyboard.press('Enter');
    await tabTo(page.getByRole('tab', { name: 'Opening hours' }));
    for (let steps = 0; steps < 6; steps++) await keyboard.press('ArrowDown');
    expect(await asks.isChecked()).toBe(false);
    expect(errors.filter((error) => !error.includes('401'))).toEqual([]);
  });

  it('has room on a phone in the dark, in Spanish', async () => {
    const phone = { viewport: { width: 390, height: 800 }, colorScheme: 'dark', locale: 'es-ES' } as const;
    const context = await stage().context(phone);
    const page = await context.newPage();
    const { origin, email, password } = stage().server;
    await page.request.post(`${origin}/api/agent/sign-in`, { headers: { Origin: origin }, data: { email, password } });
    await page.goto(`${origin}/console/`);
    await page.getByRole('button', { name: 'Ajustes', exact: true }).click();
    await page.getByRole('tab', { name: 'Horario' }).waitFor();
    await page.getByLabel('lunes: abre a las').first().waitFor();
    await look(page, 'phone-hours');
    await page.getByRole('button', { name: 'Volver a las conversaciones' }).click();
    const { wire } = await shopperWire(stage().server);
    wire.send({
      type: 'message.send',
      id: randomUUID(),
      text: '¿Llega mañana?',
      ticket: { email: 'eva@casa.example' },
    });
    await wire.frame('message.ack');
    wire.close();
    await page.getByRole('button', { name: 'Informes', exact: true }).click();
    const tickets = page.getByRole('region', { name: 'Tickets abiertos por antigüedad y agente' });
    expect(await tickets.getByRole('row', { name: /^Nadie 1 1 0 0 0 0 0 0 / }).innerText()).toMatch(/ s$/);
    await page
      .getByRole('group', { name: 'Por agente' })
      .or(page.getByRole('heading', { name: 'Por agente' }))
      .first()
      .waitFor();
    await look(page, 'phone-reports');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
  });
});

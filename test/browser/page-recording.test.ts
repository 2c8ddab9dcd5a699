import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { replayFrame } from '../cobrowse/support/picture.ts';
import { pageFilesIn, readPageFile, textOf } from '../recordings/recorded-page.ts';
import { freshStage } from './fresh-stage.ts';
import { Stage } from './stage.ts';

// The page needs no ffmpeg.
const stage = freshStage(async () => await Stage.open({ FFMPEG_BIN: '/nowhere/ffmpeg' }));
afterEach(async () => await stage().leave());

/** The page that the player shows. */
async function played(page: Page): Promise<Frame> {
  const frame = await (await page.waitForSelector('iframe[data-part="recorded-page"]')).contentFrame();
  if (!frame) throw new Error('the player has no frame');
  return frame;
}

async function shows(frame: Frame): Promise<string> {
  return await frame.evaluate(() => {
    const shown = document.querySelector<HTMLIFrameElement>('.page.shown iframe');
    return shown?.contentDocument?.body?.innerText ?? '';
  });
}

const written = (): string => textOf(pageFilesIn(stage().server.dataDir).flatMap(readPageFile));

describe('promise 14: recorded only with both yeses', () => {
  it('the page without a call: asked, allowed, shown to both; then played beside the chat, sought, deleted', async () => {
    const { shopper, agent } = await stage().conversation({ path: '/demo/product/table-lamp.html' });
    await agent.button('Look together').click();
    await shopper.button('Show my page').click();
    await replayFrame(agent.page);
    await agent.button('Ask to record the page').click();
    await shopper.widget.getByText(/Ana would like to record the shop's pages .* and keep that for 30 days/).waitFor();
    await agent.page.getByText(/Waiting for the shopper's yes to record the page/).waitFor();
    expect(readdirSync(stage().server.dataDir)).not.toContain('recordings');
    await shopper.button('Allow').click();

    await agent.page.getByText('Recording the page', { exact: true }).waitFor();
    await shopper.button(/^Recording the page/).waitFor();
    await expect.poll(() => pageFilesIn(stage().server.dataDir).length).toBe(1);
    await expect.poll(() => written().includes('Lumbre table lamp')).toBe(true);
    await shopper.say('Is this the lamp?');
    await agent.sees('Is this the lamp?');
    // The next page: the sign is in the panel and over the page, without a second question.
    await shopper.goto('/demo/checkout.html');
    await shopper.button(/^Recording the page/).waitFor();
    await shopper.page.getByTestId('note').fill('secret-note-7431');
    await shopper.page.getByTestId('email').fill('secret-7431@shop.example');
    await shopper.page.getByTestId('card-number').fill('4111111174317431');
    await shopper.page.evaluate(() => document.querySelector('h1')?.append(' said-by-the-page-7431'));
    await expect.poll(() => written().includes('said-by-the-page-7431')).toBe(true);
    await agent.say('Yes, that one.');
    await shopper.sees('Yes, that one.');
    await shopper.button(/^Recording the page/).click();
    await shopper.sees(/Recording of the page/);
    await agent.sees(/The page was recorded/);
    await shopper.page.evaluate(() => document.querySelector('h1')?.append(' after-the-stop-7431'));
    await expect
      .poll(
        async () =>
          await (
            await replayFrame(agent.page)
          ).evaluate(
            () => document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument?.body?.innerText,
          ),
      )
      .toContain('after-the-stop-7431');
    // What came before the stop may reach the disk a moment after it; what came afterwards never does.
    const file = written();
    expect(file).not.toContain('after-the-stop-7431');
    // Whatever was typed, and what never leaves a browser: searched for in everything that is unpacked from the file.
    expect(file.match(/secret|41111111|casa-lumbre-form/)).toBeNull();

    await agent.button('Play the recording').click();
    const dialog = agent.page.getByRole('dialog', { name: 'Recorded page' });
    const player = await played(agent.page);
    await expect.poll(async () => await shows(player)).toContain('Lumbre table lamp');
    const chat = dialog.getByRole('log');
    await expect.poll(async () => await chat.textContent()).not.toContain('Is this the lamp?');
    const position = dialog.getByRole('slider', { name: 'Position' });
    const end = Number(await position.getAttribute('max'));
    await position.fill(String(end));
    await expect.poll(async () => await shows(player)).toContain('said-by-the-page-7431');
    await expect.poll(async () => await chat.textContent()).toContain('Yes, that one.');
    // Back by keyboard, mark by mark: the message, the page load, the message before it.
    const back = dialog.getByRole('button', { name: /^Back to:/ });
    await expect.poll(async () => await back.getAttribute('aria-label')).not.toBeNull();
    await position.fill('0');
    await expect.poll(async () => await shows(player)).toContain('Lumbre table lamp');
    await expect.poll(async () => await shows(player)).not.toContain('said-by-the-page-7431');
    await dialog.getByRole('button', { name: 'On to: Shopper: Is this the lamp?' }).press('Enter');
    await expect.poll(async () => await chat.textContent()).toContain('Is this the lamp?');
    await dialog.getByRole('button', { name: /^On to: Page .*checkout\.html/ }).press('Enter');
    await expect.poll(async () => await shows(player)).toContain('Checkout');
    // It plays by itself to the end, faster where one likes.
    await dialog.getByRole('combobox', { name: 'Speed' }).selectOption('4');
    await dialog.getByRole('button', { name: 'Play', exact: true }).click();
    await expect.poll(async () => Number(await position.inputValue())).toBeGreaterThan(end - 0.2);
    await expect.poll(async () => await shows(player)).toContain('said-by-the-page-7431');
    await dialog.getByRole('button', { name: 'Play', exact: true }).waitFor();

    await dialog.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByText(/This deletes what was recorded of the page, 0:\d\d\. The chat stays\./).waitFor();
    await dialog.getByRole('button', { name: 'Really delete?' }).click();
    await dialog.getByText('This recording has been deleted.').waitFor();
    expect(pageFilesIn(stage().server.dataDir)).toEqual([]);
    expect(
      readdirSync(join(stage().server.dataDir, 'recordings'), { recursive: true }).filter((name) =>
        String(name).includes('page'),
      ),
    ).toEqual([]);
    expect(shopper.errors).toEqual([]);
    // The first question of the console, who it is that asks, is answered with 401.
    expect(agent.errors.filter((error) => !error.includes('401'))).toEqual([]);
  });
});

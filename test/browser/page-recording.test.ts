import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import type { Frame, Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { placeInConsole, replayFrame } from '../cobrowse/support/picture.ts';
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

/** Gives how far the line has gone from one picture of the screen to the next, at most, in seconds. */
async function watchSteps(page: Page): Promise<() => Promise<number>> {
  const longest = await page.evaluateHandle(() => {
    const line = document.querySelector<HTMLInputElement>('dialog input[type="range"]');
    const seen = { before: Number(line?.value), longest: 0 };
    const look = (): void => {
      const now = Number(line?.value);
      seen.longest = Math.max(seen.longest, now - seen.before);
      seen.before = now;
      requestAnimationFrame(look);
    };
    look();
    return seen;
  });
  return async () => await longest.evaluate((seen) => seen.longest);
}

async function shows(frame: Frame): Promise<string> {
  return await frame.evaluate(() => {
    const shown = document.querySelector<HTMLIFrameElement>('.page.shown iframe');
    return shown?.contentDocument?.body?.innerText ?? '';
  });
}

/** A pause that is worth skipping, in which what was drawn fades: of a recording it takes its time. */
const PAUSE_MS = 9_000;

const written = (): string => textOf(pageFilesIn(stage().server.dataDir).flatMap(readPageFile));

describe('promise 14: recorded only with both yeses', () => {
  it('the page without a call: asked, allowed, shown to both; then played beside the chat, sought, deleted', async () => {
    const { shopper, agent } = await stage().conversation({ path: '/demo/product/table-lamp.html' });
    await agent.button('Look together').click();
    await shopper.button('Show my page').click();
    const live = await replayFrame(agent.page);
    await agent.button('Ask to record the page').click();
    await shopper.widget.getByText(/Ana would like to record the shop's pages .* and keep that for 30 days/).waitFor();
    await agent.page.getByText(/Waiting for the shopper's yes to record the page/).waitFor();
    expect(readdirSync(stage().server.dataDir)).not.toContain('recordings');
    await shopper.button('Allow').click();

    await agent.page.getByText('Recording the page', { exact: true }).waitFor();
    await shopper.button(/^Recording the page/).waitFor();
    await expect.poll(() => pageFilesIn(stage().server.dataDir).length).toBe(1);
    await expect.poll(() => written().includes('Lumbre table lamp')).toBe(true);
    const heading = await placeInConsole(agent.page, live, 'h1');
    await agent.page
      .getByRole('toolbar', { name: 'Pointing' })
      .getByRole('button', { name: 'Draw', exact: true })
      .click();
    await agent.page.mouse.move(heading.x, heading.y + heading.height);
    await agent.page.mouse.down();
    await agent.page.mouse.move(heading.x + heading.width, heading.y + heading.height, { steps: 5 });
    await agent.page.mouse.up();
    await pass(PAUSE_MS);
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
    // What was drawn goes with the time of the recording: while that stands still it stays, and where one goes back it is there again.
    const drawn = async (): Promise<number> => await player.locator('.strokes path').count();
    expect(await drawn()).toBe(0);
    await agent.page.clock.install();
    await dialog.getByRole('button', { name: 'On to: The agent points at something' }).press('Enter');
    await expect.poll(drawn).toBe(1);
    // The line is put to tenths of a second: a little later it is all there.
    const drawing = Number(await position.inputValue()) + 0.5;
    await agent.page.clock.fastForward(20_000);
    expect(await drawn()).toBe(1);
    await position.fill((drawing + PAUSE_MS / 1_000).toFixed(1));
    await expect.poll(drawn).toBe(0);
    await position.fill(drawing.toFixed(1));
    await expect.poll(drawn).toBe(1);
    // Played as it was, no step of the line is as long as the pause.
    await dialog.getByRole('checkbox', { name: 'Skip pauses' }).check();
    const longestStep = await watchSteps(agent.page);
    await dialog.getByRole('button', { name: 'Play', exact: true }).click();
    await expect.poll(longestStep).toBeGreaterThan(4);
    await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
    await position.fill(drawing.toFixed(1));
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
    // The first question of the console, who it is that asks, is answered with 401; the page that is played lets no script in, and
    // so not the clock of this test.
    expect(agent.errors.filter((error) => !/401|Blocked script execution/.test(error))).toEqual([]);
  });
});

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { gapsIn, watchForGaps } from './media-probe.ts';
import { Stage } from './stage.ts';
import { mediaReady } from './video-call.ts';

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const pictures = join(import.meta.dirname, '..', 'output');

let stage: Stage;
beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  stage = await Stage.open({}, [], { whole: true });
  await mediaReady(stage);
});
afterEach(async () => await stage.leave());
afterAll(async () => await stage.close());

/** Run in a page before its scripts: counts how often it asks for devices. */
function countQuestions(): void {
  const media = navigator.mediaDevices;
  const open = media.getUserMedia.bind(media);
  const asked = { times: 0 };
  Object.assign(globalThis, { asked });
  media.getUserMedia = async (constraints) => {
    asked.times++;
    return await open(constraints);
  };
}

/** Run in a page before its scripts: its camera is a phone's, held upright; `turn()` swaps width and height as such a camera does. */
function turnableCamera(): void {
  const canvas = Object.assign(document.createElement('canvas'), { width: 480, height: 640 });
  const paint = (): void => {
    const { width, height } = canvas;
    const context = canvas.getContext('2d');
    if (!context) return;
    context.fillStyle = '#0a0';
    context.fillRect(0, 0, width, height);
    context.fillStyle = '#fff';
    context.beginPath();
    context.arc(width / 2, height / 2, 150 + 20 * Math.sin(performance.now() / 200), 0, 7);
    context.fill();
  };
  const turn = (): void => {
    [canvas.width, canvas.height] = [canvas.height, canvas.width];
    paint();
  };
  Object.assign(globalThis, { turn });
  setInterval(paint, 50);
  const media = navigator.mediaDevices;
  const open = media.getUserMedia.bind(media);
  media.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    for (const track of stream.getVideoTracks()) {
      track.stop();
      stream.removeTrack(track);
      for (const drawn of canvas.captureStream(20).getVideoTracks()) stream.addTrack(drawn);
    }
    return stream;
  };
}

describe('promise 13: your devices', () => {
  it('the preview becomes the call: devices are asked for once, chosen by hand and keyboard, and a phone may be turned', async () => {
    const { shopper, agent } = await stage.conversation({ shopper: PHONE });
    await shopper.page.context().addInitScript(turnableCamera);
    await shopper.page.context().addInitScript(countQuestions);
    await shopper.page.reload();
    await shopper.sees('is with you now');
    await agent.button('Video').click();
    await shopper.button('Answer').click();
    await shopper.widget.getByLabel('Your own picture').waitFor();
    await shopper.page.screenshot({ path: join(pictures, 'devices-preview-phone.png') });
    await shopper.button('Join now').click();
    await shopper.remotePicture.waitFor();
    await agent.remotePicture.waitFor();
    const asked = async () =>
      await shopper.page.evaluate(() => (globalThis as unknown as { asked: { times: number } }).asked.times);
    expect(await asked()).toBe(1);

    // Turned on its side: the picture is as wide as it was high, whole and never dark, where it was before.
    const shape = async () =>
      await agent.remotePicture.evaluate((video) => {
        const { videoWidth, videoHeight } = video as HTMLVideoElement;
        return Math.sign(videoWidth - videoHeight);
      });
    const place = async () => await agent.remotePicture.boundingBox();
    const fit = async () => await agent.remotePicture.evaluate((video) => getComputedStyle(video).objectFit);
    await expect.poll(shape).toBe(-1);
    const before = await place();
    await watchForGaps(agent.page);
    await agent.page.screenshot({ path: join(pictures, 'phone-upright.png') });
    await shopper.page.evaluate(() => (globalThis as unknown as { turn: () => void }).turn());
    await expect.poll(shape).toBe(1);
    await agent.page.screenshot({ path: join(pictures, 'phone-turned.png') });
    await shopper.page.screenshot({ path: join(pictures, 'phone-turned-own.png') });
    expect(await place()).toEqual(before);
    expect(['cover', 'contain']).toContain(await fit());
    expect(await gapsIn(agent.page)).toMatchObject({ dark: 0, anew: 0 });

    const settings = shopper.button('Camera, microphone and sound');
    await settings.focus();
    await shopper.page.keyboard.press('Enter');
    const speakers = shopper.widget.getByLabel('Sound comes from');
    await speakers.waitFor();
    await shopper.page.screenshot({ path: join(pictures, 'devices-menu-phone.png') });
    const chosen = (await speakers.locator('option').last().getAttribute('value')) ?? '';
    expect(chosen).not.toBe('');
    await speakers.selectOption(chosen);
    const sinkOf = async () =>
      await shopper.widget.locator('.person audio').evaluate((voice) => (voice as HTMLAudioElement).sinkId);
    await expect.poll(sinkOf).toBe(chosen);
    await shopper.page.reload();
    await shopper.remotePicture.waitFor();
    await settings.click();
    await expect.poll(async () => [await speakers.inputValue(), await sinkOf()]).toEqual([chosen, chosen]);
    await agent.button('Hang up').click();
    expect(shopper.errors).toEqual([]);
  });

  it('an agent checks camera, microphone and sound before the first call', async () => {
    const agent = await stage.agent();
    await agent.button('Check camera, microphone and sound').click();
    const dialog = agent.page.getByRole('dialog');
    await dialog.getByLabel('Your own video').waitFor();
    const level = dialog.getByRole('img', { name: 'How loud you are' });
    // The fake microphone beeps.
    const loud = async () =>
      await level.evaluate((bar) => Number((bar as HTMLElement).style.getPropertyValue('--level')));
    await expect.poll(loud).toBeGreaterThan(0.05);
    const microphones = dialog.getByLabel('Microphone');
    await microphones.selectOption((await microphones.locator('option').last().getAttribute('value')) ?? '');
    await expect.poll(loud).toBeGreaterThan(0.05);
    await agent.page.screenshot({ path: join(pictures, 'devices-check.png') });
    await agent.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('a camera that may not be used: how to allow it, and once more, in the call itself', async () => {
    const { shopper, agent } = await stage.conversation();
    await agent.page.context().addInitScript(() => {
      const media = navigator.mediaDevices;
      const open = media.getUserMedia.bind(media);
      media.getUserMedia = async (constraints) => {
        const refused = sessionStorage.getItem('may-use-camera') === null && constraints?.video;
        if (refused) throw new DOMException('Permission denied', 'NotReadableError');
        return await open(constraints);
      };
    });
    await agent.page.reload();
    await agent.field.waitFor();
    await agent.button('Video').click();
    await shopper.button('Answer').click();
    await shopper.button('Join now').click();
    await agent.page.getByText('Another program uses your camera.').waitFor();
    await agent.page.evaluate(() => sessionStorage.setItem('may-use-camera', 'yes'));
    await agent.button('Try again').click();
    await agent.button('Turn camera off').waitFor();
    await agent.button('Try again').waitFor({ state: 'detached' });
    await agent.button('Hang up').click();
  });

  it('menus by keyboard; a shared screen is made larger and moved by keys and wheel; both sharers see that it is on, wherever they are', async () => {
    const elsewhere = await stage.shopper();
    await elsewhere.open();
    await elsewhere.say('Do you ship to Mallorca?');
    const { shopper, agent } = await stage.conversation();
    await agent.button('Video').click();
    await shopper.button('Answer').click();
    await shopper.button('Join now').click();
    await agent.remotePicture.waitFor();

    const menu = agent.button('Choose camera, microphone and speaker');
    await menu.focus();
    await agent.page.keyboard.press('Enter');
    await agent.page.getByLabel('Sound comes from').waitFor();
    await agent.page.screenshot({ path: join(pictures, 'devices-menu-console.png') });
    await agent.page.keyboard.press('Escape');
    await agent.page.getByLabel('Sound comes from').waitFor({ state: 'detached' });
    expect(await menu.evaluate((button) => button === document.activeElement)).toBe(true);

    await shopper.button('Share my screen').click();
    await agent.sharedScreen.waitFor();
    const width = async () => (await agent.sharedScreen.boundingBox())?.width ?? 0;
    const left = async () => (await agent.sharedScreen.boundingBox())?.x ?? 0;
    // From its first frame on its size is known, and keys act on it.
    const known = async () => await agent.sharedScreen.evaluate((video) => video.style.width.endsWith('px'));
    await expect.poll(known).toBe(true);
    await expect.poll(width).toBeGreaterThan(200);
    const all = await width();
    const frame = agent.page.getByRole('group', { name: 'The shared screen.' });
    await frame.focus();
    for (let i = 0; i < 5; i++) await agent.page.keyboard.press('+');
    await expect.poll(width).toBeGreaterThan(all * 2);
    const at = await left();
    await agent.page.keyboard.press('ArrowRight');
    await expect.poll(left).toBeLessThan(at);
    await agent.page.screenshot({ path: join(pictures, 'screen-near.png') });
    await agent.page.keyboard.press('0');
    await expect.poll(width).toBeCloseTo(all, 0);
    await frame.hover();
    await agent.page.mouse.wheel(0, -400);
    await expect.poll(width).toBeGreaterThan(all * 1.5);
    await agent.page.keyboard.press('Escape');
    await expect.poll(width).toBeCloseTo(all, 0);
    // In the small picture of a closed chat as well, with its way to stop.
    await shopper.closePanel();
    const sign = shopper.widget.locator('.mini .stage').getByText('You are sharing your screen');
    await sign.waitFor();
    await shopper.page.screenshot({ path: join(pictures, 'sharing-widget-small.png') });
    await shopper.button('Stop').click();
    await sign.waitFor({ state: 'detached' });
    await agent.sharedScreen.waitFor({ state: 'detached' });

    await agent.button('Share your screen').click();
    await agent.page.getByText('The shopper sees your screen.').waitFor();
    expect(await agent.page.getByText(/^Shopper .* sees your screen\.$/).count()).toBe(0);
    await agent.page.locator('[data-line]').filter({ hasText: 'Do you ship to Mallorca?' }).click();
    const shown = agent.page.getByRole('status').filter({ hasText: 'sees your screen.' });
    await shown.waitFor();
    await agent.page.screenshot({ path: join(pictures, 'sharing-elsewhere.png') });
    await shown.getByRole('button', { name: 'Stop sharing your screen' }).click();
    await shown.waitFor({ state: 'detached' });
    expect(shopper.errors).toEqual([]);
  });
});

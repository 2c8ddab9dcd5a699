import { networkInterfaces } from 'node:os';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchFirefox, press, say, sees, framesIn } from './firefox.ts';
import { framesOf } from './media-probe.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let firefox: Browser;

beforeAll(async () => {
  // Firefox does not go from its own address to a loopback one: the media listens where the machine is reached.
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const address = own.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
  const env = { MEDIA_LISTEN_IP: address, MEDIA_ANNOUNCED_ADDRESS: address };
  [stage, firefox] = await Promise.all([Stage.open(env), launchFirefox()]);
  const status = async () =>
    ((await (await fetch(`${stage.server.origin}/healthz`)).json()) as { media: { status: string } }).media.status;
  while ((await status()) !== 'ready') await new Promise((resolve) => setTimeout(resolve, 50));
});
afterEach(async () => {
  for (const page of await firefox.pages()) await page.goto('about:blank');
  await stage.leave();
});
afterAll(async () => {
  await firefox.close();
  await stage.close();
});

/** The picture goes on moving. */
async function moves(page: Page, label: string): Promise<void> {
  await expect.poll(async () => await framesIn(page, label), { timeout: 40_000 }).toBeGreaterThan(3);
}

describe('promise 11: a call that holds between browsers', () => {
  it('the shopper in Firefox, the agent in Chromium: both see the other move', async () => {
    const agent = await stage.agent();
    const shopper = await firefox.newPage();
    await shopper.goto(`${stage.server.origin}/demo/`);
    await press(shopper, 'Chat with Casa Lumbre');
    await say(shopper, 'Hello from Firefox');
    await agent.accept('Hello from Firefox');
    await sees(shopper, 'is with you now');
    await agent.button('Video').click();
    await press(shopper, 'Answer');
    await press(shopper, 'Join now');
    await agent.remotePicture.waitFor();
    await expect.poll(async () => await framesOf(agent.remotePicture), { timeout: 40_000 }).toBeGreaterThan(3);
    await moves(shopper, 'Picture of Ana');
    await press(shopper, 'Hang up');
  });

  it('the agent in Firefox, the shopper in Chromium: both see the other move', async () => {
    const { origin, email, password } = stage.server;
    const agent = await firefox.newPage();
    await agent.goto(`${origin}/console/`);
    await agent.locator('input[type=email]').fill(email);
    await agent.locator('input[type=password]').fill(password);
    await press(agent, 'Sign in');
    const shopper = await stage.shopper();
    await shopper.open();
    await shopper.say('Hello to Firefox');
    await agent.locator('[data-line]').setTimeout(30_000).click();
    await press(agent, 'Take this conversation');
    await shopper.sees('is with you now');
    await press(agent, 'Video');
    await shopper.button('Answer').click();
    await shopper.button('Join now').click();
    await shopper.remotePicture.waitFor();
    await expect.poll(async () => await framesOf(shopper.remotePicture), { timeout: 40_000 }).toBeGreaterThan(3);
    await moves(agent, "The shopper's video");
  });
});

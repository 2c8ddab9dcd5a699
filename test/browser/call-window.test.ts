import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AgentDesk } from './agent-desk.ts';
import { framesSeen, nextFrames } from './frame-log.ts';
import { liveTracks, keepTracks, secondsPlayed } from './media-probe.ts';
import type { ShopVisit } from './shop-visit.ts';
import { Stage } from './stage.ts';
import { healthOf, leave, mediaReady, seeEachOther, videoCall } from './video-call.ts';

let stage: Stage;
let agentOfTest: AgentDesk | null = null;
beforeAll(async () => {
  stage = await Stage.open();
  await mediaReady(stage);
});
afterEach(async () => {
  await leave(stage, agentOfTest);
  agentOfTest = null;
});
afterAll(async () => await stage.close());

async function inCall(): Promise<{ shopper: ShopVisit; agent: AgentDesk }> {
  const people = await videoCall(stage);
  agentOfTest = people.agent;
  return people;
}

/** The call's own window, after the click that opens it. */
async function popOut(shopper: ShopVisit): Promise<Page> {
  const opened = shopper.page.context().waitForEvent('page');
  await shopper.button('Move the call into its own window').click();
  const window = await opened;
  await window.locator('mostrador-window').getByLabel('Picture of Ana').waitFor();
  return window;
}

/** What the other says is played in that window, and goes on being played. */
async function isHeard(window: Page): Promise<void> {
  const before = await secondsPlayed(window);
  await expect.poll(async () => await secondsPlayed(window)).toBeGreaterThan(before);
}

describe('promise 11: a call that holds, in a window of its own', () => {
  it('goes on without a gap while the shopper loads page after page, and back with the same switches', async () => {
    const { shopper, agent } = await inCall();
    const window = await popOut(shopper);
    const call = window.locator('mostrador-window');
    await seeEachOther(call.getByLabel('Picture of Ana'), agent);
    await shopper.widget.getByText('Your call is in its own window.').waitFor();
    await expect.poll(async () => await liveTracks(shopper.page)).toEqual([]);
    const seen = { agent: await nextFrames(agent.page, 5), window: await nextFrames(window, 5) };
    for (const page of ['table-lamp', 'olive-vase', 'woven-pendant']) {
      await shopper.goto(`/demo/product/${page}.html`);
      await shopper.widget.getByText('Your call is in its own window.').waitFor();
      for (const { page: watching, track } of [
        { page: agent.page, track: seen.agent.track },
        { page: window, track: seen.window.track },
      ]) {
        expect((await nextFrames(watching, 5)).track).toBe(track);
      }
    }
    // Not one picture of another connection in between.
    const since = (await framesSeen(agent.page)).filter(({ at }) => at >= seen.agent.at);
    expect([...new Set(since.map(({ track }) => track))]).toEqual([seen.agent.track]);
    await call.getByRole('button', { name: 'Turn the microphone off' }).click();
    await agent.page.getByText('Microphone off').first().waitFor();
    const closed = window.waitForEvent('close');
    await shopper.button('Bring it back').click();
    await closed;
    await seeEachOther(shopper.remotePicture, agent);
    await shopper.button('Turn the microphone on').waitFor();
    expect(shopper.errors).toEqual([]);
  });

  it('comes back to the page by itself when its window is closed; is kept on top, and back; hanging up closes it', async () => {
    const { shopper, agent } = await inCall();
    const first = await popOut(shopper);
    await shopper.goto('/demo/product/table-lamp.html');
    await shopper.widget.getByText('Your call is in its own window.').waitFor();
    await first.close({ runBeforeUnload: true });
    await seeEachOther(shopper.remotePicture, agent);
    await shopper.button('Turn the microphone off').waitFor();

    const window = await popOut(shopper);
    const inWindow = window.locator('mostrador-window');
    // Document Picture-in-Picture keeps it on top of all other windows, with everything in it, until that is closed.
    const opened = shopper.page.context().waitForEvent('page');
    await inWindow.getByRole('button', { name: 'Keep the call on top of other windows' }).click();
    const top = await opened;
    await seeEachOther(top.locator('mostrador-window').getByLabel('Picture of Ana'), agent);
    await isHeard(top);
    await top.close();
    await seeEachOther(inWindow.getByLabel('Picture of Ana'), agent);
    await isHeard(window);
    // Dressed as it was: a style sheet stays behind in the document that an element leaves.
    const sign = inWindow.locator('.quality');
    expect(await sign.evaluate((element) => getComputedStyle(element).position)).toBe('absolute');

    const closed = window.waitForEvent('close');
    await inWindow.getByRole('button', { name: 'Hang up' }).click();
    await closed;
    await shopper.sees('Call ended');
    await agent.sees(/call/i);
    await expect.poll(async () => (await healthOf(stage)).open).toMatchObject({ routers: 0, transports: 0 });
  });

  it('a browser that opens no window gives a sentence, and the call goes on where it is', async () => {
    const { shopper, agent } = await inCall();
    await shopper.page.evaluate(() => (window.open = () => null));
    await shopper.button('Move the call into its own window').click();
    await shopper.widget.getByText(/Your browser did not open the window/).waitFor();
    await seeEachOther(shopper.remotePicture, agent);
  });

  it('a stranger who opens it learns nothing and gets nothing', async () => {
    const context = await stage.context();
    await context.addInitScript(keepTracks);
    await context.route('http://stranger.example/', async (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Stranger</title>' }),
    );
    const stranger = await context.newPage();
    await stranger.goto('http://stranger.example/');
    const opened = context.waitForEvent('page');
    const heard = stranger.evaluate(async (call) => {
      const window = open(call, 'mostrador-call');
      return await new Promise((resolve) => {
        addEventListener('message', ({ data, source }) => {
          if (source !== window) return;
          window?.postMessage({ pass: 'madeup', shop: 'demo', locale: 'en' }, '*');
          resolve(data);
        });
      });
    }, `${stage.server.origin}/call/`);
    const window = await opened;
    expect(await heard).toBe('mostrador-call');
    await window.getByText('This window has lost your call').waitFor();
    expect(await liveTracks(window)).toEqual([]);
  });
});

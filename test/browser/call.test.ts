import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AgentDesk } from './agent-desk.ts';
import {
  audioEnergy,
  framesOf,
  gapsIn,
  keepConnections,
  keepTracks,
  liveTracks,
  secondsPlayed,
  sentBytes,
  watchForGaps,
} from './media-probe.ts';
import type { ShopVisit } from './shop-visit.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let agentOfTest: AgentDesk | null = null;
beforeAll(async () => {
  stage = await Stage.open();
  while ((await health()).media.status !== 'ready') await new Promise((resolve) => setTimeout(resolve, 50));
});
/** A call that a test leaves running is ended, so that the next one counts from nothing. */
afterEach(async () => {
  const hangUp = agentOfTest?.button('Hang up');
  if (await hangUp?.isVisible()) await hangUp?.click();
  await nothingOpen();
  await stage.leave();
});
afterAll(async () => await stage.close());

type Health = { media: { status: string }; open: Record<string, number> };

async function health(): Promise<Health> {
  return (await (await fetch(`${stage.server.origin}/healthz`)).json()) as Health;
}

/** Everything on the media workers is freed. */
async function nothingOpen(): Promise<void> {
  const { routers, transports, producers, consumers } = (await health()).open;
  if ([routers, transports, producers, consumers].every((count) => count === 0)) return;
  await new Promise((resolve) => setTimeout(resolve, 50));
  await nothingOpen();
}

async function conversation(
  options: { shopper?: BrowserContextOptions } = {},
): Promise<{ shopper: ShopVisit; agent: AgentDesk }> {
  stage.scripts = [keepConnections, keepTracks];
  const people = await stage.conversation(options);
  agentOfTest = people.agent;
  return people;
}

async function videoCall(): Promise<{ shopper: ShopVisit; agent: AgentDesk }> {
  const people = await conversation();
  await people.agent.button('Video').click();
  await people.shopper.button('Answer').click();
  await people.shopper.button('Join now').click();
  await people.shopper.remotePicture.waitFor();
  await people.agent.remotePicture.waitFor();
  return people;
}

describe('promise 5: a call that asks first', () => {
  it('the agent calls, the shopper previews and joins: pictures move and sound arrives on both sides, without a gap', async () => {
    const { shopper, agent } = await conversation();
    await agent.button('Video').click();
    await shopper.widget.getByText('Ana is calling you').waitFor();
    expect(await liveTracks(shopper.page)).toEqual([]);
    await shopper.button('Answer').click();
    await shopper.widget.getByText('Only you see this. Nothing is sent yet.').waitFor();
    await expect.poll(async () => (await liveTracks(shopper.page)).toSorted()).toEqual(['audio', 'video']);
    expect((await sentBytes(shopper.page)).video).toBe(0);
    await shopper.button('Join now').click();
    await shopper.remotePicture.waitFor();
    await agent.remotePicture.waitFor();
    for (const picture of [shopper.remotePicture, agent.remotePicture]) {
      await expect.poll(async () => await framesOf(picture)).toBeGreaterThan(3);
    }
    for (const { page } of [shopper, agent]) {
      await expect.poll(async () => await audioEnergy(page)).toBeGreaterThan(0);
      const before = await audioEnergy(page);
      await expect.poll(async () => await audioEnergy(page)).toBeGreaterThan(before);
    }
    expect((await health()).open).toMatchObject({ routers: 1, transports: 4 });
    // Whatever is said about the call meanwhile, picture and sound of the other go on.
    for (const { page } of [shopper, agent]) await watchForGaps(page);
    await agent.button('Turn microphone off').click();
    await shopper.widget.getByText('Ana has the microphone off').waitFor();
    await agent.button('Turn microphone on').click();
    await shopper.button('Turn the microphone off').click();
    await agent.page.getByText('Microphone off', { exact: true }).first().waitFor();
    for (const { page } of [shopper, agent]) {
      await expect.poll(async () => (await gapsIn(page)).looks).toBeGreaterThan(50);
      expect(await gapsIn(page)).toMatchObject({ dark: 0, anew: 0 });
      await expect.poll(async () => await secondsPlayed(page)).toBeGreaterThan(1);
    }
    await shopper.button('Hang up').click();
    await agent.sees(/Call ended|Video call ended|call/i);
    await nothingOpen();
    for (const { page } of [shopper, agent]) await expect.poll(async () => await liveTracks(page)).toEqual([]);
    expect(shopper.errors).toEqual([]);
  });

  it('the shopper calls, the agent answers, the agent hangs up', async () => {
    const { shopper, agent } = await conversation();
    await shopper.button('Video call').first().click();
    await shopper.button('Call now').click();
    await agent.button('Answer').click();
    await shopper.remotePicture.waitFor();
    await expect.poll(async () => await framesOf(agent.remotePicture)).toBeGreaterThan(3);
    await agent.button('Hang up').click();
    await shopper.sees('Call ended');
    await nothingOpen();
    for (const { page } of [shopper, agent]) await expect.poll(async () => await liveTracks(page)).toEqual([]);
  });

  it('declined and cancelled calls end for both, and free everything', async () => {
    const { shopper, agent } = await conversation();
    await agent.button('Video').click();
    await shopper.widget.getByText('Ana is calling you').waitFor();
    await shopper.button('Not now').click();
    await shopper.sees('You did not take the call');
    await nothingOpen();
    await agent.button('Call').click();
    await shopper.widget.getByText('Ana is calling you').waitFor();
    await agent
      .button(/Cancel/)
      .first()
      .click();
    await shopper.sees('You missed a call from Ana');
    await nothingOpen();
  });

  it('a camera that is switched off is seen as off by the other side, and its light goes out', async () => {
    const { shopper, agent } = await videoCall();
    await shopper.button('Turn the camera off').click();
    await agent.page.getByText("The shopper's camera is off").first().waitFor();
    await expect.poll(async () => await liveTracks(shopper.page)).toEqual(['audio']);
    await shopper.button('Turn the camera on').click();
    await expect.poll(async () => await framesOf(agent.remotePicture)).toBeGreaterThan(3);
    await agent.button('Turn microphone off').click();
    await shopper.widget.getByText('Ana has the microphone off').waitFor();
    await agent.button('Turn camera off').click();
    await shopper.widget.getByText('Ana has the camera and the microphone off').waitFor();
  });

  it("the agent's screen, then the shopper's after a question, each with its own yes; the browser's own button stops it", async () => {
    const { shopper, agent } = await videoCall();
    await agent.button('Share your screen').click();
    const shown = shopper.widget.getByLabel('Screen of Ana');
    await shown.first().waitFor();
    await expect.poll(async () => await framesOf(shown.first())).toBeGreaterThan(0);
    await agent.page.getByText('The shopper sees your screen.').waitFor();
    // What the browser's own "stop sharing" does: the track ends without a word of the page.
    await agent.page.evaluate(() => {
      const { keptTracks } = globalThis as unknown as { keptTracks: MediaStreamTrack[] };
      const screen = keptTracks.find((track) => 'displaySurface' in track.getSettings() && track.readyState === 'live');
      screen?.stop();
      screen?.dispatchEvent(new Event('ended'));
    });
    await shopper.sees('Ana stopped sharing');
    await shown.first().waitFor({ state: 'detached' });

    await agent.button("Ask to see the shopper's screen").click();
    await shopper.widget.getByText('Ana would like to see your screen').waitFor();
    await shopper.button('Choose and share').click();
    await shopper.widget.getByText('You are sharing your screen').first().waitFor();
    await expect.poll(async () => await framesOf(agent.sharedScreen)).toBeGreaterThan(0);
    await shopper
      .button(/Stop sharing/)
      .first()
      .click();
    await agent.sharedScreen.waitFor({ state: 'detached' });

    await agent.button("Ask to see the shopper's screen").click();
    await shopper.widget.getByText('Ana would like to see your screen').waitFor();
    await shopper.button('Not now').click();
    await expect.poll(async () => await agent.page.getByText('Waiting for the shopper to share').count()).toBe(0);
  });

  it('refused devices give a sentence and a way on: view only', async () => {
    const { shopper, agent } = await conversation();
    await shopper.page.context().addInitScript(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException('Permission denied', 'NotAllowedError');
      };
      // A browser without a window around its pages says that nobody was asked yet.
      navigator.permissions.query = async () =>
        Object.assign(new EventTarget(), { state: 'denied' }) as PermissionStatus;
    });
    await shopper.page.reload();
    await shopper.sees('is with you now');
    await agent.button('Video').click();
    await shopper.button('Answer').click();
    await shopper.widget
      .getByText(/Your browser does not let us use/)
      .first()
      .waitFor();
    await shopper.button('Join now').click();
    await shopper.remotePicture.waitFor();
    await expect.poll(async () => await framesOf(shopper.remotePicture)).toBeGreaterThan(3);
  });

  it('without a camera, or with one whose picture never comes, the call goes on with sound', async () => {
    const { shopper, agent } = await conversation();
    await agent.page.context().addInitScript(() => {
      const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (constraints) => {
        const stream = await original(constraints);
        for (const track of stream.getVideoTracks()) {
          track.stop();
          stream.removeTrack(track);
          // What a network that is too narrow leaves of a face: a track, and not one frame.
          for (const nothing of document.createElement('canvas').captureStream(0).getTracks()) stream.addTrack(nothing);
        }
        return stream;
      };
    });
    await agent.page.reload();
    await agent.field.waitFor();
    await shopper.page.context().addInitScript(() => {
      const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (constraints) => {
        if (constraints?.video) throw new DOMException('Requested device not found', 'NotFoundError');
        return await original(constraints);
      };
    });
    await shopper.page.reload();
    await shopper.sees('is with you now');
    await agent.button('Video').click();
    await shopper.button('Answer').click();
    await shopper.widget
      .getByText(/No camera was found/)
      .first()
      .waitFor();
    await shopper.button('Join now').click();
    await agent.page.getByText("The shopper's camera is off").first().waitFor();
    await expect.poll(async () => await audioEnergy(agent.page)).toBeGreaterThan(0);
    await shopper.remotePicture.waitFor();
    await expect.poll(async () => await secondsPlayed(shopper.page)).toBeGreaterThan(0.2);
    const picture = shopper.remotePicture.evaluate((video) => (video as HTMLVideoElement).videoWidth);
    expect(await picture).toBe(0);
    await shopper.widget.locator('.person').getByText('A', { exact: true }).waitFor();
  });
});

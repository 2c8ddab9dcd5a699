import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentDesk } from '../browser/agent-desk.ts';
import { framesOf, keepTracks, liveTracks } from '../browser/media-probe.ts';
import type { ShopVisit } from '../browser/shop-visit.ts';
import { Stage } from '../browser/stage.ts';

const BOTH_OFF = 'Ana has the camera and the microphone off';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(async () => await stage.close());

async function write(agent: AgentDesk, greeting: string): Promise<ShopVisit> {
  const shopper = await stage.shopper();
  await shopper.open();
  await shopper.say(greeting);
  await agent.accept(greeting);
  await shopper.sees('is with you now');
  return shopper;
}

async function call(agent: AgentDesk, shopper: ShopVisit): Promise<void> {
  await expect.poll(async () => await agent.button('Video').getAttribute('aria-disabled')).toBe('false');
  await agent.button('Video').click();
  await shopper.button('Answer').click();
  await shopper.button('Join now').click();
  await shopper.remotePicture.waitFor();
}

async function heardBy(agent: AgentDesk): Promise<number> {
  return await agent.page.locator('audio[data-part="sound"]').count();
}

describe('promise 5: an agent is in one call at a time', () => {
  it('a call with a second shopper puts the first on hold, and going back restores it', async () => {
    const agent = await stage.agent();
    await agent.page.context().addInitScript(keepTracks);
    await agent.page.reload();
    const one = await write(agent, 'I am the first');
    await call(agent, one);
    await expect.poll(async () => await heardBy(agent)).toBe(1);

    const two = await write(agent, 'I am the second');
    await call(agent, two);
    await one.widget.getByText(BOTH_OFF).waitFor();
    await agent.page.getByText(/^Your call with .+ is on hold\.$/).waitFor();
    await agent.page.getByLabel('On hold').waitFor();
    await expect.poll(async () => await heardBy(agent)).toBe(1);
    expect(await two.widget.getByText(BOTH_OFF).count()).toBe(0);

    await agent.button('Back to this call').click();
    await two.widget.getByText(BOTH_OFF).waitFor();
    await one.remotePicture.waitFor();
    await one.widget.getByText(/^Ana has the camera/).waitFor({ state: 'detached' });
    await agent.button('Turn microphone off').waitFor();
    await agent.button('Turn camera off').waitFor();
    await expect.poll(async () => await heardBy(agent)).toBe(1);

    await agent.button('Hang up').click();
    await agent.button('Turn microphone off').waitFor({ state: 'detached' });
    await agent.button('Back to this call').click();
    await two.remotePicture.waitFor();
    await agent.button('Hang up').click();
    await agent.button('Hang up').waitFor({ state: 'detached' });
    // The 401 is the question who is signed in, before anybody is.
    expect(agent.errors.filter((error) => !error.includes('401'))).toEqual([]);
  });

  it('a reload of the console keeps the hold: nothing is opened for the call that waits', async () => {
    const agent = await stage.agent();
    await agent.page.context().addInitScript(keepTracks);
    await agent.page.reload();
    const one = await write(agent, 'Before the reload');
    await call(agent, one);
    const two = await write(agent, 'Also before the reload');
    await call(agent, two);
    await one.widget.getByText(BOTH_OFF).waitFor();
    await agent.page.reload();
    await agent.page.getByText(/^Your call with .+ is on hold\.$/).waitFor();
    await expect.poll(async () => (await liveTracks(agent.page)).toSorted()).toEqual(['audio', 'video']);
    await expect.poll(async () => await framesOf(two.remotePicture)).toBeGreaterThan(3);
    // The first shopper's picture may be gone or stand still: nothing new comes.
    if ((await one.remotePicture.count()) > 0) expect(await framesOf(one.remotePicture, 1_000)).toBe(0);
    for (const shopper of [one, two]) await shopper.button('Hang up').click();
  });

  it("the yes to a second shopper's call goes out after the first is on hold", async () => {
    const agent = await stage.agent();
    const sent: string[] = [];
    const one = await write(agent, 'Call me first');
    const two = await write(agent, 'I call later');
    agent.page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        if (typeof payload === 'string') sent.push(payload);
      }),
    );
    await agent.page.context().addInitScript(keepTracks);
    await agent.page.reload();
    await agent.page.locator('[data-line]').filter({ hasText: 'Call me first' }).click();
    await call(agent, one);
    await agent.button('Turn camera off').waitFor();
    // What runs at the moment of the yes is what could reach the first shopper.
    await agent.page.evaluate(() => {
      const { keptTracks } = globalThis as unknown as { keptTracks: MediaStreamTrack[] };
      const before = [...keptTracks];
      type Send = (this: WebSocket, data: Parameters<WebSocket['send']>[0]) => void;
      const send = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'send')?.value as Send;
      WebSocket.prototype.send = function (data) {
        if (typeof data === 'string' && data.includes('"call.answer"')) {
          const running = before.filter((track) => track.readyState === 'live' && track.enabled);
          Object.assign(globalThis, { runningAtTheYes: running.map(({ kind }) => kind) });
        }
        send.call(this, data);
      };
    });
    await two.button('Video call').first().click();
    await two.button('Call now').click();
    await agent.button('Answer').click();
    await two.remotePicture.waitFor();
    await one.widget.getByText(BOTH_OFF).waitFor();
    expect(
      await agent.page.evaluate(() => (globalThis as unknown as { runningAtTheYes: string[] }).runningAtTheYes),
    ).toEqual([]);
    expect(sent.filter((frame) => frame.includes('"call.answer"'))).toHaveLength(1);
    for (const shopper of [one, two]) await shopper.button('Hang up').click();
  });
});

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaReady, workersOf } from '../support/server.ts';
import type { AgentDesk } from './agent-desk.ts';
import { audioEnergy, framesOf, keepConnections } from './media-probe.ts';
import type { ShopVisit } from './shop-visit.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let shopper: ShopVisit;
let agent: AgentDesk;

beforeAll(async () => {
  stage = await Stage.open({ DRAIN_SECONDS: '120' });
  await mediaReady(stage.server);
  stage.scripts = [keepConnections, countQuestions];
  ({ shopper, agent } = await stage.conversation());
  await agent.button('Video').click();
  await shopper.button('Answer').click();
  await shopper.button('Join now').click();
  for (const { remotePicture } of [shopper, agent]) await remotePicture.waitFor();
}, 60_000);
afterAll(async () => {
  // What is being tested may wait for calls; the end of the test does not.
  await stage.server.kill();
  await stage.close();
});

/** Run in a page before its scripts: whoever asks for a camera or a microphone may ask a person. */
function countQuestions(): void {
  const devices = navigator.mediaDevices;
  const original = devices.getUserMedia.bind(devices);
  const questions = { asked: 0 };
  Object.assign(globalThis, { questions });
  devices.getUserMedia = async (constraints) => {
    questions.asked += 1;
    return await original(constraints);
  };
}

const asked = async (page: Page): Promise<number> =>
  await page.evaluate(() => (globalThis as unknown as { questions: { asked: number } }).questions.asked);

async function bothSeeAndHear(): Promise<void> {
  for (const picture of [shopper.remotePicture, agent.remotePicture]) {
    await expect.poll(async () => await framesOf(picture), { timeout: 30_000 }).toBeGreaterThan(3);
  }
  for (const { page } of [shopper, agent]) {
    const before = await audioEnergy(page);
    await expect.poll(async () => await audioEnergy(page), { timeout: 10_000 }).toBeGreaterThan(before);
  }
}

describe('promise 11: a call that outlives its server', () => {
  it('kill -9 on the media worker: it is replaced, and both see and hear each other again, without a question', async () => {
    const [worker] = workersOf(stage.server);
    const before = [await asked(shopper.page), await asked(agent.page)];
    const says = shopper.widget.getByText(/the call is coming back/).first();
    const said = says.waitFor();
    process.kill(worker ?? 0, 'SIGKILL');
    await said;
    await bothSeeAndHear();
    await says.waitFor({ state: 'detached' });
    const replaced = workersOf(stage.server);
    expect(replaced).toHaveLength(1);
    expect(replaced).not.toContain(worker);
    expect([await asked(shopper.page), await asked(agent.page)]).toEqual(before);
  });

  it('kill -9 on the server and a restart: a sentence meanwhile, then the call is back without a question', async () => {
    const before = [await asked(shopper.page), await asked(agent.page)];
    await stage.server.kill();
    await shopper.widget
      .getByText(/the call is coming back/)
      .first()
      .waitFor();
    stage.server = await stage.server.restart();
    await bothSeeAndHear();
    expect([await asked(shopper.page), await asked(agent.page)]).toEqual(before);
  });

  it('SIGTERM: both are told until when, a page load goes on, no new calls; the service ends with the call', async () => {
    const ended = stage.server.stop();
    await shopper.widget.getByText(/Our service restarts at .* Your call comes back by itself/).waitFor();
    await agent.page.getByText(/The service restarts at .* Your call comes back by itself/).waitFor();
    expect((await fetch(`${stage.server.origin}/healthz`)).status).toBe(503);
    await shopper.goto('/demo/product/table-lamp.html');
    await bothSeeAndHear();
    await shopper.widget.getByText(/Our service restarts at/).waitFor();
    await agent.button('Hang up').click();
    expect(await ended).toBe(0);
    stage.server = await stage.server.restart();
    await shopper.sees('Call ended');
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AgentDesk } from './agent-desk.ts';
import { liveTracks } from './media-probe.ts';
import type { ShopVisit } from './shop-visit.ts';
import { Stage } from './stage.ts';
import { healthOf, leave, mediaReady, seeEachOther, videoCall } from './video-call.ts';

const LOADING = 'The shopper is loading the next page';

let stage: Stage;
let agentOfTest: AgentDesk | null = null;
beforeAll(async () => {
  // A page that is left goes into the back-forward cache, as it does for people.
  stage = await Stage.open({}, [], { whole: true, without: ['--disable-back-forward-cache'] });
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

describe('promise 11: a call that holds, over page loads', () => {
  it('is back on the next page with the same switches, however soon it is left, and the agent is told of the page load', async () => {
    const { shopper, agent } = await inCall();
    await shopper.button('Turn the microphone off').click();
    const told = agent.page.getByText(LOADING).first().waitFor();
    await shopper.goto('/demo/product/table-lamp.html');
    await told;
    await seeEachOther(shopper.remotePicture, agent);
    await agent.page.getByText(LOADING).first().waitFor({ state: 'hidden' });
    await shopper.button('Turn the microphone on').waitFor();
    await agent.page.getByText('Microphone off').first().waitFor();

    await shopper.button('Turn the camera off').click();
    await agent.page.getByText("The shopper's camera is off").first().waitFor();
    await shopper.goto('/demo/product/olive-vase.html');
    await shopper.button('Turn the camera on').waitFor();
    await shopper.button('Turn the microphone on').waitFor();
    await agent.page.getByText("The shopper's camera is off").first().waitFor();
    expect(await liveTracks(shopper.page)).toEqual([]);
    expect(shopper.errors).toEqual([]);
  });

  it('while a page is slow the agent sees no frozen face but what happens, then that it takes long, then the shopper', async () => {
    const { shopper, agent } = await inCall();
    const arrive = Promise.withResolvers<void>();
    await shopper.page.route('**/widget.js', async (route) => {
      await arrive.promise;
      await route.continue();
    });
    await shopper.page.goto(`${stage.server.origin}/demo/product/olive-vase.html`, { waitUntil: 'commit' });
    await agent.page.getByText(LOADING).first().waitFor();
    await agent.remotePicture.waitFor({ state: 'detached' });
    await agent.page.getByText('The shopper has left the page').first().waitFor();
    arrive.resolve();
    await seeEachOther(shopper.remotePicture, agent);
    await agent.page.getByText('The shopper has left the page').first().waitFor({ state: 'hidden' });
  });

  it('several page loads in a row leave one call with one shopper in it, as large as it was', async () => {
    const { shopper, agent } = await inCall();
    await shopper.button('Make the call larger').click();
    for (const page of ['table-lamp', 'olive-vase', 'woven-pendant', 'espresso-cup']) {
      await shopper.page.goto(`${stage.server.origin}/demo/product/${page}.html`, { waitUntil: 'commit' });
    }
    await seeEachOther(shopper.remotePicture, agent);
    await shopper.button('Make the call smaller').waitFor();
    await expect.poll(async () => (await healthOf(stage)).open).toMatchObject({ routers: 1, transports: 4 });
  });

  it('goes on when the shopper goes back, whether the browser has kept the page in its back-forward cache or loads it anew', async () => {
    const { shopper, agent } = await inCall();
    await shopper.goto('/demo/product/table-lamp.html');
    await shopper.remotePicture.waitFor();
    await shopper.goto('/demo/product/olive-vase.html');
    await seeEachOther(shopper.remotePicture, agent);
    // Which of both it is, is the browser's to say, and another one each time.
    await shopper.page.evaluate(() => history.back());
    // A page that is taken out of the cache tells of no load.
    await expect.poll(() => shopper.page.url()).toContain('table-lamp');
    await seeEachOther(shopper.remotePicture, agent);
    // So here is what a page is told that goes into the cache and comes out of it, with all that it had.
    const told = async (name: 'pagehide' | 'pageshow') =>
      await shopper.page.evaluate((name) => dispatchEvent(new PageTransitionEvent(name, { persisted: true })), name);
    await told('pagehide');
    await shopper.remotePicture.waitFor({ state: 'detached' });
    await agent.page.getByText(LOADING).first().waitFor();
    await told('pageshow');
    await seeEachOther(shopper.remotePicture, agent);
    await expect.poll(async () => (await healthOf(stage)).open).toMatchObject({ routers: 1, transports: 4 });
    expect(shopper.errors).toEqual([]);
  });

  it('another tab of the shop offers to take the call over', async () => {
    const { shopper, agent } = await inCall();
    const second = await shopper.page.context().newPage();
    await second.goto(`${stage.server.origin}/demo/product/table-lamp.html`);
    const widget = second.locator('mostrador-widget');
    await widget.getByRole('button', { name: /^Chat with/ }).click();
    await widget.getByText('Your call is on in another tab.').waitFor();
    await widget.getByRole('button', { name: 'Go on here' }).click();
    await seeEachOther(widget.getByLabel('Picture of Ana'), agent);
    await shopper.widget.getByText('Your call is on in another tab.').waitFor();
    await expect.poll(async () => await liveTracks(shopper.page)).toEqual([]);
    await second.close();
    await shopper.button('Go on here').click();
    await seeEachOther(shopper.remotePicture, agent);
  });
});

import type { BrowserContextOptions, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AgentDesk } from './agent-desk.ts';
import { audioEnergy, framesOf, keepConnections, keepTracks, liveTracks, sentBytes } from './media-probe.ts';
import type { ShopVisit } from './shop-visit.ts';
import { Stage } from './stage.ts';
import { mediaReady } from './video-call.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open({}, [{ name: 'Luis' }, { name: 'Eva', role: 'supervisor' }]);
  stage.scripts = [keepConnections, keepTracks];
  await mediaReady(stage);
});
afterEach(async () => await stage.leave());
afterAll(async () => await stage.close());

/** Ana and a shopper in a video call, and a colleague at the console. */
async function callWith(
  name: string,
  options: { shopper?: BrowserContextOptions } = {},
): Promise<{ shopper: ShopVisit; ana: AgentDesk; colleague: AgentDesk }> {
  const colleague = await stage.agent({}, stage.as[name]);
  const { shopper, agent: ana } = await stage.conversation(options);
  await ana.button('Video').click();
  await shopper.button('Answer').click();
  await shopper.button('Join now').click();
  await shopper.remotePicture.waitFor();
  await ana.remotePicture.waitFor();
  return { shopper, ana, colleague };
}

async function moves(...pictures: Locator[]): Promise<void> {
  for (const picture of pictures) await expect.poll(async () => await framesOf(picture)).toBeGreaterThan(3);
}

async function isHeard(by: ShopVisit | AgentDesk): Promise<void> {
  const before = await audioEnergy(by.page);
  await expect.poll(async () => await audioEnergy(by.page)).toBeGreaterThan(before);
}

const pictureOf = (visit: ShopVisit, name: string): Locator => visit.widget.getByLabel(`Picture of ${name}`);
const videoOf = (desk: AgentDesk, name: string): Locator => desk.page.getByLabel(`Video of ${name}`);

describe('promise 12: more than two', () => {
  it('an expert is asked in: all see and hear each other, who speaks is shown, and page loads change nothing', async () => {
    const { shopper, ana, colleague: luis } = await callWith('Luis');
    await ana.button('People in the call').click();
    const asked = ana.page.getByRole('listitem').filter({ hasText: 'Luis' });
    await asked.getByText('Available').waitFor();
    await luis.page.getByLabel('Your presence').selectOption('Busy');
    await asked.getByText('Busy').waitFor();
    await ana.button('Ask to join').click();
    await luis.page.getByText('Ana asks you to join the call with').waitFor();
    await luis.button('Join').click();
    await shopper.sees('Luis joined the call');
    await luis.button('Turn camera on').click();
    await moves(pictureOf(shopper, 'Ana'), pictureOf(shopper, 'Luis'), videoOf(ana, 'Luis'));
    await moves(luis.remotePicture, videoOf(luis, 'Ana'), ana.remotePicture);

    // The devices of the tests beep: who has the only open microphone is the one who speaks.
    await ana.button('Turn microphone off').click();
    await shopper.button('Turn the microphone off').click();
    await shopper.widget.locator('.person.speaks').filter({ hasText: 'Luis' }).waitFor();
    await ana.page.getByLabel('Luis is speaking').waitFor();
    await isHeard(shopper);
    await isHeard(ana);
    await ana.button('Turn microphone on').click();
    await luis.button('Turn microphone off').click();
    await shopper.widget.locator('.person.speaks:not(.small)').filter({ hasText: 'Ana' }).waitFor();
    await luis.page.getByLabel('Ana is speaking').waitFor();

    await shopper.goto('/demo/product/table-lamp.html');
    await moves(pictureOf(shopper, 'Ana'), pictureOf(shopper, 'Luis'), luis.remotePicture, ana.remotePicture);
    await luis.page.reload();
    await moves(luis.remotePicture, videoOf(luis, 'Ana'), pictureOf(shopper, 'Luis'));

    await luis.button('Leave the call').click();
    await shopper.sees('Luis left the call');
    await pictureOf(shopper, 'Luis').waitFor({ state: 'detached' });
    await expect.poll(async () => await liveTracks(luis.page)).toEqual([]);
    await moves(pictureOf(shopper, 'Ana'), ana.remotePicture);
    await ana.button('Hang up').click();
    await shopper.sees('Call ended');
  });

  it('a supervisor listens, sends nothing, and is named to the shopper; then speaks', async () => {
    const { shopper, ana, colleague: eva } = await callWith('Eva');
    await eva.page.getByText('With colleagues').click();
    await eva.page.locator('[data-line]').last().click();
    await eva.button('Listen').click();
    await shopper.widget.getByText('Eva is listening').first().waitFor();
    await ana.page.getByText('Eva is listening').first().waitFor();
    await moves(eva.remotePicture, videoOf(eva, 'Ana'));
    await isHeard(eva);
    expect(await liveTracks(eva.page)).toEqual([]);
    expect(await sentBytes(eva.page)).toEqual({ audio: 0, video: 0 });
    expect(await pictureOf(shopper, 'Eva').count()).toBe(0);

    await eva.button('Speak').click();
    await shopper.sees('Eva joined the call');
    await pictureOf(shopper, 'Eva').waitFor();
    await expect.poll(async () => (await sentBytes(eva.page)).audio).toBeGreaterThan(0);
    await eva.button('Only listen').click();
    await pictureOf(shopper, 'Eva').waitFor({ state: 'detached' });
    await expect.poll(async () => await liveTracks(eva.page)).toEqual([]);
    await moves(eva.remotePicture);
    await eva.button('Leave the call').click();
    await shopper.sees('Eva left the call');
    await ana.button('Hang up').click();
    await shopper.sees('Call ended');
  });

  it('the call is handed over without the shopper hanging up; the page goes with it, under the new name', async () => {
    const { shopper, ana, colleague: luis } = await callWith('Luis');
    await ana.button('Look together').click();
    await shopper.button('Show my page').click();
    await shopper.widget.getByText('Ana sees this page').first().waitFor();
    await ana.button('People in the call').click();
    await ana.button('Hand over').click();
    await luis.page.getByText('Ana would like to hand you the call with').waitFor();
    await luis.button('Take over').click();
    await shopper.sees('Luis has taken over from Ana');
    await ana.button('Leave the call').click();
    await shopper.sees('Ana left the call');
    await expect.poll(async () => await liveTracks(ana.page)).toEqual([]);
    await moves(pictureOf(shopper, 'Luis'), luis.remotePicture);
    await isHeard(shopper);
    await isHeard(luis);
    await pictureOf(shopper, 'Ana').waitFor({ state: 'detached' });
    await shopper.widget.getByText('Luis sees this page').first().waitFor();
    await luis.picture.getByRole('heading', { level: 1 }).first().waitFor();
    await luis.say('I will go on from here.');
    await shopper.sees('I will go on from here.');
    await luis.button('Hang up').click();
    await shopper.sees('Call ended');
  });
});

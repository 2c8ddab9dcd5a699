import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/network/free-port.ts';
import { Shaper } from '../support/network/shaper.ts';
import type { AgentDesk } from './agent-desk.ts';
import { framesOf, gapsIn, watchForGaps } from './media-probe.ts';
import type { ShopVisit } from './shop-visit.ts';
import { Stage } from './stage.ts';

const SHOPPERS = '127.0.0.2';
const pictures = join(import.meta.dirname, '..', 'output');

let stage: Stage;
/** Between both people and the media; and between both people and the service. */
let media: Shaper;
let service: Shaper;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  const mediaPort = await freePort('127.0.0.1', SHOPPERS);
  const port = await freePort('127.0.0.1', SHOPPERS);
  media = await Shaper.open({ address: SHOPPERS, port: mediaPort }, { address: '127.0.0.1', port: mediaPort });
  service = await Shaper.open({ address: SHOPPERS, port }, { address: '127.0.0.1', port });
  stage = await Stage.open({
    PORT: String(port),
    PUBLIC_URL: `http://${SHOPPERS}:${port}`,
    REPLAY_ORIGIN: `http://localhost:${port}`,
    MEDIA_PORT: String(mediaPort),
    MEDIA_ANNOUNCED_ADDRESS: SHOPPERS,
  });
  const status = async () =>
    ((await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()) as { media: { status: string } }).media.status;
  while ((await status()) !== 'ready') await new Promise((resolve) => setTimeout(resolve, 50));
});
afterEach(async () => {
  media.become({});
  service.become({});
  await stage.leave();
});
afterAll(async () => {
  await stage.close();
  await Promise.all([media.close(), service.close()]);
});

type People = { shopper: ShopVisit; agent: AgentDesk };

async function videoCall(): Promise<People> {
  const { shopper, agent } = await stage.conversation();
  await agent.button('Video').click();
  await shopper.button('Answer').click();
  await shopper.button('Join now').click();
  await bothMove({ shopper, agent });
  return { shopper, agent };
}

async function bothMove({ shopper, agent }: People): Promise<void> {
  for (const { remotePicture } of [shopper, agent]) {
    await remotePicture.waitFor();
    await expect.poll(async () => await framesOf(remotePicture), { timeout: 40_000 }).toBeGreaterThan(3);
  }
}

async function shoot({ shopper, agent }: People, name: string): Promise<void> {
  await shopper.page.screenshot({ path: join(pictures, `quality-${name}-widget.png`) });
  await agent.page.screenshot({ path: join(pictures, `quality-${name}-console.png`) });
}

const bars = (who: ShopVisit | AgentDesk) =>
  ('widget' in who ? who.widget : who.page).getByRole('button', { name: /^Connection: / }).first();

describe('promise 11: a call that holds, as both people see it', () => {
  it('the sign is there, says that all is well, and says in words when it is not', async () => {
    const people = await videoCall();
    const { shopper, agent } = people;
    for (const who of [shopper, agent]) {
      await expect
        .poll(async () => await bars(who).getAttribute('aria-label'))
        .toBe('Connection: The connection is good.');
    }
    await bars(shopper).click();
    await shopper.widget.getByRole('status').getByText('The connection is good.').waitFor();
    await shoot(people, 'good');
    media.become({ kbits: 120 });
    await shopper.widget.getByRole('status').getByText('Your internet connection is slow right now').waitFor();
    await agent.page.getByRole('status').getByText('internet connection is slow right now').first().waitFor();
    await shoot(people, 'poor');
  });

  it('everything is cut, media and socket, until both have said so: it comes back by itself, and nobody is asked', async () => {
    const people = await videoCall();
    const { shopper, agent } = people;
    media.become({ cut: true });
    service.become({ cut: true });
    await shopper.widget.getByText('Your internet connection is interrupted').first().waitFor();
    await agent.page.getByText('Your internet connection is interrupted').first().waitFor();
    await shoot(people, 'lost');
    media.become({});
    service.become({});
    await bothMove(people);
    await shopper.say('There you are again');
    await agent.sees('There you are again');
    expect(await shopper.button('Join now').count()).toBe(0);
  });

  it('the socket alone is cut: picture and sound do not notice; who hangs up meanwhile has hung up', async () => {
    const people = await videoCall();
    for (const { page } of [people.shopper, people.agent]) await watchForGaps(page);
    service.become({ tcp: false });
    await people.shopper.widget.getByText('The connection is lost. We are trying again').first().waitFor();
    for (const { remotePicture } of [people.shopper, people.agent]) {
      await expect.poll(async () => await framesOf(remotePicture)).toBeGreaterThan(3);
    }
    for (const { page } of [people.shopper, people.agent]) {
      expect(await gapsIn(page)).toMatchObject({ dark: 0, anew: 0 });
    }
    await shoot(people, 'socket');
    service.become({});
    await people.shopper.say('Still here');
    await people.agent.sees('Still here');
    await bothMove(people);
    service.become({ tcp: false });
    await people.shopper.widget.getByText('The connection is lost. We are trying again').first().waitFor();
    await people.shopper.button('Hang up').click();
    await people.shopper.remotePicture.waitFor({ state: 'detached' });
    service.become({});
    await people.agent.sees(/Call ended/i);
    await people.shopper.sees('Call ended');
  });
});

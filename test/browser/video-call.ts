import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import type { AgentDesk } from './agent-desk.ts';
import { keepFrames } from './frame-log.ts';
import { framesOf, keepTracks } from './media-probe.ts';
import type { ShopVisit } from './shop-visit.ts';
import type { Stage } from './stage.ts';

type Health = { media: { status: string }; open: Record<string, number> };

export async function healthOf(stage: Stage): Promise<Health> {
  return (await (await fetch(`${stage.server.origin}/healthz`)).json()) as Health;
}

export async function mediaReady(stage: Stage): Promise<void> {
  while ((await healthOf(stage)).media.status !== 'ready') await new Promise((resolve) => setTimeout(resolve, 50));
}

/** A shopper and Ana in a video call who see each other; pictures and tracks are kept for `frame-log` and `media-probe`. */
export async function videoCall(stage: Stage): Promise<{ shopper: ShopVisit; agent: AgentDesk }> {
  stage.scripts = [keepFrames, keepTracks];
  const people = await stage.conversation();
  const { shopper, agent } = people;
  await agent.button('Video').click();
  await shopper.button('Answer').click();
  await shopper.button('Join now').click();
  await seeEachOther(shopper.remotePicture, agent);
  return people;
}

/** `picture`: where the shopper sees the agent. */
export async function seeEachOther(picture: Locator, agent: AgentDesk): Promise<void> {
  await picture.waitFor();
  await agent.remotePicture.waitFor();
  for (const shown of [picture, agent.remotePicture]) {
    await expect.poll(async () => await framesOf(shown)).toBeGreaterThan(3);
  }
}

/** Ends the call that a test leaves running, so that the next one counts from nothing, and everybody's visit. */
export async function leave(stage: Stage, agent: AgentDesk | null): Promise<void> {
  const hangUp = agent?.button('Hang up');
  // A call that ends in this moment takes the button along.
  if (await hangUp?.isVisible()) await hangUp?.click({ timeout: 5_000 }).catch(() => {});
  await stage.leave();
}

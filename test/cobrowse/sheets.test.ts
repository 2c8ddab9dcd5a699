import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Both } from './support/both.ts';
import { replayFrame, replayShows } from './support/picture.ts';

let both: Both;
beforeAll(async () => (both = await Both.open()));
afterEach(async () => await both.leave());
afterAll(async () => await both.close());

/** Of the shop's stylesheet. */
const TEXT = 'minmax(180px';

/** What only the shop's stylesheet says of the page that is shown. */
function padding(replay: Frame): Promise<string | undefined> {
  return replay.evaluate(() => {
    const page = document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument;
    const main = page?.querySelector('main');
    return main ? page?.defaultView?.getComputedStyle(main).paddingTop : undefined;
  });
}

describe('promise 16: a stylesheet travels once', () => {
  it('the next page does not send it again, and a console that comes later has it all the same', async () => {
    const { shopper, agent, replay } = await both.look();
    const texts = () => both.lab.sent.filter(({ text }) => text.includes(TEXT)).length;
    expect(texts()).toBe(1);
    await both.caughtUp({ shopper, replay });
    await shopper.click('nav a');
    await replay.waitForFunction(
      () =>
        document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument?.querySelector('h1')
          ?.textContent === 'Everything must go',
    );
    await both.caughtUp({ shopper, replay });
    expect(both.lab.sent.filter(({ epoch, kind }) => epoch === 2 && kind === 'snapshot').length).toBeGreaterThan(0);
    expect(texts()).toBe(1);
    expect(await padding(replay)).toBe('24px');
    // It has nothing of its own from before.
    await agent.reload();
    const fresh = await replayFrame(agent);
    await both.caughtUp({ shopper, replay: fresh });
    expect(await padding(fresh)).toBe('24px');
    expect(texts()).toBe(1);
  });

  it('a server that has forgotten it asks for it, and shows no page without it', async () => {
    const { shopper, agent, replay } = await both.look();
    await both.caughtUp({ shopper, replay });
    both.lab.forget();
    await agent.reload();
    await shopper.reload();
    const fresh = await replayFrame(agent);
    expect(await padding(fresh)).toBe('24px');
    await replayShows(fresh, '0');
    await both.caughtUp({ shopper, replay: fresh });
    expect(both.lab.sent.filter(({ text }) => text.includes(TEXT)).length).toBeGreaterThan(1);
    expect(await agent.evaluate(() => window.agent.gaps)).toBe(0);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Both, DESKTOP } from './support/both.ts';
import { outlineOf, outlineOfReplay, replayFrame, replayShows } from './support/picture.ts';

let both: Both;
beforeAll(async () => (both = await Both.open()));
afterEach(async () => await both.leave());
afterAll(async () => await both.close());

describe('promise 6: the same page', () => {
  it('shows the same text and the same elements after each of ten changes', async () => {
    const { shopper, agent, replay } = await both.look();
    await both.caughtUp({ shopper, replay });
    expect(await outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
    for (let index = 0; index < 10; index += 1) {
      await shopper.evaluate((at) => window.steps[at]?.(), index);
      await both.caughtUp({ shopper, replay });
      expect(await outlineOfReplay(replay), `after change ${index + 1}`).toEqual(await outlineOf(shopper));
    }
    expect(await agent.evaluate(() => window.agent.gaps)).toBe(0);
    expect(await agent.evaluate(() => window.agent.pages.at(-1))).toEqual({
      url: `${both.lab.shop}home.html`,
      title: 'Sale at Casa Lina',
      ...DESKTOP,
    });
  });

  it('goes on after a page load by itself', async () => {
    const { shopper, agent, replay } = await both.look();
    await shopper.click('nav a');
    await replayShows(replay, '0');
    await replay.waitForFunction(() => document.querySelectorAll('.page').length === 1);
    await both.caughtUp({ shopper, replay });
    expect(await outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
    const { statuses, pages, gaps, applied } = await agent.evaluate(() => ({ ...window.agent, replay: null }));
    expect(statuses).toEqual(['live', 'loading-next-page', 'live']);
    expect(pages.at(-1)).toMatchObject({ url: `${both.lab.shop}next.html`, title: 'Sale' });
    expect(applied.epoch).toBe(2);
    expect(gaps).toBe(0);
  });

  it('goes on after the socket was away', async () => {
    const { shopper, agent, replay } = await both.look();
    await shopper.evaluate(() => window.shopper.disconnect());
    for (const step of [0, 2, 6]) await shopper.evaluate((at) => window.steps[at]?.(), step);
    await shopper.evaluate(() => window.shopper.reconnect());
    await both.caughtUp({ shopper, replay });
    expect(await outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
    expect(await agent.evaluate(() => window.agent.gaps)).toBe(0);
  });

  it('goes on after a restart of the server, and for an agent who comes late', async () => {
    const { shopper } = await both.look();
    both.lab.forget();
    await shopper.evaluate(() => window.steps[0]?.());
    await shopper.evaluate(() => window.shopper.reconnect());
    const replay = await replayFrame(await both.openConsole());
    await both.caughtUp({ shopper, replay });
    expect(await outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
  });

  it('can be started again in the same page', async () => {
    const { shopper, replay } = await both.look();
    await shopper.evaluate(() => {
      window.shopper.session()?.close();
      window.steps[6]?.();
      window.shopper.start();
    });
    await both.caughtUp({ shopper, replay });
    await shopper.evaluate(() => window.steps[7]?.());
    await both.caughtUp({ shopper, replay });
    expect(await outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
  });

  it('never lags behind: what the wire cannot carry becomes one change', async () => {
    const { shopper, agent, replay } = await both.look();
    await both.caughtUp({ shopper, replay });
    const before = both.lab.sent.length;
    const release = both.lab.holdAcknowledgements();
    await shopper.evaluate(async () => {
      for (let round = 0; round < 200; round += 1) {
        window.steps[round % 2 === 0 ? 6 : 7]?.();
        window.scrollTo({ top: round, behavior: 'instant' });
        await new Promise(requestAnimationFrame);
      }
      window.shopper.mark('storm');
    });
    await both.lab.until(() => both.lab.marks.includes('storm'));
    // Before compression: what was made of 200 rounds.
    const written = () => both.lab.sent.slice(before).reduce((sum, { text }) => sum + text.length, 0);
    expect(written()).toBeLessThan(60_000);
    release();
    await both.caughtUp({ shopper, replay });
    expect(written()).toBeLessThan(120_000);
    expect(await outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
    expect(await agent.evaluate(() => window.agent.gaps)).toBe(0);
    await replay.waitForFunction(
      () => document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentWindow?.scrollY === 199,
    );
  });

  it('loses nothing of what grows while changes are gathered', async () => {
    const { shopper, replay } = await both.look();
    await both.caughtUp({ shopper, replay });
    const release = both.lab.holdAcknowledgements();
    await shopper.evaluate(async () => {
      // Enough to fill the wire, and not to be compressed.
      const noise = Array.from({ length: 5_000 }, () => Math.random().toString(36)).join(' ');
      document.querySelector('#step')?.setAttribute('class', noise);
      await new Promise(requestAnimationFrame);
      const rating = document.createElement('shop-rating');
      document.querySelector('main')?.append(rating);
      await new Promise(requestAnimationFrame);
      rating.shadowRoot?.append(document.createElement('em'), 'after a moment');
      document.querySelector('#rating')?.shadowRoot?.append(document.createElement('em'));
      const frame = document.createElement('iframe');
      document.querySelector('main')?.append(frame);
      frame.contentDocument?.body.append('in a new frame');
      await new Promise(requestAnimationFrame);
      frame.contentDocument?.body.append(frame.contentDocument.createElement('hr'));
      window.shopper.mark('grown');
    });
    await both.lab.until(() => both.lab.marks.includes('grown'));
    release();
    await both.caughtUp({ shopper, replay });
    await expect.poll(() => outlineOfReplay(replay)).toEqual(await outlineOf(shopper));
  });

  it('needs no animation frames, which a tab in the background does not get', async () => {
    const { shopper, replay } = await both.look();
    await replay.evaluate(() => {
      window.requestAnimationFrame = () => 0;
    });
    await shopper.evaluate(() => {
      window.steps[0]?.();
      window.scrollTo({ top: 120, behavior: 'instant' });
      document.querySelector('#step')?.replaceChildren('in the background');
    });
    const read = () =>
      replay.evaluate(() => {
        const page = document.querySelector<HTMLIFrameElement>('.page.shown iframe');
        return [page?.contentDocument?.querySelector('#step')?.textContent, page?.contentWindow?.scrollY];
      });
    await expect.poll(read).toEqual(['in the background', 120]);
  });

  it('does not take the focus from the agent who is typing', async () => {
    const { shopper, agent, replay } = await both.look();
    await agent.click('#chat');
    await shopper.evaluate(() => window.steps[4]?.());
    await shopper.locator('#close-dialog').focus();
    await both.caughtUp({ shopper, replay });
    await agent.keyboard.type('hello');
    expect(await agent.inputValue('#chat')).toBe('hello');
    const modal = () =>
      replay.evaluate(() =>
        document
          .querySelector<HTMLIFrameElement>('.page.shown iframe')
          ?.contentDocument?.querySelector('dialog')
          ?.matches(':modal'),
      );
    expect(await modal()).toBe(true);
    await shopper.evaluate(() => window.steps[5]?.());
    await both.caughtUp({ shopper, replay });
    expect(await modal()).toBe(false);
  });
});

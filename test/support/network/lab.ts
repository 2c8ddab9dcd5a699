import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Chromium } from '../../browser/chromium.ts';
import type { RemoteParty } from '../../../client/core/call/session.ts';
import type { Media } from '../../../server/media/media.ts';
import { launchChromium, openStage, type Stage } from '../../media/call-stage.ts';
import { startRealMedia } from '../../media/real-media.ts';
import { startCoturn, type Coturn } from './coturn.ts';
import { freePort } from './free-port.ts';
import { Shaper } from './shaper.ts';

const ANAS = '127.0.0.2';
const BENS = '127.0.0.3';

/** Ana and Ben, each behind a network of their own, a media worker, and a relay that reaches the worker by either. */
export type NetworkLab = { anas: Shaper; bens: Shaper; coturn: Coturn; media: Media; browser: Chromium; stage: Stage };

/** For a test file: opened once, with a stage of its own and fine networks for each test. */
export function networkLab(options: { ttlSeconds?: number; secret?: string } = {}): NetworkLab {
  const lab = {} as NetworkLab;
  beforeAll(async () => {
    lab.coturn = await startCoturn();
    const port = await freePort('127.0.0.1', ANAS, BENS);
    const { address, port: turnPort, secret } = lab.coturn;
    const turn = { urls: [`turn:${address}:${turnPort}`], secret, ttlSeconds: 600, ...options };
    lab.media = (await startRealMedia({ port, announcedAddress: ANAS, turn })).media;
    const worker = { address: '127.0.0.1', port };
    lab.anas = await Shaper.open({ address: ANAS, port }, worker);
    lab.bens = await Shaper.open({ address: BENS, port }, worker);
    lab.browser = await launchChromium();
  });
  afterAll(async () => {
    await lab.browser.close();
    await lab.media.close();
    await Promise.all([lab.anas.close(), lab.bens.close(), lab.coturn.close()]);
  });
  beforeEach(async () => {
    for (const shaper of [lab.anas, lab.bens]) shaper.become({});
    const networkOf = (participant: string) => (participant === 'ben' ? BENS : ANAS);
    lab.stage = await openStage(lab.media, lab.browser, { networkOf });
  });
  afterEach(async () => {
    for (const context of lab.browser.contexts()) await context.close();
    await lab.stage.close();
  });
  return lab;
}

/** How another party comes across. */
export async function seen(page: Page, participant: string): Promise<RemoteParty['quality'] | undefined> {
  return await page.evaluate(
    (id) => window.tab.session?.state.remotes.find((remote) => remote.participant === id)?.quality,
    participant,
  );
}

/** Lines of the picture that arrives. */
export async function height(page: Page): Promise<number> {
  const stats = await page.evaluate(async () => await window.tab.stats('inbound-rtp'));
  return Math.max(0, ...stats.map(({ frameHeight = 0 }) => frameHeight));
}

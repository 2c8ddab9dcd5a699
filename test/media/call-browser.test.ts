import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Chromium } from '../browser/chromium.ts';
import type { Media } from '../../server/media/media.ts';
import { launchChromium, openStage, type Stage } from './call-stage.ts';
import { startRealMedia } from './real-media.ts';

let media: Media;
let pids: number[];
let browser: Chromium;
let stage: Stage;

beforeAll(async () => {
  ({ media, pids } = await startRealMedia());
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await media.close();
});
beforeEach(async () => {
  stage = await openStage(media, browser);
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await stage.close();
});

type Two = { ana: Page; ben: Page };

/** Two tabs that ring: everything is agreed and both previews are open. */
async function ringing({ video = true, pages = [] as Page[] } = {}): Promise<Two> {
  const [ana, ben] = [pages[0] ?? (await stage.open('ana')), pages[1] ?? (await stage.open('ben'))];
  for (const page of [ana, ben]) {
    await page.evaluate(async (video) => {
      window.tab.start({ video });
      await window.tab.session?.openDevices({ microphone: true, camera: video });
    }, video);
  }
  for (const page of [ana, ben]) {
    await page.evaluate(
      async (camera) => {
        await window.tab.until(
          ({ phase, remotes: [other] }) =>
            phase === 'prepared' && other?.microphone === 'off' && other.camera === camera,
        );
        await window.tab.connected();
      },
      video ? 'off' : 'none',
    );
  }
  return { ana, ben };
}

/** The yes; resolves when both see each other. */
async function talking(two?: Two): Promise<Two> {
  const { ana, ben } = two ?? (await ringing());
  await ben.evaluate(async () => await window.tab.answer());
  await seeEachOther(ana, ben);
  return { ana, ben };
}

async function seeEachOther(ana: Page, ben: Page): Promise<void> {
  await ana.evaluate(async () => await window.tab.changingFrames('ben', 3));
  await ben.evaluate(async () => await window.tab.changingFrames('ana', 3));
}

test('everything is agreed before the yes and not one packet is sent; after it both see and hear each other', async () => {
  const { ana, ben } = await ringing();
  for (const page of [ana, ben]) {
    expect(await page.evaluate(() => window.tab.state())).toMatchObject({
      phase: 'prepared',
      microphone: 'on',
      camera: 'on',
      selfView: ['live'],
      problem: null,
      remotes: [{ microphone: 'off', camera: 'off', tracks: [], screen: null }],
    });
    expect(await page.evaluate(async () => await window.tab.sent())).toMatchObject({
      connected: 2,
      packets: 0,
      bytes: 0,
    });
  }
  expect(await media.counts()).toMatchObject({ routers: 1, transports: 4, producers: 4, consumers: 4 });

  await ana.evaluate(async () => await window.tab.sendingScales(8, 4, 2));
  await ben.evaluate(async () => await window.tab.answer());
  await seeEachOther(ana, ben);
  for (const page of [ana, ben]) {
    expect(await page.evaluate(async () => await window.tab.audioEnergy())).toBeGreaterThan(0);
    expect(await page.evaluate(() => window.tab.state())).toMatchObject({
      phase: 'live',
      remotes: [{ microphone: 'on', camera: 'on', tracks: ['audio', 'video'] }],
    });
  }
  // The picture begins at half its size, for speed, and grows by itself.
  await ana.evaluate(async () => await window.tab.sendingScales(4, 2, 1));
  // Each is told which of the other's sizes they are sent.
  for (const name of ['ana', 'ben']) {
    const forwarded = stage.layers.filter(({ member, layers }) => member === name && layers.forwarded !== null);
    expect(forwarded.length).toBeGreaterThan(0);
  }
});

test('a camera that is off is dark for its owner and gone for the other; a microphone that is off is silent', async () => {
  const { ana, ben } = await talking();
  const cameraTrack = await ben.evaluateHandle(() => window.tab.session?.state.selfView?.getVideoTracks()[0]);
  await ben.evaluate(async () => await window.tab.session?.setCamera(false));
  expect(await cameraTrack.evaluate((track) => track?.readyState)).toBe('ended');
  expect(await ben.evaluate(() => window.tab.state())).toMatchObject({
    camera: 'off',
    selfView: null,
    microphone: 'on',
  });
  const dark = await ana.evaluate(async () => await window.tab.until(({ remotes }) => remotes[0]?.camera === 'off'));
  expect(dark.remotes).toEqual([
    { participant: 'ben', microphone: 'on', camera: 'off', tracks: ['audio'], screen: null },
  ]);

  await ben.evaluate(async () => await window.tab.session?.setMicrophone(false));
  const silent = await ana.evaluate(
    async () => await window.tab.until(({ remotes }) => remotes[0]?.microphone === 'off'),
  );
  expect(silent.remotes[0]?.tracks).toEqual([]);

  await ben.evaluate(async () => {
    await window.tab.session?.setMicrophone(true);
    await window.tab.session?.setCamera(true);
  });
  const again = await ana.evaluate(async () => await window.tab.until(({ remotes }) => remotes[0]?.camera === 'on'));
  expect(again.remotes[0]?.tracks).toEqual(['audio', 'video']);
  await ana.evaluate(async () => await window.tab.changingFrames('ben', 5));
});

test('either side shares its screen, and stops: by itself, and by what was shared going away', async () => {
  const { ana, ben } = await talking();
  // Voice, then a screen, then the face, whatever does not fit.
  expect(await ben.evaluate(() => window.tab.ranks())).toEqual(['audio in 1: high', 'video in 3: very-low']);
  const shared = await stage.openShared(ana);
  for (const [sharer, other, name] of [
    [ana, ben, 'ana'],
    [ben, ana, 'ben'],
  ] as const) {
    expect(await sharer.evaluate(async () => await window.tab.session?.shareScreen())).toBe(true);
    expect(await sharer.evaluate(() => window.tab.state().ownScreen)).toBe(true);
    // Letters before motion, in one size, and no more pictures than a page needs.
    expect(await sharer.evaluate(() => window.tab.screenSent())).toEqual({
      hint: 'detail',
      sizes: [{ maxBitrate: 2_500_000, maxFramerate: 15 }],
    });
    await other.evaluate(async () => await window.tab.until(({ remotes }) => remotes[0]?.screen !== null));
    const { width } = await other.evaluate(async (name) => await window.tab.changingFrames(`${name}-screen`, 3), name);
    expect(width).toBeGreaterThan(300);
  }
  expect(await ben.evaluate(() => window.tab.ranks())).toContain('video in 1: medium');
  // A tab that is shared brings its sound with it.
  expect(await media.counts()).toMatchObject({ producers: 8, consumers: 8 });
  await ana.evaluate(async () => await window.tab.session?.stopScreen());
  await ben.evaluate(async () => await window.tab.until(({ remotes }) => remotes[0]?.screen === null));
  await shared.close();
  await ana.evaluate(async () => await window.tab.until(({ remotes }) => remotes[0]?.screen === null));
  expect(await ben.evaluate(() => window.tab.state().ownScreen)).toBe(false);
  await seeEachOther(ana, ben);
  expect(await media.counts()).toMatchObject({ producers: 4, consumers: 4 });
});

test('hanging up frees every device and everything on the server', async () => {
  const { ana, ben } = await talking();
  await stage.openShared(ben);
  await ben.evaluate(async () => await window.tab.session?.shareScreen());
  for (const [page, participant] of [
    [ana, 'ana'],
    [ben, 'ben'],
  ] as const) {
    const tracks = await page.evaluateHandle(() => {
      const { selfView, ownScreen } = window.tab.session?.state ?? {};
      return [...(selfView?.getTracks() ?? []), ...(ownScreen?.getTracks() ?? [])];
    });
    await page.evaluate(() => window.tab.session?.close());
    await page.evaluate(() => window.tab.session?.close());
    expect(await tracks.evaluate((all) => all.map(({ readyState }) => readyState))).not.toContain('live');
    expect(await page.evaluate(() => window.tab.state())).toMatchObject({
      phase: 'ended',
      microphone: 'off',
      camera: 'off',
      selfView: null,
      ownScreen: false,
      problem: null,
      remotes: [],
    });
    expect(await page.evaluate(async () => (await window.tab.sent()).connected)).toBe(0);
    stage.call.leave(participant);
  }
  stage.call.close();
  expect(await media.counts()).toEqual({ workers: 1, routers: 0, transports: 0, producers: 0, consumers: 0 });
});

test('a killed media worker: both sides are back by themselves, and nobody was asked for a device', async () => {
  const { ana, ben } = await talking();
  const person = await ana.evaluateHandle(() => window.tab.session?.state.remotes[0]?.person);
  const worker = pids.at(-1);
  if (!worker) throw new Error('no worker');
  const left = [ana, ben].map(async (page) => await page.evaluate(() => window.tab.until((s) => s.phase !== 'live')));
  process.kill(worker, 'SIGKILL');
  for (const state of await Promise.all(left)) {
    expect(state).toMatchObject({ phase: 'reconnecting', camera: 'on', selfView: ['live'] });
    expect(state.remotes).toMatchObject([{ camera: 'none', tracks: [] }]);
  }
  for (const page of [ana, ben]) {
    await page.evaluate(
      async () => await window.tab.until(({ phase, remotes }) => phase === 'live' && remotes[0]?.camera === 'on'),
    );
    expect(await page.evaluate(() => window.tab.deviceQuestions)).toBe(1);
  }
  await seeEachOther(ana, ben);
  const same = await person.evaluate((stream) => stream === window.tab.session?.state.remotes[0]?.person);
  expect(same).toBe(true);
});

test('a socket that was away changes nothing where the server still knows the call', async () => {
  const { ana, ben } = await talking();
  const before = await ben.evaluate(async () => (await window.tab.sent()).connections);
  await ben.evaluate(() => window.tab.cut());
  // Missed by the one and unsaid by the other while there is no socket.
  await ana.evaluate(async () => await window.tab.session?.setCamera(false));
  await ben.evaluate(async () => await window.tab.session?.setMicrophone(false));
  await ben.evaluate(async () => await window.tab.reconnect('ben'));
  await ben.evaluate(async () => await window.tab.until(({ remotes }) => remotes[0]?.camera === 'off'));
  await ana.evaluate(async () => await window.tab.until(({ remotes }) => remotes[0]?.microphone === 'off'));
  expect(await ben.evaluate(() => window.tab.state().phase)).toBe('live');
  expect(await ben.evaluate(async () => (await window.tab.sent()).connections)).toBe(before);
  await ana.evaluate(async () => await window.tab.changingFrames('ben', 3));
});

test('a server that has forgotten the call: both join again when their sockets are back', async () => {
  const { ana, ben } = await talking();
  stage.forgetCall();
  for (const [page, participant] of [
    [ana, 'ana'],
    [ben, 'ben'],
  ] as const) {
    await page.evaluate(async (participant) => await window.tab.reconnect(participant), participant);
  }
  for (const page of [ana, ben]) {
    await page.evaluate(
      async () => await window.tab.until(({ phase, remotes }) => phase === 'live' && remotes[0]?.camera === 'on'),
    );
    expect(await page.evaluate(() => window.tab.deviceQuestions)).toBe(1);
  }
  await seeEachOther(ana, ben);
});

test('promise 11: a network that has lost its UDP: ICE is restarted and the same join goes on by TCP', async () => {
  const conditions = { offline: false, latency: 0, downloadThroughput: 1e8, uploadThroughput: 1e8 };
  const pages = await Promise.all([stage.open('ana'), stage.open('ben')]);
  const network = await pages[1].context().newCDPSession(pages[1]);
  // Chromium shapes only what was opened while it was shaping already.
  await network.send('Network.enable');
  await network.send('Network.emulateNetworkConditions', { ...conditions, packetLoss: 0 });
  const { ana, ben } = await talking(await ringing({ pages }));
  const before = await ben.evaluate(async () => (await window.tab.sent()).connections);
  await network.send('Network.emulateNetworkConditions', { ...conditions, packetLoss: 100 });
  await ben.evaluate(async () => await window.tab.until(({ quality }) => quality.level === 'lost'));
  await ben.evaluate(async () => {
    await window.tab.until(({ phase, numbers, quality }) => {
      return phase === 'live' && numbers?.path === 'tcp' && quality.level !== 'lost';
    });
  });
  await seeEachOther(ana, ben);
  expect(await ben.evaluate(async () => (await window.tab.sent()).connections)).toBe(before);
});

test('promise 11: another network: ICE is restarted at once, before anything is missed, over the same join', async () => {
  const { ana, ben } = await ringing({ video: false });
  await ben.evaluate(async () => await window.tab.answer());
  await ben.evaluate(async () => await window.tab.moreAudio());
  const [before, { connections }] = await ben.evaluate(
    async () => [window.tab.iceNames(), await window.tab.sent()] as const,
  );
  await ben.evaluate(() => window.tab.changeNetwork('cellular'));
  await expect
    .poll(async () => {
      const now = await ben.evaluate(() => window.tab.iceNames());
      return now.filter((name, i) => name !== before[i]).length;
    })
    .toBe(2);
  await Promise.all([ana, ben].map(async (page) => await page.evaluate(async () => await window.tab.moreAudio())));
  expect(await ben.evaluate(async () => (await window.tab.sent()).connections)).toBe(connections);
  expect(await ben.evaluate(() => window.tab.state().phase)).toBe('live');
});

test('a page load in the middle: the new page joins as the same participant, into the same streams', async () => {
  const { ana, ben } = await talking();
  const person = await ana.evaluateHandle(() => window.tab.session?.state.remotes[0]?.person);
  await ben.reload();
  await ben.evaluate(async () => {
    await window.tab.connect('ben');
    window.tab.start();
    await Promise.all([
      window.tab.session?.openDevices({ microphone: true, camera: true }),
      window.tab.session?.goLive(),
    ]);
  });
  await ana.evaluate(async () => await window.tab.until(({ remotes }) => remotes[0]?.camera === 'on'));
  await seeEachOther(ana, ben);
  expect(await person.evaluate((stream) => stream === window.tab.session?.state.remotes[0]?.person)).toBe(true);
  expect(await ana.evaluate(() => window.tab.state().phase)).toBe('live');
  expect(await media.counts()).toMatchObject({ routers: 1, transports: 4, producers: 4, consumers: 4 });
});

test('devices of a preview that was there before the call are taken over as they are, and end with it', async () => {
  const page = await stage.open('ana');
  const tracks = await page.evaluateHandle(async () => await window.tab.startWithPreview());
  expect(await page.evaluate(() => window.tab.state())).toMatchObject({
    microphone: 'on',
    camera: 'on',
    selfView: ['live'],
  });
  expect(await page.evaluate(() => window.tab.deviceQuestions)).toBe(1);
  await page.evaluate(() => window.tab.session?.close());
  expect(await tracks.evaluate((all) => all.map(({ readyState }) => readyState))).toEqual(['ended', 'ended']);
});

test('a call by voice alone has no camera until somebody switches one on', async () => {
  const { ana, ben } = await ringing({ video: false });
  await ben.evaluate(async () => await window.tab.answer());
  const state = await ana.evaluate(
    async () => await window.tab.until(({ remotes }) => remotes[0]?.microphone === 'on'),
  );
  expect(state.remotes).toEqual([
    { participant: 'ben', microphone: 'on', camera: 'none', tracks: ['audio'], screen: null },
  ]);
  expect(await ana.evaluate(async () => await window.tab.audioEnergy())).toBeGreaterThan(0);
  await ben.evaluate(async () => await window.tab.session?.setCamera(true));
  await ana.evaluate(async () => await window.tab.changingFrames('ben', 3));
});

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Chromium } from '../browser/chromium.ts';
import type { Media } from '../../server/media/media.ts';
import { launchChromium, openStage, type Stage } from './call-stage.ts';
import { startRealMedia } from './real-media.ts';

let media: Media;
let browser: Chromium;
let stage: Stage;

beforeAll(async () => {
  ({ media } = await startRealMedia());
  browser = await launchChromium(['--use-fake-device-for-media-stream=device-count=3']);
});
afterAll(async () => {
  await browser.close();
  await media.close();
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await stage.close();
});

/** Ben and Ana in a call, with everything on. */
async function call(): Promise<{ ben: Page; ana: Page }> {
  stage = await openStage(media, browser);
  const [ben, ana] = [await stage.open('ben'), await stage.open('ana')];
  const ready = async (page: Page) =>
    await page.evaluate(async () => {
      window.tab.start();
      await window.tab.session?.openDevices({ microphone: true, camera: true });
      await window.tab.until(({ phase, remotes }) => phase === 'prepared' && remotes.length === 1);
    });
  await Promise.all([ready(ben), ready(ana)]);
  await ben.evaluate(async () => {
    await window.tab.answer();
    await window.tab.changingFrames('ana', 2);
  });
  await ana.evaluate(async () => await window.tab.changingFrames('ben', 2));
  return { ben, ana };
}

/** What Chromium does when a device is pulled out: its track ends, it is no longer listed, and the page is told. */
async function pullOut(page: Page, kind: 'camera' | 'microphone'): Promise<string> {
  return await page.evaluate((kind) => {
    const { session } = window.tab;
    if (!session) throw new Error('no session');
    const id = session.state.devices.chosen[kind];
    const media = navigator.mediaDevices;
    const [list, open] = [media.enumerateDevices.bind(media), media.getUserMedia.bind(media)];
    media.enumerateDevices = async () => (await list()).filter(({ deviceId }) => deviceId !== id);
    media.getUserMedia = async (constraints) => {
      const wanted = kind === 'camera' ? 'video' : 'audio';
      // The last one: Chromium's second fake camera is a depth camera whose picture stays black.
      const other = (await media.enumerateDevices()).findLast((one) => one.kind === `${wanted}input`);
      const like = constraints?.[wanted];
      if (typeof like !== 'object') return await open(constraints);
      return await open({ ...constraints, [wanted]: { ...like, deviceId: { exact: other?.deviceId ?? '' } } });
    };
    media.dispatchEvent(new Event('devicechange'));
    return id;
  }, kind);
}

describe('promise 13: your devices', () => {
  it('all of them can be chosen by their names, in the call', async () => {
    const { ben } = await call();
    const devices = await ben.evaluate(async () => {
      const { camera, microphone, speaker } = (await window.tab.until(({ devices }) => devices.camera.length > 0))
        .devices;
      return { camera, microphone, speaker };
    });
    expect(devices.camera.map(({ label }) => label)).toEqual(['fake_device_0', 'fake_device_1', 'fake_device_2']);
    expect(devices.microphone.length).toBeGreaterThan(1);
    expect(devices.speaker.length).toBeGreaterThan(1);
    expect([...devices.microphone, ...devices.speaker].every(({ label }) => label !== '')).toBe(true);
  });

  it.each(['camera', 'microphone'] as const)(
    'another %s in the call: same connection, nothing negotiated',
    async (kind) => {
      const { ben, ana } = await call();
      const switched = await ben.evaluate(async (kind) => {
        const { session } = window.tab;
        if (!session) throw new Error('no session');
        const { devices } = await window.tab.until(({ devices }) => devices[kind].length > 1);
        const other = devices[kind].findLast(({ id }) => id !== devices.chosen[kind]);
        if (!other) throw new Error('no other device');
        const before = await window.tab.negotiated();
        const had = await session.chooseDevice(kind, other.id);
        await window.tab.sendingFrom(kind === 'camera' ? 'video' : 'audio', other.id);
        return {
          had,
          chosen: session.state.devices.chosen[kind] === other.id,
          before,
          after: await window.tab.negotiated(),
        };
      }, kind);
      expect(switched).toMatchObject({ had: true, chosen: true });
      expect(switched.after).toEqual(switched.before);
      await ana.evaluate(async () => await window.tab.frames('ben', 3));
      expect(await ben.evaluate(() => window.tab.state().phase)).toBe('live');
    },
  );

  it.each(['camera', 'microphone'] as const)(
    'a %s that is pulled out: another one takes over, and it is said',
    async (kind) => {
      const { ben, ana } = await call();
      const gone = await pullOut(ben, kind);
      const { devices } = await ben.evaluate(
        async (kind) =>
          await window.tab.until(({ devices }) => devices.news?.what === 'switched' && devices.news.kind === kind),
        kind,
      );
      expect(devices.news?.device.id).not.toBe(gone);
      expect(devices.chosen[kind]).toBe(devices.news?.device.id);
      expect(await ben.evaluate((kind) => window.tab.state()[kind], kind)).toBe('on');
      await ana.evaluate(async () => await window.tab.frames('ben', 3));
    },
  );

  it("a phone's camera is turned around and back, over the same connection", async () => {
    const { ben, ana } = await call();
    const { front, back } = await ben.evaluate(async () => await window.tab.asPhone());
    expect(front).not.toBe(back);
    const before = await ben.evaluate(async () => await window.tab.negotiated());
    for (const [id, away] of [
      [back, true],
      [front, false],
    ] as const) {
      await ben.evaluate(async (id) => {
        await window.tab.session?.flipCamera();
        await window.tab.sendingFrom('video', id);
      }, id);
      expect(await ben.evaluate(() => window.tab.state().devices)).toMatchObject({ away, chosen: { camera: id } });
    }
    expect(await ben.evaluate(async () => await window.tab.negotiated())).toEqual(before);
    await ana.evaluate(async () => await window.tab.frames('ben', 3));
  });

  it('small letters on a shared screen can be read at the other end, and its sound is heard', async () => {
    stage = await openStage(media, browser);
    const [ben, ana] = [await stage.open('ben'), await stage.open('ana')];
    for (const page of [ben, ana]) {
      await page.evaluate(async () => {
        window.tab.start({ video: false });
        await window.tab.until(({ phase }) => phase === 'prepared');
      });
    }
    await ben.evaluate(async () => {
      await window.tab.answer();
      await window.tab.shareLetters();
    });
    const { remotes } = await ana.evaluate(
      async () => await window.tab.until(({ remotes }) => remotes[0]?.screen?.getTracks().length === 2),
    );
    expect(remotes).toMatchObject([{ screen: ['audio', 'video'], tracks: [] }]);
    await expect
      .poll(async () => {
        const { width, height, shown, half } = await ana.evaluate(() => window.tab.unlike('ben-screen'));
        return { width, height, sharp: shown < half / 2 };
      })
      .toEqual({ width: 1280, height: 720, sharp: true });
    expect(await ana.evaluate(async () => await window.tab.audioEnergy())).toBeGreaterThan(0);
    await ben.evaluate(async () => await window.tab.session?.stopScreen());
    await ana.evaluate(async () => await window.tab.until(({ remotes }) => remotes[0]?.screen === null));
  });

  it('one that is plugged in is offered', async () => {
    const { ben } = await call();
    const news = await ben.evaluate(async () => {
      await window.tab.until(({ devices }) => devices.camera.length > 0);
      const media = navigator.mediaDevices;
      const list = media.enumerateDevices.bind(media);
      const added = { kind: 'videoinput', deviceId: 'new', groupId: '', label: 'A camera for the counter' };
      media.enumerateDevices = async () => [...(await list()), { ...added, toJSON: () => added } as MediaDeviceInfo];
      media.dispatchEvent(new Event('devicechange'));
      return (await window.tab.until(({ devices }) => devices.news !== null)).devices.news;
    });
    expect(news).toEqual({ what: 'found', kind: 'camera', device: { id: 'new', label: 'A camera for the counter' } });
  });

  it('the one that was chosen is used again; where it is gone, another one is and it is said', async () => {
    stage = await openStage(media, browser);
    const ben = await stage.open('ben');
    const [chosen, again, without] = await ben.evaluate(async () => await window.tab.rememberedCamera());
    expect(again).toMatchObject({ id: chosen, news: null });
    expect(without?.id).not.toBe('gone');
    expect(without?.news).toMatchObject({ what: 'switched', kind: 'camera' });
  });

  it('a camera that is allowed beside the address is on without another click', async () => {
    stage = await openStage(media, browser);
    const ben = await stage.open('ben', []);
    await ben.evaluate(async () => {
      window.tab.start();
      await window.tab.session?.openDevices({ microphone: true, camera: true });
    });
    expect(await ben.evaluate(() => window.tab.state())).toMatchObject({
      camera: 'none',
      problem: { problem: 'denied' },
    });
    await ben.context().grantPermissions(['camera', 'microphone']);
    await ben.evaluate(
      async () => await window.tab.until(({ camera, microphone }) => camera === 'on' && microphone === 'on'),
    );
    expect(await ben.evaluate(() => window.tab.state().problem)).toBeNull();
  });
});

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Chromium } from '../browser/chromium.ts';
import type { Media } from '../../server/media/media.ts';
import { launchChromium, openStage, type Stage } from './call-stage.ts';
import { startRealMedia } from './real-media.ts';

let media: Media;
let browser: Chromium;
let stage: Stage;

beforeAll(async () => ({ media } = await startRealMedia()));
afterAll(async () => await media.close());
afterEach(async () => {
  await browser.close();
  await stage.close();
});

type Setting = { flags?: string[]; permissions?: ('camera' | 'microphone')[]; host?: string };

/** A tab of Ben's under these circumstances, with everything wanted. */
async function wanting({
  flags = [],
  permissions = ['camera', 'microphone'],
  host = '127.0.0.1',
}: Setting): Promise<Page> {
  browser = await launchChromium(flags);
  stage = await openStage(media, browser, { host });
  const page = await stage.open('ben', permissions);
  await page.evaluate(async () => {
    window.tab.start();
    await window.tab.session?.openDevices({ microphone: true, camera: true });
  });
  return page;
}

const none = '--use-fake-device-for-media-stream=device-count=0';

test.each<[string, Setting, object]>([
  [
    'nothing is allowed',
    { permissions: [] },
    { microphone: 'none', camera: 'none', problem: { source: 'microphone', problem: 'denied' } },
  ],
  [
    'the camera is forbidden',
    { permissions: ['microphone'] },
    { microphone: 'on', camera: 'none', problem: { source: 'camera', problem: 'denied' } },
  ],
  [
    'there is no camera',
    { flags: [none] },
    { microphone: 'on', camera: 'none', problem: { source: 'camera', problem: 'missing' } },
  ],
  [
    'the page came by http',
    { host: 'shop.test' },
    { microphone: 'none', camera: 'none', problem: { source: 'microphone', problem: 'insecure' } },
  ],
])('where %s, what can be had is used and the reason is told', async (_, setting, state) => {
  const ben = await wanting(setting);
  expect(await ben.evaluate(() => window.tab.state())).toMatchObject({ ...state, selfView: null });
  expect(await ben.evaluate(async () => (await window.tab.until(({ phase }) => phase === 'prepared')).phase)).toBe(
    'prepared',
  );
});

test('who has no devices at all still sees and hears, and is seen as one who has none', async () => {
  const ben = await wanting({ permissions: [] });
  const ana = await stage.open('ana');
  await ana.evaluate(async () => {
    window.tab.start();
    await window.tab.session?.openDevices({ microphone: true, camera: true });
    await window.tab.until(({ phase }) => phase === 'prepared');
  });
  await ben.evaluate(async () => {
    await window.tab.until(({ phase, remotes }) => phase === 'prepared' && remotes[0]?.camera === 'off');
    await window.tab.answer();
    await window.tab.changingFrames('ana', 3);
  });
  expect(await ben.evaluate(async () => await window.tab.audioEnergy())).toBeGreaterThan(0);
  const { remotes } = await ana.evaluate(
    async () =>
      await window.tab.until(({ remotes }) => remotes[0]?.microphone === 'none' && remotes[0].camera === 'none'),
  );
  expect(remotes).toMatchObject([{ participant: 'ben', tracks: [], screen: null }]);
});

test('a camera that was allowed later is used when it is switched on', async () => {
  const ben = await wanting({ permissions: ['microphone'] });
  expect(await ben.evaluate(() => window.tab.state().camera)).toBe('none');
  await ben.context().grantPermissions(['camera', 'microphone']);
  await ben.evaluate(async () => await window.tab.session?.setCamera(true));
  expect(await ben.evaluate(() => window.tab.state())).toMatchObject({
    camera: 'on',
    selfView: ['live'],
    problem: null,
  });
});

import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { leanMediasoupClient } from '../../client/core/call/lean-mediasoup-client.ts';
import type { Media, MediaCall, MediaCallEvents, MediaResult } from '../../server/media/media.ts';
import { MediaRequests, type Layers, type MediaPush } from '../../server/protocol/media.ts';
import { Chromium, CHROMIUM_ARGUMENTS } from '../browser/chromium.ts';
import { servePage } from './page-server.ts';

const Frame = v.variant('type', [...MediaRequests, v.object({ type: v.literal('answer') })]);
const ids = { conversation: 'conversation', call: 'call' };

/** The page that the browser's picker chooses when a screen is to be shared. */
export const SHARED_TITLE = 'A page to share';

/** The whole Chromium with fake devices, a shop.test, and its real questions for permission. `flags` are added. */
export async function launchChromium(flags: string[] = []): Promise<Chromium> {
  return await Chromium.open({
    usual: CHROMIUM_ARGUMENTS.filter((argument) => !argument.startsWith('--use-fake-ui')),
    whole: true,
    flags: [
      `--auto-select-tab-capture-source-by-title=${SHARED_TITLE}`,
      '--host-resolver-rules=MAP shop.test 127.0.0.1',
      ...flags,
    ],
  });
}

export type Stage = {
  /** A tab of its own in the call, connected as that participant. */
  open(participant: string, permissions?: ('camera' | 'microphone')[]): Promise<Page>;
  /** A page for that participant to share: something moves on it. */
  openShared(beside: Page): Promise<Page>;
  /** What a server does that has lost the call in a crash: the next join finds a new one, and nobody in it. */
  forgetCall(): void;
  readonly call: MediaCall;
  /** What each participant was told of the sizes of the others' cameras, in order. */
  readonly layers: readonly { member: string; layers: Layers }[];
  close(): Promise<void>;
};

export type StageOptions = {
  host?: string;
  /** The address under which a participant reaches the media worker, where each has a network of its own. */
  networkOf?: (participant: string) => string;
};

/** A call with its signalling and nothing else: one socket for each participant, every frame parsed as at the real door. */
export async function openStage(
  media: Media,
  browser: Chromium,
  { host = '127.0.0.1', networkOf }: StageOptions = {},
): Promise<Stage> {
  const push = (member: string, frame: MediaPush) => server.send(member, frame);
  const events: MediaCallEvents = {
    consumer: (member, consumer) => push(member, { type: 'media.consumer', ...ids, consumer }),
    consumerPaused: (member, consumer, paused) =>
      push(member, { type: 'media.consumer-paused', ...ids, consumer, paused }),
    consumerClosed: (member, consumer) => push(member, { type: 'media.consumer-closed', ...ids, consumer }),
    sources: () => {},
    consumerLayers: (member, consumer, layers) => {
      toldLayers.push({ member, layers });
      push(member, { type: 'media.consumer-layers', ...ids, consumer, layers });
    },
    quality: (member, participant, quality) => push(member, { type: 'media.quality', ...ids, participant, quality }),
    speaking: (member, speaking) => push(member, { type: 'media.speaking', ...ids, ...speaking }),
    lost: () => {
      for (const member of server.participants()) push(member, { type: 'media.lost', ...ids });
      call = null;
    },
  };
  const toldLayers: { member: string; layers: Layers }[] = [];
  let call: MediaCall | null = null;
  let active = false;
  let opening: Promise<MediaCall> | null = null;

  async function openCall(): Promise<MediaCall | null> {
    if (call) return call;
    if (media.status().status !== 'ready') return null;
    opening ??= media.openCall(events).finally(() => (opening = null));
    call = await opening;
    if (active) await call.activate();
    return call;
  }

  async function onFrame(member: string, frame: v.InferOutput<typeof Frame>): Promise<void> {
    const open = await openCall();
    if (frame.type === 'answer') {
      active = true;
      await open?.activate();
      for (const other of server.participants()) if (other !== member) server.send(other, { type: 'yes' });
      return;
    }
    const result = open ? await perform(open, member, frame) : { ok: false as const, reason: 'media-preparing' };
    const { req } = frame;
    if (!result.ok) return server.send(member, { type: 'refused', req, reason: result.reason });
    const { ok: _, join, ...rest } = { join: {}, ...result };
    const data = { ...join, ...rest };
    server.send(member, { type: 'reply', req, data: networkOf ? reachedBy(networkOf(member), data) : data });
  }

  const server = await servePage('call-page.ts', onFrame, (json) => v.parse(Frame, JSON.parse(json)), [
    // As the widget's own build does it.
    leanMediasoupClient(),
  ]);

  return {
    get call() {
      if (!call) throw new Error('no call');
      return call;
    },
    layers: toldLayers,
    async open(participant, permissions = ['camera', 'microphone']) {
      const context = await browser.newContext({ permissions });
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error(participant, error));
      await page.goto(server.origin.replace('127.0.0.1', host));
      await page.evaluate(async (participant) => await window.tab.connect(participant), participant);
      return page;
    },
    async openShared(beside) {
      const page = await beside.context().newPage();
      await page.setContent(`<title>${SHARED_TITLE}</title><h1>0</h1><script>
        let n = 0;
        setInterval(() => (document.querySelector('h1').textContent = String(n++)), 50);
      </script>`);
      await beside.bringToFront();
      return page;
    },
    forgetCall() {
      call?.close();
      call = null;
    },
    async close() {
      call?.close();
      await server.close();
    },
  };
}

type MediaFrame = Exclude<v.InferOutput<typeof Frame>, { type: 'answer' }>;

/** The same reply with another address in its candidates. */
function reachedBy(address: string, data: object): Record<string, unknown> {
  const replaced = (key: string, value: unknown): unknown => (key === 'address' || key === 'ip' ? address : value);
  return JSON.parse(JSON.stringify(data, replaced)) as Record<string, unknown>;
}

async function perform(call: MediaCall, member: string, frame: MediaFrame): Promise<MediaResult<object>> {
  switch (frame.type) {
    case 'media.join':
      return await call.join(member);
    case 'media.capable':
      return await call.capable(member, frame.rtpCapabilities);
    case 'media.connect':
      return await call.connect(member, frame.transport, frame.dtlsParameters);
    case 'media.produce':
      return await call.produce(member, frame);
    case 'media.pause':
      return await call.pause(member, frame.producer, frame.paused);
    case 'media.close':
      return await call.closeProducer(member, frame.producer);
    case 'media.ready':
      return await call.ready(member, frame.consumer);
    case 'media.quality':
      return await call.quality(member, { level: frame.level, reason: frame.reason });
    case 'media.restart-ice':
      return await call.restartIce(member, frame.transport);
    case 'call.report':
      return { ok: true };
    default:
      return frame satisfies never;
  }
}

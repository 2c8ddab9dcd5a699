import { createServer } from 'node:http';
import { once } from 'node:events';
import { chromium, type Browser, type Page } from 'playwright-core';
import * as v from 'valibot';
import { build } from 'vite';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Media, MediaCall, MediaCallEvents, MediaResult } from '../../server/media/media.ts';
import { MediaRequests, type MediaPush } from '../../server/protocol/media.ts';

const Frame = v.variant('type', [...MediaRequests, v.object({ type: v.literal('answer') })]);
const ids = { conversation: 'conversation', call: 'call' };

/** A page's script, bundled as the widget's would be. `entry` is a path from this folder. */
export async function bundlePage(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    root: import.meta.dirname,
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      rollupOptions: { input: `${import.meta.dirname}/${entry}`, output: { format: 'iife' } },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output)) throw new Error('no bundle');
  const [chunk] = output.output;
  return chunk.code;
}

/** Real Chromium with fake devices. `flags` are added. */
export async function launchChromium(flags: string[] = []): Promise<Browser> {
  return await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--auto-select-desktop-capture-source=Entire screen',
      ...flags,
    ],
  });
}

export type Stage = {
  /** A tab of its own in the call, connected as that participant. */
  open(participant: string): Promise<Page>;
  /** What the server would do when it came back after a crash: a new call, nobody in it. */
  forgetCall(): Promise<void>;
  readonly call: MediaCall;
  close(): Promise<void>;
};

/** A call with its signalling and nothing else: one socket for each participant, every frame parsed as at the real door. */
export async function openStage(media: Media, browser: Browser): Promise<Stage> {
  const script = await bundlePage('call-page.ts');
  const http = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><title>call</title><body><script src="/page.js"></script>');
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  const origin = `http://127.0.0.1:${address.port}`;

  const sockets = new Map<string, WebSocket>();
  const push = (member: string, frame: MediaPush) => sockets.get(member)?.send(JSON.stringify(frame));
  const events: MediaCallEvents = {
    consumer: (member, consumer) => push(member, { type: 'media.consumer', ...ids, consumer }),
    consumerPaused: (member, consumer, paused) =>
      push(member, { type: 'media.consumer-paused', ...ids, consumer, paused }),
    consumerClosed: (member, consumer) => push(member, { type: 'media.consumer-closed', ...ids, consumer }),
    sources: () => {},
    lost: () => {
      for (const member of sockets.keys()) push(member, { type: 'media.lost', ...ids });
      call = null;
    },
  };
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

  async function onFrame(member: string, socket: WebSocket, text: string): Promise<void> {
    const frame = v.parse(Frame, JSON.parse(text));
    const open = await openCall();
    if (frame.type === 'answer') {
      active = true;
      await open?.activate();
      for (const [other, socket] of sockets) if (other !== member) socket.send('{"type":"yes"}');
      return;
    }
    const result = open ? await perform(open, member, frame) : { ok: false as const, reason: 'media-preparing' };
    const { req } = frame;
    if (!result.ok) return socket.send(JSON.stringify({ type: 'refused', req, reason: result.reason }));
    const { ok: _, join, ...rest } = { join: {}, ...result };
    socket.send(JSON.stringify({ type: 'reply', req, data: { ...join, ...rest } }));
  }

  const door = new WebSocketServer({ server: http });
  door.on('connection', (socket, request) => {
    const member = new URL(request.url ?? '', origin).searchParams.get('participant') ?? '';
    sockets.set(member, socket);
    socket.on('message', (data: Buffer) => void onFrame(member, socket, data.toString()));
  });

  return {
    get call() {
      if (!call) throw new Error('no call');
      return call;
    },
    async open(participant) {
      const context = await browser.newContext();
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error(participant, error));
      await page.goto(origin);
      await page.evaluate(async (participant) => await window.tab.connect(participant), participant);
      return page;
    },
    async forgetCall() {
      call?.close();
      call = null;
      await openCall();
    },
    async close() {
      call?.close();
      door.close();
      for (const socket of sockets.values()) socket.terminate();
      http.close();
      await once(http, 'close');
    },
  };
}

type MediaFrame = Exclude<v.InferOutput<typeof Frame>, { type: 'answer' }>;

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
    case 'media.restart-ice':
      return await call.restartIce(member, frame.transport);
    default:
      return frame satisfies never;
  }
}

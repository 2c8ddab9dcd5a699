/** In the shopper's page of a test: a bare socket and the real recorder. */
import type { PageView } from '../../../server/protocol/views.ts';
import { followShop } from '../../../widget/cobrowse/rules.ts';
import { currentPage } from '../../../widget/panel/page.ts';
import { nodeMirror } from '../../../widget/cobrowse/page-recorder.ts';
import type { ServerFrame } from '../../../server/protocol/from-server.ts';
import type { HandsOrder } from '../../../server/protocol/hands.ts';
import { openHands, type Hands } from '../../../widget/cobrowse/hands/index.ts';
import { hashOf } from '../../../widget/cobrowse/readable.ts';
import { startCobrowse, type CobrowseFrame, type CobrowseSession } from '../../../widget/cobrowse/index.ts';

type HandsTarget = Extract<HandsOrder['deed'], { at: unknown }>['at'];
type Shopper = {
  start(): void;
  stopped: boolean;
  /** What it said besides the picture. */
  told: object[];
  /** Reaches the relay after everything that was sent before. */
  mark(text: string): void;
  reconnect(): Promise<void>;
  disconnect(): void;
  session(): CobrowseSession | null;
  idOf(node: Node): number;
  /** What the chat tells of the page. */
  page(): PageView;
  /** The shopper has said yes to helping hands. */
  help(): void;
  handsStopped: boolean;
  /** An element as the agent's console would name it. */
  target(selector: string): HandsTarget;
};

declare global {
  interface Window {
    shopper: Shopper;
  }
}

// As the loader does.
followShop(document.querySelector<HTMLScriptElement>('script[data-shop]')?.dataset ?? {});
let socket = await connect();
let session: CobrowseSession | null = null;
let hands: Hands | null = null;

async function connect(): Promise<WebSocket> {
  const opened = new WebSocket(`ws://${location.host}/socket/shopper`);
  opened.binaryType = 'arraybuffer';
  opened.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const frame = JSON.parse(data) as ServerFrame;
    if (frame.type === 'hands.act') hands?.act(frame);
    else session?.handle(frame as CobrowseFrame);
  });
  await new Promise((resolve) => opened.addEventListener('open', resolve, { once: true }));
  return opened;
}

window.shopper = {
  stopped: false,
  told: [],
  start() {
    const widgetHost = document.querySelector<HTMLElement>('#widget-host');
    if (!widgetHost) throw new Error('The page has no widget.');
    // As the widget's own host: it takes no room in the shop's page, whose replay has none of it.
    widgetHost.style.position = 'fixed';
    session = startCobrowse({
      conversation: 'c1',
      channel: 7,
      memory: {
        get: (name) => sessionStorage.getItem(name),
        set: (name, value) => sessionStorage.setItem(name, value ?? ''),
      },
      newEpoch() {
        const epoch = Number(sessionStorage.getItem('epoch') ?? 0) + 1;
        sessionStorage.setItem('epoch', String(epoch));
        return epoch;
      },
      send: (frame) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(frame);
      },
      widgetHost,
      accent: '#b3261e',
      words: {
        watching: 'Ana sees this page',
        stop: 'Stop',
        cancel: 'Cancel',
        point: 'Point',
        pointNow: 'Click what you mean',
        scrollThere: 'Scroll there',
        pointing: () => 'Ana is pointing here',
        pointingSomewhere: () => 'Ana is pointing at something',
        drawing: () => 'Ana draws here',
      },
      inner: {
        key: 'demo',
        // The other name of the same machine is the shop's as well.
        allowed: async (origin) =>
          /^http:\/\/(?:localhost|127\.0\.0\.1):/.test(origin) && new URL(origin).port === location.port,
      },
      tell: (frame) => {
        window.shopper.told.push(frame);
      },
      onStop: () => {
        window.shopper.stopped = true;
      },
    });
    session.show(true);
  },
  mark: (text) => socket.send(text),
  disconnect: () => socket.close(),
  async reconnect() {
    socket = await connect();
    session?.resume();
  },
  session: () => session,
  idOf: nodeMirror.getId,
  page: currentPage,
  handsStopped: false,
  help() {
    if (!session) throw new Error('Nobody looks.');
    hands = openHands({
      page: session.page,
      words: {
        sign: 'Ana can click here',
        stop: 'Stop',
        stopLong: 'Stop: Ana no longer clicks here',
        did: (did, what) => `Ana ${did} ${what}`,
      },
      tell: (frame) => {
        window.shopper.told.push(frame);
      },
      onStop: () => {
        window.shopper.handsStopped = true;
      },
    });
  },
  target(selector) {
    const element = document.querySelector(selector);
    if (!element) throw new Error(`There is no ${selector}.`);
    const node = nodeMirror.getId(element);
    return { node, fx: 0.5, fy: 0.5, tag: element.localName, hash: hashOf(element) };
  },
};
if (document.documentElement.id !== 'no-start') window.shopper.start();

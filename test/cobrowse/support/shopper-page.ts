/** In the shopper's page of a test: a bare socket and the real recorder. */
import type { PageView } from '../../../server/protocol/views.ts';
import { followShop } from '../../../widget/cobrowse/rules.ts';
import { currentPage } from '../../../widget/panel/page.ts';
import { nodeMirror } from '../../../widget/cobrowse/page-recorder.ts';
import type { ServerFrame } from '../../../server/protocol/from-server.ts';
import { startCobrowse, type CobrowseFrame, type CobrowseSession } from '../../../widget/cobrowse/index.ts';

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

async function connect(): Promise<WebSocket> {
  const opened = new WebSocket(`ws://${location.host}/socket/shopper`);
  opened.binaryType = 'arraybuffer';
  opened.addEventListener('message', ({ data }: MessageEvent<string>) =>
    session?.handle(JSON.parse(data) as ServerFrame as CobrowseFrame),
  );
  await new Promise((resolve) => opened.addEventListener('open', resolve, { once: true }));
  return opened;
}

window.shopper = {
  stopped: false,
  told: [],
  start() {
    const widgetHost = document.querySelector('#widget-host');
    if (!widgetHost) throw new Error('The page has no widget.');
    session = startCobrowse({
      conversation: 'c1',
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
};
if (document.documentElement.id !== 'no-start') window.shopper.start();

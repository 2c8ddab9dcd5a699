/**
 * The wire between the console and the replay frame, which is a page of another origin. The frame says that it is ready,
 * the console answers with one end of a MessageChannel, and everything else goes through that.
 */

import type { PageProduct } from '../../server/protocol/product.ts';
import type { HandsDeed } from '../../server/protocol/hands.ts';
import type { Place } from '../../server/protocol/pointing.ts';

/** A place inside an element of the shopper's page; `fx` and `fy` are fractions of its box. */
export type PagePlace = { epoch: number; node: number; fx: number; fy: number };
/** An element that the agent clicked. `text`: what a person would call it, at most 120 characters; `hash`: of what it says. */
export type PickedElement = { epoch: number; node: number; tag: string; text: string; hash?: string };
/** What the agent's mouse does on the page: only be seen, highlight what is clicked, draw, act in the shopper's page. */
export type ReplayTool = 'point' | 'spotlight' | 'draw' | 'arrow' | 'hands';
/**
 * What a click of the agent's hands would do where the mouse is. `masked`, `never`, `framed`: nothing · `submit`, `typed`: the shopper's
 * browser will say whether it may be done.
 */
export type HandsHint = 'click' | 'follow' | 'fill' | 'choose' | 'masked' | 'never' | 'submit' | 'typed' | 'framed';
/** What stands in the small editor over a field, and how the picture is used by keyboard, in the console's language. */
export type HandsWords = { fill: string; fillGo: string; choose: string; cancel: string; keys: string };
/** More points of a stroke of the agent's. A part that continues begins where the part before ended. */
export type StrokePart = {
  epoch: number;
  stroke: number;
  shape: 'free' | 'arrow';
  stays: boolean;
  points: Place[];
  done: boolean;
};
/** Of a recording: part of a stroke that an agent drew then. */
export type DrawnThen = Omit<StrokePart, 'done'>;
/** Size in CSS pixels of the shopper's viewport. The address is without its query. */
export type ShownPage = { url: string; title: string; width: number; height: number };
/**
 * `too-large`: the page has more parts than can be drawn; nothing is shown until another one comes · `lively`: it changes
 * without a pause, and only every few seconds are shown.
 */
export type ReplayStatus = 'waiting' | 'live' | 'loading-next-page' | 'too-large' | 'lively';

export type MarkedElement = { epoch: number; node: number; label?: string };

/** A product on the shopper's page; `tag` is its element's, where it has one that is shown. */
export type ShownProduct = PageProduct & { tag: string | null };

export type ToReplay =
  /** Marks the page's products, or does not. */
  | { type: 'mark-products'; on: boolean }
  | { type: 'frame'; frame: ArrayBuffer }
  | { type: 'reset' }
  /** Of a recording: what comes next may be earlier. The page that is shown stays until then. */
  | { type: 'rewind' }
  /** Of a recording: where it is, in milliseconds. What fades goes by it. */
  | { type: 'moment'; moment: number }
  | { type: 'drawn'; part: DrawnThen; moment: number }
  /** Shows or takes away the outline of an element, as the shopper sees it; of a recording, with what stood beside it. */
  | { type: 'mark'; at: MarkedElement | null }
  /** `stays`: what is drawn does not fade. */
  | { type: 'tool'; tool: ReplayTool; stays: boolean }
  | { type: 'hands-words'; words: HandsWords }
  /** The shopper's own hands are on the page. */
  | { type: 'hands-wait'; busy: boolean }
  /** Takes away what the agent has drawn. */
  | { type: 'wipe' }
  /** The shopper points at a place; of a recording, at that moment of it. */
  | { type: 'pointed'; at: PagePlace; moment?: number };

export type FromReplay =
  | { type: 'applied'; epoch: number; seq: number }
  | { type: 'pointer'; at: PagePlace | null }
  | { type: 'pick'; picked: PickedElement | null }
  | { type: 'stroke'; part: StrokePart }
  | { type: 'deed'; epoch: number; deed: HandsDeed }
  | { type: 'hint'; hint: HandsHint | null }
  /** A key without modifiers, for the console's shortcuts: the agent has clicked into the picture. */
  | { type: 'key'; key: string }
  /** What the shopper points at, as a person would call it; empty where it is masked or not there. */
  | { type: 'pointed'; text: string }
  | { type: 'page'; page: ShownPage }
  | { type: 'products'; epoch: number; products: ShownProduct[] }
  | { type: 'need-snapshot' }
  | { type: 'missing'; epoch: number; node: number | null; font: string | null }
  | { type: 'status'; status: ReplayStatus };

/** From the frame to the console. */
export const REPLAY_READY = 'mostrador.replay.ready';
/** From the console to the frame, with the port. */
export const REPLAY_PORT = 'mostrador.replay.port';

export type ReplayHandlers = {
  /** The replay page is there, or there anew; from now on what it is fed is shown. */
  onConnected?(): void;
  /** Everything up to `seq` of the epoch is shown. */
  onApplied(epoch: number, seq: number): void;
  /** The agent's mouse over the shopper's page; null when it has left. */
  onPointer(at: PagePlace | null): void;
  /** A click on an element; null for a second click on the same one or Escape: take the highlight away. */
  onPick(picked: PickedElement | null): void;
  onStroke(part: StrokePart): void;
  /** What the agent's hands are to do in the shopper's page. */
  onDeed(epoch: number, deed: HandsDeed): void;
  /** Where the mouse of the hands is over something, what a click would do. */
  onHint(hint: HandsHint | null): void;
  onKey(key: string): void;
  onPointed(text: string): void;
  onPage(page: ShownPage): void;
  /** All products of the page that is shown. */
  onProducts(epoch: number, products: ShownProduct[]): void;
  /** Frames are missing, or the frame was reloaded: ask the server for the picture (`cobrowse.watch` without `have`). */
  onNeedSnapshot(): void;
  onStatus(status: ReplayStatus): void;
  /** The replay could not load a picture, by its node, or a font, by its `fontKey`: the shopper's browser may have it. */
  onMissing(what: { epoch: number; node: number | null; font: string | null }): void;
};

export type ReplayHandle = {
  /** A binary frame as it came from the server. The buffer is moved: it is empty afterwards. */
  feed(frame: ArrayBuffer): void;
  /** Another conversation, or another session of this one: what was shown is forgotten. */
  reset(): void;
  /** Of a recording: another moment of it follows, from a whole page on. */
  rewind(): void;
  /** Of a recording: it is there now. */
  follow(moment: number): void;
  /** `moment`: when it was, in a recording. */
  drawn(part: DrawnThen, moment: number): void;
  /** Outlines an element in the replay, for example the picked one; null takes the outline away. */
  mark(at: MarkedElement | null): void;
  /** Whether the page's products are marked in the picture. */
  markProducts(on: boolean): void;
  use(tool: ReplayTool, stays: boolean): void;
  /** The words of the small editor over a field. */
  handsWords(words: HandsWords): void;
  /** Whether the shopper's own hands are on the page. */
  handsWait(busy: boolean): void;
  /** Takes away what the agent has drawn. */
  wipe(): void;
  /** Shows where the shopper points. */
  pointed(at: PagePlace, moment?: number): void;
  /** Lets go of the frame. May be called twice. */
  close(): void;
};

/** Frames that may wait for the replay page to load. */
const WAITING_MAX = 500;

/** A frame with the replay page, which may be loaded long before anything is shown in it. */
export type LoadedReplay = {
  readonly frame: HTMLIFrameElement;
  /** Whether the replay page is there. */
  readonly ready: boolean;
  /** Once. */
  connect(handlers: ReplayHandlers): ReplayHandle;
  /** Lets go of the frame; so does the handle's `close`. */
  close(): void;
};

/** Loads the replay page into `frame` and connects to it. */
export function connectReplay(
  frame: HTMLIFrameElement,
  origin: string,
  handlers: ReplayHandlers,
  frameSentence?: string,
): ReplayHandle {
  return loadReplay(frame, origin, frameSentence).connect(handlers);
}

/**
 * Loads the replay page into `frame`. `origin` is exactly the one that the replay is served on; messages of any other are not
 * heard. `frameSentence`: what stands in frames whose content is not shown, with `{host}` in it.
 */
export function loadReplay(frame: HTMLIFrameElement, origin: string, frameSentence = '{host}'): LoadedReplay {
  let handlers: ReplayHandlers | null = null;
  let port: MessagePort | null = null;
  let waiting: ToReplay[] = [];
  let connectedBefore = false;
  let pointing = false;
  /** What holds until something else is said, by its kind: a replay page that is loaded again is told it again. */
  const settings = new Map<ToReplay['type'], ToReplay>();

  const set = (message: ToReplay) => {
    settings.set(message.type, message);
    if (port) port.postMessage(message);
  };
  const post = (message: ToReplay) => {
    if (port) port.postMessage(message, message.type === 'frame' ? [message.frame] : []);
    else if (waiting.length < WAITING_MAX) waiting.push(message);
  };
  const hear = (event: MessageEvent<unknown>) => {
    if (event.origin !== origin || event.source !== frame.contentWindow || event.data !== REPLAY_READY) return;
    port?.close();
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = ({ data }: MessageEvent<FromReplay>) => {
      if (data.type === 'pointer') pointing = data.at !== null;
      if (handlers) dispatch(data, handlers);
    };
    frame.contentWindow?.postMessage(REPLAY_PORT, origin, [channel.port2]);
    for (const setting of settings.values()) post(setting);
    const messages = waiting;
    waiting = [];
    for (const message of messages) post(message);
    if (handlers) connected(handlers);
  };
  const connected = (told: ReplayHandlers) => {
    told.onConnected?.();
    if (connectedBefore) told.onNeedSnapshot();
    connectedBefore = true;
  };
  // A frame in a process of its own is not always told that the mouse has left it.
  const outside = () => {
    if (!pointing) return;
    pointing = false;
    handlers?.onPointer(null);
  };
  const close = () => {
    window.removeEventListener('message', hear);
    window.removeEventListener('pointermove', outside);
    port?.close();
    port = null;
    waiting = [];
    frame.removeAttribute('src');
  };
  window.addEventListener('message', hear);
  window.addEventListener('pointermove', outside, { passive: true });
  // So that the replay page knows whom it may talk to.
  frame.referrerPolicy = 'origin';
  frame.src = `${origin}/replay/#${encodeURIComponent(frameSentence)}`;

  const handle: ReplayHandle = {
    feed: (buffer) => post({ type: 'frame', frame: buffer }),
    reset() {
      waiting = [];
      post({ type: 'reset' });
    },
    rewind() {
      waiting = [];
      post({ type: 'rewind' });
    },
    follow: (moment) => set({ type: 'moment', moment }),
    drawn: (part, moment) => post({ type: 'drawn', part, moment }),
    mark: (at) => post({ type: 'mark', at }),
    markProducts: (on) => set({ type: 'mark-products', on }),
    use: (tool, stays) => set({ type: 'tool', tool, stays }),
    handsWords: (words) => set({ type: 'hands-words', words }),
    handsWait: (busy) => set({ type: 'hands-wait', busy }),
    wipe: () => post({ type: 'wipe' }),
    pointed: (at, moment) => post({ type: 'pointed', at, ...(moment !== undefined && { moment }) }),
    close,
  };
  return {
    frame,
    get ready() {
      return port !== null;
    },
    connect(given) {
      handlers = given;
      if (port) connected(given);
      return handle;
    },
    close,
  };
}

function dispatch(message: FromReplay, handlers: ReplayHandlers): void {
  switch (message.type) {
    case 'applied':
      handlers.onApplied(message.epoch, message.seq);
      return;
    case 'pointer':
      handlers.onPointer(message.at);
      return;
    case 'pick':
      handlers.onPick(message.picked);
      return;
    case 'stroke':
      handlers.onStroke(message.part);
      return;
    case 'deed':
      handlers.onDeed(message.epoch, message.deed);
      return;
    case 'hint':
      handlers.onHint(message.hint);
      return;
    case 'key':
      handlers.onKey(message.key);
      return;
    case 'pointed':
      handlers.onPointed(message.text);
      return;
    case 'page':
      handlers.onPage(message.page);
      return;
    case 'products':
      handlers.onProducts(message.epoch, message.products);
      return;
    case 'need-snapshot':
      handlers.onNeedSnapshot();
      return;
    case 'missing': {
      const { epoch, node, font } = message;
      handlers.onMissing({ epoch, node, font });
      return;
    }
    case 'status':
      handlers.onStatus(message.status);
      return;
    default:
      message satisfies never;
  }
}

/** The replay page's end: waits for the console that embeds it. Resolves once. */
export function acceptConsole(): Promise<MessagePort> {
  const origin = consoleOrigin();
  return new Promise((resolve) => {
    if (origin === null || window.parent === window) return;
    const accept = (event: MessageEvent<unknown>) => {
      const [port] = event.ports;
      if (event.origin !== origin || event.source !== window.parent || event.data !== REPLAY_PORT || !port) return;
      window.removeEventListener('message', accept);
      resolve(port);
    };
    window.addEventListener('message', accept);
    window.parent.postMessage(REPLAY_READY, origin);
  });
}

/** Who may embed the page is for its `frame-ancestors` to say; this is who has. */
function consoleOrigin(): string | null {
  const embedder = window.location.ancestorOrigins?.[0] ?? document.referrer;
  return URL.canParse(embedder) ? new URL(embedder).origin : null;
}

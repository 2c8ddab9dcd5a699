/**
 * Co-browsing in the shopper's page, loaded after the shopper's yes: records the page, shows that it is on, and draws what
 * the agent points at.
 */
import type { ServerFrame } from '../../server/protocol/from-server.ts';
import type { PointingFrame, ShopperPointingFrame } from '../../server/protocol/pointing.ts';
import type { Ahead } from './ahead.ts';
import { Left, type LeftFrame, type LeftListener } from './left.ts';
import { openOverlayHost, scrollbarWidth } from './overlay-host.ts';
import type { Box } from './boxes.ts';
import type { InnerPagesOptions } from './inner/inner-pages.ts';
import { KnownSheets, type SheetMemory } from './known-sheets.ts';
import { LaterPointing } from './later-pointing.ts';
import { PageElements } from './page-elements.ts';
import { Recording } from './recording.ts';
import { FRAME_STYLE, drawSessionFrame } from './session-frame.ts';

export type CobrowseFrame =
  Extract<ServerFrame, { type: 'cobrowse.ack' | 'cobrowse.snapshot' | 'cobrowse.missing' }> | PointingFrame;

export type CobrowseOptions = {
  conversation: string;
  /** The session's number. */
  channel: number;
  /** What this tab remembers over page loads. */
  memory: SheetMemory;
  /** What was recorded of this page already, if it was; taken over or ended. */
  ahead?: Ahead | null;
  /** Names a recording: 32 bits unlike those of any other one of the session. */
  newEpoch: () => number;
  /** Sends a binary frame. Frames that get lost are sent again after `resume`. */
  send: (frame: Uint8Array<ArrayBuffer>) => void;
  /** The widget's element: not part of the picture. */
  widgetHost: Element;
  /** A CSS colour. */
  accent: string;
  /** What is said of what the shopper's tab sees and does by itself. */
  tell: (frame: ShopperPointingFrame) => void;
  words: CobrowseWords;
  /** For pages inside frames of other origins; null: such frames are boxes. */
  inner: InnerPagesOptions | null;
  /** The shopper has pressed Stop. The session is closed already. */
  onStop: () => void;
  /** A highlighted element has come to rest there, for what may lie over it; null when none is highlighted any more. */
  onHighlight?: (box: Box | null) => void;
};

export type CobrowseWords = {
  /** That the agent sees the page. */
  watching: string;
  /** The buttons. */
  stop: string;
  point: string;
  scrollThere: string;
  cancel: string;
  /** The next click says what the shopper means. */
  pointNow: string;
  /** For screen readers, of what somebody points at; its name, where it may be said, follows. */
  pointing: (name: string) => string;
  pointingSomewhere: (name: string) => string;
  drawing: (name: string) => string;
};

/** What whoever else draws on the page and acts in it needs of the session. */
export type SharedPage = {
  root: ShadowRoot;
  elements: PageElements;
  announce(sentence: string): void;
  /** Of the recording; null while this tab is not looked at. */
  epoch(): number | null;
};

export type CobrowseSession = {
  readonly page: SharedPage;
  /** Whether this tab is the one that is looked at: only then anything leaves. The frame stays. */
  show(here: boolean): void;
  /** Who looks: what the frame says, and whose pointers may be there; whether it is recorded. */
  watchers(sentence: string, ids: readonly string[], recorded: boolean): void;
  handle(frame: CobrowseFrame): void;
  /** The socket came back: frames without an acknowledgement are sent again, or a new picture. */
  resume(): void;
  /** What has left this browser, and then each frame when it leaves; null: not any more. */
  watchLeft(listener: LeftListener): void;
  /** While something of ours covers the page that says itself that it is on: what is drawn over the page is hidden. */
  cover(covered: boolean): void;
  /** Nothing leaves after this; nothing of it stays in the page. May be called twice. */
  close(): void;
};

/** Never throws. Nothing is recorded before `show(true)`; then the first picture is taken when the page has a free moment. */
export function startCobrowse(options: CobrowseOptions): CobrowseSession {
  const { conversation, words } = options;
  options.widgetHost.setAttribute('data-mostrador-block', '');
  const overlay = openOverlayHost(FRAME_STYLE);
  overlay.element.style.setProperty('--accent', CSS.supports('color', options.accent) ? options.accent : '#2457d6');
  let ahead = options.ahead ?? null;
  const endAhead = () => {
    ahead?.close();
    ahead = null;
  };
  if (ahead?.channel !== options.channel) endAhead();
  const own = ahead?.own ?? [options.widgetHost];
  own.push(overlay.element);
  const sheets = ahead?.sheets ?? new KnownSheets(options.memory, options.channel);
  const left = new Left(sheets);
  let epoch = 0;
  let recording: Recording | null = null;
  const elements = new PageElements(own, () => recording?.inner ?? null);
  const pointing = new LaterPointing({
    root: overlay.root,
    words,
    elements,
    announce: (sentence) => frame.announce(sentence),
    asking: (on) => frame.asking(on),
    onRest: options.onHighlight,
    onPlace: (place) => options.tell({ type: 'cobrowse.point', conversation, epoch, ...place }),
    onMissed: (by) => options.tell({ type: 'cobrowse.missed', conversation, epoch, by }),
  });
  const frame = drawSessionFrame(overlay.root, words, {
    onPoint: () => recording && pointing.askForPlace(),
    onStop() {
      session.close();
      options.onStop();
    },
  });

  let closed = false;
  const session: CobrowseSession = {
    page: {
      root: overlay.root,
      elements,
      announce: (sentence) => frame.announce(sentence),
      epoch: () => (recording ? epoch : null),
    },
    show(here) {
      if (!here) endAhead();
      if (closed || here === (recording !== null)) return;
      recording?.close();
      recording = null;
      pointing.keep([]);
      if (!here) return;
      const { send, inner } = options;
      const onLeft = (sent: LeftFrame) => left.add(sent);
      epoch = ahead?.epoch ?? options.newEpoch();
      const anew = () =>
        new Recording({ epoch, sheets, send, onLeft, own, scrollbar: scrollbarWidth(overlay.root), inner });
      recording = ahead?.adopt(send, onLeft) ?? anew();
      ahead = null;
      void pointing.load();
    },
    watchers(sentence, ids, recorded) {
      overlay.element.toggleAttribute('data-recorded', recorded);
      frame.say(sentence);
      pointing.keep(ids);
    },
    watchLeft: (listener) => left.watch(listener),
    cover(covered) {
      overlay.element.toggleAttribute('data-covered', covered);
    },
    handle(message) {
      if (closed || !recording || message.conversation !== conversation) return;
      switch (message.type) {
        case 'cobrowse.ack':
          recording.acknowledge(message);
          return;
        case 'cobrowse.snapshot':
          recording.requestSnapshot(message);
          return;
        case 'cobrowse.missing':
          if (message.epoch === epoch) recording.provide(message.node, message.font);
          return;
        default:
          if (message.epoch === epoch) pointing.handle(message);
      }
    },
    resume: () => recording?.resume(),
    close() {
      closed = true;
      endAhead();
      recording?.close();
      pointing.close();
      overlay.close();
      options.widgetHost.removeAttribute('data-mostrador-block');
    },
  };
  return session;
}

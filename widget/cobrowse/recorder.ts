/**
 * Co-browsing in the shopper's page, loaded after the shopper's yes: records the page, shows that it is on, and draws what
 * the agent points at.
 */
import type { ServerFrame } from '../../server/protocol/from-server.ts';
import { openOverlayHost, scrollbarWidth } from './overlay-host.ts';
import { nodeMirror } from './page-recorder.ts';
import { isInside } from './page-nodes.ts';
import { BLOCKED } from './field.ts';
import { POINTING_STYLE, drawPointing, type Box } from './pointing.ts';
import { Recording } from './recording.ts';
import { FRAME_STYLE, drawSessionFrame } from './session-frame.ts';

export type CobrowseFrame = Extract<
  ServerFrame,
  { type: 'cobrowse.ack' | 'cobrowse.snapshot' | 'cobrowse.missing' | 'cobrowse.pointer' | 'cobrowse.highlight' }
>;

export type CobrowseOptions = {
  conversation: string;
  /** Names a recording: 32 bits unlike those of any other one of the session. */
  newEpoch: () => number;
  /** Sends a binary frame. Frames that get lost are sent again after `resume`. */
  send: (frame: Uint8Array<ArrayBuffer>) => void;
  /** The widget's element: not part of the picture. */
  widgetHost: Element;
  /** A CSS colour. */
  accent: string;
  /** `watching`: that the agent sees the page · `stop`: the button · `pointing`: that somebody points something out, for screen readers; its name follows. */
  words: { watching: string; stop: string; pointing?: (name: string) => string };
  /** The shopper has pressed Stop. The session is closed already. */
  onStop: () => void;
  /** A highlighted element has come to rest there, for what may lie over it; null when none is highlighted any more. */
  onHighlight?: (box: Box | null) => void;
};

export type CobrowseSession = {
  /** Whether this tab is the one that is looked at: only then anything leaves. The frame stays. */
  show(here: boolean): void;
  /** Who looks: what the frame says, and whose pointers may be there. */
  watchers(sentence: string, ids: readonly string[]): void;
  handle(frame: CobrowseFrame): void;
  /** The socket came back: frames without an acknowledgement are sent again, or a new picture. */
  resume(): void;
  /** While something of ours covers the page that says itself that it is on: what is drawn over the page is hidden. */
  cover(covered: boolean): void;
  /** Nothing leaves after this; nothing of it stays in the page. May be called twice. */
  close(): void;
};

/** Never throws. Nothing is recorded before `show(true)`; then the first picture is taken when the page has a free moment. */
export function startCobrowse(options: CobrowseOptions): CobrowseSession {
  const { conversation, words } = options;
  options.widgetHost.setAttribute('data-mostrador-block', '');
  const overlay = openOverlayHost(FRAME_STYLE + POINTING_STYLE);
  overlay.element.style.setProperty('--accent', CSS.supports('color', options.accent) ? options.accent : '#2457d6');
  const own = [options.widgetHost, overlay.element];
  const scrollbar = scrollbarWidth(overlay.root);
  let epoch = 0;
  let recording: Recording | null = null;
  const pointing = drawPointing(overlay.root, options.onHighlight);
  const frame = drawSessionFrame(overlay.root, words, () => {
    session.close();
    options.onStop();
  });

  let closed = false;
  const session: CobrowseSession = {
    show(here) {
      if (closed || here === (recording !== null)) return;
      recording?.close();
      recording = null;
      pointing.keep([]);
      if (!here) return;
      epoch = options.newEpoch();
      recording = new Recording({ epoch, send: options.send, own, scrollbar });
    },
    watchers(sentence, ids) {
      frame.say(sentence);
      pointing.keep(ids);
    },
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
          recording.requestSnapshot();
          return;
        case 'cobrowse.missing':
          if (message.epoch === epoch) recording.provide(message.node, message.font);
          return;
        case 'cobrowse.pointer':
          pointing.point(
            { id: message.by, name: message.agent },
            message.epoch === epoch ? elementAt(message.node) : null,
            message.fx,
            message.fy,
          );
          return;
        case 'cobrowse.highlight': {
          if (message.epoch !== epoch) return;
          const element = elementAt(message.node);
          const right = element?.localName.toLowerCase() === message.tag.toLowerCase() ? element : null;
          pointing.highlight(right);
          if (right) frame.announce(`${words.pointing?.(message.agent) ?? message.agent}: ${nameOf(right)}`);
          return;
        }
        default:
          message satisfies never;
      }
    },
    resume: () => recording?.resume(),
    close() {
      closed = true;
      recording?.close();
      pointing.close();
      overlay.close();
      options.widgetHost.removeAttribute('data-mostrador-block');
    },
  };
  return session;
}

function elementAt(id: number | null): Element | null {
  const node = id === null ? null : nodeMirror.getNode(id);
  const element = node?.nodeType === 1 ? (node as Element) : (node?.parentElement ?? null);
  return element?.isConnected && !isInside(element, BLOCKED) ? element : null;
}

/** What a person would call the element, shortly. */
function nameOf(element: Element): string {
  const name = element.getAttribute('aria-label') ?? element.getAttribute('alt') ?? element.textContent;
  return name.trim().replaceAll(/\s+/g, ' ').slice(0, 120);
}

import type { CursorPlace, PageEvent } from '../../../server/protocol/cobrowse-event.ts';
import { readCursor } from '../../../server/protocol/cobrowse-read/read-events.ts';
import { isRecord } from '../../../server/protocol/cobrowse-read/read-value.ts';
import { frameContent } from '../boxes.ts';
import { known } from '../record/known-nodes.ts';
import { checkInner } from './check-inner.ts';
import { InnerSight } from './inner-sight.ts';
import { RANGE, type Inward, type Outward } from './words.ts';

/** A page that is left may not say so: one that has loaded something and says nothing for this long is another one. */
const ANSWERS_WITHIN = 1_000;
/** Pages inside a page inside. */
const RANGES_MAX = 12;

export type InnerPageHandlers = {
  /** Whether events can go on now. */
  ready(): boolean;
  take(events: PageEvent[]): void;
  cursor(place: CursorPlace): void;
  /** A range of numbers for a page inside this one. */
  range(): Promise<number>;
  /** It has gone, or cannot be shown: it is too large, or does what ours never does. Nothing of it is taken any more. */
  onGone(why: 'gone' | 'barred'): void;
};

/**
 * A page inside a frame of this one, of another origin, that is recorded by itself. What it says becomes a part of this page's
 * picture: only about nodes in its own range, one message at a time, the next one when the wire has room.
 */
export class InnerPage {
  readonly frame: HTMLIFrameElement;
  readonly #port: MessagePort;
  readonly #handlers: InnerPageHandlers;
  readonly #ranges: number[];
  /** Where things are in it. */
  readonly sight: InnerSight;
  #held: { n: number; text: string; whole: boolean } | null = null;
  /** The other end has its document. */
  #attached = false;
  #silent: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(frame: HTMLIFrameElement, port: MessagePort, first: number, handlers: InnerPageHandlers) {
    this.frame = frame;
    this.#port = port;
    this.#ranges = [first];
    this.#handlers = handlers;
    this.sight = new InnerSight(frame, (word) => this.#say(word));
    port.onmessage = ({ data }: MessageEvent<Outward>) => isRecord(data) && this.#hear(data);
  }

  owns(id: number): boolean {
    return this.#ranges.some((first) => id > first && id < first + RANGE);
  }

  /** Its frame was written anew, and is empty at the other end. */
  anew(): void {
    this.#attached = false;
    this.#held = null;
    this.#say({ whole: true });
  }

  /** Its frame has loaded something, which may have been this page or another one. */
  loaded(): void {
    this.#say({ still: true });
    this.#silent ??= setTimeout(() => this.#go('gone'), ANSWERS_WITHIN);
  }

  /** The wire has room. */
  room(): void {
    if (!this.#held || this.#closed || !this.#handlers.ready()) return;
    const { n, text, whole } = this.#held;
    this.#held = null;
    const id = known.getId(this.frame);
    if (id === -1) {
      this.#go('gone');
      return;
    }
    if (whole || this.#attached) {
      const events = checkInner(text, whole, (number) => this.owns(number));
      if (!events) {
        this.#go('barred');
        return;
      }
      this.#attached = true;
      this.#handlers.take(this.#placed(events, id));
    }
    this.#say({ more: n });
  }

  provide(what: { node: number | null; font: string | null }): void {
    this.#say({ provide: what });
  }

  /** May be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#say({ stop: true });
    this.#closed = true;
    clearTimeout(this.#silent);
    this.sight.close();
    this.#port.close();
  }

  #go(why: 'gone' | 'barred'): void {
    if (this.#closed) return;
    this.close();
    this.#handlers.onGone(why);
  }

  #say(word: Inward): void {
    if (!this.#closed) this.#port.postMessage(word);
  }

  /** Of nothing that it says is known yet what it is. */
  #hear(word: Partial<Record<string, unknown>>): void {
    const { n, events, whole, cursor } = word;
    if (typeof events === 'string' && typeof n === 'number') {
      // Ours waits until it is asked for more, unless it begins anew.
      if (this.#held && whole !== true) this.#go('barred');
      else this.#held = { n, text: events, whole: whole === true };
      this.room();
    } else if (cursor !== undefined) this.#moved(readCursor(cursor));
    else if (word['still'] === true) {
      clearTimeout(this.#silent);
      this.#silent = undefined;
    } else if (word['wants'] === 'range') void this.#giveRange();
    else if (word['gone'] === true) this.#go('gone');
    else if (word['tooLarge'] === true) this.#go('barred');
    else this.sight.hear(word);
  }

  async #giveRange(): Promise<void> {
    if (this.#ranges.length >= RANGES_MAX) return;
    const range = await this.#handlers.range();
    this.#ranges.push(range);
    this.#say({ range });
  }

  #moved(place: CursorPlace): void {
    if (!place) {
      this.#handlers.cursor(null);
      return;
    }
    const { left, top } = frameContent(this.frame);
    const own = place.node === 0 || this.owns(place.node);
    if (own) this.#handlers.cursor({ ...place, x: Math.round(place.x + left), y: Math.round(place.y + top) });
  }

  /** As the replay wants it: its document in the frame, and places of the whole window. */
  #placed(events: PageEvent[], frame: number): PageEvent[] {
    return events.flatMap((event): PageEvent[] => {
      if (event.type === 2) {
        const { node, initialOffset } = event.data;
        const none = { removes: [], texts: [], attributes: [] };
        const adds = [{ parentId: frame, nextId: null, node }];
        const { left: x, top: y } = initialOffset;
        return [
          { type: 3, data: { source: 0, adds, ...none, isAttachIframe: true } },
          ...(x || y ? [{ type: 3, data: { source: 3, id: node.id, x, y } } as const] : []),
        ];
      }
      if (event.type === 3 && event.data.source === 2) {
        const { left, top } = frameContent(this.frame);
        return [{ type: 3, data: { ...event.data, x: event.data.x + left, y: event.data.y + top } }];
      }
      // The page around says itself where the focus is, unless it is in here.
      const focus = event.type === 5 && (event.data.tag === 'focus' || event.data.tag === 'picker');
      return focus && !isActive(this.frame) ? [] : [event];
    });
  }
}

function isActive(frame: Element): boolean {
  return (frame.getRootNode() as Document | ShadowRoot).activeElement === frame;
}

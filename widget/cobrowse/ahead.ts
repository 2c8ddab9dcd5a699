import type { InnerPagesOptions } from './inner/inner-pages.ts';
import { KnownSheets, forgetSession, sessionBefore, type SheetMemory } from './known-sheets.ts';
import type { LeftFrame } from './left.ts';
import { scrollbarWidth } from './overlay-host.ts';
import { Recording } from './recording.ts';

/** Longer than this nobody waits for the answer. Milliseconds. */
const KEPT_FOR = 10_000;

export type AheadOptions = {
  /** What this tab remembers over page loads. */
  memory: SheetMemory;
  /** Names a recording: 32 bits unlike those of any other one of the session. */
  newEpoch: () => number;
  /** The widget's element and its root: not part of the picture. */
  widgetHost: HTMLElement;
  root: ShadowRoot;
  /** For pages inside frames of other origins; null: such frames are boxes. */
  inner: InnerPagesOptions | null;
};

/**
 * The picture of a page whose predecessor in this tab was looked at, taken while the tab still asks whether this one is.
 * Nothing leaves before `adopt`.
 */
export class Ahead {
  /** The session that it is meant for. */
  readonly channel: number;
  readonly epoch: number;
  readonly sheets: KnownSheets;
  readonly own: Element[];
  readonly #recording: Recording;
  readonly #end: ReturnType<typeof setTimeout>;
  #adopted = () => {};
  #closed = false;
  #send: (frame: Uint8Array<ArrayBuffer>) => void = () => {};
  #onLeft: (frame: LeftFrame) => void = () => {};

  constructor({ memory, newEpoch, widgetHost, root, inner }: AheadOptions) {
    const adopted = new Promise<void>((resolve) => (this.#adopted = resolve));
    this.#end = setTimeout(() => {
      this.close();
      // There was no conversation of which it could have been said.
      forgetSession(memory);
    }, KEPT_FOR);
    this.channel = sessionBefore(memory);
    this.epoch = newEpoch();
    this.sheets = new KnownSheets(memory, this.channel);
    widgetHost.setAttribute('data-mostrador-block', '');
    this.own = [widgetHost];
    this.#recording = new Recording({
      epoch: this.epoch,
      sheets: this.sheets,
      send: (frame) => this.#send(frame),
      onLeft: (frame) => this.#onLeft(frame),
      own: this.own,
      scrollbar: scrollbarWidth(root),
      // Whether a frame is the shop's is asked of the service, and the frame is told: not before the answer.
      inner: inner && {
        ...inner,
        allowed: async (origin) => {
          await adopted;
          return await inner.allowed(origin);
        },
      },
    });
  }

  /** This page is looked at: what was recorded leaves now, and what follows as it comes. Null: it has ended. */
  adopt(send: (frame: Uint8Array<ArrayBuffer>) => void, onLeft: (frame: LeftFrame) => void): Recording | null {
    if (this.#closed) return null;
    clearTimeout(this.#end);
    this.#send = send;
    this.#onLeft = onLeft;
    this.#adopted();
    // What was given to `send` up to now went nowhere.
    this.#recording.resume();
    return this.#recording;
  }

  /** It is not. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#end);
    this.#recording.close();
  }
}

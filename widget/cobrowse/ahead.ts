import type { InnerPagesOptions } from './inner/inner-pages.ts';
import { KnownSheets, sessionBefore, type SheetMemory } from './known-sheets.ts';
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
  readonly #end = setTimeout(() => this.close(), KEPT_FOR);
  #closed = false;
  #send: (frame: Uint8Array<ArrayBuffer>) => void = () => {};
  #onLeft: (frame: LeftFrame) => void = () => {};

  constructor({ memory, newEpoch, widgetHost, root, inner }: AheadOptions) {
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
      inner,
    });
  }

  /** This page is looked at: what was recorded leaves now, and what follows as it comes. Null: it has ended. */
  adopt(send: (frame: Uint8Array<ArrayBuffer>) => void, onLeft: (frame: LeftFrame) => void): Recording | null {
    if (this.#closed) return null;
    clearTimeout(this.#end);
    this.#send = send;
    this.#onLeft = onLeft;
    this.#recording.release();
    return this.#recording;
  }

  /** It is not. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#end);
    this.#recording.close();
  }
}

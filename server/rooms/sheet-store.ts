import { encodeCobrowseFrame } from '../protocol/cobrowse-frame.ts';
import type { FrameContent } from '../frames/frame-check.ts';
import { SHEETS_TEXT_MAX } from '../protocol/sheets.ts';

const SHEETS_MAX = 200;

/** The stylesheets of one session, as frames for its consoles, bounded: what was used longest ago goes first. */
export class SheetStore {
  readonly #channel: number;
  readonly #kept = new Map<string, { length: number; frame: Uint8Array }>();
  #length = 0;

  constructor(channel: number) {
    this.#channel = channel;
  }

  get empty(): boolean {
    return this.#kept.size === 0;
  }

  has(hash: string): boolean {
    return this.#kept.has(hash);
  }

  keep(sheets: FrameContent['brings']): void {
    for (const { hash, length, payload } of sheets) {
      this.#forget(hash);
      const header = { kind: 'sheets', encoding: 'deflate-raw', channel: this.#channel, epoch: 0, seq: 0 } as const;
      this.#kept.set(hash, { length, frame: encodeCobrowseFrame(header, payload) });
      this.#length += length;
    }
    for (const oldest of this.#kept.keys()) {
      if (this.#length <= SHEETS_TEXT_MAX && this.#kept.size <= SHEETS_MAX) break;
      this.#forget(oldest);
    }
  }

  /** The frame that brings it; null where it is not known any more. */
  use(hash: string): Uint8Array | null {
    const sheet = this.#kept.get(hash);
    if (!sheet) return null;
    // To the end of the queue.
    this.#kept.delete(hash);
    this.#kept.set(hash, sheet);
    return sheet.frame;
  }

  #forget(hash: string): void {
    this.#length -= this.#kept.get(hash)?.length ?? 0;
    this.#kept.delete(hash);
  }
}

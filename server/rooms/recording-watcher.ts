import { readCobrowseHeader } from '../protocol/cobrowse-frame.ts';
import type { CobrowseRelay } from './cobrowse-relay.ts';
import type { Socket } from './socket.ts';

/** `part`: the epoch of the page that begins here, with whatever is needed to show it; null: it goes on. */
export type WriteFrame = (frame: Uint8Array, part: number | null) => void;

/**
 * A console that writes instead of showing: it is sent what any other one is, from the picture that a late one gets, and keeps
 * up at once. So what is recorded is what can be seen, by construction. With every whole page it comes anew, as if it had
 * nothing: a player begins at any of them without what came before.
 */
export class RecordingWatcher implements Socket {
  readonly id = 'recording';
  readonly #relay: CobrowseRelay;
  readonly #write: WriteFrame;
  #state: 'waits' | 'comes' | 'follows' = 'waits';
  #first = false;

  constructor(relay: CobrowseRelay, write: WriteFrame) {
    this.#relay = relay;
    this.#write = write;
  }

  /** From the page that is shown now; where there is none, from the next one. */
  begin(): void {
    this.#state = 'comes';
    this.#first = true;
    this.#relay.watch(this);
    this.#state = this.#first ? 'waits' : 'follows';
  }

  sendBinary(frame: Uint8Array): void {
    const header = readCobrowseHeader(frame);
    if (header?.kind === 'snapshot' && this.#state !== 'comes') return this.begin();
    if (!header || this.#state === 'waits') return;
    this.#write(frame, this.#first ? this.#relay.epoch : null);
    this.#first = false;
    if (header.kind !== 'cursor') this.#relay.applied(this.id, header.epoch, header.seq);
  }

  /** Its own queue is bounded by whoever writes. */
  buffered(): number {
    return 0;
  }

  /** How old the picture is, it need not be told. */
  send(): void {}
  sendText(): void {}
  close(): void {}
}

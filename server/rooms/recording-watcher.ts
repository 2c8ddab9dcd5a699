import { readCobrowseHeader } from '../protocol/cobrowse-frame.ts';
import type { CobrowseRelay } from './cobrowse-relay.ts';
import type { Socket } from './socket.ts';

/**
 * A console that writes instead of showing: it is sent what any other one is, from the picture that a late one gets, and keeps
 * up at once. So what is recorded is what can be seen, by construction.
 */
export class RecordingWatcher implements Socket {
  readonly id = 'recording';
  readonly #relay: CobrowseRelay;
  readonly #write: (frame: Uint8Array) => void;

  constructor(relay: CobrowseRelay, write: (frame: Uint8Array) => void) {
    this.#relay = relay;
    this.#write = write;
  }

  sendBinary(frame: Uint8Array): void {
    this.#write(frame);
    const header = readCobrowseHeader(frame);
    if (header && header.kind !== 'cursor') this.#relay.applied(this.id, header.epoch, header.seq);
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

import type { FrameCheck, FrameContent, Verdict } from '../frames/frame-check.ts';
import { COBROWSE_HEADER_BYTES, type CobrowseHeader } from '../protocol/cobrowse-frame.ts';
import { FrameParts } from './frame-parts.ts';

/** What waits to be read of one session: more than a rightful sender has on its way without an acknowledgement. */
const WAITING_BYTES = 16 * 1024 * 1024;
const WAITING_FRAMES = 4_000;

export type Place = { epoch: number | null; seq: number };
export type Refused = 'bad-frame' | 'too-large' | 'too-fast';

export type IntakeHandlers = {
  /** A whole frame that was read, the next one in order. False: it cannot be used, and what comes after it neither. */
  accept(header: CobrowseHeader, frame: Uint8Array, content: FrameContent): boolean;
  /** A frame was read and is none. `late`: whoever called has gone on long since. */
  refuse(reason: 'bad-frame' | 'too-large', late: boolean): void;
  /** The next frame that can be used is a snapshot. */
  gap(): void;
  /** More of what is acceptable is here, or it was here already. */
  acknowledge(epoch: number): void;
  /** The last frame that was accepted. */
  accepted(): Place;
};

type Waiting = { header: CobrowseHeader; frame: Uint8Array } | { task: () => void };

/** The counted frames of a shopper's tab: in order, put together, and each read before anybody sees it. */
export class FrameIntake {
  readonly #check: FrameCheck;
  readonly #handlers: IntakeHandlers;
  readonly #parts = new FrameParts();
  /** The last frame that has arrived, whether it is read yet or not. */
  #received: Place = { epoch: null, seq: 0 };
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** A frame is being read elsewhere. */
  #reading = false;
  /** What is read of an earlier one is void. */
  #generation = 0;

  constructor(check: FrameCheck, handlers: IntakeHandlers) {
    this.#check = check;
    this.#handlers = handlers;
  }

  /** Bytes that are here of the frame that is being put together. */
  bytesOf(epoch: number): number {
    return this.#parts.bytesOf(epoch);
  }

  receive(header: CobrowseHeader, bytes: Uint8Array): Refused | null {
    if (!this.#expects(header)) return null;
    const assembled = this.#parts.take(header, bytes);
    if (assembled === 'too-large') return assembled;
    if (assembled === 'none') this.#handlers.gap();
    else if ('bytes' in assembled) this.#handlers.acknowledge(header.epoch);
    else return this.#take(header, assembled.frame);
    return null;
  }

  /** Runs when everything that has arrived is read. */
  afterwards(task: () => void): void {
    if (!this.#reading) return task();
    if (this.#waiting.length < WAITING_FRAMES) this.#waiting.push({ task });
  }

  /** What was begun and what is not read yet is void. */
  clear(): void {
    this.#generation += 1;
    this.#parts.clear();
    const tasks = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#reading = false;
    this.#received = this.#handlers.accepted();
    for (const each of tasks) if ('task' in each) each.task();
  }

  /** Whether the frame, or its next part, is the one that comes next. Repeated ones are acknowledged again. */
  #expects({ kind, epoch, seq }: CobrowseHeader): boolean {
    const last = this.#received;
    if (kind === 'snapshot' && (epoch !== last.epoch || seq > last.seq)) return true;
    if (epoch !== last.epoch) {
      this.#handlers.gap();
      return false;
    }
    if (seq <= last.seq) {
      this.#handlers.acknowledge(epoch);
      return false;
    }
    if (seq === last.seq + 1) return true;
    this.#handlers.gap();
    return false;
  }

  #take(header: CobrowseHeader, received: Uint8Array): Refused | null {
    // A copy: what is kept must not hold on to whatever came with it on the socket.
    const frame = received.buffer.byteLength > 2 * received.byteLength ? new Uint8Array(received) : received;
    this.#received = { epoch: header.epoch, seq: header.seq };
    if (!this.#reading) return this.#read(header, frame, false);
    if (this.#waitingBytes + frame.byteLength > WAITING_BYTES || this.#waiting.length >= WAITING_FRAMES) {
      this.clear();
      this.#handlers.gap();
      return 'too-fast';
    }
    this.#waitingBytes += frame.byteLength;
    this.#waiting.push({ header, frame });
    return null;
  }

  #read(header: CobrowseHeader, frame: Uint8Array, late: boolean): Refused | null {
    const verdict = this.#check.check(header.encoding, frame.subarray(COBROWSE_HEADER_BYTES));
    if (!('then' in verdict)) return this.#settle(header, frame, verdict, late);
    this.#reading = true;
    void this.#readElsewhere(header, frame, verdict);
    return null;
  }

  async #readElsewhere(header: CobrowseHeader, frame: Uint8Array, coming: Promise<Verdict>): Promise<void> {
    const generation = this.#generation;
    const verdict = await coming;
    if (generation !== this.#generation) return;
    this.#reading = false;
    this.#settle(header, frame, verdict, true);
    this.#goOn();
  }

  #settle(header: CobrowseHeader, frame: Uint8Array, verdict: Verdict, late: boolean): Refused | null {
    if (verdict.ok) {
      if (!this.#handlers.accept(header, frame, verdict.content)) this.clear();
      return null;
    }
    this.clear();
    this.#handlers.refuse(verdict.reason, late);
    return verdict.reason;
  }

  #goOn(): void {
    while (!this.#reading) {
      const next = this.#waiting.shift();
      if (!next) return;
      if ('task' in next) {
        next.task();
        continue;
      }
      this.#waitingBytes -= next.frame.byteLength;
      this.#read(next.header, next.frame, true);
    }
  }
}

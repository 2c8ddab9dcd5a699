import { COBROWSE_HEADER_BYTES, encodeCobrowseFrame, type CobrowseKind } from '../../server/protocol/cobrowse-frame.ts';
import { COBROWSE_FRAME_MAX } from '../../server/protocol/limits.ts';
import { deflate, nextTask } from './compress.ts';
import type { CursorPlace, PageEvent } from '../../server/protocol/cobrowse-event.ts';

/** Bytes on their way without an acknowledgement before changes are gathered: half a second at 256 kbit/s. */
const WINDOW_BYTES = 16 * 1024;
const WINDOW_FRAMES = 64;
/** Smaller payloads are sent as they are: at once. */
const COMPRESS_FROM = 8 * 1024;

type Sent = { seq: number; kind: CobrowseKind; frame: Uint8Array<ArrayBuffer> };

/** Numbers, packs and sends the frames of one epoch in order, and keeps what is not acknowledged. */
export class FrameSender {
  readonly epoch: number;
  readonly #send: (frame: Uint8Array<ArrayBuffer>) => void;
  readonly #onRoom: () => void;
  readonly #encoder = new TextEncoder();
  #unacknowledged: Sent[] = [];
  #bytes = 0;
  #seq = 0;
  #queue: Promise<void> = Promise.resolve();
  #packing = 0;
  #snapshots = 0;
  #closed = false;

  /** `onRoom` is called whenever `full` has become false. */
  constructor(epoch: number, send: (frame: Uint8Array<ArrayBuffer>) => void, onRoom: () => void) {
    this.epoch = epoch;
    this.#send = send;
    this.#onRoom = onRoom;
  }

  /** Enough is on its way: gather instead of sending. */
  get full(): boolean {
    return this.#packing > 0 || this.#bytes >= WINDOW_BYTES || this.#unacknowledged.length >= WINDOW_FRAMES;
  }

  /** A snapshot is being packed or has not been acknowledged yet. */
  get snapshotUnderWay(): boolean {
    return this.#snapshots > 0 || this.#unacknowledged.some((sent) => sent.kind === 'snapshot');
  }

  events(events: PageEvent[]): void {
    const payload = this.#encode(events);
    if (this.#packing === 0 && payload.byteLength < COMPRESS_FROM) this.#ship('events', 'json', payload);
    else this.#pack('events', () => Promise.resolve(payload));
  }

  /** `events` is called in a task of its own, so that taking the snapshot and writing it are not one long task. */
  snapshot(events: () => PageEvent[]): void {
    this.#pack('snapshot', async () => {
      await nextTask();
      return this.#encode(events());
    });
  }

  cursor(place: CursorPlace): void {
    if (this.#closed) return;
    const header = { kind: 'cursor', encoding: 'json', channel: 0, epoch: this.epoch, seq: 0 } as const;
    this.#send(encodeCobrowseFrame(header, this.#encode(place)));
  }

  /** The server holds everything up to `seq`. */
  acknowledge(seq: number): void {
    const wasFull = this.full;
    this.#unacknowledged = this.#unacknowledged.filter((sent) => sent.seq > seq);
    this.#bytes = this.#unacknowledged.reduce((sum, { frame }) => sum + frame.byteLength, 0);
    if (wasFull && !this.full) this.#onRoom();
  }

  /** Again, in order and without gaps: that is how the server takes them. */
  resend(): void {
    for (const { frame } of this.#unacknowledged) this.#send(frame);
  }

  close(): void {
    this.#closed = true;
    this.#unacknowledged = [];
  }

  #encode(value: unknown): Uint8Array<ArrayBuffer> {
    return this.#encoder.encode(JSON.stringify(value));
  }

  #pack(kind: CobrowseKind, payload: () => Promise<Uint8Array<ArrayBuffer>>): void {
    this.#packing += 1;
    if (kind === 'snapshot') this.#snapshots += 1;
    this.#queue = this.#packAfter(this.#queue, kind, payload);
  }

  async #packAfter(
    before: Promise<void>,
    kind: CobrowseKind,
    payload: () => Promise<Uint8Array<ArrayBuffer>>,
  ): Promise<void> {
    await before;
    try {
      if (this.#closed) return;
      const bytes = await payload();
      const packed = bytes.byteLength < COMPRESS_FROM ? null : await deflate(bytes);
      this.#ship(kind, packed ? 'deflate-raw' : 'json', packed ?? bytes);
    } catch (error) {
      reportError(error);
    } finally {
      this.#packing -= 1;
      if (kind === 'snapshot') this.#snapshots -= 1;
      if (!this.#closed && !this.full) this.#onRoom();
    }
  }

  #ship(kind: CobrowseKind, encoding: 'json' | 'deflate-raw', payload: Uint8Array): void {
    if (this.#closed) return;
    if (payload.byteLength + COBROWSE_HEADER_BYTES > COBROWSE_FRAME_MAX) {
      // The server would close the socket, and the chat with it.
      reportError(new Error('This page is too large to be shown.'));
      return;
    }
    this.#seq += 1;
    const frame = encodeCobrowseFrame({ kind, encoding, channel: 0, epoch: this.epoch, seq: this.#seq }, payload);
    this.#unacknowledged.push({ seq: this.#seq, kind, frame });
    this.#bytes += frame.byteLength;
    this.#send(frame);
  }
}

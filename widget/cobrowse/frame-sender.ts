import {
  COBROWSE_HEADER_BYTES,
  encodeCobrowseFrame,
  type Beat,
  type CobrowseEncoding,
  type CobrowseKind,
} from '../../server/protocol/cobrowse-frame.ts';
import { compact } from '../../server/protocol/compact-nodes.ts';
import { COBROWSE_FRAME_MAX, COBROWSE_INFLATED_MAX } from '../../server/protocol/limits.ts';
import { deflate, nextTask } from './compress.ts';
import type { KnownSheets } from './known-sheets.ts';
import type { LeftFrame } from './left.ts';
import { SendWindow } from './send-window.ts';
import type { CursorPlace, PageEvent } from '../../server/protocol/cobrowse-event.ts';

/** Frames without an acknowledgement, sent or not, before changes are gathered. */
const WINDOW_FRAMES = 64;
/** Smaller payloads are sent as they are: at once. */
const COMPRESS_FROM = 8 * 1024;
/** Milliseconds of writing before the page has a turn. */
const WRITE_SLICE = 5;
/** While much is on its way, the mouse moves ten times a second. */
const CURSOR_PAUSE = 100;

type Kind = Exclude<CobrowseKind, 'cursor' | 'beat'>;
/** `left`: bytes of the payload that were sent · `since`: when the oldest change in it happened. */
type Outgoing = {
  seq: number;
  kind: Kind;
  encoding: CobrowseEncoding;
  payload: Uint8Array;
  left: number;
  since: number;
  /** Hashes of the stylesheets whose text it has. */
  brings: readonly string[];
};

/** `parts`: of the payload, in order. */
type Written = { parts: readonly Uint8Array<ArrayBuffer>[]; brings: readonly string[] };

export type FrameSenderHandlers = {
  send: (frame: Uint8Array<ArrayBuffer>) => void;
  /** `full` has become false. */
  onRoom: () => void;
  /** The server has got something. */
  onProgress?: () => void;
  /** The whole page is more than the server takes. */
  onTooLarge?: () => void;
  /** The last byte of a frame was given to `send`. */
  onLeft?: (frame: LeftFrame) => void;
};

/**
 * Numbers, packs and sends the frames of one epoch in order, in parts where they are large, never more at a time than the
 * network carries without queueing; and keeps what is not acknowledged.
 */
export class FrameSender {
  readonly epoch: number;
  readonly #handlers: FrameSenderHandlers;
  readonly #sheets: KnownSheets;
  readonly #encoder = new TextEncoder();
  readonly #window = new SendWindow(() => performance.now());
  #unacknowledged: Outgoing[] = [];
  #seq = 0;
  #queue: Promise<void> = Promise.resolve();
  #packing = 0;
  #snapshots = 0;
  #cursorAt = -Infinity;
  #beat = 0;
  /** What had left before each beat that is not answered yet. */
  #before = new Map<number, object | null>();
  #answered = { beat: 0, at: 0 };
  #pause: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(epoch: number, sheets: KnownSheets, handlers: FrameSenderHandlers) {
    this.epoch = epoch;
    this.#sheets = sheets;
    this.#handlers = handlers;
  }

  /** Enough is on its way: gather instead of sending. */
  get full(): boolean {
    const last = this.#unacknowledged.at(-1);
    const unsent = last !== undefined && last.left < last.payload.byteLength;
    return (
      unsent || this.#packing > 0 || this.#unacknowledged.length >= WINDOW_FRAMES || !this.#window.open || this.#paused
    );
  }

  /** A snapshot is being packed or has not been acknowledged yet. */
  get snapshotUnderWay(): boolean {
    return this.#snapshots > 0 || this.#unacknowledged.some((frame) => frame.kind === 'snapshot');
  }

  /** `since`: when the oldest of the changes happened, by `performance.now()`. */
  events(events: readonly PageEvent[], since = performance.now()): void {
    const payload = this.#packing === 0 ? this.#encodeSmall(events) : null;
    if (payload) this.#add('events', 'json', { payload, brings: [], since });
    else this.#pack('events', events, since);
  }

  snapshot(whole: readonly PageEvent[], since = performance.now()): void {
    this.#pack('snapshot', whole, since);
  }

  /** Whether it was sent: while much is on its way not every one is. */
  cursor(place: CursorPlace): boolean {
    const now = performance.now();
    if (this.#closed || (this.full && now - this.#cursorAt < CURSOR_PAUSE)) return false;
    this.#cursorAt = now;
    this.#sendUncounted('cursor', place);
    return true;
  }

  /** `waiting`: since when something waits that was not given to `events` yet, by `performance.now()`; or null. */
  beat(waiting: number | null): void {
    if (this.#closed) return;
    const now = performance.now();
    const since = this.#unacknowledged.find(({ left, payload }) => left < payload.byteLength)?.since ?? waiting ?? now;
    const { beat: echo, at } = this.#answered;
    const held = echo === 0 ? 0 : Math.round(now - at);
    this.#before.set((this.#beat += 1), this.#window.newest);
    const beat: Beat = { beat: this.#beat, echo, held, behind: Math.max(0, Math.round(now - since)) };
    this.#sendUncounted('beat', beat);
  }

  /** The server holds everything up to `seq`, and so many bytes of the frame after it. */
  acknowledge(seq: number, bytes = 0, beat?: number): void {
    const wasFull = this.full;
    const news = this.#window.acknowledge(seq, bytes);
    const arrived = this.#unacknowledged.filter((frame) => frame.seq <= seq);
    this.#unacknowledged = this.#unacknowledged.slice(arrived.length);
    this.#sheets.learn(arrived.flatMap(({ brings }) => brings));
    if (beat !== undefined) this.#hear(beat);
    this.#pump();
    if (news) this.#handlers.onProgress?.();
    if (wasFull) this.#tellRoom();
  }

  /** Again, in order and without gaps: that is how the server takes them. */
  resend(): void {
    this.#window.clear();
    this.#before.clear();
    this.#answered = { beat: 0, at: 0 };
    for (const frame of this.#unacknowledged) frame.left = 0;
    this.#pump();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#pause);
    this.#unacknowledged = [];
  }

  /** A beat was answered: whatever left before it has arrived by then, or was thrown away. */
  #hear(beat: number): void {
    this.#answered = { beat, at: performance.now() };
    const lost = this.#window.misses(this.#before.get(beat) ?? null);
    for (const older of this.#before.keys()) if (older <= beat) this.#before.delete(older);
    if (lost) this.resend();
  }

  /** Null: it is better compressed. */
  #encodeSmall(events: readonly PageEvent[]): Uint8Array<ArrayBuffer> | null {
    let text = '';
    for (const event of events) {
      text += (text === '' ? '[' : ',') + JSON.stringify(compact(event));
      if (text.length >= COMPRESS_FROM) return null;
    }
    const payload = this.#encoder.encode(`${text}]`);
    return payload.byteLength < COMPRESS_FROM ? payload : null;
  }

  /** Written event by event with turns for the page in between: a whole page is many events. */
  async #write(events: readonly PageEvent[]): Promise<Written> {
    const { events: referring, brings } = await this.#sheets.refer(events);
    const parts = [];
    let began = performance.now();
    for (const event of referring) {
      if (performance.now() - began > WRITE_SLICE) {
        await nextTask();
        began = performance.now();
      }
      parts.push(this.#encoder.encode((parts.length === 0 ? '[' : ',') + JSON.stringify(compact(event))));
    }
    parts.push(this.#encoder.encode(']'));
    return { brings, parts };
  }

  #sendUncounted(kind: 'cursor' | 'beat', value: CursorPlace | Beat): void {
    const header = { kind, encoding: 'json', channel: 0, epoch: this.epoch, seq: 0 } as const;
    this.#handlers.send(encodeCobrowseFrame(header, this.#encoder.encode(JSON.stringify(value))));
  }

  /** A page that changes at every turn of its event loop has to wait a moment. */
  get #paused(): boolean {
    const pause = this.#window.pause;
    if (pause > 0 && !this.#closed) {
      this.#pause ??= setTimeout(() => {
        this.#pause = undefined;
        this.#tellRoom();
      }, pause);
    }
    return pause > 0;
  }

  #tellRoom(): void {
    if (!this.#closed && !this.full) this.#handlers.onRoom();
  }

  #pack(kind: Kind, events: readonly PageEvent[], since: number): void {
    this.#packing += 1;
    if (kind === 'snapshot') this.#snapshots += 1;
    this.#queue = this.#packAfter(this.#queue, kind, events, since);
  }

  async #packAfter(before: Promise<void>, kind: Kind, events: readonly PageEvent[], since: number): Promise<void> {
    await before;
    try {
      // What is written was taken from the page just now. For a whole page somebody waits.
      if (kind === 'events') await nextTask();
      if (this.#closed) return;
      const { parts, brings } = await this.#write(events);
      const bytes = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
      if (bytes > COBROWSE_INFLATED_MAX) {
        this.#handlers.onTooLarge?.();
        return;
      }
      const packed = bytes < COMPRESS_FROM ? null : await deflate(parts);
      const payload = packed ?? new Uint8Array(await new Blob([...parts]).arrayBuffer());
      this.#add(kind, packed ? 'deflate-raw' : 'json', { payload, brings, since });
    } catch (error) {
      reportError(error);
    } finally {
      this.#packing -= 1;
      if (kind === 'snapshot') this.#snapshots -= 1;
      this.#tellRoom();
    }
  }

  #add(
    kind: Kind,
    encoding: CobrowseEncoding,
    { payload, brings, since }: Pick<Outgoing, 'payload' | 'brings' | 'since'>,
  ): void {
    if (this.#closed) return;
    if (payload.byteLength + COBROWSE_HEADER_BYTES > COBROWSE_FRAME_MAX) {
      this.#handlers.onTooLarge?.();
      return;
    }
    this.#seq += 1;
    this.#window.begin();
    if (kind === 'snapshot') {
      // Whatever came before it is void, also what the server has not understood and will never acknowledge.
      this.#unacknowledged = [];
      this.#window.clear();
    }
    this.#unacknowledged.push({ seq: this.#seq, kind, encoding, payload, left: 0, since, brings });
    this.#pump();
  }

  #pump(): void {
    if (this.#closed) return;
    for (const frame of this.#unacknowledged) {
      const { seq, kind, encoding, payload } = frame;
      const total = payload.byteLength;
      while (frame.left < total) {
        if (!this.#window.open) return;
        const from = frame.left;
        // A small frame is not worth two parts.
        const part = this.#window.partBytes;
        const end = total - from <= part * 1.5 ? total : from + part;
        const place = { channel: 0, epoch: this.epoch, seq, more: end < total, continued: from > 0 };
        const bytes = encodeCobrowseFrame({ kind, encoding, ...place }, payload.subarray(from, end));
        frame.left = end;
        this.#window.sent(seq, end, bytes.byteLength);
        this.#handlers.send(bytes);
        if (end === total) this.#handlers.onLeft?.({ epoch: this.epoch, seq, kind, encoding, payload });
      }
    }
  }
}

import {
  COBROWSE_HEADER_BYTES,
  readCobrowseHeader,
  stampChannel,
  type CobrowseHeader,
} from '../protocol/cobrowse-frame.ts';
import { CobrowseWatcher, type Frame } from './cobrowse-watcher.ts';
import { FrameParts } from './frame-parts.ts';
import { PictureAge } from './picture-age.ts';
import type { Socket } from './socket.ts';

const LOG_FRAMES = 2_000;
const LOG_BYTES = 1_000_000;
/** A log that outgrew its bounds this far is dropped: who comes then waits for the next snapshot. */
const LOG_BYTES_HARD = 4_000_000;
/** A console that has caught up is sent what it missed, if that is not more than this; else a snapshot. */
const MISSED_BYTES = 64_000;
/** A snapshot that was asked for may be asked for again after this time. */
const SNAPSHOT_ASK_MS = 2_000;
/** Epochs that are over: what still comes of them is dropped. */
const PAST_EPOCHS = 32;

export type CobrowseSource = {
  /** Tells the shopper's tab what is here: everything up to `seq`, and so much of the frame after it. */
  acknowledge: (epoch: number, seq: number, more?: { bytes?: number; beat?: number }) => void;
  askSnapshot: () => void;
  /** Tells a console how old its picture is. */
  tellAge: (socket: Socket, ms: number) => void;
  now: () => number;
};

/** Why a frame was dropped. */
export type Dropped = 'bad-frame' | 'old-epoch' | 'too-large';

/**
 * The co-browsing stream of one session: from the shopper's tab to the consoles that watch. Keeps the last snapshot and
 * what followed, bounded. Frames of an epoch are taken in order, once.
 */
export class CobrowseRelay {
  #channel: number;
  #source: CobrowseSource;
  #epoch: number | null = null;
  #past: number[] = [];
  #parts = new FrameParts();
  #log: Frame[] = [];
  #logBytes = 0;
  #lastSeq = 0;
  #askedAt: number | null = null;
  #age = new PictureAge();
  #watchers = new Map<string, CobrowseWatcher>();

  constructor(channel: number, source: CobrowseSource) {
    this.#channel = channel;
    this.#source = source;
  }

  /** Of the page that is shown; null before the first. */
  get epoch(): number | null {
    return this.#epoch;
  }

  /** A frame of the recording tab, or a part of one. Why it was dropped, or null. */
  receive(bytes: Uint8Array): Dropped | null {
    const header = readCobrowseHeader(bytes);
    if (!header || header.channel !== 0) return 'bad-frame';
    const { epoch } = header;
    if (this.#past.includes(epoch)) return 'old-epoch';
    if (header.kind === 'beat') return this.#beat(epoch, bytes);
    if (header.kind === 'cursor') {
      stampChannel(bytes, this.#channel);
      if (epoch === this.#epoch) this.#relayCursor(bytes);
      return null;
    }
    if (!this.#expects(header)) return null;
    const assembled = this.#parts.take(header, bytes);
    if (assembled === 'too-large') return assembled;
    if (assembled === 'none') this.#askSnapshot();
    else if ('bytes' in assembled) this.#acknowledge(epoch);
    else this.#take(header, assembled.frame);
    return null;
  }

  /** A console begins to watch, or comes back with what it has. */
  watch(socket: Socket, have?: { epoch: number; seq: number }): void {
    const watcher = new CobrowseWatcher(socket);
    this.#watchers.set(socket.id, watcher);
    const first = this.#log[0];
    if (!first) return this.#askSnapshot();
    const goesOn = have?.epoch === this.#epoch && have.seq >= first.seq && have.seq <= this.#lastSeq;
    this.#sendLog(watcher, goesOn ? have.seq : 0);
  }

  /** The console has applied everything of this epoch up to `seq`. */
  applied(socket: string, epoch: number, seq: number): void {
    const watcher = this.#watchers.get(socket);
    watcher?.applied(epoch, seq);
    if (watcher?.stalled && watcher.idle) this.#catchUp(watcher);
  }

  unwatch(socket: string): void {
    this.#watchers.delete(socket);
  }

  /** Another tab is looked at: what was on its way from the tab before is late and void. */
  leaveTab(): void {
    this.#parts.clear();
    this.#age = new PictureAge();
    this.#askedAt = null;
  }

  /** Whether the frame, or its next part, is the one that comes next. Repeated ones are acknowledged again. */
  #expects({ kind, epoch, seq }: CobrowseHeader): boolean {
    if (kind === 'snapshot' && (epoch !== this.#epoch || seq > this.#lastSeq)) return true;
    if (epoch !== this.#epoch) {
      this.#askSnapshot();
      return false;
    }
    if (seq <= this.#lastSeq) {
      this.#acknowledge(epoch);
      return false;
    }
    if (seq === this.#lastSeq + 1) return true;
    this.#askSnapshot();
    return false;
  }

  #take({ kind, epoch, seq }: CobrowseHeader, received: Uint8Array): void {
    // A copy: the log must not hold on to whatever came with it on the socket.
    const bytes = received.buffer.byteLength > 2 * received.byteLength ? new Uint8Array(received) : received;
    stampChannel(bytes, this.#channel);
    if (kind === 'snapshot') this.#begin(epoch);
    this.#lastSeq = seq;
    this.#acknowledge(epoch);
    if (kind === 'snapshot' || this.#log.length > 0) this.#keep({ seq, bytes });
    this.#relay(kind === 'snapshot', { seq, bytes });
  }

  #begin(epoch: number): void {
    if (this.#epoch !== null && epoch !== this.#epoch) this.#past.push(this.#epoch);
    if (this.#past.length > PAST_EPOCHS) this.#past.shift();
    this.#epoch = epoch;
    this.#log = [];
    this.#logBytes = 0;
    this.#askedAt = null;
  }

  #acknowledge(epoch: number, beat?: number): void {
    const lastSeq = epoch === this.#epoch ? this.#lastSeq : 0;
    const bytes = this.#parts.bytesOf(epoch);
    this.#source.acknowledge(epoch, lastSeq, { ...(bytes > 0 && { bytes }), ...(beat !== undefined && { beat }) });
  }

  #keep(frame: Frame): void {
    this.#log.push(frame);
    this.#logBytes += frame.bytes.byteLength;
    const followed = this.#logBytes - this.#snapshotBytes;
    if (this.#log.length > LOG_FRAMES || followed > LOG_BYTES) this.#askSnapshot();
    if (followed > LOG_BYTES_HARD || this.#log.length > 4 * LOG_FRAMES) {
      this.#log = [];
      this.#logBytes = 0;
    }
  }

  get #snapshotBytes(): number {
    return this.#log[0]?.bytes.byteLength ?? 0;
  }

  #relay(whole: boolean, frame: Frame): void {
    const now = this.#source.now();
    for (const watcher of this.#watchers.values()) {
      if (watcher.overrun(now, this.#snapshotBytes)) watcher.stall(now);
      // A console that has not even applied the last picture is not given another one to carry.
      if (whole && (!watcher.stalled || watcher.idle)) watcher.startAnew();
      if (!watcher.stalled && this.#epoch !== null) watcher.send(this.#epoch, frame, now);
    }
  }

  /** Never the backlog: what is little is sent, otherwise the page is asked for a new picture. */
  #catchUp(watcher: CobrowseWatcher): void {
    const from = watcher.sent?.epoch === this.#epoch ? watcher.sent.seq : 0;
    const missed = this.#log.filter(({ seq }) => seq > from);
    const small = missed.reduce((sum, { bytes }) => sum + bytes.byteLength, 0) <= MISSED_BYTES + this.#snapshotBytes;
    const unbroken = missed[0]?.seq === this.#log[0]?.seq || missed[0]?.seq === from + 1;
    if (!small || !unbroken) return this.#askSnapshot();
    watcher.startAnew();
    this.#sendLog(watcher, from);
  }

  #sendLog(watcher: CobrowseWatcher, after: number): void {
    const now = this.#source.now();
    if (this.#epoch === null) return;
    for (const frame of this.#log) if (frame.seq > after) watcher.send(this.#epoch, frame, now);
  }

  #beat(epoch: number, bytes: Uint8Array): Dropped | null {
    const now = this.#source.now();
    const beat = this.#age.take(bytes.subarray(COBROWSE_HEADER_BYTES), now);
    if (beat === null) return 'bad-frame';
    this.#acknowledge(epoch, beat);
    if (epoch !== this.#epoch) return null;
    for (const watcher of this.#watchers.values()) {
      this.#source.tellAge(watcher.socket, Math.round(this.#age.ms + watcher.behind(now)));
    }
    return null;
  }

  #relayCursor(frame: Uint8Array): void {
    for (const { socket, stalled } of this.#watchers.values()) {
      if (!stalled && socket.buffered() === 0) socket.sendBinary(frame);
    }
  }

  #askSnapshot(): void {
    const now = this.#source.now();
    if (this.#askedAt !== null && now - this.#askedAt < SNAPSHOT_ASK_MS) return;
    this.#askedAt = now;
    this.#source.askSnapshot();
  }
}

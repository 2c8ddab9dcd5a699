import { readCobrowseHeader, stampChannel, type CobrowseHeader } from '../protocol/cobrowse-frame.ts';
import type { Socket } from './socket.ts';

const LOG_FRAMES = 2_000;
const LOG_BYTES = 1_000_000;
/** A log that outgrew its bounds this far is dropped: who comes then waits for the next snapshot. */
const LOG_BYTES_HARD = 4_000_000;
/** A console that has more than this, beyond a snapshot, not yet applied is sent nothing until the next snapshot. */
const STALLED_BYTES = 2_000_000;
/** A snapshot that was asked for may be asked for again after this time. */
const SNAPSHOT_ASK_MS = 2_000;

type Frame = { seq: number; bytes: Uint8Array };
/** `unapplied`: what was sent and the console has not said it has applied. */
type Watcher = {
  socket: Socket;
  stalled: boolean;
  unapplied: { seq: number; bytes: number }[];
  unappliedBytes: number;
};

export type CobrowseSource = {
  /** Tells the shopper's tab that everything up to `seq` is here. */
  acknowledge: (epoch: number, seq: number) => void;
  askSnapshot: () => void;
  now: () => number;
};

/**
 * The co-browsing stream of one session: from the shopper's tab to the consoles that watch. Keeps the last snapshot and
 * what followed, bounded. Frames of an epoch are taken in order, once.
 */
export class CobrowseRelay {
  #channel: number;
  #source: CobrowseSource;
  #epoch: number | null = null;
  #log: Frame[] = [];
  #logBytes = 0;
  #lastSeq = 0;
  #askedAt: number | null = null;
  #watchers = new Map<string, Watcher>();

  constructor(channel: number, source: CobrowseSource) {
    this.#channel = channel;
    this.#source = source;
  }

  /** A frame of the recording tab. False: it is none of ours and was dropped. */
  receive(frame: Uint8Array): boolean {
    const header = readCobrowseHeader(frame);
    if (!header || header.channel !== 0) return false;
    stampChannel(frame, this.#channel);
    if (header.kind === 'cursor') {
      if (header.epoch === this.#epoch) this.#relayCursor(frame);
      return true;
    }
    if (this.#take(header, frame)) this.#relay(header, frame);
    return true;
  }

  /** A console begins to watch, or comes back with what it has. */
  watch(socket: Socket, have?: { epoch: number; seq: number }): void {
    const watcher: Watcher = { socket, stalled: false, unapplied: [], unappliedBytes: 0 };
    this.#watchers.set(socket.id, watcher);
    const first = this.#log[0];
    if (!first) return this.#askSnapshot();
    const goesOn = have?.epoch === this.#epoch && have.seq >= first.seq && have.seq <= this.#lastSeq;
    for (const frame of this.#log) if (!goesOn || frame.seq > have.seq) sendTo(watcher, frame);
  }

  /** The console has applied everything of this epoch up to `seq`. */
  applied(socket: string, epoch: number, seq: number): void {
    const watcher = this.#watchers.get(socket);
    if (!watcher || epoch !== this.#epoch) return;
    while (watcher.unapplied[0] && watcher.unapplied[0].seq <= seq) {
      watcher.unappliedBytes -= watcher.unapplied.shift()?.bytes ?? 0;
    }
    if (watcher.stalled && watcher.unapplied.length === 0) this.#askSnapshot();
  }

  unwatch(socket: string): void {
    this.#watchers.delete(socket);
  }

  /** Whether the frame is the next one. Acknowledges it, and repeated ones again. */
  #take({ kind, epoch, seq }: CobrowseHeader, bytes: Uint8Array): boolean {
    if (kind === 'snapshot' && (epoch !== this.#epoch || seq > this.#lastSeq)) {
      this.#epoch = epoch;
      this.#log = [];
      this.#logBytes = 0;
      this.#askedAt = null;
    } else if (epoch !== this.#epoch) {
      this.#askSnapshot();
      return false;
    } else if (seq <= this.#lastSeq) {
      this.#source.acknowledge(epoch, this.#lastSeq);
      return false;
    } else if (seq !== this.#lastSeq + 1) {
      this.#askSnapshot();
      return false;
    }
    this.#lastSeq = seq;
    this.#source.acknowledge(epoch, seq);
    if (kind === 'snapshot' || this.#log.length > 0) this.#keep({ seq, bytes });
    return true;
  }

  #keep(frame: Frame): void {
    this.#log.push(frame);
    this.#logBytes += frame.bytes.byteLength;
    const snapshotBytes = this.#log[0]?.bytes.byteLength ?? 0;
    const followed = this.#logBytes - snapshotBytes;
    if (this.#log.length > LOG_FRAMES || followed > LOG_BYTES) this.#askSnapshot();
    if (followed > LOG_BYTES_HARD || this.#log.length > 4 * LOG_FRAMES) {
      this.#log = [];
      this.#logBytes = 0;
    }
  }

  #relay({ kind, seq }: CobrowseHeader, bytes: Uint8Array): void {
    for (const watcher of this.#watchers.values()) {
      if (kind === 'snapshot') startAnew(watcher);
      else if (watcher.unappliedBytes > STALLED_BYTES + (this.#log[0]?.bytes.byteLength ?? 0)) watcher.stalled = true;
      if (!watcher.stalled) sendTo(watcher, { seq, bytes });
    }
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

function startAnew(watcher: Watcher): void {
  // A console that has not even applied the last picture is not given another one to carry.
  if (watcher.unappliedBytes > STALLED_BYTES) watcher.stalled = true;
  if (watcher.stalled && watcher.unapplied.length > 0) return;
  watcher.stalled = false;
  watcher.unapplied = [];
  watcher.unappliedBytes = 0;
}

function sendTo(watcher: Watcher, { seq, bytes }: Frame): void {
  watcher.unapplied.push({ seq, bytes: bytes.byteLength });
  watcher.unappliedBytes += bytes.byteLength;
  watcher.socket.sendBinary(bytes);
}

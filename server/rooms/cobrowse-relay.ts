import {
  COBROWSE_HEADER_BYTES,
  readCobrowseHeader,
  stampChannel,
  type CobrowseHeader,
} from '../protocol/cobrowse-frame.ts';
import { isCursor } from '../protocol/cobrowse-read/read-events.ts';
import type { FrameCheck, FrameContent } from '../frames/frame-check.ts';
import { CobrowseWatcher, type Frame } from './cobrowse-watcher.ts';
import { FrameIntake, type Refused } from './frame-intake.ts';
import { PictureAge } from './picture-age.ts';
import { SheetStore } from './sheet-store.ts';
import type { Socket } from './socket.ts';
import { Strikes } from './strikes.ts';

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
const CURSOR_BYTES = 400;
/** Frames of a tab that cannot be read, in so much time, before co-browsing ends. */
const UNREADABLE = { count: 5, within: 60_000 };
/** Pictures that refer to stylesheets which are not here: a restart, a full store. A tab that goes on is no better. */
const UNKNOWN_SHEETS = { count: 10, within: 60_000 };

/** `anew`: what the tab has sent since its last acknowledged frame is void · `forget`: stylesheets that are not here. */
export type SnapshotWish = { anew: boolean; forget: 'all' | readonly string[] };

export type CobrowseSource = {
  /** Tells the shopper's tab what is here: everything up to `seq`, and so much of the frame after it. */
  acknowledge: (epoch: number, seq: number, more?: { bytes?: number; beat?: number }) => void;
  askSnapshot: (wish: SnapshotWish) => void;
  /** A frame could not be read, which was found only when whoever brought it had gone on. */
  refuse: (reason: Refused) => void;
  /** The tab goes on sending what cannot be read. */
  giveUp: () => void;
  /** Tells a console how old its picture is. */
  tellAge: (socket: Socket, ms: number) => void;
  now: () => number;
};

/** Why a frame was dropped. */
export type Dropped = Refused | 'old-epoch';

/**
 * The co-browsing stream of one session: from the shopper's tab to the consoles that watch. Keeps the last snapshot and
 * what followed, bounded. Frames of an epoch are taken in order, once.
 */
export class CobrowseRelay {
  #channel: number;
  #source: CobrowseSource;
  #epoch: number | null = null;
  #past: number[] = [];
  #intake: FrameIntake;
  #sheets: SheetStore;
  #unreadable = new Strikes(UNREADABLE);
  #unknownSheets = new Strikes(UNKNOWN_SHEETS);
  #log: Frame[] = [];
  #logBytes = 0;
  #lastSeq = 0;
  #askedAt: number | null = null;
  #age = new PictureAge();
  #closed = false;
  #watchers = new Map<string, CobrowseWatcher>();

  constructor(channel: number, source: CobrowseSource, check: FrameCheck) {
    this.#channel = channel;
    this.#source = source;
    this.#sheets = new SheetStore(channel);
    check.prepare();
    this.#intake = new FrameIntake(check, {
      accept: (header, frame, content) => this.#accept(header, frame, content),
      refuse: (reason, late) => this.#refuse(reason, late),
      gap: () => this.#askSnapshot(),
      acknowledge: (epoch) => this.#acknowledge(epoch),
      accepted: () => ({ epoch: this.#epoch, seq: this.#lastSeq }),
    });
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
    switch (header.kind) {
      case 'beat':
        return this.#beat(epoch, bytes);
      case 'cursor':
        if (!isCursorFrame(header, bytes)) return 'bad-frame';
        stampChannel(bytes, this.#channel);
        if (epoch === this.#epoch) this.#relayCursor(bytes);
        return null;
      case 'sheets':
        return 'bad-frame';
      default:
        return this.#intake.receive(header, bytes);
    }
  }

  /** A console begins to watch, or comes back with what it has. */
  watch(socket: Socket, have?: { epoch: number; seq: number }): void {
    const watcher = new CobrowseWatcher(socket, (hash) => this.#sheets.use(hash));
    this.#watchers.set(socket.id, watcher);
    const first = this.#log[0];
    if (!first) return this.#askSnapshot();
    const lost = this.#log.flatMap(({ uses }) => uses.filter((hash) => !this.#sheets.has(hash)));
    if (lost.length > 0) return this.#askSnapshot({ forget: lost });
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
    this.#intake.clear();
    this.#age = new PictureAge();
    this.#askedAt = null;
  }

  /** Nothing of it is asked for or given any more. */
  close(): void {
    this.#watchers.clear();
    this.#closed = true;
    this.#intake.clear();
  }

  #accept(header: CobrowseHeader, frame: Uint8Array, { brings, uses }: FrameContent): boolean {
    if (this.#closed || this.#past.includes(header.epoch)) return false;
    const unknown = uses.filter((hash) => !this.#sheets.has(hash));
    if (unknown.length > 0) {
      if (this.#unknownSheets.add(this.#source.now())) this.#giveUp();
      else this.#askSnapshot({ anew: true, forget: unknown });
      return false;
    }
    this.#sheets.keep(brings);
    this.#take(header, { seq: header.seq, bytes: frame, uses, brings: brings.map(({ hash }) => hash) });
    return true;
  }

  #refuse(reason: Refused, late: boolean): void {
    if (this.#closed) return;
    if (late) this.#source.refuse(reason);
    if (this.#unreadable.add(this.#source.now())) this.#giveUp();
    else this.#askSnapshot({ anew: true });
  }

  #giveUp(): void {
    this.close();
    this.#source.giveUp();
  }

  #take({ kind, epoch }: CobrowseHeader, frame: Frame): void {
    const { seq, bytes } = frame;
    stampChannel(bytes, this.#channel);
    if (kind === 'snapshot') this.#begin(epoch);
    this.#lastSeq = seq;
    this.#acknowledge(epoch);
    if (kind === 'snapshot' || this.#log.length > 0) this.#keep(frame);
    this.#relay(kind === 'snapshot', frame);
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
    const bytes = this.#intake.bytesOf(epoch);
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
    // The answer says that what came before it is here: what is still being read is answered first.
    this.#intake.afterwards(() => this.#acknowledge(epoch, beat));
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

  #askSnapshot({ anew = false, forget = [] }: Partial<SnapshotWish> = {}): void {
    if (this.#closed) return;
    const now = this.#source.now();
    if (!anew && this.#askedAt !== null && now - this.#askedAt < SNAPSHOT_ASK_MS) return;
    this.#askedAt = now;
    // After a restart nothing is left of what the tab takes for known.
    this.#source.askSnapshot({ anew, forget: this.#sheets.empty ? 'all' : forget });
  }
}

function isCursorFrame({ encoding }: CobrowseHeader, bytes: Uint8Array): boolean {
  if (encoding !== 'json' || bytes.byteLength > CURSOR_BYTES) return false;
  try {
    return isCursor(JSON.parse(new TextDecoder().decode(bytes.subarray(COBROWSE_HEADER_BYTES))));
  } catch {
    return false;
  }
}

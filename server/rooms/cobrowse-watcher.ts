import type { Socket } from './socket.ts';

/** A console that has more than this, beyond a snapshot, not yet applied is sent nothing until it has caught up. */
const STALLED_BYTES = 2_000_000;
const STALLED_FRAMES = 2_000;
/** So much that it has not applied for so long is a backlog too. */
const LATE_BYTES = 128_000;
const LATE_MS = 2_000;
/** What waits in this process for the network, whatever the console says that it has applied. */
const BUFFERED_BYTES = 4_000_000;

/** `uses`, `brings`: hashes of stylesheets that it refers to, and whose text it has. */
export type Frame = { seq: number; bytes: Uint8Array; uses: readonly string[]; brings: readonly string[] };

/** One console that looks at a page: what it was sent and has not applied yet. Times in milliseconds. */
export class CobrowseWatcher {
  readonly socket: Socket;
  /** It cannot keep up: nothing is sent until it has applied what it has. */
  stalled = false;
  /** The last frame that it was sent. */
  sent: { epoch: number; seq: number } | null = null;
  #unapplied: { seq: number; bytes: number; at: number }[] = [];
  #bytes = 0;
  #stalledAt = 0;
  /** Stylesheets that it was given. */
  readonly #sheets = new Set<string>();
  readonly #sheet: (hash: string) => Uint8Array | null;

  /** `sheet`: the frame that brings a stylesheet. */
  constructor(socket: Socket, sheet: (hash: string) => Uint8Array | null) {
    this.socket = socket;
    this.#sheet = sheet;
  }

  get idle(): boolean {
    return this.#unapplied.length === 0;
  }

  /** How long the oldest thing that it has not applied is on its way, or has been held back. */
  behind(now: number): number {
    const since = Math.min(this.stalled ? this.#stalledAt : now, this.#unapplied[0]?.at ?? now);
    return Math.max(0, now - since);
  }

  /** `allowance`: what it may have in hand beyond the usual, because it was sent a whole page. */
  overrun(now: number, allowance: number): boolean {
    const late = this.#bytes > LATE_BYTES + allowance && now - (this.#unapplied[0]?.at ?? now) > LATE_MS;
    const much = this.#bytes > STALLED_BYTES + allowance || this.#unapplied.length > STALLED_FRAMES;
    return late || much || this.socket.buffered() > BUFFERED_BYTES;
  }

  stall(now: number): void {
    if (!this.stalled) this.#stalledAt = now;
    this.stalled = true;
  }

  send(epoch: number, frame: Frame, now: number): void {
    for (const hash of frame.uses) this.#giveSheet(hash);
    for (const hash of frame.brings) this.#sheets.add(hash);
    const bytes = frame.bytes.byteLength;
    this.#unapplied.push({ seq: frame.seq, bytes, at: now });
    this.#bytes += bytes;
    this.sent = { epoch, seq: frame.seq };
    this.socket.sendBinary(frame.bytes);
  }

  applied(epoch: number, seq: number): void {
    if (epoch !== this.sent?.epoch) return;
    while (this.#unapplied[0] && this.#unapplied[0].seq <= seq) this.#bytes -= this.#unapplied.shift()?.bytes ?? 0;
  }

  /** A whole page follows: what was not applied before it is void. */
  startAnew(): void {
    this.stalled = false;
    this.#unapplied = [];
    this.#bytes = 0;
  }

  #giveSheet(hash: string): void {
    const sheet = this.#sheets.has(hash) ? null : this.#sheet(hash);
    if (!sheet) return;
    this.#sheets.add(hash);
    this.socket.sendBinary(sheet);
  }
}

/** So much may be on its way at first: a second at 256 kbit/s. */
const FIRST_BYTES = 32 * 1024;
const LEAST_BYTES = 8 * 1024;
const MOST_BYTES = 1024 * 1024;
/** What waits somewhere on the way for longer than this beyond the shortest time seen is too much. */
const QUEUE_MS = 200;
/** The shortest time is measured anew after this long, with little on the way: the network may have changed. */
const BASE_FOR_MS = 20_000;
/** Frames in a second, on average and at once: the server's limits are far above. */
const FRAMES_PER_SECOND = 200;
const FRAMES_AT_ONCE = 300;

type Part = { seq: number; end: number; bytes: number; at: number };

/**
 * How much may be on its way without an acknowledgement. It grows while acknowledgements come without delay and shrinks
 * as soon as something queues up, so that a slow uplink carries little of ours at a time and the chat beside it never
 * waits long (as LEDBAT does, RFC 6817). Times are those of `now`, in milliseconds.
 */
export class SendWindow {
  readonly #now: () => number;
  #size = FIRST_BYTES;
  #parts: Part[] = [];
  #bytes = 0;
  #base = Infinity;
  #baseAt: number;
  #shrunkAt = -Infinity;
  #drainUntil = -Infinity;
  #tokens = FRAMES_AT_ONCE;
  #tokensAt: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#tokensAt = this.#baseAt = now();
  }

  get open(): boolean {
    return this.#bytes < this.#size;
  }

  /** Bytes of a part: small while little may be on its way. */
  get partBytes(): number {
    return Math.min(Math.max(Math.floor(this.#size / 8), 2 * 1024), 60 * 1024);
  }

  /** Milliseconds until another frame may begin; 0 now. */
  get pause(): number {
    this.#refill();
    return this.#tokens >= 1 ? 0 : ((1 - this.#tokens) * 1_000) / FRAMES_PER_SECOND;
  }

  begin(): void {
    this.#refill();
    this.#tokens -= 1;
  }

  /** `end`: bytes of the frame that have left with this part. */
  sent(seq: number, end: number, bytes: number): void {
    this.#parts.push({ seq, end, bytes, at: this.#now() });
    this.#bytes += bytes;
  }

  /** The server has everything up to `seq` and so many bytes of the frame after it. Whether that was news. */
  acknowledge(seq: number, bytes: number): boolean {
    const arrived = (part: Part) => part.seq <= seq || (part.seq === seq + 1 && part.end <= bytes);
    let last: Part | undefined;
    let count = 0;
    for (let part = this.#parts[0]; part && arrived(part); part = this.#parts[0]) {
      last = this.#parts.shift();
      count += part.bytes;
    }
    if (!last) return false;
    this.#learn(this.#now() - last.at, count);
    this.#bytes -= count;
    return true;
  }

  /** The last part that is on its way. */
  get newest(): object | null {
    return this.#parts.at(-1) ?? null;
  }

  /** Whether a part is not acknowledged yet. */
  misses(part: object | null): boolean {
    return this.#parts.some((other) => other === part);
  }

  /** What was on its way is lost. */
  clear(): void {
    this.#parts = [];
    this.#bytes = 0;
  }

  #learn(took: number, bytes: number): void {
    const now = this.#now();
    if (now - this.#baseAt > BASE_FOR_MS) {
      this.#base = took;
      this.#baseAt = now;
      // Until what is queued has drained, nothing that is measured says how short it can be.
      this.#drainUntil = now + took;
      if (this.#size < FIRST_BYTES * 2) this.#size = LEAST_BYTES;
    } else if (took <= this.#base) {
      this.#base = took;
      this.#baseAt = now;
    }
    if (now < this.#drainUntil) return;
    if (took > this.#base + QUEUE_MS) {
      if (now - this.#shrunkAt < took) return;
      this.#shrunkAt = now;
      this.#size = Math.max(LEAST_BYTES, this.#size * 0.8);
    } else if (this.#bytes * 2 > this.#size) {
      // It was in use: otherwise nothing says that more would fit.
      this.#size = Math.min(MOST_BYTES, this.#size + bytes);
    }
  }

  #refill(): void {
    const now = this.#now();
    this.#tokens = Math.min(FRAMES_AT_ONCE, this.#tokens + ((now - this.#tokensAt) * FRAMES_PER_SECOND) / 1_000);
    this.#tokensAt = now;
  }
}

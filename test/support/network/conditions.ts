/** What a network does to what passes. Both ways alike. */
export type Conditions = {
  /** The part of the datagrams that never arrive, 0 to 1. A stream loses nothing. */
  loss: number;
  /** Milliseconds each way. */
  delayMs: number;
  /** Kilobits a second each way; null: as much as there is. */
  kbits: number | null;
  /** Nothing passes; connections are not told. */
  cut: boolean;
  /** Whether datagrams, and streams, pass at all. */
  udp: boolean;
  tcp: boolean;
  /** Only these addresses may come in; null: any. */
  from: readonly string[] | null;
};

export const FINE: Conditions = { loss: 0, delayMs: 0, kbits: null, cut: false, udp: true, tcp: true, from: null };

/** As much as a cheap router keeps; what comes after it is dropped. */
const LONGEST_QUEUE_MS = 400;

/** One direction of a line of limited width, as a queue in front of it. Times in milliseconds. */
export class Line {
  #freeAt = 0;

  /** When `bytes` that come in at `now` have passed; null: the queue is full. */
  passes(bytes: number, now: number, { kbits, delayMs }: Conditions, bounded: boolean): number | null {
    if (kbits === null) return now + delayMs;
    const begins = Math.max(now, this.#freeAt);
    if (bounded && begins - now > LONGEST_QUEUE_MS) return null;
    this.#freeAt = begins + (8 * bytes) / kbits;
    return this.#freeAt + delayMs;
  }
}

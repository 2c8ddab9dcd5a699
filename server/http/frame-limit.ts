const FRAMES_PER_SECOND = 200;
const BURST = 600;

/** A token bucket for the frames of one socket. `now` in milliseconds. */
export class FrameLimit {
  #tokens = BURST;
  #at: number;

  constructor(now: number) {
    this.#at = now;
  }

  /** Whether one more frame is within the limit. */
  take(now: number): boolean {
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#at) / 1000) * FRAMES_PER_SECOND);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

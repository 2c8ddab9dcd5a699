/** Per second, and at once after a quiet time. */
export type Limits = { frames: number; framesBurst: number; bytes: number; bytesBurst: number };

/** What people and their clicks need, many times over. */
export const JSON_LIMITS: Limits = { frames: 200, framesBurst: 600, bytes: 256 * 1024, bytesBurst: 4 * 1024 * 1024 };
/** A page that changes at every turn of its event loop. */
export const BINARY_LIMITS: Limits = {
  frames: 1_000,
  framesBurst: 3_000,
  bytes: 4 * 1024 * 1024,
  bytesBurst: 24 * 1024 * 1024,
};

/** Token buckets for the frames and the bytes of one socket. Times in milliseconds. */
export class FrameLimit {
  #limits: Limits;
  #frames: number;
  #bytes: number;
  #at: number;

  constructor(limits: Limits, now: number) {
    this.#limits = limits;
    this.#frames = limits.framesBurst;
    this.#bytes = limits.bytesBurst;
    this.#at = now;
  }

  /** Whether one more frame of so many bytes is within the limits. */
  take(now: number, size: number): boolean {
    const { frames, framesBurst, bytes, bytesBurst } = this.#limits;
    const seconds = Math.max(0, now - this.#at) / 1000;
    this.#at = now;
    this.#frames = Math.min(framesBurst, this.#frames + seconds * frames);
    this.#bytes = Math.min(bytesBurst, this.#bytes + seconds * bytes);
    if (this.#frames < 1 || this.#bytes < size) return false;
    this.#frames -= 1;
    this.#bytes -= size;
    return true;
  }
}

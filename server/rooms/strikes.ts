/** Counts what may happen now and then, and not again and again. */
export class Strikes {
  readonly #count: number;
  readonly #within: number;
  #at: number[] = [];

  /** `within`: milliseconds. */
  constructor({ count, within }: { count: number; within: number }) {
    this.#count = count;
    this.#within = within;
  }

  /** Whether it has happened too often with this time. */
  add(now: number): boolean {
    this.#at = [...this.#at.filter((at) => now - at < this.#within), now];
    return this.#at.length >= this.#count;
  }
}

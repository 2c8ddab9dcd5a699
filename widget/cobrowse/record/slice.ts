/** A stretch of work that ends before the page feels it. */
export class Slice {
  readonly #end: number;
  #steps = 0;
  #spent = false;

  constructor(milliseconds: number) {
    this.#end = performance.now() + milliseconds;
  }

  /** Whether the time is over; asked at each small step of the work. */
  get spent(): boolean {
    // The clock is looked at now and then: it costs as much as a small step.
    if (!this.#spent && (this.#steps += 1) % 8 === 0) this.#spent = performance.now() >= this.#end;
    return this.#spent;
  }
}

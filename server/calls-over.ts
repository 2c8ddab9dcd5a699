/** Waits until nobody is in a call any more. */
export class CallsOver {
  /** Until when it waits at most, in milliseconds since the epoch. */
  readonly until: number;
  readonly #calls: () => { ringing: number; active: number };
  readonly #over = Promise.withResolvers<void>();

  constructor(calls: () => { ringing: number; active: number }, until: number) {
    this.#calls = calls;
    this.until = until;
  }

  /** Something has changed: is it over? */
  check(): void {
    const { ringing, active } = this.#calls();
    if (ringing + active === 0) this.#over.resolve();
  }

  /** Resolves when it is over, after `most` milliseconds, or when `hurry` aborts. */
  async wait(most: number, hurry: AbortSignal): Promise<void> {
    const timer = setTimeout(this.#over.resolve, most);
    hurry.addEventListener('abort', () => this.#over.resolve(), { once: true });
    if (hurry.aborted) this.#over.resolve();
    this.check();
    await this.#over.promise;
    clearTimeout(timer);
  }
}

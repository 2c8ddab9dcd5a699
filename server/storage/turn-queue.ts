/** One piece of work after the other. Work that rejects is its own affair. */
export class TurnQueue {
  #last: Promise<void> = Promise.resolve();

  add(work: () => Promise<void>): void {
    this.#last = this.#last.then(work).catch(() => {});
  }

  /** Resolves when everything is done, also what was added meanwhile. */
  async idle(): Promise<void> {
    for (let last: Promise<void> | null = null; last !== this.#last;) {
      last = this.#last;
      await last;
    }
  }
}

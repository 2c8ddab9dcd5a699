/** Named timers of one owner; setting a name again replaces it. */
export class Timers<Name extends string> {
  #running = new Map<Name, ReturnType<typeof setTimeout>>();

  /** `delay` in milliseconds. */
  set(name: Name, delay: number, fire: () => void): void {
    this.clear(name);
    const run = (): void => {
      this.#running.delete(name);
      fire();
    };
    this.#running.set(name, setTimeout(run, Math.max(0, delay)).unref());
  }

  has(name: Name): boolean {
    return this.#running.has(name);
  }

  clear(name: Name): void {
    clearTimeout(this.#running.get(name));
    this.#running.delete(name);
  }

  close(): void {
    for (const timer of this.#running.values()) clearTimeout(timer);
    this.#running.clear();
  }
}

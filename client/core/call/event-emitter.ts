/**
 * Stands in for npm's `events` inside mediasoup-client, which uses no more of it than this: 2 kB less on the way to a call.
 * Listeners are called in their order; one that is taken away while an event is on its way may still hear it.
 */
export class EventEmitter {
  #listeners = new Map<string, ((...args: unknown[]) => void)[]>();

  setMaxListeners(): this {
    return this;
  }

  emit(name: string, ...args: unknown[]): boolean {
    const listeners = this.#listeners.get(name) ?? [];
    for (const listener of listeners) listener.apply(this, args);
    return listeners.length > 0;
  }

  on(name: string, listener: (...args: unknown[]) => void): this {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
    return this;
  }

  once(name: string, listener: (...args: unknown[]) => void): this {
    return this.on(name, this.#onlyOnce(name, listener));
  }

  off(name: string, listener: (...args: unknown[]) => void): this {
    const kept = this.listeners(name).filter((other) => other !== listener && original.get(other) !== listener);
    this.#listeners.set(name, kept);
    return this;
  }

  removeAllListeners(name?: string): this {
    if (name === undefined) this.#listeners.clear();
    else this.#listeners.delete(name);
    return this;
  }

  listeners(name: string): ((...args: unknown[]) => void)[] {
    return this.#listeners.get(name) ?? [];
  }

  listenerCount(name: string): number {
    return this.listeners(name).length;
  }

  #onlyOnce(name: string, listener: (...args: unknown[]) => void): (...args: unknown[]) => void {
    const wrapped = (...args: unknown[]): void => {
      this.off(name, wrapped);
      listener.apply(this, args);
    };
    original.set(wrapped, listener);
    return wrapped;
  }
}

/** What was given to `once`, by what is called in its place. */
const original = new WeakMap<object, unknown>();

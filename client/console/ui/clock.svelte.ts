import { createSubscriber } from 'svelte/reactivity';

/** The time as something to depend on: reading it keeps the reader fresh, and the timer runs only while somebody reads. */
export class Clock {
  #subscribe: () => void;

  constructor(everyMs: number) {
    this.#subscribe = createSubscriber((update) => {
      const timer = setInterval(update, everyMs);
      return () => clearInterval(timer);
    });
  }

  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}

export const everySecond = new Clock(1_000);
export const everyFewSeconds = new Clock(5_000);

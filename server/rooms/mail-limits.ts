const HOUR_MS = 3_600_000;
const KEYS_MAX = 10_000;

/** How many mails somebody may cause in an hour, by a key of whoever it is about. */
export class MailLimits {
  #now: () => number;
  #times = new Map<string, number[]>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts it where it may be. */
  take(key: string, max: number): boolean {
    const now = this.#now();
    const lately = (this.#times.get(key) ?? []).filter((at) => now - at < HOUR_MS);
    const may = lately.length < max;
    if (may) lately.push(now);
    // The newest key is the last one; of too many the oldest goes.
    this.#times.delete(key);
    this.#times.set(key, lately);
    const [oldest] = this.#times.keys();
    if (this.#times.size > KEYS_MAX && oldest !== undefined) this.#times.delete(oldest);
    return may;
  }
}

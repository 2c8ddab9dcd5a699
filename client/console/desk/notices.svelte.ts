export type Notice = { id: number; text: string };

const STAYS_MS = 7_000;

/** Sentences that come and go by themselves. The same one does not stand there twice. */
export class Notices {
  all = $state.raw<readonly Notice[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  say(text: string): void {
    const same = this.all.find((notice) => notice.text === text);
    if (same) this.dismiss(same.id);
    const id = this.#next++;
    this.all = [...this.all, { id, text }].slice(-3);
    this.resume(id);
  }

  dismiss(id: number): void {
    this.hold(id);
    this.#timers.delete(id);
    this.all = this.all.filter((notice) => notice.id !== id);
  }

  /** While it is being read (pointer or focus on it) it stays. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
  }

  resume(id: number): void {
    this.hold(id);
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), STAYS_MS),
    );
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }
}

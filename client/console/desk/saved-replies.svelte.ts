import type { ReplySetting, Settings } from '../../../server/protocol/settings.ts';

const FRESH_MS = 60_000;

/** What agents of the shop say often; read when the first of them is wanted, and again now and then. */
export class SavedReplies {
  all = $state.raw<readonly ReplySetting[]>([]);
  #readAt = -Infinity;

  /** Somebody is about to look for one. */
  wanted(): void {
    if (performance.now() - this.#readAt < FRESH_MS) return;
    this.#readAt = performance.now();
    void this.#read();
  }

  async #read(): Promise<void> {
    try {
      const response = await fetch('/api/settings');
      if (!response.ok) return;
      const { values } = (await response.json()) as { values: Settings };
      this.all = values.replies;
    } catch {
      // Without them a slash is a slash; the next one asks again.
      this.#readAt = -Infinity;
    }
  }
}

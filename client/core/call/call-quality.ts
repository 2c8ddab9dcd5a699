import type { Quality } from '../../../server/protocol/media.ts';
import type { CallWatch, CallWatchOptions } from './call-watch.ts';
import type { CallNumbers, RemoteParty } from './session.ts';

const GOOD: Quality = { level: 'good', reason: null };

/** How the call goes. The part that looks is loaded when it goes live: nothing of it is needed to talk. */
export class CallQuality {
  readonly #options: CallWatchOptions;
  #watch: CallWatch | null = null;
  #started = false;
  #closed = false;

  constructor(options: CallWatchOptions) {
    this.#options = options;
  }

  /** The yes was said now. */
  async start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    const startedAt = performance.now();
    try {
      const part = await import('./call-watch.ts');
      if (!this.#closed) this.#watch = new part.CallWatch(startedAt, this.#options);
    } catch (error) {
      console.warn('How the call goes cannot be shown', error);
    }
  }

  get own(): Quality {
    return this.#watch?.own ?? GOOD;
  }

  get numbers(): CallNumbers | null {
    return this.#watch?.numbers ?? null;
  }

  party(participant: string): RemoteParty['quality'] {
    return this.#watch?.party(participant) ?? { ...GOOD, side: 'their' };
  }

  close(): void {
    this.#closed = true;
    this.#watch?.close();
  }
}

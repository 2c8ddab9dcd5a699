import type { types } from 'mediasoup-client';
import type { MediaLink } from './media-link.ts';
import { repairConnection } from './repair-connection.ts';

/** Between two restarts of a connection that the browser does not yet give up. */
const HURRY_PAUSE_MS = 3_000;
/** Without the socket nothing can be repaired; the browser's own attempts go on meanwhile. */
const RETRY_MS = 2_000;

export type LinkCareOptions = {
  /** A connection's state has changed. */
  changed: () => void;
  /** It has to be joined anew; with the refusal, if there was one. */
  over: (error?: unknown) => void;
};

/** Keeps both connections of a join alive, whatever becomes of the network under them. */
export class LinkCare {
  readonly #link: MediaLink;
  readonly #options: LinkCareOptions;
  readonly #repairing = new Set<types.Transport>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #hurriedAt = -Infinity;
  #networkType = networkInformation()?.type;
  #closed = false;

  constructor(link: MediaLink, options: LinkCareOptions) {
    this.#link = link;
    this.#options = options;
    for (const transport of this.#transports) {
      transport.on('connectionstatechange', (state) => {
        if (this.#closed) return;
        if (isInterrupted(state)) void this.#repair(transport);
        options.changed();
      });
    }
    window.addEventListener('online', this.#onOnline);
    networkInformation()?.addEventListener('change', this.#onChange);
  }

  /** Something can be asked of the server again. */
  check(): void {
    for (const transport of this.#transports)
      if (isInterrupted(transport.connectionState)) void this.#repair(transport);
  }

  /** Nothing arrives though something should, or the network has changed: does not wait for the browser to notice. */
  hurry(): void {
    const now = performance.now();
    if (this.#closed || now - this.#hurriedAt < HURRY_PAUSE_MS) return;
    this.#hurriedAt = now;
    for (const transport of this.#transports) if (transport.connectionState !== 'new') void this.#repair(transport);
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    window.removeEventListener('online', this.#onOnline);
    networkInformation()?.removeEventListener('change', this.#onChange);
  }

  get #transports(): types.Transport[] {
    return [this.#link.send, this.#link.receive];
  }

  readonly #onOnline = (): void => this.hurry();

  /** Fires for every new estimate of the speed as well. */
  readonly #onChange = (): void => {
    const type = networkInformation()?.type;
    const other = type !== this.#networkType;
    this.#networkType = type;
    if (other && type !== 'none') this.hurry();
  };

  async #repair(transport: types.Transport): Promise<void> {
    if (this.#closed || this.#repairing.has(transport)) return;
    this.#repairing.add(transport);
    try {
      const repaired = await repairConnection(transport, async () => await this.#link.restartIce(transport));
      if (!repaired && !this.#closed) this.#options.over();
    } catch (error) {
      if (this.#closed) return;
      if (reasonOf(error) !== 'not-connected') return this.#options.over();
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        if (isInterrupted(transport.connectionState)) void this.#repair(transport);
      }, RETRY_MS);
      this.#timers.add(timer);
    } finally {
      this.#repairing.delete(transport);
    }
  }
}

export function reasonOf(error: unknown): unknown {
  return error instanceof Error && 'reason' in error ? error.reason : undefined;
}

function isInterrupted(state: types.ConnectionState): boolean {
  return state === 'disconnected' || state === 'failed';
}

/** Where the browser says over what it is connected (phones). */
function networkInformation(): (EventTarget & { type?: unknown }) | undefined {
  return 'connection' in navigator && navigator.connection instanceof EventTarget ? navigator.connection : undefined;
}

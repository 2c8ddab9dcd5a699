import type { Quality } from '../../../server/protocol/media.ts';
import { FaceKeeper } from './face-share.ts';
import type { Received } from './incoming.ts';
import { sampleOf } from './link-stats.ts';
import type { MediaLink } from './media-link.ts';
import { assess, type Assessment } from './quality.ts';
import type { CallNumbers, RemoteParty } from './session.ts';

const SAMPLE_MS = 1_000;
/** As soon as a sample finds that nothing has arrived. */
const UNSURE_SAMPLE_MS = 400;
/** Until the first picture is there, so that its time is known. */
const FIRST_FRAME_SAMPLE_MS = 60;
const SILENT_MS = 1_500;

export type CallWatchOptions = {
  /** What there is to look at; null while nothing stands or nothing may flow yet. */
  look: () => { link: MediaLink; received: Received[]; sendsVideo: boolean } | null;
  /** What each party's browser says of its own connection. */
  told: () => Record<string, Quality>;
  changed: () => void;
  /** The own quality is another one. */
  tell: (own: Quality) => void;
  /** Nothing has arrived for a while though something should have. */
  silent: () => void;
};

/** Looks at the browser's statistics while a call is live: how it goes, and what it was like. */
export class CallWatch {
  readonly #options: CallWatchOptions;
  readonly #startedAt: number;
  readonly #face = new FaceKeeper();
  #assessment: Assessment | null = null;
  #link: MediaLink | null = null;
  #setUpMs: number | null = null;
  #firstFrameMs: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** `startedAt`: when the yes was said, in milliseconds of performance.now(). */
  constructor(startedAt: number, options: CallWatchOptions) {
    this.#startedAt = startedAt;
    this.#options = options;
    void this.#watchFirstFrame();
    void this.#run();
  }

  get own(): Quality {
    return this.#assessment?.own ?? { level: 'good', reason: null };
  }

  get numbers(): CallNumbers {
    const { packetLoss = 0, freezes = 0, freezeMs = 0, path = null } = this.#assessment?.totals ?? {};
    return { setUpMs: this.#setUpMs, firstFrameMs: this.#firstFrameMs, packetLoss, freezes, freezeMs, path };
  }

  party(participant: string): RemoteParty['quality'] | undefined {
    return this.#assessment?.parties[participant];
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    const unsure = await this.#sample().catch(() => false);
    const link = this.#options.look()?.link;
    if (link) await this.#face.look(link).catch(() => {});
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#run(), unsure ? UNSURE_SAMPLE_MS : SAMPLE_MS);
  }

  /** Whether the next one should come early. */
  async #sample(): Promise<boolean> {
    const { look, told, changed, tell, silent } = this.#options;
    const seen = look();
    if (!seen) return false;
    const sample = await sampleOf(seen.link, seen.received, performance.now(), seen.sendsVideo);
    if (this.#closed || look()?.link !== seen.link) return false;
    const before = this.#assessment;
    const { own: was } = this;
    // Another join counts from nothing.
    const next = assess(before, sample, told(), { anew: this.#link !== seen.link });
    this.#link = seen.link;
    this.#assessment = next;
    // The first word is said in any case: an earlier page of this tab may have left another one.
    if (!before || next.own.level !== was.level || next.own.reason !== was.reason) tell(next.own);
    if (shown(next) !== (before && shown(before))) changed();
    if (next.own.level === 'lost' && next.silentMs >= SILENT_MS) silent();
    return next.silentMs > 0;
  }

  async #watchFirstFrame(): Promise<void> {
    while (!this.#closed && this.#firstFrameMs === null) {
      const { link, received = [] } = this.#options.look() ?? {};
      const connected = [link?.send, link?.receive].some((transport) => transport?.connectionState === 'connected');
      if (connected) this.#setUpMs ??= Math.round(performance.now() - this.#startedAt);
      const pictures = received.filter(({ view, paused }) => view.kind === 'video' && !paused);
      if (pictures.some(({ consumer }) => isShown(consumer))) {
        this.#firstFrameMs = Math.round(performance.now() - this.#startedAt);
        this.#options.changed();
        return;
      }
      const busy = performance.now() - this.#startedAt < 10_000;
      await new Promise((resolve) => setTimeout(resolve, busy ? FIRST_FRAME_SAMPLE_MS : SAMPLE_MS));
    }
  }
}

/** A frame of it has come to its track. Not by the statistics: those of a whole connection cost as much as a frame, when there is least time. */
function isShown(consumer: Received['consumer']): boolean {
  return (consumer?.rtpReceiver?.getSynchronizationSources() ?? []).length > 0;
}

/** What people can see of it; the totals change with every packet. */
function shown({ own, parties, totals }: Assessment): string {
  return JSON.stringify([own, parties, totals.path]);
}

import type { types } from 'mediasoup';
import type { Speaking } from '../protocol/media.ts';

/** In dBov: a voice across a desk is louder, a fan is not. */
const LOUD_ENOUGH_DBOV = -55;
const LISTEN_EVERY_MS = 300;
/** A breath between two words is no silence. */
const HOLD_MS = 700;

type Voice = { member: string; producer: types.Producer };

/**
 * Who speaks in one call. The worker listens to the levels that browsers write into each packet; no sound is decoded.
 * `changed` is called only when there is something else to say than before.
 */
export class SpeakingObserver {
  readonly #levels: types.AudioLevelObserver;
  readonly #dominance: types.ActiveSpeakerObserver;
  readonly #changed: (speaking: Speaking) => void;
  readonly #voices = new Map<string, Voice>();
  /** Loudest first; the time until which each is still heard. */
  #heard: { producer: string; until: number }[] = [];
  #dominant: string | null = null;
  #holding: ReturnType<typeof setTimeout> | undefined;
  #told: Speaking = { participants: [], dominant: null };

  /** Rejects when the router is closed meanwhile. It ends with the router. */
  static async open(router: types.Router, changed: (speaking: Speaking) => void): Promise<SpeakingObserver> {
    const [levels, dominance] = await Promise.all([
      router.createAudioLevelObserver({ maxEntries: 8, threshold: LOUD_ENOUGH_DBOV, interval: LISTEN_EVERY_MS }),
      router.createActiveSpeakerObserver({ interval: LISTEN_EVERY_MS }),
    ]);
    return new SpeakingObserver(levels, dominance, changed);
  }

  private constructor(
    levels: types.AudioLevelObserver,
    dominance: types.ActiveSpeakerObserver,
    changed: (speaking: Speaking) => void,
  ) {
    this.#levels = levels;
    this.#dominance = dominance;
    this.#changed = changed;
    levels.on('volumes', (volumes) => this.#hear(volumes.map(({ producer }) => producer.id)));
    levels.on('silence', () => this.#tell());
    dominance.on('dominantspeaker', ({ producer }) => {
      this.#dominant = producer.id;
      this.#tell();
    });
    levels.observer.once('close', () => clearTimeout(this.#holding));
  }

  /** What was said last, for a member who comes later. */
  get now(): Speaking {
    return this.#told;
  }

  /** Rejects when the producer is gone meanwhile. */
  async add(member: string, producer: types.Producer): Promise<void> {
    this.#voices.set(producer.id, { member, producer });
    producer.observer.once('close', () => this.#forget(producer.id));
    await Promise.all([
      this.#levels.addProducer({ producerId: producer.id }),
      this.#dominance.addProducer({ producerId: producer.id }),
    ]);
  }

  /** The owner has switched the microphone off: that is not waited for. */
  muted(producer: string): void {
    this.#heard = this.#heard.filter((heard) => heard.producer !== producer);
    this.#tell();
  }

  #forget(producer: string): void {
    this.#voices.delete(producer);
    if (this.#dominant === producer) this.#dominant = null;
    if (!this.#levels.closed) this.muted(producer);
  }

  #hear(loudestFirst: string[]): void {
    const now = performance.now();
    const held = this.#heard.filter(({ producer, until }) => until > now && !loudestFirst.includes(producer));
    this.#heard = [...loudestFirst.map((producer) => ({ producer, until: now + HOLD_MS })), ...held];
    this.#tell();
  }

  #tell(): void {
    clearTimeout(this.#holding);
    const now = performance.now();
    this.#heard = this.#heard.filter(({ producer, until }) => until > now && this.#voices.has(producer));
    // Only the worker's next word could say that it is quiet, and it says nothing while it is.
    const next = Math.min(...this.#heard.map(({ until }) => until));
    if (Number.isFinite(next)) this.#holding = setTimeout(() => this.#tell(), next - now + 1).unref();
    const participants = this.#heard.flatMap(({ producer }) => this.#voices.get(producer)?.member ?? []);
    const dominant = (this.#dominant !== null && this.#voices.get(this.#dominant)?.member) || null;
    if (dominant === this.#told.dominant && participants.join('\n') === this.#told.participants.join('\n')) return;
    this.#told = { participants, dominant };
    this.#changed(this.#told);
  }
}

import { Tones, type Instrument, type Note } from './tones.ts';

const SOMEBODY_WAITS: Note[] = [
  { hertz: 587.33, at: 0, seconds: 0.5 },
  { hertz: 880, at: 0.14, seconds: 0.8 },
];
const RINGING: Note[] = [
  { hertz: 523.25, at: 0, seconds: 0.45 },
  { hertz: 659.25, at: 0.22, seconds: 0.45 },
  { hertz: 783.99, at: 0.44, seconds: 0.8 },
];
const MESSAGE: Note[] = [{ hertz: 698.46, at: 0, seconds: 0.3 }];
export const SAMPLES = { waits: SOMEBODY_WAITS, message: MESSAGE, ring: RINGING };
const RING_EVERY_MS = 2_600;

/** The sounds of the console, of the kinds that the person wants to hear. */
export class Chime {
  enabled = true;
  /** Kinds that the person wants to hear. */
  kinds = { waits: true, message: true, ring: true };
  #instrument: Instrument;
  #ring: ReturnType<typeof setInterval> | undefined;

  constructor(instrument: Instrument = new Tones()) {
    this.#instrument = instrument;
  }

  somebodyWaits(): void {
    this.sample('waits');
  }

  message(): void {
    this.sample('message');
  }

  sample(kind: keyof typeof SAMPLES): void {
    if (this.enabled && this.kinds[kind]) this.#instrument.play(SAMPLES[kind]);
  }

  /** Rings until told otherwise. */
  ringing(on: boolean): void {
    if (!on) {
      clearInterval(this.#ring);
      this.#ring = undefined;
      return;
    }
    if (this.#ring !== undefined) return;
    this.sample('ring');
    this.#ring = setInterval(() => this.sample('ring'), RING_EVERY_MS);
  }

  close(): void {
    this.ringing(false);
    this.#instrument.close();
  }
}

/** Soft tones, made here: no file to load. Browsers allow sound only after the person has touched the page. */

type Note = { hertz: number; at: number; seconds: number };

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
const SAMPLES = { waits: SOMEBODY_WAITS, message: MESSAGE, ring: RINGING };
const LOUDNESS = 0.09;
const RING_EVERY_MS = 2_600;

export class Chime {
  enabled = true;
  /** Kinds that the person wants to hear. */
  kinds = { waits: true, message: true, ring: true };
  #audio: AudioContext | null = null;
  #ring: ReturnType<typeof setInterval> | undefined;
  #touched = (): void => {
    this.#audio ??= new AudioContext();
    void this.#audio.resume();
  };

  constructor() {
    addEventListener('pointerdown', this.#touched);
    addEventListener('keydown', this.#touched);
  }

  somebodyWaits(): void {
    this.sample('waits');
  }

  message(): void {
    this.sample('message');
  }

  sample(kind: keyof typeof SAMPLES): void {
    if (this.kinds[kind]) this.#play(SAMPLES[kind]);
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
    removeEventListener('pointerdown', this.#touched);
    removeEventListener('keydown', this.#touched);
    void this.#audio?.close();
    this.#audio = null;
  }

  #play(notes: Note[]): void {
    const audio = this.#audio;
    if (!this.enabled || audio?.state !== 'running') return;
    for (const note of notes) {
      const begins = audio.currentTime + note.at;
      const tone = new OscillatorNode(audio, { frequency: note.hertz });
      const volume = new GainNode(audio, { gain: 0 });
      volume.gain.setValueAtTime(0, begins);
      volume.gain.linearRampToValueAtTime(LOUDNESS, begins + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, begins + note.seconds);
      tone.connect(volume).connect(audio.destination);
      tone.start(begins);
      tone.stop(begins + note.seconds);
    }
  }
}

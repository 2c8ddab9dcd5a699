/** `at` and `seconds`: when it begins and how long it sounds. */
export type Note = { hertz: number; at: number; seconds: number };

/** What plays the notes. */
export type Instrument = { play(notes: readonly Note[]): void; close(): void };

const LOUDNESS = 0.09;

/** Soft tones, made here: no file to load. Browsers allow sound only after the person has touched the page. */
export class Tones implements Instrument {
  #audio: AudioContext | null = null;
  #touched = (): void => {
    this.#audio ??= new AudioContext();
    void this.#audio.resume();
  };

  constructor() {
    addEventListener('pointerdown', this.#touched);
    addEventListener('keydown', this.#touched);
  }

  play(notes: readonly Note[]): void {
    const audio = this.#audio;
    if (audio?.state !== 'running') return;
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

  close(): void {
    removeEventListener('pointerdown', this.#touched);
    removeEventListener('keydown', this.#touched);
    void this.#audio?.close();
    this.#audio = null;
  }
}

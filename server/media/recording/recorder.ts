import type { types } from 'mediasoup';
import type { CallRecording, RecordOptions } from '../media.ts';
import type { LiveSource } from './live-source.ts';
import { FolderRecording } from './folder-recording.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { nextNumber } from './segment-note.ts';

/** Processes of ffmpeg that write at the same time; each takes some 35 MB. */
const WRITERS_MAX = 96;
/** And of one call: six people with face, voice and two screens, and as many files that are just being completed. */
const WRITERS_OF_ONE_MAX = 32;
const FOLDERS_REMEMBERED = 1_000;

/** Records calls with the ffmpeg of this machine, so many sources at a time. */
export class Recorder {
  readonly #ffmpeg: Ffmpeg;
  readonly #running = new Set<FolderRecording>();
  /** The last number given in each folder, the latest folders last. */
  readonly #numbers = new Map<string, number>();
  #writers = 0;

  constructor(ffmpeg: Ffmpeg) {
    this.#ffmpeg = ffmpeg;
  }

  /** Records what is live, and whatever `follow` of the result is told of later. */
  begin(router: types.Router, options: RecordOptions, live: readonly LiveSource[]): CallRecording & Follows {
    let own = 0;
    const recording = new FolderRecording({
      router,
      ffmpeg: this.#ffmpeg,
      options,
      takeWriter: () => {
        if (this.#writers >= WRITERS_MAX || own >= WRITERS_OF_ONE_MAX) return null;
        this.#writers += 1;
        own += 1;
        return () => {
          this.#writers -= 1;
          own -= 1;
        };
      },
      number: () => this.#number(options.folder),
      ended: () => this.#running.delete(recording),
    });
    this.#running.add(recording);
    recording.follow(live);
    return recording;
  }

  /** Of a recording that goes on after its worker died, a file of before may not be there yet: no number is given twice. */
  #number(folder: string): number {
    const number = Math.max(nextNumber(folder), (this.#numbers.get(folder) ?? 0) + 1);
    this.#numbers.delete(folder);
    this.#numbers.set(folder, number);
    const [oldest] = this.#numbers.keys();
    if (this.#numbers.size > FOLDERS_REMEMBERED && oldest) this.#numbers.delete(oldest);
    return number;
  }

  /** Completes every file. */
  async close(): Promise<void> {
    await Promise.all([...this.#running].map((recording) => recording.stop()));
  }
}

/** Is told what of a call is live, whenever that changes. */
export type Follows = { follow(live: readonly LiveSource[]): void };

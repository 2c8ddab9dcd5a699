import type { types } from 'mediasoup';
import type { CallRecording, RecordOptions } from '../media.ts';
import type { LiveSource } from './live-source.ts';
import { FolderRecording } from './folder-recording.ts';
import type { Ffmpeg } from './ffmpeg.ts';

/** Processes of ffmpeg that write at the same time; each takes some 35 MB. */
const WRITERS_MAX = 96;

/** Records calls with the ffmpeg of this machine, so many sources at a time. */
export class Recorder {
  readonly #ffmpeg: Ffmpeg;
  readonly #running = new Set<FolderRecording>();
  #writers = 0;

  constructor(ffmpeg: Ffmpeg) {
    this.#ffmpeg = ffmpeg;
  }

  /** Records what is live, and whatever `follow` of the result is told of later. */
  begin(router: types.Router, options: RecordOptions, live: readonly LiveSource[]): CallRecording & Follows {
    const recording = new FolderRecording({
      router,
      ffmpeg: this.#ffmpeg,
      options,
      takeWriter: () => {
        if (this.#writers >= WRITERS_MAX) return null;
        this.#writers += 1;
        return () => void (this.#writers -= 1);
      },
      ended: () => this.#running.delete(recording),
    });
    this.#running.add(recording);
    recording.follow(live);
    return recording;
  }

  /** Completes every file. */
  async close(): Promise<void> {
    await Promise.all([...this.#running].map((recording) => recording.stop()));
  }
}

/** Is told what of a call is live, whenever that changes. */
export type Follows = { follow(live: readonly LiveSource[]): void };

import type { types } from 'mediasoup';
import type { CallRecording, RecordOptions } from '../media.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import type { LiveSource } from './live-source.ts';
import { Segment } from './segment.ts';

/** A camera that is switched on and off all the time must not fill the disk with files. */
const SEGMENTS_MAX = 400;

export type FolderRecordingOptions = {
  router: types.Router;
  ffmpeg: Ffmpeg;
  options: RecordOptions;
  /** A place for one more process, given back by calling the result; null where there are too many. */
  takeWriter: () => (() => void) | null;
  /** The number of the next file in the folder. */
  number: () => number;
  ended: () => void;
};

/** The recording of one call in one folder: a file for each source, from when it goes on until it goes off. */
export class FolderRecording implements CallRecording {
  readonly #parts: FolderRecordingOptions;
  readonly #segments = new Map<types.Producer, Segment>();
  readonly #closing = new Set<Promise<void>>();
  #begun = 0;
  #stopped: Promise<void> | null = null;

  constructor(parts: FolderRecordingOptions) {
    this.#parts = parts;
  }

  follow(live: readonly LiveSource[]): void {
    if (this.#stopped) return;
    const wanted = new Set(live.map(({ producer }) => producer));
    for (const [producer, segment] of this.#segments) if (!wanted.has(producer)) this.#end(producer, segment);
    for (const source of live) if (!this.#segments.has(source.producer) && !this.#stopped) this.#begin(source);
  }

  /** From here on not one packet is written; resolves when every file is complete. Twice is fine. */
  async stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    await this.#stopped;
  }

  async #stop(): Promise<void> {
    for (const [producer, segment] of this.#segments) this.#end(producer, segment);
    await Promise.all(this.#closing);
    this.#parts.ended();
  }

  #begin({ member, source, producer }: LiveSource): void {
    const { router, ffmpeg, options, takeWriter } = this.#parts;
    const person = options.personOf(member);
    if (!person) return;
    const release = takeWriter();
    if (!release || this.#begun >= SEGMENTS_MAX) {
      release?.();
      return this.#fail(new Error('too many sources are being recorded'));
    }
    const note = { n: this.#number(), person, source, kind: producer.kind };
    const { folder, startedAt } = options;
    const failed = (error: Error): void => this.#fail(error);
    const segment = new Segment({ router, producer, ffmpeg, folder, note, startedAt, failed });
    this.#segments.set(producer, segment);
    void segment.ended.then(release);
  }

  /** What is begun may have no file yet. */
  #number(): number {
    this.#begun += 1;
    return this.#parts.number();
  }

  #end(producer: types.Producer, segment: Segment): void {
    this.#segments.delete(producer);
    const closing: Promise<void> = segment.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  #fail(error: Error): void {
    if (this.#stopped) return;
    void this.stop();
    this.#parts.options.failed(error);
  }
}

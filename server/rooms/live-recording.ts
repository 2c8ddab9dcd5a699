import type { RecordOptions } from '../media/media.ts';
import type { RecordedPointing } from '../protocol/recorded-page.ts';
import type { RecordedParts } from '../protocol/views.ts';
import type { NewRecording, PageRecording, Recordings } from '../recordings/recordings.ts';
import type { CallMedia } from './call-media.ts';
import type { CobrowseRelay } from './cobrowse-relay.ts';
import { RecordingWatcher } from './recording-watcher.ts';

export type LiveRecordingOptions = {
  recordings: Recordings;
  /** Of this moment; null where there is none. */
  callMedia: () => CallMedia | null;
  relay: () => CobrowseRelay | null;
  personOf: RecordOptions['personOf'];
  ended: (id: string, outcome: 'full' | 'failed') => void;
  log: { error(fields: object, message: string): void };
};

/** The recording of a room: of its call, of the page, or of both, into one folder. */
export class LiveRecording {
  readonly #options: LiveRecordingOptions;
  readonly #id: string;
  /** What is still to be written. */
  readonly #wanted: RecordedParts;
  #page: { watcher: RecordingWatcher; writer: PageRecording; relay: CobrowseRelay } | null = null;
  /** What was written and is being completed. */
  readonly #completing: Promise<void>[] = [];
  readonly #begun: Promise<void>;

  /** `wanted`: of what it is from here on; `recording.of` may have more, that has ended already. */
  constructor(recording: NewRecording, wanted: RecordedParts, options: LiveRecordingOptions) {
    this.#options = options;
    this.#id = recording.id;
    this.#wanted = { ...wanted };
    this.#begun = this.#begin(recording).catch((error: unknown) => this.#failed(error));
  }

  /** Of this part nothing more. */
  drop(part: keyof RecordedParts): void {
    if (!this.#wanted[part]) return;
    this.#wanted[part] = false;
    this.#completing.push(part === 'page' ? this.#stopPage() : this.#stopCall());
  }

  points(pointing: RecordedPointing): void {
    this.#page?.writer.points(pointing);
  }

  /** Of nothing anything more; resolves when everything that came before is written. It may go on in another process. */
  async close(): Promise<void> {
    this.drop('call');
    this.drop('page');
    await this.#begun;
    await Promise.all(this.#completing);
  }

  /** The same, and for good. `at` in milliseconds since the epoch. */
  async end(at: number): Promise<void> {
    await this.close();
    await this.#options.recordings.end(this.#id, at);
  }

  async #begin(recording: NewRecording): Promise<void> {
    const { recordings, callMedia, relay, personOf } = this.#options;
    const folder = await recordings.begin(recording);
    // Parts of it may have ended while the folder was being made.
    const from = this.#wanted.page && relay();
    if (from) {
      const writer = recordings.writePage(recording, (outcome, error) => this.#failed(error, outcome));
      const watcher = new RecordingWatcher(from, (frame, part) => writer.frame(frame, part));
      this.#page = { watcher, writer, relay: from };
      watcher.begin();
    }
    const failed = (error: Error): void => this.#failed(error);
    const { startedAt } = recording;
    if (this.#wanted.call) await callMedia()?.record({ folder, startedAt, personOf, failed });
  }

  async #stopPage(): Promise<void> {
    const page = this.#page;
    this.#page = null;
    page?.relay.unwatch(page.watcher.id);
    await page?.writer.stop();
  }

  async #stopCall(): Promise<void> {
    await this.#options.callMedia()?.stopRecording();
  }

  #failed(error: unknown, outcome: 'full' | 'failed' = 'failed'): void {
    const { log, ended } = this.#options;
    log.error({ err: error }, outcome === 'full' ? 'a recording is full' : 'a recording could not be written');
    ended(this.#id, outcome);
  }
}

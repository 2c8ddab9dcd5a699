import type { RecordedItem, RecordedPointing } from '../../../server/protocol/recorded-page.ts';
import type { ReplayHandle } from '../../replay/port.ts';
import type { PageFile } from './page-file.ts';

export type PagePlaybackOptions = {
  file: PageFile;
  replay: ReplayHandle;
  /** `loading`: the moment that is wanted is on its way. */
  onState: (state: 'playing' | 'loading' | 'failed') => void;
};

/** Keeps the replay at a moment of the recorded page: goes on from where it is, or begins at the whole page before. */
export class PagePlayback {
  readonly #options: PagePlaybackOptions;
  /** Milliseconds after the recording began; what is shown is as it was then. */
  #moment = -1;
  #part = -1;
  #next = 0;
  #loading: number | null = null;
  #failed = false;
  #closed = false;

  constructor(options: PagePlaybackOptions) {
    this.#options = options;
  }

  /** Again and again, as time goes on or is chosen. */
  follow(wish: number): void {
    // The first picture takes a moment to come; until then there is no other one to show.
    const moment = Math.max(wish, this.#options.file.begins);
    if (moment === this.#moment) return;
    const wanted = this.#options.file.partAt(moment);
    if (moment < this.#moment || wanted > this.#part + 1 || this.#part === -1) this.#jump(wanted);
    this.#moment = moment;
    this.#options.replay.follow(moment);
    if (!this.#failed) this.#pump();
  }

  /** The replay has forgotten everything, or what could not be loaded is to be tried again. */
  again(): void {
    const moment = this.#moment;
    this.#moment = Infinity;
    this.follow(Math.max(0, moment));
  }

  close(): void {
    this.#closed = true;
  }

  #jump(part: number): void {
    this.#part = part;
    this.#next = 0;
    this.#failed = false;
    this.#options.replay.rewind();
  }

  #pump(): void {
    const { file, onState } = this.#options;
    if (this.#closed || this.#part === -1) return;
    for (;;) {
      const items = file.items(this.#part);
      if (!items) return this.#load(this.#part);
      for (let item = items[this.#next]; item && item.at <= this.#moment; item = items[this.#next]) {
        this.#apply(item);
        this.#next += 1;
      }
      if (this.#next < items.length || file.partAt(this.#moment) <= this.#part) break;
      this.#part += 1;
      this.#next = 0;
    }
    onState('playing');
    void file.load(this.#part + 1).catch(() => {});
  }

  #load(part: number): void {
    const { file, onState } = this.#options;
    if (this.#loading === part) return;
    this.#loading = part;
    onState('loading');
    const here = (failed: boolean): void => {
      if (this.#loading === part) this.#loading = null;
      if (this.#closed || this.#part !== part) return;
      this.#failed = failed;
      if (failed) onState('failed');
      else this.#pump();
    };
    file.load(part).then(
      () => here(false),
      () => here(true),
    );
  }

  #apply(item: RecordedItem): void {
    if (item.kind === 'pointing') return this.#point(item.at, item.pointing);
    // A copy: the frame's buffer is moved to the replay.
    this.#options.replay.feed(item.frame.slice().buffer);
  }

  #point(at: number, pointing: RecordedPointing): void {
    const { replay } = this.#options;
    switch (pointing.type) {
      case 'highlight': {
        const { epoch, node, label } = pointing;
        return replay.mark(node === null ? null : { epoch, node, ...(label && { label }) });
      }
      case 'stroke':
        return replay.drawn(pointing, at);
      case 'wipe':
        return replay.wipe();
      case 'point':
        return replay.pointed(pointing, at);
    }
  }
}

import type { InnerPages, InnerPagesHandlers, InnerPagesOptions } from './inner-pages.ts';

/** Pages inside frames of other origins, as the recording has them: their code comes with the first such frame. */
export class LaterInnerPages {
  readonly #options: InnerPagesOptions | null;
  readonly #handlers: InnerPagesHandlers;
  #pages: InnerPages | null = null;
  #loading = false;
  readonly #frames = new Set<HTMLIFrameElement>();
  #closed = false;

  /** `options` null: such frames are boxes. */
  constructor(options: InnerPagesOptions | null, handlers: InnerPagesHandlers) {
    this.#options = options;
    this.#handlers = handlers;
  }

  /** Null as long as there are none. */
  get pages(): InnerPages | null {
    return this.#pages;
  }

  look(frame: HTMLIFrameElement): void {
    if (this.#pages) this.#pages.look(frame);
    else if (this.#options) {
      this.#frames.add(frame);
      void this.#load(this.#options);
    }
  }

  close(): void {
    this.#closed = true;
    this.#pages?.close();
  }

  async #load(options: InnerPagesOptions): Promise<void> {
    if (this.#loading || this.#closed) return;
    this.#loading = true;
    // Where the network is away, the next frame tries again.
    const loaded = await import('./inner-pages.ts').catch(() => null);
    this.#loading = false;
    if (!loaded || this.#closed) return;
    this.#pages = new loaded.InnerPages(options, this.#handlers);
    for (const frame of this.#frames) this.#pages.look(frame);
    this.#frames.clear();
  }
}

/** After the shopper's last key or click the page is theirs this much longer. */
export const QUIET_MS = 1_500;

const SIGNS = ['keydown', 'input', 'compositionupdate', 'pointerdown', 'pointerup', 'wheel', 'touchmove'];

/** Whether the shopper's own hands are on the page, or were a moment ago. What scripts dispatch is not theirs. */
export class OwnInput {
  readonly #onChange: (busy: boolean) => void;
  readonly #stop = new AbortController();
  readonly #watched = new WeakSet<Window>();
  #held = false;
  #deaf = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onChange: (busy: boolean) => void) {
    this.#onChange = onChange;
    this.#watch(window);
    this.look();
    const { signal } = this.#stop;
    document.addEventListener('load', () => this.look(), { capture: true, signal });
    // Where a press ended somewhere else, nothing is held any more.
    window.addEventListener('blur', () => (this.#held = false), { signal });
  }

  get busy(): boolean {
    return this.#timer !== undefined;
  }

  /** Does something that is not the shopper's: a box that a script ticks changes with an event that counts as trusted. */
  apart<T>(act: () => T): T {
    this.#deaf = true;
    try {
      return act();
    } finally {
      this.#deaf = false;
    }
  }

  /** Frames of the page's own origin have events of their own. */
  look(): void {
    for (const frame of document.querySelectorAll('iframe')) {
      try {
        if (frame.contentDocument && frame.contentWindow) this.#watch(frame.contentWindow);
      } catch {
        // Of another origin: nothing is done in there either.
      }
    }
  }

  close(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #watch(view: Window): void {
    if (this.#watched.has(view)) return;
    this.#watched.add(view);
    const signal = this.#stop.signal;
    for (const name of SIGNS) {
      view.addEventListener(name, (event) => this.#noticed(event), { capture: true, passive: true, signal });
    }
    view.addEventListener('pointercancel', () => (this.#held = false), { capture: true, signal });
  }

  #noticed({ type, isTrusted }: Event): void {
    if (!isTrusted || this.#deaf) return;
    if (type === 'pointerdown') this.#held = true;
    if (type === 'pointerup') this.#held = false;
    const before = this.busy;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rest(), QUIET_MS);
    if (!before) this.#onChange(true);
  }

  #rest(): void {
    // A slider that is being dragged.
    if (this.#held) {
      this.#timer = setTimeout(() => this.#rest(), QUIET_MS);
      return;
    }
    this.#timer = undefined;
    this.#onChange(false);
  }
}

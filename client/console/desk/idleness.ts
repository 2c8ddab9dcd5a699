const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;
const ENOUGH_MS = 1_000;
const TOUCHED_KEY = 'mostrador.touched';

export type IdlenessOptions = {
  /** Nobody has touched the console for so long, or somebody has again. */
  told: (idle: boolean) => void;
  /** Something goes on that needs no hand: a call. */
  busy: () => boolean;
};

/** Whether somebody is at this browser: a touch in one of its tabs counts for all of them. */
export class Idleness {
  idle = false;
  #options: IdlenessOptions;
  #afterMs: number | null = null;
  #last = Date.now();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #touch = (): void => {
    const now = Date.now();
    // A pointer moves a hundred times a second.
    if (!this.idle && now - this.#last < ENOUGH_MS) return;
    this.#last = now;
    try {
      localStorage.setItem(TOUCHED_KEY, String(now));
    } catch {
      // Then every tab counts for itself.
    }
    this.#look();
  };
  #elsewhere = ({ key, newValue }: StorageEvent): void => {
    if (key !== TOUCHED_KEY) return;
    this.#last = Math.max(this.#last, Number(newValue));
    this.#look();
  };

  constructor(options: IdlenessOptions) {
    this.#options = options;
    for (const touch of TOUCHES) addEventListener(touch, this.#touch, { passive: true, capture: true });
    addEventListener('storage', this.#elsewhere);
  }

  /** `minutes` null: nobody is away by itself. */
  after(minutes: number | null): void {
    this.#afterMs = minutes === null ? null : minutes * 60_000;
    this.#look();
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const touch of TOUCHES) removeEventListener(touch, this.#touch, { capture: true });
    removeEventListener('storage', this.#elsewhere);
  }

  #look(): void {
    clearTimeout(this.#timer);
    const left = this.#afterMs === null ? null : this.#last + this.#afterMs - Date.now();
    if (left !== null && left > 0) this.#timer = setTimeout(() => this.#look(), left);
    const idle = left !== null && left <= 0 && !this.#options.busy();
    // A call ends some time; until then it is looked again now and then.
    if (left !== null && left <= 0 && !idle) this.#timer = setTimeout(() => this.#look(), 60_000);
    if (idle === this.idle) return;
    this.idle = idle;
    this.#options.told(idle);
  }
}

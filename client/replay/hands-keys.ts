/** A key scrolls this much of the window. */
const ARROW = 0.15;
const PAGE = 0.9;
const END = 3;

const SCROLLS: Record<string, readonly [across: number, down: number]> = {
  ArrowUp: [0, -ARROW],
  ArrowDown: [0, ARROW],
  ArrowLeft: [-ARROW, 0],
  ArrowRight: [ARROW, 0],
  PageUp: [0, -PAGE],
  PageDown: [0, PAGE],
  Home: [0, -END],
  End: [0, END],
};

export type HandsKeysOptions = {
  glass: HTMLElement;
  /** What can be acted on and is in view, in the page's order. */
  controls: () => Element[];
  /** It is what Enter would act on; null: nothing. */
  onReach: (element: Element | null) => void;
  onAct: (element: Element) => void;
  /** In windows of what is shown. */
  onScroll: (across: number, down: number) => void;
};

/** The agent's hands by keyboard: Tab from one control of the page to the next and at last out of it, Enter acts, arrows scroll. */
export class HandsKeys {
  readonly #options: HandsKeysOptions;
  #reached: Element | null = null;

  constructor(options: HandsKeysOptions) {
    this.#options = options;
    options.glass.addEventListener('keydown', (event) => this.#press(event));
    // While something is filled in, the focus is there; afterwards it goes on from here.
    options.glass.addEventListener('blur', () => options.onReach(null));
    options.glass.addEventListener('focus', () => options.onReach(this.#reached));
  }

  /** `label`: what the picture is called, and how it is used. */
  use(on: boolean, label: string): void {
    const { glass } = this.#options;
    this.forget();
    if (on) {
      glass.tabIndex = 0;
      glass.setAttribute('role', 'application');
      glass.setAttribute('aria-label', label);
    } else for (const name of ['tabindex', 'role', 'aria-label']) glass.removeAttribute(name);
  }

  /** Another page is shown. */
  forget(): void {
    this.#reach(null);
  }

  #press(event: KeyboardEvent): void {
    const { key, shiftKey, ctrlKey, metaKey, altKey, isComposing } = event;
    if (ctrlKey || metaKey || altKey || isComposing || !this.#options.glass.hasAttribute('tabindex')) return;
    const scroll = SCROLLS[key];
    if (key === 'Tab') {
      if (!this.#step(shiftKey)) return;
    } else if (scroll) this.#options.onScroll(...scroll);
    else if ((key === 'Enter' || key === ' ') && this.#reached) this.#options.onAct(this.#reached);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #step(back: boolean): boolean {
    const controls = this.#options.controls();
    const at = this.#reached ? controls.indexOf(this.#reached) : -1;
    const next = at === -1 ? controls.at(back ? -1 : 0) : controls[at + (back ? -1 : 1)];
    this.#reach(next ?? null);
    return next !== undefined;
  }

  #reach(element: Element | null): void {
    if (element === this.#reached) return;
    this.#reached = element;
    this.#options.onReach(element);
  }
}

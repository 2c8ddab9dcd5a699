/** A finger that moves less than this taps, in pixels. */
const TAP = 8;

/** The agent's hands by touch and pen: what is dragged scrolls the shopper's page. The mouse has its wheel. */
export class HandsDrag {
  #at: { pointer: number; x: number; y: number } | null = null;
  #moved = false;

  /** `onScroll`: by so many pixels of the glass. */
  constructor(
    glass: HTMLElement,
    isOn: () => boolean,
    onScroll: (across: number, down: number, event: MouseEvent) => void,
  ) {
    glass.addEventListener('pointerdown', ({ pointerId: pointer, pointerType, isPrimary, clientX: x, clientY: y }) => {
      if (!isOn() || !isPrimary) return;
      this.#moved = false;
      this.#at = pointerType === 'mouse' ? null : { pointer, x, y };
    });
    glass.addEventListener('pointermove', (event) => {
      const { clientX: x, clientY: y } = event;
      // A mouse beside the finger.
      if (!this.#at) this.#moved = false;
      if (this.#at?.pointer !== event.pointerId) return;
      if (!this.#moved && Math.hypot(x - this.#at.x, y - this.#at.y) < TAP) return;
      this.#moved = true;
      onScroll(this.#at.x - x, this.#at.y - y, event);
      this.#at = { pointer: event.pointerId, x, y };
    });
    for (const name of ['pointerup', 'pointercancel'] as const) {
      glass.addEventListener(name, () => (this.#at = null));
    }
  }

  /** Something is being dragged, or was until the finger was lifted: the click that follows is none. */
  get moved(): boolean {
    return this.#moved;
  }
}

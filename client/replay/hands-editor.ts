import type { HandsWords } from './port.ts';

type Place = { left: number; top: number; width: number; height: number };

/** Of these an editor of the same kind gives a value that the field takes. */
const SAME_KIND = /^(?:number|date|time|month|week|datetime-local|color|range)$/;
/** A value that is masked. */
const DOTS = /^•+$/;
const ROWS_MAX = 8;
const MARGIN = 8;

/** A small editor over a field of the picture: what is written or chosen there is asked for in the shopper's page. */
export class HandsEditor {
  #drawn: HTMLElement | null = null;
  readonly #onClosed: () => void;

  constructor(onClosed: () => void) {
    this.#onClosed = onClosed;
  }

  get open(): boolean {
    return this.#drawn !== null;
  }

  fill(place: Place, field: HTMLInputElement, name: string, words: HandsWords, onFill: (text: string) => void): void {
    const area = field.localName === 'textarea';
    const input = document.createElement(area ? 'textarea' : 'input');
    if (input instanceof HTMLInputElement && SAME_KIND.test(field.type)) {
      input.type = field.type;
      for (const limit of ['min', 'max', 'step']) {
        const value = field.getAttribute(limit);
        if (value !== null) input.setAttribute(limit, value);
      }
    }
    input.setAttribute('aria-label', name);
    input.placeholder = name;
    if (field.maxLength >= 0) input.maxLength = field.maxLength;
    // What can be read there can be corrected.
    if (!DOTS.test(field.value)) input.value = field.value;
    const done = this.#draw(place, words, words.fillGo, input, () => onFill(input.value));
    input.addEventListener('keydown', (event) => {
      const key = event as KeyboardEvent;
      if (key.key !== 'Enter' || key.isComposing || (area && key.shiftKey)) return;
      event.preventDefault();
      done();
    });
  }

  choose(
    place: Place,
    select: HTMLSelectElement,
    name: string,
    words: HandsWords,
    onChoose: (option: number) => void,
  ): void {
    const list = document.createElement('select');
    const lines = shopsOptions(select)
      .map(({ text, disabled, hidden }, index) => ({ text, disabled, hidden, index }))
      .filter(({ hidden }) => !hidden);
    list.size = Math.max(2, Math.min(lines.length, ROWS_MAX));
    list.setAttribute('aria-label', name);
    for (const { text, index, disabled } of lines) {
      const option = new Option(text, String(index));
      option.disabled = disabled;
      list.append(option);
    }
    const done = this.#draw(place, words, words.choose, list, () => {
      if (list.value !== '') onChoose(Number(list.value));
    });
    list.addEventListener('click', ({ target }) => {
      if (target instanceof HTMLOptionElement && !target.disabled) done();
    });
    list.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      done();
    });
  }

  close(): void {
    if (!this.#drawn) return;
    this.#drawn.remove();
    this.#drawn = null;
    this.#onClosed();
  }

  /** Not a form: the sandbox around the picture sends none. Gives what finishes it. */
  #draw(place: Place, words: HandsWords, go: string, input: HTMLElement, onDone: () => void): () => void {
    this.close();
    const done = (): void => {
      onDone();
      this.close();
    };
    const drawn = document.createElement('div');
    drawn.className = 'editor';
    drawn.append(
      input,
      button(go, 'go', done),
      button(words.cancel, 'cancel', () => this.close()),
    );
    drawn.addEventListener('keydown', (event) => {
      // The console's shortcuts are not meant by what is written here.
      event.stopPropagation();
      if (event.key === 'Escape') this.close();
    });
    document.body.append(drawn);
    this.#drawn = drawn;
    const { offsetWidth: width, offsetHeight: height } = drawn;
    const left = Math.max(MARGIN, Math.min(place.left, innerWidth - width - MARGIN));
    const below = place.top + place.height + 6;
    const top = below + height + MARGIN > innerHeight ? Math.max(MARGIN, place.top - height - 6) : below;
    drawn.style.left = `${left}px`;
    drawn.style.top = `${top}px`;
    input.focus({ preventScroll: true });
    return done;
  }
}

/** In the shop's own order: what the replay adds for dots, wherever it stands, is none of its lines. */
export function shopsOptions(select: HTMLSelectElement): HTMLOptionElement[] {
  return [...select.options].filter((option) => !option.hasAttribute('data-mostrador-filled'));
}

function button(label: string, name: string, act: () => void): HTMLButtonElement {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = name;
  element.textContent = label;
  element.addEventListener('click', act);
  return element;
}

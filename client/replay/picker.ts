import { boxInPage } from './page-geometry.ts';

const ROWS_MAX = 14;

/** The list or calendar that the shopper's browser has open for a field, drawn over the page. What is chosen is not shown. */
export class Picker {
  readonly #layer: HTMLElement;
  #drawn: HTMLElement | null = null;

  constructor(layer: HTMLElement) {
    this.#layer = layer;
  }

  show(field: Element | null): void {
    this.#drawn?.remove();
    this.#drawn = null;
    if (!field?.isConnected) return;
    const { left, top, width, height } = boxInPage(field);
    const drawn = document.createElement('div');
    drawn.className = 'picker';
    drawn.style.transform = `translate(${left}px, ${top + height}px)`;
    drawn.style.minWidth = `${width}px`;
    if (field.nodeName === 'SELECT') drawn.append(...rows(field as HTMLSelectElement));
    else drawn.append(calendar());
    this.#drawn = drawn;
    this.#layer.append(drawn);
  }
}

function rows(select: HTMLSelectElement): HTMLElement[] {
  const options = [...select.options].filter((option) => !option.hidden);
  const drawn = options.slice(0, ROWS_MAX).map((option) => row(option.label || option.text, option.disabled));
  return options.length > ROWS_MAX ? [...drawn, row('…', true)] : drawn;
}

function row(text: string, faint: boolean): HTMLElement {
  const element = document.createElement('p');
  element.textContent = text;
  element.toggleAttribute('data-faint', faint);
  return element;
}

/** That there is one, and no more: which day it shows is the shopper's. */
function calendar(): HTMLElement {
  const element = document.createElement('div');
  element.className = 'calendar';
  for (let day = 0; day < 35; day += 1) element.append(document.createElement('i'));
  return element;
}

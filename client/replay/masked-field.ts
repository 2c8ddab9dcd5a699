/** Fields whose value is masked: that there is one can be seen, and an empty one is empty. */

/** What the recorder sends instead of a value. */
const MASK = '•••••';
const FILLED = 'data-mostrador-filled';
/** Of these the browser takes no dots for a value. */
const TEXTLESS = /^(?:number|date|datetime-local|month|week|time|range|color)$/;

const DOTS = Array.from({ length: MASK.length }, (_, at) => `${at * 7}px 50%`).join(', ');
export const MASKED_FIELD_RULES = [
  `[${FILLED}] { background-image: ${Array(MASK.length).fill('radial-gradient(circle, currentColor 2px, transparent 2.75px)').join(', ')} !important; background-position: ${DOTS} !important; background-size: 7px 7px !important; background-repeat: no-repeat !important; background-origin: content-box !important; }`,
  // Over its options, which have a ground of their own; a list has no line for the dots.
  `select[multiple][${FILLED}] { outline: 3px dotted currentColor !important; outline-offset: -3px !important; background-image: none !important; }`,
  // What would be drawn there looks like a value that was chosen.
  ...['datetime-edit', 'slider-thumb', 'color-swatch'].map(
    (part) => `[${FILLED}]::-webkit-${part} { opacity: 0 !important; }`,
  ),
];

/** Draws a field as it was recorded; anything else is left as it is. */
export function drawMaskedField(node: Node | null, value = attributeOf(node)): void {
  if (value === null) return;
  if (node?.nodeName === 'SELECT') drawSelect(node as HTMLSelectElement, value);
  else if (node?.nodeName === 'INPUT') {
    const input = node as HTMLInputElement;
    input.toggleAttribute(FILLED, value === MASK && TEXTLESS.test(input.type));
  }
}

/**
 * What was chosen is masked: the browser's own choice, the first one, would look like the shopper's. Where the shop has
 * opened the field the value is what can be read of the choice, one in a line.
 */
function drawSelect(select: HTMLSelectElement, value: string): void {
  const filled = value === MASK;
  if (select.multiple) {
    // Which ones are chosen is not shown, but that some are.
    select.toggleAttribute(FILLED, filled);
    const chosen = filled ? [] : value.split('\n');
    for (const option of select.options) option.selected = chosen.includes(option.text);
    return;
  }
  let dots = select.querySelector<HTMLOptionElement>(`option[${FILLED}]`);
  if (filled && !dots) {
    dots = select.ownerDocument.createElement('option');
    dots.hidden = true;
    dots.setAttribute(FILLED, '');
    select.append(dots);
  }
  // A list is as wide as its widest line: that is not to be this one.
  if (dots) dots.textContent = MASK.slice(0, widest(select));
  if (!filled) dots?.remove();
  const chosen = [...select.options].findIndex(({ text }) => text === value);
  select.selectedIndex = filled && dots ? dots.index : value === '' ? -1 : chosen;
}

function widest(select: HTMLSelectElement): number {
  const own = [...select.options].filter((option) => !option.hasAttribute(FILLED));
  return own.length === 0 ? MASK.length : Math.max(1, ...own.map(({ text }) => text.length));
}

function attributeOf(node: Node | null): string | null {
  return node?.nodeType === 1 ? (node as Element).getAttribute('value') : null;
}

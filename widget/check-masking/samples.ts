/** Values for a page's fields, so that it shows whether what is typed there would leave. */
export type Sample = {
  /** How a person finds the field: its label, name or id. */
  label: string;
  /** `text`, `email`, `textarea`, `contenteditable`, … */
  type: string;
  /** What stands in it now; empty where nothing could be put in. */
  value: string;
};

const VALUES: Record<string, (count: number) => string> = {
  email: (count) => `sample${count}@shop.example`,
  tel: (count) => `+34 600 111 ${200 + count}`,
  number: (count) => String(70_000_000 + count),
  url: (count) => `https://shop.example/sample-${count}`,
  date: () => '1987-06-05',
  month: () => '1987-06',
  week: () => '1987-W23',
  time: () => '10:37',
  'datetime-local': () => '1987-06-05T10:37',
};
const LEFT_ALONE = /^(?:submit|button|reset|image|file|checkbox|radio|range|color)$/;
const FIELDS = 'input,textarea,select,[contenteditable]:not([contenteditable="false" i])';

/** Fills what is empty. What stands in a field already is as good. */
export function samples(page: Document): (Sample & { element: Element })[] {
  let count = 0;
  return [...fieldsIn(page)].flatMap((element) => {
    count += 1;
    const type = typeOf(element);
    if (LEFT_ALONE.test(type)) return [];
    return [{ element, label: labelOf(element), type, value: fill(element, type, count) }];
  });
}

function fill(element: Element, type: string, count: number): string {
  if (type === 'contenteditable') {
    element.append(` sample-${count} `);
    return `sample-${count}`;
  }
  const field = element as HTMLInputElement;
  if (element.localName === 'select') {
    const { selectedOptions } = element as HTMLSelectElement;
    return Array.from(selectedOptions, ({ text }) => text).join('\n');
  }
  if (field.value === '' && type !== 'hidden') field.value = (VALUES[type] ?? (() => `sample-${count}`))(count);
  return field.value;
}

function typeOf(element: Element): string {
  if (element.localName === 'input') return (element as HTMLInputElement).type;
  return /^(?:textarea|select)$/.test(element.localName) ? element.localName : 'contenteditable';
}

function labelOf(element: Element): string {
  const [label] = 'labels' in element && element.labels ? (element.labels as NodeListOf<HTMLLabelElement>) : [];
  const said = label?.textContent?.trim() || element.getAttribute('aria-label') || element.getAttribute('placeholder');
  return (said || element.getAttribute('name') || element.id || element.localName).replaceAll(/\s+/g, ' ').slice(0, 80);
}

/** Shadow roots and frames of the same origin included. */
function* fieldsIn(root: Document | ShadowRoot): Generator<Element> {
  yield* root.querySelectorAll(FIELDS);
  for (const element of root.querySelectorAll('*')) {
    if (element.localName === 'mostrador-widget') continue;
    if (element.shadowRoot) yield* fieldsIn(element.shadowRoot);
    if (element.localName !== 'iframe') continue;
    const inner = (element as HTMLIFrameElement).contentDocument;
    if (inner) yield* fieldsIn(inner);
  }
}

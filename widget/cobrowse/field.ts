/** Which of a page's fields hold what somebody typed, and what may be shown of them. */

/** Of one length whatever was typed. */
export const MASK = '•••••';

/** Parts of the page that are an empty box in the picture. */
export const BLOCKED = '[data-mostrador-block]';
/** Parts that are private as a whole: the shop says so, or somebody writes in them. */
export const PRIVATE = '[data-mostrador-mask],[contenteditable]:not([contenteditable="false" i])';
/** Parts whose text and telling attributes are masked. `noscript` holds raw HTML as text. */
export const MASKED = `${PRIVATE},textarea,noscript`;

/**
 * `label`: the value is what the shop wrote on a button · `typed`: shown as a mask while it is not empty ·
 * `sealed`: not recorded in any way, not even whether there is a value.
 */
export type FieldKind = 'label' | 'typed' | 'sealed';

const SEALED_COMPLETION = /(?:^|\s)(?:cc-[a-z-]+|one-time-code|(?:current|new)-password)(?:\s|$)/i;
const CARD_NAME = /(?:^|[^a-z])(?:cc|card|kreditkarte|tarjeta)[-_ ]?(?:num|no|nr|exp|cv|csc|code|name|holder)/i;
const CODE_NAME = /(?:^|[^a-z])(?:cvc|cvv|csc|iban|otp|pin|ssn)2?(?:$|[^a-z])/i;
/** What a `value` of this element is; null where a value is nobody's input (a list item's number, a meter). */
export function fieldKind(tag: string, attribute: (name: string) => string | null): FieldKind | null {
  switch (tag) {
    case 'input': {
      const type = attribute('type')?.toLowerCase() ?? 'text';
      if (/^(?:submit|button|reset|image)$/.test(type)) return 'label';
      if (/^(?:password|hidden|file|radio|checkbox)$/.test(type)) return 'sealed';
      // rrweb puts it on a password field that a page turned into a text field to show it.
      if (attribute('data-rr-is-password') !== null) return 'sealed';
      return isSealed(attribute) ? 'sealed' : 'typed';
    }
    case 'textarea':
    case 'select':
      return isSealed(attribute) ? 'sealed' : 'typed';
    case 'option':
    case 'button':
    case 'param':
    case 'data':
      return 'sealed';
    case 'li':
    case 'meter':
    case 'progress':
      return null;
    default:
      return tag.includes('-') ? 'typed' : null;
  }
}

/** By what a field is called: a card, a code, a password. */
export function isSealed(attribute: (name: string) => string | null): boolean {
  if (SEALED_COMPLETION.test(attribute('autocomplete') ?? '')) return true;
  return ['name', 'id'].some((key) => {
    const name = attribute(key) ?? '';
    return CARD_NAME.test(name) || CODE_NAME.test(name);
  });
}

/** The kind of a live element: its type as the browser understands it. */
export function elementKind(element: Element): FieldKind | null {
  return fieldKind(element.localName, (name) =>
    name === 'type' && 'type' in element ? String(element.type) : element.getAttribute(name),
  );
}

/** What may be shown of a value that a live element has. */
export function elementValue(element: Element, value: string): string {
  return maskValue(elementKind(element), value);
}

export function maskValue(kind: FieldKind | null, value: string): string {
  if (kind === 'label' || kind === null) return value;
  return kind === 'sealed' || value === '' ? '' : MASK;
}

/** White space is layout and stays. */
export function maskText(text: string): string {
  return text.trim() === '' ? text : MASK;
}

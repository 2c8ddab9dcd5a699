/** Which of a page's fields hold what somebody typed, and what may be shown of them. */

/** Of one length whatever was typed. */
export const MASK = '•••••';

/** Parts of the page that are an empty box in the picture. */
export const BLOCKED_ATTRIBUTE = 'data-mostrador-block';
export const BLOCKED = `[${BLOCKED_ATTRIBUTE}]`;
/** Parts of which the shop says what may be seen; the nearest one decides. */
export const MARKED = '[data-mostrador-mask],[data-mostrador-unmask]';
/** Parts whose text is somebody's input. `noscript` holds raw HTML as text. */
export const WRITTEN = '[contenteditable]:not([contenteditable="false" i]),textarea,noscript';

/**
 * What of a part of the page may be seen. `open`: what is typed as well, but no secrets · `usual`: not what is typed ·
 * `words`: no text at all, but the page's layout · `masked`: how it looks, not what it says.
 */
export type Cover = 'open' | 'usual' | 'words' | 'masked';

/** Whether there is no text to be seen. */
export function hides(cover: Cover): boolean {
  return cover === 'words' || cover === 'masked';
}

/** The cover of an element's inside, by what is around the element. */
export function coverWithin(around: Cover, tag: string, attribute: (name: string) => string | null): Cover {
  if (tag === 'noscript' || attribute('data-mostrador-mask') !== null) return 'masked';
  if (around === 'open' || attribute('data-mostrador-unmask') !== null) return 'open';
  const editable = attribute('contenteditable');
  const written = tag === 'textarea' || (editable !== null && editable.toLowerCase() !== 'false');
  return written ? 'masked' : around;
}

/**
 * `label`: the value is what the shop wrote on a button · `typed`: shown as a mask while it is not empty ·
 * `sealed`: not recorded in any way, not even whether there is a value.
 */
export type FieldKind = 'label' | 'typed' | 'sealed';

const SEALED_COMPLETION = /(?:^|\s)(?:cc-[a-z-]+|one-time-code|(?:current|new)-password)(?:\s|$)/i;
const CARD_NAME = /(?:^|[^a-z])(?:cc|card|kreditkarte|tarjeta)[-_ ]?(?:num|no|nr|exp|cv|csc|code|name|holder)/i;
const PASSWORD_NAME = /pass[-_ ]?(?:word|wd|code|phrase|wort)|pwd|contrase|kennwort/i;
/** Whatever the field is called. */
const CARD_NUMBER = /^\s*(?:\d[ -]?){13,19}$/;
const CODE_NAME = /(?:^|[^a-z])(?:cvc|cvv|csc|iban|otp|pin|ssn)2?(?:$|[^a-z])/i;
/** What a `value` of this element is; null where a value is nobody's input (a list item's number, a meter). */
export function fieldKind(tag: string, attribute: (name: string) => string | null): FieldKind | null {
  switch (tag) {
    case 'input': {
      const type = attribute('type')?.toLowerCase() ?? 'text';
      if (/^(?:submit|button|reset|image)$/.test(type)) return 'label';
      if (/^(?:password|hidden|file|radio|checkbox)$/.test(type)) return 'sealed';
      // Recorders put it on a password field that a page turned into a text field to show it.
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
    return CARD_NAME.test(name) || CODE_NAME.test(name) || PASSWORD_NAME.test(name);
  });
}

/** Fields that have been one for a password: showing it makes it no other. */
const passwords = new WeakSet<Element>();

/** The kind of a live element: its type as the browser understands it. */
export function elementKind(element: Element): FieldKind | null {
  const type = 'type' in element ? String(element.type) : null;
  if (type === 'password') passwords.add(element);
  if (passwords.has(element)) return 'sealed';
  return fieldKind(element.localName, (name) => (name === 'type' && type !== null ? type : element.getAttribute(name)));
}

export function maskValue(kind: FieldKind | null, value: string, cover: Cover): string {
  if (kind === 'sealed' || value === '') return '';
  if (kind === 'typed') return cover === 'open' && !CARD_NUMBER.test(value) ? value : MASK;
  return maskText(value, cover);
}

/** White space is layout and stays. */
export function maskText(text: string, cover: Cover): string {
  if (cover === 'words') return text.replaceAll(/\S+/g, MASK);
  return cover === 'masked' && text.trim() !== '' ? MASK : text;
}

import { elementKind, isSealed } from '../field.ts';

const LABELLED = /^(?:submit|button|reset|image|radio|checkbox)$/;

/** Whether a field is for what nobody but the shopper may write: a password, a card, a code, what is hidden, a file. */
export function isSecret(field: Element): boolean {
  if ('type' in field && LABELLED.test(String(field.type))) return isSealed((name) => field.getAttribute(name));
  return elementKind(field) === 'sealed';
}

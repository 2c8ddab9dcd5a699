import { elementKind, isSealed } from '../field.ts';

const LABELLED = /^(?:submit|button|reset|image|radio|checkbox)$/;
/** A password that the page shows for a moment is one all the same. */
const PASSWORD_NAME = /passw|passphrase|pwd|contrase/i;

/** Whether a field is for what nobody but the shopper may write: a password, a card, a code, what is hidden, a file. */
export function isSecret(field: Element): boolean {
  const attribute = (name: string) => field.getAttribute(name);
  if ('type' in field && LABELLED.test(String(field.type))) return isSealed(attribute);
  return elementKind(field) === 'sealed' || PASSWORD_NAME.test(`${attribute('name')} ${attribute('id')}`);
}

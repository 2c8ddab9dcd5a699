/** What looks like a person's own, or like a key. Better one too many than one too few: somebody reads the list. */
export type Secret = { kind: 'e-mail' | 'phone' | 'IBAN' | 'card' | 'token'; value: string };

const EMAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g;
const PHONE = /(?<![\w.,/-])(?:(?:\+|00)\d{1,3}[ .-]?)?\(?\d{2,4}\)?(?:[ .-]?\d{2,4}){2,4}(?![\w.,/-]*\w)/g;
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g;
const DIGITS = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g;
const TOKEN = /(?<![\w-])[\w-]{20,}(?:\.[\w-]{6,}){0,2}/g;

/** `machine`: not what a person reads, but an attribute or an address: there tokens stand. */
export function secretsIn(text: string, machine: boolean): Secret[] {
  const found: Secret[] = [];
  let left = text;
  const take = (kind: Secret['kind'], pattern: RegExp, is: (value: string) => boolean) => {
    left = left.replaceAll(pattern, (value: string) => {
      if (!is(value)) return value;
      found.push({ kind, value });
      return ' ';
    });
  };
  take('e-mail', EMAIL, () => true);
  take('IBAN', IBAN, isIban);
  take('card', DIGITS, isCard);
  take('phone', PHONE, isPhone);
  if (machine) take('token', TOKEN, isToken);
  return found;
}

/** ISO 13616: what is left of 97 is 1. */
function isIban(value: string): boolean {
  const plain = value.replaceAll(' ', '');
  if (plain.length < 15 || plain.length > 34) return false;
  const digits = (plain.slice(4) + plain.slice(0, 4)).replaceAll(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

/** Luhn's sum, and the first digits that cards have. */
function isCard(value: string): boolean {
  const digits = Array.from(value.replaceAll(/\D/g, ''), Number).toReversed();
  if (!/^[2-6]/.test(value)) return false;
  const sum = digits.reduce(
    (total, digit, at) => total + (at % 2 ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit),
    0,
  );
  return sum % 10 === 0;
}

function isPhone(value: string): boolean {
  const digits = value.replaceAll(/\D/g, '');
  if (digits.length < 9 || digits.length > 15) return false;
  // Without a country a number has its groups, or it may be an article's.
  return /^(?:\+|00)/.test(value) || /\D/.test(value.trim());
}

/** Letters and digits without a word in them. */
function isToken(value: string): boolean {
  if (/^[0-9a-f-]{24,}$/i.test(value)) return /\d/.test(value) && /[a-f]/i.test(value);
  const letters = value.replaceAll(/[^a-zA-Z]/g, '');
  const changes = Array.from(value).filter(
    (sign, at) => at > 0 && classOf(sign) !== classOf(value[at - 1] ?? ''),
  ).length;
  return /\d/.test(value) && letters.length > 4 && changes >= value.length / 4;
}

function classOf(sign: string): string {
  if (/\d/.test(sign)) return 'digit';
  return /[A-Z]/.test(sign) ? 'upper' : /[a-z]/.test(sign) ? 'lower' : 'sign';
}

/** Longest address that mail servers take (RFC 5321, 4.5.3.1.3). */
export const MAIL_ADDRESS_MAX = 254;
/** Longest name that somebody leaves with it. */
export const MAIL_NAME_MAX = 120;

/**
 * One plain address that mail can go to: no list, no comment, no quotes, nothing that could begin a header. Narrower than the
 * standard: what people have, not what it allows.
 */
export function isMailAddress(text: string): boolean {
  if (text.length > MAIL_ADDRESS_MAX) return false;
  const [local, host, more] = text.split('@');
  if (!local || !host || more !== undefined || local.length > 64) return false;
  if (!/^[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]+$/u.test(local) || /^\.|\.\.|\.$/.test(local)) return false;
  return /^([\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*[\p{L}\p{N}]$/u.test(host);
}

import type { Email } from 'postal-mime';

/** What a mail server says of a mail that it was given (RFC 3464). */
export type DeliveryReport = {
  /** Message ids of what it is about, the likeliest first. */
  about: readonly string[];
  /** `delayed`: it is still tried · `arrived`: nobody has to be told. */
  outcome: 'failed' | 'delayed' | 'arrived';
};

const TEXT_MAX = 64 * 1_024;
/** What comes back of the mail itself, whole or its headers (RFC 6522, 3; RFC 6533 for those in UTF-8). */
const RETURNED = /^(message\/(rfc822|global)|text\/rfc822-headers|message\/global-headers)$/;

/** Null: it is none. */
export function deliveryReport(mail: Email): DeliveryReport | null {
  const contentType = mail.headers.find(({ key }) => key === 'content-type')?.value ?? '';
  if (!/^multipart\/report\b/i.test(contentType) || !/report-type="?delivery-status\b/i.test(contentType)) return null;
  const status = textOf(mail.attachments.find(({ mimeType }) => /^message\/(global-)?delivery-status$/.test(mimeType)));
  const actions = [...status.matchAll(/^action:\s*([a-z]+)/gim)].map(([, action = '']) => action.toLowerCase());
  const returned = mail.attachments.filter(({ mimeType }) => RETURNED.test(mimeType)).map((part) => textOf(part));
  const own = returned.flatMap((text) =>
    [...text.matchAll(/^message-id:\s*(<[^<>\s]{1,300}>)/gim)].map(([, id]) => id),
  );
  const others = `${mail.inReplyTo ?? ''} ${mail.references ?? ''} ${returned.join(' ')}`;
  const about = [...own, ...(others.match(/<[^<>\s]{1,300}>/g) ?? [])].filter((id) => id !== undefined);
  const outcome = actions.includes('failed') ? 'failed' : actions.includes('delayed') ? 'delayed' : 'arrived';
  return { about: [...new Set(about)].slice(0, 100), outcome };
}

/** Only what is ASCII in it is looked at. */
function textOf(part: Email['attachments'][number] | undefined): string {
  const { content = '' } = part ?? {};
  if (typeof content === 'string') return content.slice(0, TEXT_MAX);
  return Buffer.from(content instanceof ArrayBuffer ? new Uint8Array(content) : content)
    .subarray(0, TEXT_MAX)
    .toString('latin1');
}

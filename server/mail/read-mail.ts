import PostalMime from 'postal-mime';
import { deliveryReport } from './delivery-report.ts';
import type { ReceivedMail } from './mail.ts';
import { filesIn } from './mail-files.ts';
import { replyText } from './reply-text.ts';

const TEXT_MAX = 20_000;

/** Reads a mail as it came over the wire; null where it cannot be understood. `cut`: its end is missing. Bounded whatever is in it. */
export async function readMail(source: Uint8Array, { cut = false } = {}): Promise<ReceivedMail | null> {
  const options = { maxNestingDepth: 20, maxHeadersSize: 128 * 1_024, maxRfc822NestingDepth: 1 };
  const mail = await PostalMime.parse(source, options).catch(() => null);
  const from = mail?.from?.address?.trim().toLowerCase();
  if (!mail || !from) return null;
  const header = (name: string): string => mail.headers.find(({ key }) => key === name)?.value.toLowerCase() ?? '';
  const submitted = header('auto-submitted');
  const report = deliveryReport(mail);
  const automatic =
    report !== null ||
    (submitted !== '' && submitted !== 'no') ||
    /^(bulk|list|junk|auto_reply)$/.test(header('precedence')) ||
    header('x-autoreply') !== '' ||
    header('list-id') !== '' ||
    mail.returnPath === '<>' ||
    /^(mailer-daemon|postmaster)@/.test(from);
  const body = mail.text ?? textOf(mail.html ?? '');
  return {
    messageId: mail.messageId ?? null,
    from,
    answers: [...idsIn(mail.inReplyTo), ...idsIn(mail.references).toReversed()].slice(0, 50),
    text: replyText(body).slice(0, TEXT_MAX),
    files: filesIn(mail.attachments, cut),
    report,
    automatic,
  };
}

function idsIn(header: string | undefined): string[] {
  return header?.match(/<[^<>\s]{1,300}>/g) ?? [];
}

/** The words of a mail that has no plain part. Only ever shown as text. */
function textOf(html: string): string {
  return html
    .slice(0, 500_000)
    .replaceAll(/<(style|script|head|title)\b[^]*?<\/\1>/gi, '')
    .replaceAll(/<blockquote\b[^]*$/gi, '')
    .replaceAll(/<(br|\/p|\/div|\/li|\/tr)\b[^<>]*>/gi, '\n')
    .replaceAll(/<[^<>]*>/g, '')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\n{3,}/g, '\n\n');
}

import PostalMime from 'postal-mime';
import { deliveryReport } from './delivery-report.ts';
import { textOf } from './html-text.ts';
import type { ReceivedMail } from './mail.ts';
import { filesIn } from './mail-files.ts';
import { replyText } from './reply-text.ts';

const TEXT_MAX = 20_000;

/** Reads a mail as it came over the wire; null where it cannot be understood. `cut`: its end is missing. */
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

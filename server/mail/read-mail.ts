import PostalMime from 'postal-mime';
import { deliveryReport } from './delivery-report.ts';
import { textOf } from './html-text.ts';
import type { ReceivedMail } from './mail.ts';
import { filesIn, textFile } from './mail-files.ts';
import { replyText } from './reply-text.ts';

/** A thread takes 20,000 characters of a mail, in pieces: room is left for the line that says where the rest is. */
const TEXT_MAX = 19_900;

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
  const words = wordsIn(replyText(mail.text ?? textOf(mail.html ?? '')), cut);
  return {
    messageId: mail.messageId ?? null,
    from,
    answers: [...idsIn(mail.inReplyTo), ...idsIn(mail.references).toReversed()].slice(0, 50),
    text: words.text,
    files: [...words.files, ...filesIn(mail.attachments, cut)],
    report,
    automatic,
  };
}

function idsIn(header: string | undefined): string[] {
  return header?.match(/<[^<>\s]{1,300}>/g) ?? [];
}

/** Of longer words the beginning is the text, which ends with the name of a file that has them all. */
function wordsIn(written: string, cut: boolean): Pick<ReceivedMail, 'text' | 'files'> {
  if (written.length <= TEXT_MAX) return { text: written, files: [] };
  const file = textFile(written, cut);
  const beginning = written.slice(0, TEXT_MAX).replace(/[\uD800-\uDBFF]$/, '');
  return { text: `${beginning}\n[… ${file.name}]`, files: [file] };
}

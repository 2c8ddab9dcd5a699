import type { Attachment } from 'postal-mime';

/** A file that came with a mail. `content` null: more than is read of one mail. */
export type MailFile = { name: string; type: string; content: Uint8Array<ArrayBuffer> | null };

/** Smaller ones that stand in the text are the logos of signatures. */
const IN_TEXT_BYTES_MIN = 20_000;
const NAME_MAX = 120;
/** Proofs of who wrote it, and the mail that a server gives back: nothing that somebody sent. */
const NO_FILES = /^(application\/(x-)?(pkcs7|pgp)-signature|application\/pgp-keys|message\/.*|text\/rfc822-headers)$/;

/** `cut`: its end is missing, and so perhaps the end of each file. */
export function filesIn(attachments: readonly Attachment[], cut: boolean): MailFile[] {
  return attachments.flatMap(({ filename, mimeType, disposition, related, content }) => {
    if (NO_FILES.test(mimeType)) return [];
    const bytes = bytesOf(content);
    const inText = disposition === 'inline' || related === true;
    if (inText && bytes.length < IN_TEXT_BYTES_MIN) return [];
    const name = (filename ?? '')
      .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
      .trim()
      .slice(-NAME_MAX);
    return [{ name, type: mimeType, content: cut ? null : bytes }];
  });
}

/** Words that are too long for a message. Its name is the same in every language. */
export function textFile(text: string, cut: boolean): MailFile {
  return { name: 'mail.txt', type: 'text/plain', content: cut ? null : new TextEncoder().encode(text) };
}

function bytesOf(content: Attachment['content']): Uint8Array<ArrayBuffer> {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  // Not shared with anybody: the parser has made it for this one.
  return content instanceof ArrayBuffer ? new Uint8Array(content) : new Uint8Array(content);
}

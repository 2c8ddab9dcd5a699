import type { Files, Uploader } from '../files/files.ts';
import type { ReceivedMail } from '../mail/mail.ts';
import type { MailFileRefused } from '../protocol/entry.ts';
import type { FileRefusal, FileView } from '../protocol/file.ts';
import type { UploadSetting } from '../protocol/settings.ts';

/** Of one mail; who sends more has them in the mailbox. */
const FILES_MAX = 10;

export type MailedFiles = { kept: { id: string; file: FileView }[]; refused: MailFileRefused[] };

/**
 * Files of a mail become files of its conversation, under the same checks as any upload, each for a message of its own:
 * the n-th for `<mail>:file-<n>`.
 */
export async function keepMailedFiles(
  files: Files,
  mail: { id: string; files: ReceivedMail['files'] },
  to: { shop: string; shopper: string; conversation: string; setting: UploadSetting },
): Promise<MailedFiles> {
  const found: MailedFiles = { kept: [], refused: [] };
  for (const [index, file] of mail.files.entries()) {
    const id = messageOf(mail.id, index);
    const kept = index < FILES_MAX ? await keep(files, file, id, to) : 'too-many';
    if (typeof kept === 'string') found.refused.push({ name: file.name || '?', reason: kept });
    else found.kept.push({ id, file: kept });
  }
  return found;
}

export function messageOf(mail: string, index: number): string {
  return `${mail}:file-${index + 1}`;
}

async function keep(
  files: Files,
  { name, type, content }: ReceivedMail['files'][number],
  message: string,
  {
    shop,
    shopper,
    conversation,
    setting,
  }: { shop: string; shopper: string; conversation: string; setting: UploadSetting },
): Promise<FileView | FileRefusal> {
  if (!content) return 'file-too-large';
  const by: Uploader = { side: 'shopper', shop, shopper };
  const begun = await files.begin(by, { shopper, conversation: null }, { name, type, bytes: content.length }, setting);
  if ('reason' in begun) return begun.reason;
  const appended = await files.append(by, begun.id, 0, new Blob([content]).stream());
  if ('reason' in appended) return appended.reason;
  return (await files.take(by, begun.id, { conversation, message })) ?? 'file-gone';
}

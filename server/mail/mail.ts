/** Mail as the rest of the house sees it. */
import type { MailRecord } from '../storage/storage.ts';
import type { DeliveryReport } from './delivery-report.ts';
import type { MailFile } from './mail-files.ts';

/** One mail to one person, in plain text. */
export type Letter = {
  /** Of this mail; the same again when it is sent again, so that a repetition is seen as one. */
  messageId: string;
  to: string;
  subject: string;
  text: string;
  /** Message ids of what it continues, the oldest first. */
  references: readonly string[];
};

/** Carries mails away. */
export interface Mailer {
  /** Resolves when the next server has taken it. Throws a MailError. */
  send(letter: Letter): Promise<void>;
  close(): Promise<void>;
}

/** `refused` for good: sending it again changes nothing. `unreachable`: later it may go. */
export class MailError extends Error {
  readonly reason: 'refused' | 'unreachable';

  constructor(reason: 'refused' | 'unreachable', cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.reason = reason;
  }
}

/** What became of a mail: taken · refused for good · not taken yet · given up after all. */
export type MailOutcome = 'sent' | 'refused' | 'later' | 'given-up';

/** Where mails are put that are to go out. */
export interface Post {
  /** Resolves when the mail is durable; it is on its way then. */
  add(mail: Pick<MailRecord, 'id' | 'shop' | 'conversation' | 'to' | 'subject' | 'text' | 'references'>): Promise<void>;
  /** The message id of a mail of ours. */
  messageId(mail: string): string;
  /** The id of the mail that a message id names; null: it was not ours. */
  mailOf(messageId: string): string | null;
}

/** A mail that came in, read. */
export type ReceivedMail = {
  messageId: string | null;
  /** The address alone. */
  from: string;
  /** Message ids of what it answers, the nearest first. */
  answers: readonly string[];
  /** What its author wrote, without what is quoted; fewer than 20,000 characters. Of more it is the beginning, and says so. */
  text: string;
  /** Files that came with it; before them one of its whole text, where that is longer than `text` may be. */
  files: readonly MailFile[];
  /** It tells what became of another one; null: it does not. */
  report: DeliveryReport | null;
  /** Written by a machine: an absence notice, a bounce, a list. It is answered by nobody, or two machines would never end. */
  automatic: boolean;
};

/** What became of a mail: written down · not for us, left unread · refused, and why. */
export type Reception = 'taken' | 'not-ours' | { refused: 'forged-sender' | 'automatic' | 'empty' | 'unreadable' };

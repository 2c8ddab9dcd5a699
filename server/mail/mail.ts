/** Mail as the rest of the house sees it. */

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

/** A mail that came in, read. */
export type ReceivedMail = {
  messageId: string | null;
  /** The address alone. */
  from: string;
  /** Message ids of what it answers, the nearest first. */
  answers: readonly string[];
  /** What its author wrote, without what is quoted below it. */
  text: string;
  /** Files that came with it. */
  attachments: number;
  /** Written by a machine: an absence notice, a bounce, a list. It is answered by nobody, or two machines would never end. */
  automatic: boolean;
};

/** What became of a mail: written down · not for us, left unread · refused, and why. */
export type Reception = 'taken' | 'not-ours' | { refused: 'forged-sender' | 'automatic' | 'empty' | 'unreadable' };

import type { MailRecord, Storage } from '../storage/storage.ts';
import { MailError, type Mailer, type MailOutcome, type Post } from './mail.ts';
import type { MessageIds } from './message-ids.ts';

const AT_A_TIME = 20;
/** After each failure; then it is given up, and stands in the record. Five days in all, as mail servers do it. */
const AGAIN_MINUTES = [1, 5, 15, 60, 180, 360, 720, 1_440, 1_440, 1_440, 1_440];
const LOOK_EVERY_MS = 30_000;

export type MailOutboxOptions = {
  storage: Pick<Storage, 'saveMail' | 'changeMail' | 'dueMails'>;
  mailer: Mailer;
  ids: MessageIds;
  now: () => number;
  /** What became of a mail, once that is durable. */
  told?: (mail: MailRecord, outcome: MailOutcome) => void;
  log: { error(fields: object, message: string): void };
};

/**
 * Mails that are to go out: durable first, then sent, again and again until they are taken or given up. One that was taken in
 * the moment in which this process died is sent twice, with the same message id.
 */
export class MailOutbox implements Post {
  #options: MailOutboxOptions;
  #sending: Promise<void> | null = null;
  #again = false;
  #closed = false;
  #timer: ReturnType<typeof setInterval>;

  constructor(options: MailOutboxOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
    this.#look();
  }

  /** Resolves when the mail is durable; it is on its way then. */
  async add(
    mail: Pick<MailRecord, 'id' | 'shop' | 'conversation' | 'to' | 'subject' | 'text' | 'references'>,
  ): Promise<void> {
    const now = this.#options.now();
    await this.#options.storage.saveMail({
      ...mail,
      createdAt: now,
      attempts: 0,
      nextAt: now,
      sentAt: null,
      error: null,
    });
    this.#look();
  }

  messageId(mail: string): string {
    return this.#options.ids.of(mail);
  }

  mailOf(messageId: string): string | null {
    return this.#options.ids.read(messageId);
  }

  /** Waits for the mail that is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#sending;
    await this.#options.mailer.close();
  }

  #look(): void {
    if (this.#closed) return;
    this.#again = this.#sending !== null;
    this.#sending ??= this.#sendDue()
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'mails could not be sent'))
      .finally(() => {
        this.#sending = null;
        if (this.#again) this.#look();
      });
  }

  async #sendDue(): Promise<void> {
    const { storage, now } = this.#options;
    for (;;) {
      const due = await storage.dueMails(now(), AT_A_TIME);
      for (const mail of due) {
        if (this.#closed) return;
        const { record, outcome } = await this.#send(mail);
        await storage.changeMail(record);
        this.#options.told?.(record, outcome);
      }
      if (due.length < AT_A_TIME) return;
    }
  }

  async #send(mail: MailRecord): Promise<{ record: MailRecord; outcome: MailOutcome }> {
    const { mailer, ids, now, log } = this.#options;
    const { id, to, subject, text, references } = mail;
    const attempts = mail.attempts + 1;
    try {
      await mailer.send({ messageId: ids.of(id), to, subject, text, references });
      return { record: { ...mail, attempts, nextAt: null, sentAt: now(), error: null }, outcome: 'sent' };
    } catch (error) {
      const refused = error instanceof MailError && error.reason === 'refused';
      const wait = refused ? undefined : AGAIN_MINUTES[attempts - 1];
      log.error({ reason: error instanceof MailError ? error.reason : 'failed', attempts }, 'a mail did not go out');
      const words = error instanceof Error ? error.message : String(error);
      const nextAt = wait === undefined ? null : now() + wait * 60_000;
      const outcome = refused ? 'refused' : nextAt === null ? 'given-up' : 'later';
      return { record: { ...mail, attempts, nextAt, error: words.slice(0, 300) }, outcome };
    }
  }
}

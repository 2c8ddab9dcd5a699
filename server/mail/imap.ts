import { ImapFlow } from 'imapflow';
import { mailServer } from './mail-server.ts';
import type { Reception, ReceivedMail } from './mail.ts';
import { readApart } from './read-apart.ts';

/** Of a larger mail only the beginning is read: its words. Few mail servers take more. */
const WHOLE_MAX = 36 * 1_024 * 1_024;
const BEGINNING = 2 * 1_024 * 1_024;
const AGAIN_MS = [1_000, 5_000, 30_000, 120_000];
/** Without IDLE, or where it is lost in silence: how often it is looked by hand. */
const LOOK_EVERY_MS = 60_000;
const AT_A_TIME = 50;
const IDLE_AFTER_MS = 200;

export type ImapOptions = {
  /** `imaps://user:password@host` or `imap://…` (STARTTLS where the server has it). */
  url: string;
  folder: string;
  /** What is to become of a mail. One that throws is left unread, holds up no other, and comes again. */
  receive: (mail: ReceivedMail) => Promise<Reception>;
  log: { error(fields: object, message: string): void };
};

/**
 * Watches a mailbox until it is closed. What was taken is marked as read, what was refused is flagged as well, so that a person
 * may look at it; what is not for us stays as it is
 * (and is not asked about again while this process runs). A lost connection is made anew.
 */
export class ImapMailbox {
  #options: ImapOptions;
  #client: ImapFlow | null = null;
  #closed = false;
  #failures = 0;
  #again: ReturnType<typeof setTimeout> | null = null;
  #looking: Promise<void> | null = null;
  #lookAgain = false;
  #seen = new Set<string>();
  /** What could not be received the last time: it comes after the others. */
  #failed = new Set<string>();

  constructor(options: ImapOptions) {
    this.#options = options;
    void this.#connect();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#again) clearTimeout(this.#again);
    await this.#looking;
    this.#client?.close();
  }

  async #connect(): Promise<void> {
    const { url, folder, log } = this.#options;
    const { host, port, secure, mustUpgrade, auth } = mailServer(url, { plain: 143, secure: 993 });
    const client = new ImapFlow({
      host,
      port,
      secure,
      ...(mustUpgrade && { doSTARTTLS: true }),
      auth: auth ?? { user: '', pass: '' },
      logger: false,
      // Of new mail one hears while idling.
      autoIdleDelay: IDLE_AFTER_MS,
    });
    this.#client = client;
    // What ends the connection is told by `close` as well.
    client.on('error', () => {});
    client.on('close', () => this.#lost(client));
    client.on('exists', () => this.#look());
    try {
      await client.connect();
      await client.mailboxOpen(folder);
      this.#failures = 0;
      this.#look();
    } catch (error) {
      if (!this.#closed) log.error({ err: error }, 'the mailbox cannot be opened; it is tried again');
      client.close();
      this.#lost(client);
    }
  }

  #lost(client: ImapFlow): void {
    if (this.#closed || this.#client !== client) return;
    this.#client = null;
    const wait = AGAIN_MS[Math.min(this.#failures++, AGAIN_MS.length - 1)] ?? LOOK_EVERY_MS;
    this.#again = setTimeout(() => void this.#connect(), wait).unref();
  }

  /** One look at a time; what comes meanwhile is another one. */
  #look(): void {
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    if (this.#again) clearTimeout(this.#again);
    this.#looking = this.#readUnread()
      .catch((error: unknown) => {
        if (!this.#closed) this.#options.log.error({ err: error }, 'mails could not be read');
      })
      .finally(() => {
        this.#looking = null;
        if (this.#closed || !this.#client) return;
        if (this.#lookAgain) {
          this.#lookAgain = false;
          this.#look();
        } else {
          this.#again = setTimeout(() => this.#look(), LOOK_EVERY_MS).unref();
        }
      });
  }

  async #readUnread(): Promise<void> {
    const client = this.#client;
    if (!client?.usable) return;
    const found = await client.search({ seen: false }, { uid: true });
    const mailbox = client.mailbox ? String(client.mailbox.uidValidity) : '';
    const key = (uid: number): string => `${mailbox}/${uid}`;
    const unread = (found || [])
      .filter((uid) => !this.#seen.has(key(uid)))
      .toSorted((a, b) => Number(this.#failed.has(key(a))) - Number(this.#failed.has(key(b))))
      .slice(0, AT_A_TIME);
    let received = 0;
    for (const uid of unread) {
      if (this.#closed || !client.usable) return;
      try {
        const reception = await this.#receive(client, uid);
        received += 1;
        this.#failed.delete(key(uid));
        if (reception === 'not-ours') this.#seen.add(key(uid));
        else {
          const flags = reception === 'taken' ? ['\\Seen'] : ['\\Seen', '\\Flagged'];
          await client.messageFlagsAdd(String(uid), flags, { uid: true });
        }
      } catch (error) {
        this.#failed.add(key(uid));
        if (!this.#closed) this.#options.log.error({ err: error }, 'a mail could not be received; it is tried again');
      }
    }
    if (unread.length === AT_A_TIME && received > 0) this.#lookAgain = true;
  }

  async #receive(client: ImapFlow, uid: number): Promise<Reception> {
    const about = await client.fetchOne(String(uid), { size: true }, { uid: true });
    if (!about) return 'not-ours';
    const cut = (about.size ?? 0) > WHOLE_MAX;
    const wanted = cut ? { maxLength: BEGINNING } : true;
    const fetched = await client.fetchOne(String(uid), { source: wanted }, { uid: true });
    const mail = fetched && fetched.source ? await readApart(fetched.source, { cut }) : null;
    if (mail === 'unreadable') return { refused: mail };
    return mail ? await this.#options.receive(mail) : 'not-ours';
  }
}

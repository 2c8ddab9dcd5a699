import { createHash } from 'node:crypto';
import {
  acknowledgementLetter,
  answerLetter,
  languageOf,
  transcriptLetter,
  type Draft,
  type Said,
} from '../mail/letters.ts';
import type { Files } from '../files/files.ts';
import type { MailOutcome, Post, ReceivedMail, Reception } from '../mail/mail.ts';
import { shownTo, type Entry, type MailKind, type Side } from '../protocol/entry.ts';
import { MESSAGE_TEXT_MAX } from '../protocol/limits.ts';
import { isMailAddress } from '../protocol/mail-address.ts';
import type { Refusal } from '../protocol/refusals.ts';
import type { ConversationSummary } from '../protocol/views.ts';
import type { MailRecord, Storage } from '../storage/storage.ts';
import { MailLimits } from './mail-limits.ts';
import { keepMailedFiles, messageOf } from './mailed-files.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import type { ShopSettings } from './shop-settings.ts';
import { Timers } from './timers.ts';

export type TicketMailsOptions = {
  storage: Pick<Storage, 'entriesAfter' | 'messageIds' | 'mail' | 'changeMail' | 'mailsOf' | 'shopById' | 'shops'>;
  files: Files;
  rooms: Rooms;
  settings: Pick<ShopSettings, 'of'>;
  post: Post;
  /** Words that follow each other within this time go in one mail. */
  gatherMs: number;
  now: () => number;
  log: { error(fields: object, message: string): void };
};

/** Mails in an hour to one address that nobody here has checked, and transcripts of one conversation. */
const TO_ADDRESS_MAX = 5;
const TRANSCRIPTS_MAX = 3;
/** Acknowledgements of one ticket, each to another address. */
const ADDRESSES_MAX = 3;
const PAGE = 500;
/** Of a longer conversation a transcript has its end. */
const TRANSCRIPT_MAX = 2_000;
const MAIL_PARTS_MAX = 5;
/** How it stands in a mail's record that it came back. */
const BOUNCED = 'bounced: ';

/** The mails of tickets, both ways. */
export class TicketMails {
  #options: TicketMailsOptions;
  #limits: MailLimits;
  #timers = new Timers<string>();
  #adding = new Set<string>();
  /** Tickets whose shoppers are connected. */
  #here = new Set<string>();
  #closed = false;

  constructor(options: TicketMailsOptions) {
    this.#options = options;
    this.#limits = new MailLimits(options.now);
  }

  /** What was to be mailed when the last process ended. */
  async open(): Promise<void> {
    const { storage, rooms, gatherMs } = this.#options;
    const all = await Promise.all((await storage.shops()).map(async ({ id }) => await rooms.openSummaries(id)));
    const answered = all.flat().filter(({ ticket, preview }) => ticket && preview?.side === 'agent');
    // Whoever was connected comes back meanwhile; then one after the other, however many there are.
    const gather = async (): Promise<void> => {
      for (const { id } of answered) if (!this.#closed) await this.#gather(id);
    };
    this.#timers.set('start', gatherMs, () => this.#background(gather()));
  }

  close(): void {
    this.#closed = true;
    this.#timers.close();
  }

  /** These entries are durable now. */
  recorded(room: Room, entries: readonly Entry[]): void {
    if (!room.ticket) return;
    const by = (side: Side): boolean => entries.some((entry) => entry.type === 'message' && entry.from.side === side);
    // With another word the shopper may have corrected the address.
    if (by('shopper') || entries.some(({ type }) => type === 'ticket-made')) this.#background(this.#acknowledge(room));
    if (by('agent')) this.#soon(room.id);
    // Nobody will write more: what was written goes now.
    if (entries.some((entry) => entry.type === 'ticket-changed' && entry.state === 'solved')) this.#soon(room.id, 0);
  }

  /** Whoever leaves may not have seen what was written last. */
  sees({ id, ticket, shopper }: ConversationSummary): void {
    if (shopper.online && ticket) this.#here.add(id);
    else if (this.#here.delete(id) && ticket) this.#soon(id);
  }

  /** What becomes of a mail that came in. */
  async receive(mail: ReceivedMail): Promise<Reception> {
    const { storage, post, rooms, log } = this.#options;
    if (mail.report) return await this.#cameBack(mail.report);
    const own = mail.answers.map((id) => post.mailOf(id)).find((id) => id !== null) ?? null;
    const record = own === null ? null : await storage.mail(own);
    const room = record && (await rooms.byId(record.conversation));
    if (!room?.ticket) return 'not-ours';
    const refused = (reason: 'forged-sender' | 'automatic' | 'empty'): Reception => {
      log.error(
        { reason, ticket: room.ticket?.number },
        'a mail to a ticket was refused; it is flagged in the mailbox',
      );
      return { refused: reason };
    };
    if (mail.automatic) return refused('automatic');
    if (!room.ticket.email || mail.from.toLowerCase() !== room.ticket.email.toLowerCase()) {
      return refused('forged-sender');
    }
    if (mail.text.trim() === '' && mail.files.length === 0) return refused('empty');
    await this.#take(room, mail);
    return 'taken';
  }

  /** Into the thread, once. */
  async #take(room: Room, mail: ReceivedMail): Promise<void> {
    const id = idOfMail(mail);
    const ids = [id, refusedOf(id), ...mail.files.map((_, index) => messageOf(id, index))];
    if (ids.some((each) => room.known(each))) return;
    const { files, settings, storage } = this.#options;
    const { uploads: setting } = await settings.of(room.shop);
    const to = { shop: room.shop, shopper: room.shopper, conversation: room.id, setting };
    const mailed = await keepMailedFiles(files, { id, files: mail.files }, to);
    const messages = [...partsOf(id, mail.text), ...mailed.kept.map((kept) => ({ ...kept, text: '' }))];
    const lost = mailed.refused.length > 0 ? { id: refusedOf(id), files: mailed.refused } : null;
    room.dispatch({ type: 'mail-received', messages, refused: lost });
    await room.flushed();
    // Marked as read only when it is ours for good.
    const stored = new Set((await storage.messageIds(room.id)).map((each) => each.id));
    if (!ids.some((each) => stored.has(each))) throw new Error('an answer by mail could not be stored');
  }

  /** A mail server says what became of a mail of ours. */
  async #cameBack({ about, outcome }: NonNullable<ReceivedMail['report']>): Promise<Reception> {
    const { storage, post, rooms } = this.#options;
    const own = about.map((id) => post.mailOf(id)).find((id) => id !== null) ?? null;
    const record = own === null ? null : await storage.mail(own);
    const room = record && (await rooms.byId(record.conversation));
    const [what] = kindOf(own ?? '');
    if (!room || !what) return 'not-ours';
    const error = `${BOUNCED}${outcome}`;
    // The same once more, or nothing that anybody has to know.
    if (outcome === 'arrived' || record.error === error || record.error === `${BOUNCED}failed`) return 'taken';
    const again = outcome === 'delayed';
    room.dispatch({
      type: 'mail-told',
      body: { type: 'mail-failed', what, reason: 'bounced', again, to: record.to },
    });
    await room.flushed();
    await storage.changeMail({ ...record, error });
    return 'taken';
  }

  /** The conversation by mail, to the address that it has, or that whoever asks gives. Why not, or null. */
  async transcript(room: Room, given: string | undefined): Promise<Refusal | null> {
    const to = room.ticket?.email ?? given?.trim();
    if (!to || !isMailAddress(to)) return 'bad-address';
    // Nobody mails what they like to whom they like from the shop's address: somebody of the shop has taken it.
    if (room.view.agent === null) return 'no-agent-yet';
    if (!this.#limits.take(`transcript ${room.id}`, TRANSCRIPTS_MAX)) return 'too-fast';
    if (!room.ticket?.email && !this.#limits.take(`to ${to.toLowerCase()}`, TO_ADDRESS_MAX)) return 'too-fast';
    await room.flushed();
    const entries = (await this.#entries(room.id, Math.max(0, room.lastSeq - TRANSCRIPT_MAX))).flatMap(saidIn);
    if (entries.length === 0) return 'message-empty';
    const shop = await this.#options.storage.shopById(room.shop);
    const { hours } = await this.#options.settings.of(room.shop);
    const language = languageOf(room.ticket?.locale ?? room.view.shopper.locale);
    const about = { shop: shop?.name ?? '', zone: hours?.zone ?? null, language };
    await this.#add(room, to, ['transcript', 0, String(this.#options.now())], transcriptLetter(about, entries));
    return null;
  }

  /** What became of a mail that went out, said in its thread where somebody should know. */
  told({ id, conversation, attempts, to }: MailRecord, outcome: MailOutcome): void {
    const [what, messages] = kindOf(id);
    if (!what) return;
    const again = outcome === 'later';
    // Of a server that is away it is said once, and when it is given up.
    if (again && attempts > 1) return;
    if (outcome === 'sent' && what === 'acknowledgement') return;
    const tell = async (): Promise<void> => {
      const room = await this.#options.rooms.byId(conversation);
      const reason = outcome === 'refused' ? ('refused' as const) : ('unreachable' as const);
      const body =
        outcome === 'sent'
          ? { type: 'mail-sent' as const, what, messages }
          : { type: 'mail-failed' as const, what, reason, again, to };
      room?.dispatch({ type: 'mail-told', body });
    };
    this.#background(tell());
  }

  #soon(conversation: string, ms = this.#options.gatherMs): void {
    if (this.#closed || (this.#timers.has(conversation) && ms > 0)) return;
    this.#timers.set(conversation, ms, () => this.#background(this.#gather(conversation)));
  }

  /** Agents' words that the shopper's browser has not received. */
  async #gather(conversation: string): Promise<void> {
    const { rooms, storage } = this.#options;
    const room = await rooms.byId(conversation);
    if (!room?.ticket) return;
    await room.flushed();
    const { view, ticket } = room;
    const from = Math.max(ticket.mailedSeq, view.receipts.shopper.delivered);
    const entries = await this.#entries(conversation, from);
    const unseen = entries.filter((entry) => entry.type === 'message' && entry.from.side === 'agent');
    const last = unseen.at(-1)?.seq;
    // Who is connected reads it there; should they leave before, it is looked again.
    if (last === undefined || !ticket.email || view.shopper.online) return;
    const shop = await storage.shopById(room.shop);
    const about = { shop: shop?.name ?? '', number: ticket.number, language: languageOf(ticket.locale) };
    const earlier = await this.#entries(conversation, Math.max(0, from - PAGE));
    const before = earlier.findLast(
      (entry) => entry.type === 'message' && entry.from.side === 'shopper' && entry.seq <= last,
    );
    const said = unseen.flatMap(saidIn);
    const notTaken = [...earlier, ...entries]
      .filter((entry) => entry.type === 'mail-files-refused' && entry.seq > ticket.mailedSeq)
      .flatMap((entry) => (entry.type === 'mail-files-refused' ? entry.files.map(({ name }) => name) : []));
    const letter = answerLetter(about, { said, before: (before && saidIn(before)[0]) ?? null, notTaken });
    await this.#add(room, ticket.email, ['answer', unseen.length, String(last)], letter);
    room.dispatch({ type: 'ticket-mailed', seq: last });
  }

  async #acknowledge(room: Room): Promise<void> {
    const { ticket } = room;
    if (!ticket?.email) return;
    const kind = ['acknowledgement', 0, ticket.email] as const;
    if (await this.#options.storage.mail(idOf(room.id, ...kind))) return;
    const may = this.#limits.take(`from ${room.id}`, ADDRESSES_MAX);
    if (!may || !this.#limits.take(`to ${ticket.email.toLowerCase()}`, TO_ADDRESS_MAX)) {
      this.#options.log.error(
        { ticket: ticket.number },
        'an acknowledgement was not mailed: there were enough of them',
      );
      return;
    }
    const shop = await this.#options.storage.shopById(room.shop);
    const { hours, tickets } = await this.#options.settings.of(room.shop);
    const about = { shop: shop?.name ?? '', number: ticket.number, language: languageOf(ticket.locale) };
    const expected = { hours: tickets.answerHours, dueAt: ticket.dueAt, zone: hours?.zone ?? null };
    await this.#add(room, ticket.email, kind, acknowledgementLetter(about, expected));
  }

  /** The same again has the same id, and goes once. */
  async #add(
    room: Room,
    to: string,
    kind: readonly [MailKind, number, string],
    { subject, text }: Draft,
  ): Promise<void> {
    const { storage, post } = this.#options;
    const id = idOf(room.id, ...kind);
    if (this.#adding.has(id)) return;
    this.#adding.add(id);
    try {
      if (await storage.mail(id)) return;
      const before = await storage.mailsOf(room.id);
      const references = before.slice(-10).map((mail) => post.messageId(mail.id));
      await post.add({ id, shop: room.shop, conversation: room.id, to, subject, text, references });
    } finally {
      this.#adding.delete(id);
    }
  }

  /** As the shopper may know them. */
  async #entries(conversation: string, after: number): Promise<Entry[]> {
    const found: Entry[] = [];
    for (;;) {
      const page = await this.#options.storage.entriesAfter(conversation, found.at(-1)?.seq ?? after, PAGE);
      found.push(...shownTo('shopper', page));
      if (page.length < PAGE) return found;
    }
  }

  #background(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!this.#closed) this.#options.log.error({ err: error }, 'a mail of a ticket could not be made');
    });
  }
}

function saidIn(entry: Entry): Said[] {
  if (entry.type !== 'message') return [];
  const { from, text, file, product, at } = entry;
  const words = product ? [text, product.name, product.url].filter(Boolean).join('\n') : text;
  return [{ name: from.side === 'agent' ? from.name : null, text: words, file: file?.name ?? null, at }];
}

function idOf(conversation: string, what: MailKind, messages: number, which: string): string {
  const hash = createHash('sha256').update(`${conversation} ${which}`).digest('hex').slice(0, 32);
  return `${what}-${messages}-${hash}`;
}

function kindOf(id: string): [MailKind, number] | [null, 0] {
  const [, what, messages] = /^(acknowledgement|answer|transcript)-(\d{1,6})-/.exec(id) ?? [];
  return what === 'acknowledgement' || what === 'answer' || what === 'transcript'
    ? [what, Number(messages)]
    : [null, 0];
}

/**
 * The same mail gives the same id. It has a colon, which no client may write: a shopper who knows the id of the own mail
 * cannot send a message of that name before it.
 */
function idOfMail({ messageId, from, text, answers }: ReceivedMail): string {
  const name = messageId ?? `${from} ${answers.join(' ')} ${text}`;
  return `mail:${createHash('sha256').update(name).digest('base64url').slice(0, 32)}`;
}

/** Its words are one message, or several where they are longer than one may be; none where it has none. */
function partsOf(id: string, text: string): { id: string; text: string }[] {
  const parts: string[] = [];
  for (let rest = text.trim(); rest !== '' && parts.length < MAIL_PARTS_MAX;) {
    const part = rest.slice(0, MESSAGE_TEXT_MAX).replace(/[\uD800-\uDBFF]$/, '');
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return parts.map((part, index) => ({ id: index === 0 ? id : `${id}:${index + 1}`, text: part }));
}

function refusedOf(id: string): string {
  return `${id}:refused`;
}

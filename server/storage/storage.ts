import type { Entry, Side } from '../protocol/entry.ts';
import type { Preview, Receipt } from '../protocol/views.ts';

/** A tenant. `origins` are the web origins its pages may come from, for example `https://shop.example`. */
export type Shop = {
  id: string;
  key: string;
  name: string;
  accent: string;
  greeting: string | null;
  origins: string[];
};

export type Agent = {
  id: string;
  shop: string;
  email: string;
  name: string;
  role: 'agent' | 'supervisor' | 'admin';
  /** argon2id in PHC string format. */
  passwordHash: string;
  /** Ids of the topics that they answer; null: all. */
  topics: string[] | null;
  /** Units of work at a time; null: what the shop has settled. */
  capacity: number | null;
  /** Whether they may sign in. Who is not in the team any more stays known by what they wrote. */
  active: boolean;
};

/** A signed-in browser of an agent. `id` is a hash of the cookie's value. Times in milliseconds since the epoch. */
export type AgentSession = { id: string; agent: string; expiresAt: number };

/** Of the waits, from the conversation's beginning, in milliseconds; null: that has not happened (yet). */
export type ConversationFacts = {
  firstWaitMs: number | null;
  firstAnswerMs: number | null;
  closedAt: number | null;
  /** It ended, or the shopper was gone for good, before anybody came. */
  missed: boolean;
  calls: number;
  callSeconds: number;
  cobrowses: number;
};

/** A wait that is over. */
export type WaitRecord = { topic: string | null; since: number; waitedMs: number; estimateMs: number | null };

/** A conversation that goes on when nobody is there; of a closed one it is solved. */
export type TicketRecord = {
  /** Once in a shop. */
  number: number;
  state: 'open' | 'pending';
  since: number;
  email: string | null;
  name: string | null;
  locale: string | null;
  dueAt: number | null;
  /** Up to this entry agents' words have been mailed. */
  mailedSeq: number;
};

export type ConversationRecord = {
  id: string;
  shop: string;
  shopper: string;
  status: 'waiting' | 'active' | 'ticket' | 'closed';
  /** Null: it never became one. */
  ticket: TicketRecord | null;
  agent: { id: string; name: string } | null;
  openedAt: number;
  /** Time of the last entry. */
  lastAt: number;
  lastSeq: number;
  receipts: Record<Side, Receipt>;
  /** What it is about; null: nobody said. */
  topic: string | null;
  /** When the waiting began. */
  waitingSince: number;
  /** What the shopper was told of the wait at first, in milliseconds. */
  estimateMs: number | null;
  /** What reports count. */
  facts: ConversationFacts;
  /** What the shopper said of it afterwards: 1 to 5, and words. */
  rating: { value: number; comment: string | null } | null;
  /** What must survive a restart of the server so that steps go on without a question; opaque to storage, JSON. */
  steps: Record<string, unknown>;
};

/** A line for the agents' lists, as far as storage knows it. */
export type ConversationLine = ConversationRecord & {
  preview: Preview | null;
  unread: number;
};

/** A message that a search has found. `text` is the part around what was found. */
export type SearchHit = {
  /** Counts up with time: what was found before it is older. */
  id: number;
  conversation: string;
  seq: number;
  at: number;
  from: Side;
  text: string;
  shopper: string;
  status: ConversationRecord['status'];
  agent: { id: string; name: string } | null;
};

/** What a report counts of a ticket that is not solved. Times in milliseconds since the epoch. */
export type OpenTicketRecord = Pick<TicketRecord, 'since' | 'state' | 'dueAt'> & {
  topic: string | null;
  agent: string | null;
};

/** What a report counts of a conversation. Times in milliseconds; null: it did not happen, or nothing was known. */
export type ReportedFact = {
  openedAt: number;
  topic: string | null;
  agent: string | null;
  waited: number | null;
  estimate: number | null;
  firstAnswer: number | null;
  closedAt: number | null;
  missed: boolean;
  calls: number;
  callSeconds: number;
  cobrowses: number;
  rating: number | null;
};

/** A mail that is to go out, or has. Kept, so that an answer to it is known. */
export type MailRecord = {
  id: string;
  shop: string;
  conversation: string;
  to: string;
  subject: string;
  text: string;
  /** Ids of the mails before it in the same conversation, and of those that were answered: their message ids. */
  references: string[];
  createdAt: number;
  attempts: number;
  /** When it is tried (again); null: it is not any more. */
  nextAt: number | null;
  sentAt: number | null;
  /** Why it did not go, in the mail server's words. */
  error: string | null;
};

/** Something of a conversation that was recorded with both sides' yes. Its files are in a folder that bears its id. */
export type RecordingRecord = {
  id: string;
  conversation: string;
  shop: string;
  shopper: string;
  startedAt: number;
  /** Null while it is written. */
  endedAt: number | null;
  /** `ended`: nothing is written any more, and it is being put together · `failed`: that did not succeed. */
  status: 'running' | 'ended' | 'ready' | 'failed';
  /** When it is to be deleted. */
  expiresAt: number;
  /** What it is of and, once it is ready, what it consists of; opaque to storage, JSON. */
  contents: Record<string, unknown> | null;
};

/** A file that somebody uploads, or that is part of a message. Its content lies elsewhere, under its id. */
export type FileRecord = {
  id: string;
  shop: string;
  /** Whose conversation it is in or will be in. */
  shopper: string;
  /** Null: a shopper's that is not sent yet. */
  conversation: string | null;
  /** The agent; null: the shopper. */
  uploader: string | null;
  name: string;
  type: string;
  /** As it was announced, and as it is once it is complete. */
  bytes: number;
  width: number | null;
  height: number | null;
  /** Of the whole content, hexadecimal; null until all of it has come and was looked at. */
  sha256: string | null;
  createdAt: number;
  /** The message's entry; null until it is sent. */
  seq: number | null;
  /** When it is to go if it is not sent before; null once it is. */
  expiresAt: number | null;
  /** When an agent deleted its content. */
  deletedAt: number | null;
};

/** What one language of an article says, and how often somebody said that it helped. */
export type FaqText = { title: string; body: string; published: boolean; helped: number; notHelped: number };

/** An answer to what is often asked, in one or more of the shop's languages (`en`, `es`). `position` orders a shop's. */
export type FaqArticle = {
  id: string;
  topic: string | null;
  position: number;
  changedAt: number;
  texts: Record<string, FaqText>;
};

/** A section of a shop's settings as it was saved last. `version` counts from 1. */
export type SettingRecord = { section: string; version: number; value: unknown };

/** What somebody changed that concerns the shop: who, what, and what it was before. */
export type AuditLine = {
  id: string;
  shop: string;
  at: number;
  by: { id: string; name: string };
  /** For example `settings.changed`, `team.added`. */
  action: string;
  /** What of it: a section, an agent's id. */
  subject: string;
  /** JSON values. */
  before: unknown;
  after: unknown;
};

/**
 * Everything durable, in the domain's words. A promise that resolves means that the change would survive a power cut
 * (one that rejects means that nothing of the call was kept).
 */
export interface Storage {
  saveShop(shop: Shop): Promise<void>;
  shopByKey(key: string): Promise<Shop | null>;
  shopById(id: string): Promise<Shop | null>;
  shops(): Promise<Shop[]>;

  saveAgent(agent: Agent): Promise<void>;
  /** E-mail addresses are compared without regard to case. */
  agentByEmail(email: string): Promise<Agent | null>;
  agentById(id: string): Promise<Agent | null>;
  /** Everybody who is or was in the shop's team, by name. */
  agents(shop: string): Promise<Agent[]>;

  settingsOf(shop: string): Promise<SettingRecord[]>;
  /** Saves a section over its version `over` (0: there is none yet), and why. False, and nothing kept: somebody else was faster. */
  saveSetting(section: string, over: number, value: unknown, change: AuditLine): Promise<boolean>;
  appendAudit(line: AuditLine): Promise<void>;
  /** The newest first, those before the line `before`; without its id: those before its time. */
  audit(shop: string, before: { at: number; id?: string }, limit: number): Promise<AuditLine[]>;

  /** By position. */
  faqArticles(shop: string): Promise<FaqArticle[]>;
  /** Inserts or replaces an article, its languages and their words; what is counted of a language that stays, stays. */
  saveFaqArticle(shop: string, article: FaqArticle, change: AuditLine): Promise<void>;
  deleteFaqArticle(shop: string, id: string, change: AuditLine): Promise<void>;
  /** Each article's position becomes its place in `ids`. */
  orderFaqArticles(shop: string, ids: readonly string[], change: AuditLine): Promise<void>;
  /** Counts whether an article helped, once for each shopper. False: this shopper has said so before. `id`: fresh. */
  countFaqAnswer(answer: {
    id: string;
    shop: string;
    article: string;
    locale: string;
    shopper: string;
    helped: boolean;
  }): Promise<boolean>;

  saveAgentSession(session: AgentSession): Promise<void>;
  /** Null when unknown or expired at `now`. */
  agentSession(id: string, now: number): Promise<AgentSession | null>;
  deleteAgentSession(id: string): Promise<void>;
  /** Every sign-in of an agent, and whatever has expired at `now`. */
  deleteAgentSessions(agent: string, now: number): Promise<void>;

  /**
   * Inserts or replaces the record and appends the entries (in order, already numbered), all or nothing. The files of
   * messages are sent with it: they are the conversation's from then on and do not expire.
   */
  append(record: ConversationRecord, entries: readonly Entry[]): Promise<void>;
  conversation(id: string): Promise<ConversationLine | null>;
  /** The shopper's conversation that was opened last, closed or not. */
  latestConversation(shop: string, shopper: string): Promise<ConversationLine | null>;
  /** Of one shopper, the one that was opened last first. */
  conversationsOfShopper(shop: string, shopper: string, limit: number): Promise<ConversationLine[]>;
  /** Waiting and active ones of a shop, the longest waiting first. */
  openConversations(shop: string): Promise<ConversationLine[]>;
  /** First waits of a shop that began from `from` on (milliseconds since the epoch) and are over; the latest `limit`, the newest first. */
  waits(shop: string, from: number, limit: number): Promise<WaitRecord[]>;
  /**
   * The conversations of a shop that began from `from` on and before `to` (milliseconds since the epoch), as reports count
   * them: in pieces that neither the engine nor whoever reads them is busy with for long.
   */
  facts(shop: string, from: number, to: number): AsyncIterable<Iterable<ReportedFact>>;
  /** The tickets of a shop that are not solved, in no order. */
  openTickets(shop: string): Promise<OpenTicketRecord[]>;
  /** Entries after `seq`, ascending, at most `limit`. */
  entriesAfter(conversation: string, seq: number, limit: number): Promise<Entry[]>;
  /** Ids, numbers and times of all messages of a conversation: to acknowledge a repeated one again. */
  messageIds(conversation: string): Promise<{ id: string; seq: number; at: number }[]>;

  /**
   * Messages of a shop with all words of `query` (or words that begin so), without regard to case and accents; the newest
   * first, those before the hit `before`. A query without a word finds nothing.
   */
  search(shop: string, query: string, page: { before?: number; limit: number }): Promise<SearchHit[]>;

  /** The highest number that a ticket of the shop has; 0: there is none. */
  lastTicketNumber(shop: string): Promise<number>;

  /** Inserts, or changes what became of it. */
  saveMail(mail: MailRecord): Promise<void>;
  /** Changes what became of one; of one that was erased meanwhile nothing. */
  changeMail(mail: MailRecord): Promise<void>;
  mail(id: string): Promise<MailRecord | null>;
  mailsOf(conversation: string): Promise<MailRecord[]>;
  /** Those whose time has come at `now`, the longest waiting first. */
  dueMails(now: number, limit: number): Promise<MailRecord[]>;

  /** Inserts or replaces. */
  saveRecording(recording: RecordingRecord): Promise<void>;
  recording(id: string): Promise<RecordingRecord | null>;
  /** Every one that has not been deleted, the oldest first. */
  recordings(): Promise<RecordingRecord[]>;
  recordingsOf(conversation: string): Promise<RecordingRecord[]>;
  recordingsOfShopper(shop: string, shopper: string): Promise<RecordingRecord[]>;
  deleteRecording(id: string): Promise<void>;

  /** Inserts, or changes what is found out later: type, size of a picture, hash, when it expires, that it was deleted. */
  saveFile(file: FileRecord): Promise<void>;
  file(id: string): Promise<FileRecord | null>;
  /** Complete or not, the oldest first. */
  unsentFiles(): Promise<FileRecord[]>;
  filesOf(conversation: string): Promise<FileRecord[]>;
  /** Of the shopper's conversations, whoever sent them, and what is not sent yet. */
  filesOfShopper(shop: string, shopper: string): Promise<FileRecord[]>;
  /** Every one whose content is or will be there. */
  liveFileIds(): Promise<string[]>;
  /** What those take in all whose content is there. */
  bytesOfFiles(): Promise<number>;
  deleteFile(id: string): Promise<void>;

  /** From here on everything of a shopper is to go, and it is known who wanted it; also where this process dies before it has. */
  beginErasure(who: { shop: string; shopper: string }, change: AuditLine): Promise<void>;
  /** Those that were begun and have not come to their end. */
  erasures(): Promise<{ shop: string; shopper: string }[]>;
  /**
   * The end of an erasure: what a shopper wrote, mails, answers and addresses are gone, all or nothing. What reports count
   * stays as nobody's. Rejects while there is a file or a recording of theirs.
   */
  eraseShopper(shop: string, shopper: string): Promise<void>;

  /** A named secret or setting of this installation. */
  setting(name: string): Promise<string | null>;
  /** Keeps the first value: returns the stored one if there was one already. */
  settle(name: string, value: string): Promise<string>;

  close(): Promise<void>;
}

import type { Generated, GeneratedAlways, Kysely } from 'kysely';
import type { Side } from '../protocol/entry.ts';
import type { Agent, ConversationRecord, RecordingRecord } from './storage.ts';

/** The tables as the queries see them. Times are milliseconds since the epoch; JSON is text. */
export type Tables = {
  migrations: { version: number; name: string };
  shops: {
    id: string;
    key: string;
    name: string;
    accent: string;
    greeting: string | null;
    /** JSON array. */
    origins: string;
  };
  agents: {
    id: string;
    shop: string;
    email: string;
    /** The address as it is compared. */
    email_key: string;
    name: string;
    role: Agent['role'];
    password_hash: string;
    /** JSON array; null: all. */
    topics: string | null;
    capacity: number | null;
    /** 1 or 0. */
    active: number;
  };
  shop_settings: {
    shop: string;
    section: string;
    version: number;
    /** JSON. */ value: string;
    /** The line of the audit. */ change: string;
  };
  audit: {
    id: string;
    shop: string;
    at: number;
    agent_id: string;
    agent_name: string;
    action: string;
    subject: string;
    /** JSON. */
    before: string;
    after: string;
  };
  agent_sessions: { id: string; agent: string; expires_at: number };
  conversations: {
    id: string;
    shop: string;
    shopper: string;
    status: ConversationRecord['status'];
    agent_id: string | null;
    agent_name: string | null;
    opened_at: number;
    last_at: number;
    last_seq: number;
    shopper_delivered: number;
    shopper_read: number;
    agent_delivered: number;
    agent_read: number;
    /** JSON object. */
    steps: string;
    /** JSON of the last message's side and beginning; null before the first one. */
    preview: string | null;
    /** The shopper's messages after `agent_read`, counted at append so that no list has to read histories. */
    unread: number;
    topic: string | null;
    /** Null in rows that were written before there was a line. */
    waiting_since: number | null;
    first_wait_ms: number | null;
    estimate_ms: number | null;
    first_answer_ms: number | null;
    closed_at: number | null;
    /** 1 or 0. */
    missed: number;
    calls: number;
    call_seconds: number;
    cobrowses: number;
    /** Null: it is no ticket. */
    ticket_number: number | null;
    ticket_state: 'open' | 'pending' | null;
    ticket_since: number | null;
    ticket_email: string | null;
    ticket_name: string | null;
    ticket_locale: string | null;
    ticket_due: number | null;
    ticket_mailed: number | null;
    /** 1 to 5. */
    rating: number | null;
    rating_comment: string | null;
    /** What reports count, as one text; the engine puts it together. */
    facts: GeneratedAlways<string>;
  };
  entries: {
    conversation: string;
    seq: number;
    at: number;
    type: string;
    /** Of messages only. */
    side: Side | null;
    /** Of what must not be written twice. */
    message_id: string | null;
    /** JSON of the whole EntryBody. */
    body: string;
  };
  /** What is searched: one row for each entry that somebody wrote. */
  message_search: {
    id: Generated<number>;
    shop: string;
    conversation: string;
    seq: number;
    /** Folded. */
    words: string;
  };
  /** SQLite's full-text index over `message_search`; kept by triggers. */
  message_words: { rowid: number; words: string };
  mails: {
    id: string;
    shop: string;
    conversation: string;
    recipient: string;
    subject: string;
    text: string;
    /** JSON array. */
    references: string;
    created_at: number;
    attempts: number;
    next_at: number | null;
    sent_at: number | null;
    error: string | null;
  };
  recordings: {
    id: string;
    conversation: string;
    shop: string;
    shopper: string;
    started_at: number;
    ended_at: number | null;
    status: RecordingRecord['status'];
    expires_at: number;
    /** JSON object. */
    contents: string | null;
  };
  files: {
    id: string;
    shop: string;
    shopper: string;
    conversation: string | null;
    uploader: string | null;
    name: string;
    type: string;
    bytes: number;
    width: number | null;
    height: number | null;
    sha256: string | null;
    created_at: number;
    seq: number | null;
    expires_at: number | null;
    deleted_at: number | null;
  };
  /** A row for each language of an article; topic and position are the same in all of them. */
  faq_articles: {
    id: string;
    shop: string;
    topic: string | null;
    locale: string;
    title: string;
    body: string;
    position: number;
    /** 1 or 0. */
    published: number;
    helped: number;
    not_helped: number;
    changed_at: number;
  };
  faq_answers: {
    article: string;
    shopper: string;
    shop: string;
    /** Told by the one answer that was kept. */
    answer: string;
  };
  /** Shoppers of whom everything is to go, until it has. */
  erasures: { shop: string; shopper: string; at: number };
  settings: { name: string; value: string };
};

export type Queries = Kysely<Tables>;

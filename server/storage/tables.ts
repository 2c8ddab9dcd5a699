import type { Kysely } from 'kysely';
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
    /** 1 to 5. */
    rating: number | null;
    rating_comment: string | null;
  };
  entries: {
    conversation: string;
    seq: number;
    at: number;
    type: string;
    /** Of messages only. */
    side: Side | null;
    /** Of messages and notes only. */
    message_id: string | null;
    /** JSON of the whole EntryBody. */
    body: string;
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
  settings: { name: string; value: string };
};

export type Queries = Kysely<Tables>;

import type { Entry, Side } from '../protocol/entry.ts';
import type { Receipt } from '../protocol/views.ts';

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
};

/** A signed-in browser of an agent. `id` is a hash of the cookie's value. Times in milliseconds since the epoch. */
export type AgentSession = { id: string; agent: string; expiresAt: number };

export type ConversationRecord = {
  id: string;
  shop: string;
  shopper: string;
  status: 'waiting' | 'active' | 'closed';
  agent: { id: string; name: string } | null;
  openedAt: number;
  /** Time of the last entry. */
  lastAt: number;
  lastSeq: number;
  receipts: Record<Side, Receipt>;
  /** What must survive a restart of the server so that steps go on without a question; opaque to storage, JSON. */
  steps: Record<string, unknown>;
};

/** A line for the agents' lists, as far as storage knows it. */
export type ConversationLine = ConversationRecord & {
  preview: { side: Side; text: string } | null;
  unread: number;
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

  saveAgentSession(session: AgentSession): Promise<void>;
  /** Null when unknown or expired at `now`. */
  agentSession(id: string, now: number): Promise<AgentSession | null>;
  deleteAgentSession(id: string): Promise<void>;
  /** Every sign-in of an agent, and whatever has expired at `now`. */
  deleteAgentSessions(agent: string, now: number): Promise<void>;

  /** Inserts or replaces the record and appends the entries (in order, already numbered), all or nothing. */
  append(record: ConversationRecord, entries: readonly Entry[]): Promise<void>;
  conversation(id: string): Promise<ConversationLine | null>;
  /** The shopper's conversation that was opened last, closed or not. */
  latestConversation(shop: string, shopper: string): Promise<ConversationLine | null>;
  /** Waiting and active ones of a shop, the longest waiting first. */
  openConversations(shop: string): Promise<ConversationLine[]>;
  /** Entries after `seq`, ascending, at most `limit`. */
  entriesAfter(conversation: string, seq: number, limit: number): Promise<Entry[]>;
  /** Ids, numbers and times of all messages of a conversation: to acknowledge a repeated one again. */
  messageIds(conversation: string): Promise<{ id: string; seq: number; at: number }[]>;

  /** Inserts or replaces. */
  saveRecording(recording: RecordingRecord): Promise<void>;
  recording(id: string): Promise<RecordingRecord | null>;
  /** Every one that has not been deleted, the oldest first. */
  recordings(): Promise<RecordingRecord[]>;
  recordingsOf(conversation: string): Promise<RecordingRecord[]>;
  recordingsOfShopper(shop: string, shopper: string): Promise<RecordingRecord[]>;
  deleteRecording(id: string): Promise<void>;

  /** A named secret or setting of this installation. */
  setting(name: string): Promise<string | null>;
  /** Keeps the first value: returns the stored one if there was one already. */
  settle(name: string, value: string): Promise<string>;

  close(): Promise<void>;
}

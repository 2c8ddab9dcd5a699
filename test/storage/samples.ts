import { randomUUID } from 'node:crypto';
import type { Entry, Side } from '../../server/protocol/entry.ts';
import type { Agent, ConversationLine, ConversationRecord, Shop } from '../../server/storage/storage.ts';

export function aShop(values: Partial<Shop> = {}): Shop {
  const id = randomUUID();
  return { id, key: `key-${id}`, name: 'Ceramics', accent: '#0a6', greeting: null, origins: [], ...values };
}

export function anAgent(shop: string, values: Partial<Agent> = {}): Agent {
  const id = randomUUID();
  return {
    id,
    shop,
    email: `${id}@shop.example`,
    name: 'First agent',
    role: 'agent',
    passwordHash: '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA',
    topics: null,
    capacity: null,
    active: true,
    ...values,
  };
}

export function aConversation(shop: string, values: Partial<ConversationRecord> = {}): ConversationRecord {
  return {
    id: randomUUID(),
    shop,
    shopper: randomUUID(),
    status: 'waiting',
    agent: null,
    openedAt: 1_800_000_000_000,
    lastAt: 1_800_000_000_000,
    lastSeq: 0,
    receipts: { shopper: { delivered: 0, read: 0 }, agent: { delivered: 0, read: 0 } },
    topic: null,
    waitingSince: 1_800_000_000_000,
    estimateMs: null,
    facts: {
      firstWaitMs: null,
      firstAnswerMs: null,
      closedAt: null,
      missed: false,
      calls: 0,
      callSeconds: 0,
      cobrowses: 0,
    },
    ticket: null,
    rating: null,
    steps: {},
    ...values,
  };
}

export function aMessage(
  seq: number,
  { side = 'shopper', id = randomUUID(), text = `Message ${seq}` }: { side?: Side; id?: string; text?: string } = {},
): Entry & { type: 'message' } {
  const from = side === 'shopper' ? { side } : { side, id: 'agent-1', name: 'First agent' };
  return { type: 'message', id, from, text, seq, at: 1_800_000_000_000 + seq };
}

/** The record as it is once `seq` is its last entry. */
export function upTo(record: ConversationRecord, seq: number): ConversationRecord {
  return { ...record, lastSeq: seq, lastAt: 1_800_000_000_000 + seq };
}

/** The record as storage gives it back: with what it knows of the messages. */
export function asLine(
  record: ConversationRecord,
  { last = null, unread = 0 }: { last?: Entry | null; unread?: number } = {},
): ConversationLine {
  const preview = last?.type === 'message' ? { side: last.from.side, text: last.text } : null;
  return { ...record, preview, unread };
}

import type { Call } from '../domain/call.ts';
import type { Cobrowse } from '../domain/cobrowse.ts';
import type { Conversation } from '../domain/conversation.ts';
import type { ConversationLine, ConversationRecord } from '../storage/storage.ts';

/** The durable part of a conversation. Steps are kept so that they go on after a restart without a question. */
export function recordOf(state: Conversation): ConversationRecord {
  const { id, shop, shopper, status, agent, openedAt, lastAt, lastSeq, receipts, call, cobrowse } = state;
  const steps = { call, cobrowse };
  return { id, shop, shopper, status, agent, openedAt, lastAt, lastSeq, receipts, steps };
}

/** A conversation from storage: nobody is connected yet. */
export function conversationFrom({ steps, ...line }: ConversationLine): Conversation {
  const { call, cobrowse } = steps as { call?: Call | null; cobrowse?: Cobrowse };
  return {
    ...line,
    call: call ?? null,
    cobrowse: cobrowse ?? { status: 'off' },
    present: [],
    page: null,
    locale: null,
  };
}

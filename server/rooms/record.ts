import type { Call, CallMember } from '../domain/call.ts';
import type { Cobrowse } from '../domain/cobrowse.ts';
import type { Recording } from '../domain/recording.ts';
import type { Conversation } from '../domain/conversation.ts';
import type { ConversationLine, ConversationRecord } from '../storage/storage.ts';

/** The durable part of a conversation. Steps are kept so that they go on after a restart without a question. */
export function recordOf(state: Conversation): ConversationRecord {
  const { id, shop, shopper, status, agent, openedAt, lastAt, lastSeq, receipts, rating } = state;
  const { call, cobrowse, recording } = state;
  const steps = { call, cobrowse, recording };
  return { id, shop, shopper, status, agent, openedAt, lastAt, lastSeq, receipts, rating, steps };
}

/** A conversation from storage: nobody is connected yet. */
export function conversationFrom({ steps, ...line }: ConversationLine): Conversation {
  const { call, cobrowse, recording } = steps as { call?: Call | null; cobrowse?: Cobrowse; recording?: Recording };
  return {
    ...line,
    call: call ? completed(call) : null,
    cobrowse: cobrowse ?? { status: 'off' },
    recording: recording ?? { status: 'off' },
    present: [],
    watching: [],
    page: null,
    locale: null,
  };
}

/** A call that was written when no more than two could be in one. */
function completed(call: Call): Call {
  const whole = (member: CallMember): CallMember => ({
    ...member,
    agent: member.agent ?? (member.side === 'agent' ? agentIn(member.member) : null),
    part: member.part ?? 'talks',
    awaySince: null,
  });
  if (call.status === 'ringing') return { ...call, proposer: whole(call.proposer) };
  return { ...call, members: call.members.map(whole), invited: call.invited ?? [] };
}

/** The agent's id in `agent.<id>.<tab>`; neither holds a dot. */
function agentIn(member: string): string | null {
  return member.split('.')[1] ?? null;
}

import type { Recording } from '../domain/recording.ts';
import type { Call, CallMember } from '../domain/call.ts';
import type { Conversation } from '../domain/conversation.ts';
import type { ConversationLine, ConversationRecord } from '../storage/storage.ts';

/** The durable part of a conversation. Steps are kept so that they go on after a restart without a question. */
export function recordOf(state: Conversation): ConversationRecord {
  const { id, shop, shopper, status, agent, openedAt, lastAt, lastSeq, receipts } = state;
  const { call, cobrowse, hands, recording, handOver, note, unansweredSince, gone } = state;
  const { topic, waitingSince, estimateMs, facts, rating, ticket } = state;
  const steps = { call, cobrowse, hands, recording, handOver, note, unansweredSince, gone };
  const line = { topic, waitingSince, estimateMs, facts, rating, ticket };
  return { id, shop, shopper, status, agent, openedAt, lastAt, lastSeq, receipts, ...line, steps };
}

/** As they were written, by this version or an earlier one. */
type Steps = Pick<
  Conversation,
  'call' | 'cobrowse' | 'hands' | 'recording' | 'handOver' | 'note' | 'unansweredSince' | 'gone'
>;

/** A conversation from storage: nobody is connected yet. */
export function conversationFrom({ steps, ...line }: ConversationLine): Conversation {
  const { call, cobrowse, hands, recording, handOver, note, unansweredSince, gone } = steps as Partial<Steps>;
  return {
    ...line,
    call: call ? completed(call) : null,
    cobrowse: cobrowse ?? { status: 'off' },
    hands: hands ?? { status: 'off' },
    recording: recording ? named(recording) : { status: 'off' },
    handOver: handOver ?? null,
    note: note ?? null,
    unansweredSince: unansweredSince ?? null,
    gone: gone ?? false,
    place: null,
    present: [],
    watching: [],
    page: null,
    journey: [],
    locale: null,
    referrer: null,
    basket: null,
  };
}

/** A recording that was written when only calls were recorded. */
function named(recording: Recording): Recording {
  if (recording.status === 'off') return recording;
  const of = recording.of ?? { call: true, page: false };
  return recording.status === 'on' ? { ...recording, of, had: recording.had ?? of } : { ...recording, of };
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

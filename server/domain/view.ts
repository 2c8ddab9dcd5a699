import type { CallView, ConversationSummary, ConversationView } from '../protocol/views.ts';
import type { Call, CallMember } from './call.ts';
import { memberOf, type Conversation } from './conversation.ts';

/** What both sides are shown of a conversation. */
export function viewOf(state: Conversation): ConversationView {
  const { id, status, openedAt, lastSeq, agent, receipts } = state;
  const call = state.call ? callView(state.call, state) : null;
  return {
    id,
    status,
    openedAt,
    lastSeq,
    agent,
    receipts,
    shopper: shopperView(state),
    call,
    cobrowse: state.cobrowse,
  };
}

/** The line that the agents' lists show. */
export function summaryOf(state: Conversation): ConversationSummary {
  const { id, status, openedAt, lastSeq, agent, lastAt, preview, unread } = state;
  const shopper = shopperView(state);
  const call = state.call?.status ?? null;
  return {
    id,
    status,
    openedAt,
    lastSeq,
    agent,
    shopper,
    lastAt,
    preview,
    unread,
    call,
    cobrowse: state.cobrowse.status,
  };
}

function shopperView(state: Conversation): ConversationView['shopper'] {
  const online = state.present.some(({ side }) => side === 'shopper');
  return { id: state.shopper, online, page: state.page, locale: state.locale };
}

function callView(call: Call, state: Conversation): CallView {
  const here = new Set(state.present.map((presence) => memberOf(presence)));
  const members = (call.status === 'ringing' ? [call.proposer] : call.members).map((member) =>
    memberView(member, here),
  );
  const { id, status, by, video } = call;
  if (status === 'ringing') return { id, status, by, video, answeredAt: null, members, screenAsked: null, screens: [] };
  const screens = call.members.filter(({ member }) => call.screens.includes(member)).map(({ side }) => side);
  return { id, status, by, video, answeredAt: call.answeredAt, members, screenAsked: call.screenAsked, screens };
}

function memberView(who: CallMember, here: Set<string>): CallView['members'][number] {
  const { member, side, name, tab, window = false, leaving = false, on = [] } = who;
  const connected = here.has(member);
  return { participant: member, side, name, tab, connected, leaving: leaving && !connected, window, on: [...on] };
}

import type { CallView, ConversationSummary, ConversationView, Invitation } from '../protocol/views.ts';
import type { Call, CallMember } from './call.ts';
import { cobrowseView } from './cobrowse-watching.ts';
import { handsView } from './hands.ts';
import { ticketView } from './ticket.ts';
import { memberOf, newConversation, type Conversation } from './conversation.ts';

/** What both sides are shown of a conversation. */
export function viewOf(state: Conversation): ConversationView {
  const { id, status, openedAt, lastSeq, agent, receipts, topic } = state;
  const rating = state.rating?.value ?? null;
  const call = state.call ? callView(state.call, state) : null;
  return {
    id,
    status,
    openedAt,
    lastSeq,
    agent,
    receipts,
    rating,
    shopper: shopperView(state),
    call,
    cobrowse: cobrowseView(state),
    hands: handsView(state.hands),
    recording: state.recording,
    topic,
    place: status === 'waiting' ? state.place : null,
    ticket: ticketView(state),
  };
}

/** The line that the agents' lists show. */
export function summaryOf(state: Conversation): ConversationSummary {
  const { id, status, openedAt, lastSeq, agent, lastAt, preview, unread, topic, waitingSince, estimateMs } = state;
  const { handOver, note, unansweredSince } = state;
  const shopper = shopperView(state);
  const call = state.call?.status ?? null;
  const members = state.call?.status === 'active' ? state.call.members : [];
  const inCall = [...new Set(members.flatMap(({ agent: id }) => id ?? []))];
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
    inCall,
    invited: summaryInvitations(state.call),
    cobrowse: state.cobrowse.status,
    recording: state.recording.status,
    topic,
    waitingSince,
    estimateMs,
    handOver,
    note,
    unansweredSince: status === 'active' || status === 'ticket' ? unansweredSince : null,
    ticket: ticketView(state),
  };
}

/** The last line of one that is erased: it is over, and says nothing. */
export function erasedSummary(state: Conversation): ConversationSummary {
  const { id, shop, openedAt, lastAt, lastSeq } = state;
  return summaryOf({ ...newConversation({ id, shop, shopper: '' }, openedAt), status: 'closed', lastAt, lastSeq });
}

function invitationsTo(call: Call): Invitation[] {
  return call.status === 'active' ? call.invited.map(({ agent, by, as }) => ({ agent, by, as })) : [];
}

function summaryInvitations(call: Call | null): ConversationSummary['invited'] {
  if (!call) return [];
  return invitationsTo(call).map((invitation) => ({ ...invitation, call: call.id, video: call.video }));
}

function shopperView(state: Conversation): ConversationView['shopper'] {
  const online = state.present.some(({ side }) => side === 'shopper');
  const { shopper: id, page, locale, referrer } = state;
  return { id, online, page, locale, ...(referrer !== null && { referrer }) };
}

function callView(call: Call, state: Conversation): CallView {
  const here = new Set(state.present.map((presence) => memberOf(presence)));
  const members = (call.status === 'ringing' ? [call.proposer] : call.members).map((member) =>
    memberView(member, here),
  );
  const { id, status, by, video } = call;
  const invited = invitationsTo(call);
  if (status === 'ringing') {
    return { id, status, by, video, answeredAt: null, members, invited, screenAsked: null, screens: [] };
  }
  const screens = call.members.filter(({ member }) => call.screens.includes(member)).map(({ side }) => side);
  const { answeredAt, screenAsked } = call;
  return { id, status, by, video, answeredAt, members, invited, screenAsked, screens };
}

function memberView(who: CallMember, here: Set<string>): CallView['members'][number] {
  const { member, side, agent, name, tab, part, window = false, leaving = false, on = [] } = who;
  const connected = here.has(member);
  const person = { participant: member, side, agent, name, tab, part };
  return { ...person, connected, leaving: leaving && !connected, window, on: [...on] };
}

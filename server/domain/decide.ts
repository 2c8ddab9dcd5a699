import { goneForGood, hereAgain } from './absence.ts';
import { answer, askScreen, changeSources, propose, refuseScreen, watchAway } from './call.ts';
import { callTimerFired, resumeCall } from './call-clock.ts';
import { leaveCall, returnToCall, takeCall } from './call-move.ts';
import { declineInvitation, hangUp, invite, joinCall, leaveAsGuest, uninvite } from './call-people.ts';
import { reportCall } from './call-numbers.ts';
import { accept, basketTo, close, deleteFile, giveReceipt, sendMessage, showBasket, showPage, type } from './chat.ts';
import { answerCobrowse, askCobrowse, endCobrowse, stopCobrowse } from './cobrowse.ts';
import { settleWatching, showTab, unwatchCobrowse, watchCobrowse } from './cobrowse-watching.ts';
import { answerHands, askHands, actedByHands, resumeHands, settleHands, stopHands } from './hands.ts';
import { agentLost, changeTopic, handOn, handOverUnanswered, offerHandOver, passHandOver } from './hand-over.ts';
import { presenceOf, socketsOf, type Conversation, type Presence } from './conversation.ts';
import { followedBy, refused, shown, unchanged, type Decision } from './effects.ts';
import type { ConversationEvent } from './events.ts';
import { withPage } from '../protocol/journey.ts';
import type { PlaceView } from '../protocol/views.ts';
import { writeNote } from './notes.ts';
import { answerRecording, askRecording, failRecording, stopRecording } from './recording.ts';
import { recordingWaited, waitsForShopper, waitsUntil, watchRecording } from './recording-away.ts';
import { rate } from './satisfaction.ts';
import { assignTicket, changeTicket, makeTicket, receiveMail, setDue, setMailed, tellMail } from './ticket.ts';
import { viewOf } from './view.ts';

/**
 * What follows from an event. Pure: `now` is milliseconds since the epoch, ids come in the event, and whatever is to
 * be done goes out as effects. Events of sockets that do not follow the conversation (any more) change nothing.
 */
export function decide(state: Conversation, event: ConversationEvent, now: number): Decision {
  const settled = settleHands(state, settleWatching(state, decideAlone(state, event, now)), now);
  return watchRecording(state, settled, now);
}

function decideAlone(state: Conversation, event: ConversationEvent, now: number): Decision {
  switch (event.type) {
    case 'joined':
      return join(state, event, now);
    case 'left':
      return leave(state, event, now);
    case 'sources-changed':
      return changeSources(state, event.member, event.sources, now);
    case 'call-invitation-declined':
      return declineInvitation(state, event);
    case 'file-deleted':
      return deleteFile(state, event, now);
    case 'resumed':
      return resume(state, now);
    case 'cobrowse-unreadable':
      return state.cobrowse.status === 'on' ? endCobrowse(state, null, now, 'unreadable') : unchanged(state);
    case 'recording-failed':
      return failRecording(state, event, now);
    case 'timer-fired':
      switch (event.name) {
        case 'recording-away':
          return recordingWaited(state, now);
        case 'hand-over':
          return handOverUnanswered(state);
        default:
          return callTimerFired(state, event.name, now);
      }
    case 'hand-over-passed':
      return passHandOver(state, event.agent);
    case 'agent-lost':
      return agentLost(state, event.agent, event.reason, now);
    case 'mail-received':
      return receiveMail(state, event, now);
    case 'ticket-due':
      return setDue(state, event.dueAt);
    case 'ticket-mailed':
      return setMailed(state, event.seq);
    case 'mail-told':
      return tellMail(state, event.body, now);
    case 'estimated':
      return { state: { ...state, estimateMs: event.estimateMs }, effects: [{ type: 'save' }] };
    case 'placed':
      return showPlace(state, event.place);
    case 'shopper-gone':
      return goneForGood(state);
    default: {
      const presence = presenceOf(state, event.socket);
      return presence ? act(state, presence, event, now) : unchanged(state);
    }
  }
}

type ActorEvent = Exclude<Extract<ConversationEvent, { socket: string }>, { type: 'left' }>;

function act(state: Conversation, presence: Presence, event: ActorEvent, now: number): Decision {
  switch (event.type) {
    case 'message-sent':
      return sendMessage(state, presence, event, now);
    case 'note-written':
      return writeNote(state, presence, event, now);
    case 'typed':
      return type(state, presence, event.on);
    case 'receipt-given':
      return giveReceipt(state, presence, event);
    case 'page-shown':
      return presence.side === 'shopper' ? showPage(state, event.page, now) : unchanged(state);
    case 'basket-shown':
      return presence.side === 'shopper' ? showBasket(state, event.basket) : unchanged(state);
    case 'accepted':
      return accept(state, presence, now);
    case 'closed':
      return close(state, presence, now);
    case 'ticket-wanted':
      return makeTicket(state, presence, event.wish, now);
    case 'ticket-changed':
      if (event.state !== 'solved') return changeTicket(state, presence, event.state, now);
      return state.ticket ? close(state, presence, now) : refused(state, presence.socket, 'ticket.state', 'no-ticket');
    case 'ticket-assigned':
      return assignTicket(state, presence, event.to, now);
    case 'topic-changed':
      return changeTopic(state, presence, event.topic);
    case 'hand-over-offered':
      return offerHandOver(state, presence, event, now);
    case 'handed-on':
      return handOn(state, presence, event, now);
    case 'rated':
      return rate(state, presence, event, now);
    case 'call-proposed':
      return propose(state, presence, event, now);
    case 'call-answered':
      return answer(state, presence, event, now);
    case 'call-hung-up':
      return hangUp(state, presence, event.id, now);
    case 'call-taken':
      return takeCall(state, presence, event, now);
    case 'call-invited':
      return invite(state, presence, event, now);
    case 'call-uninvited':
      return uninvite(state, presence, event);
    case 'call-joined':
      return joinCall(state, presence, event, now);
    case 'call-left':
      return leaveAsGuest(state, presence, event.id, now);
    case 'call-reported':
      return reportCall(state, presence, event);
    case 'screen-asked':
      return askScreen(state, presence, event.id);
    case 'screen-refused':
      return refuseScreen(state, presence, event.id);
    case 'recording-asked':
      return askRecording(state, presence, event);
    case 'recording-answered':
      return answerRecording(state, presence, event, now);
    case 'recording-stopped':
      return stopRecording(state, presence, now);
    case 'cobrowse-asked':
      return askCobrowse(state, presence);
    case 'cobrowse-answered':
      return answerCobrowse(state, presence, event, now);
    case 'cobrowse-stopped':
      return stopCobrowse(state, presence, now);
    case 'cobrowse-tab-shown':
      return showTab(state, presence);
    case 'cobrowse-watched':
      return watchCobrowse(state, presence);
    case 'cobrowse-unwatched':
      return unwatchCobrowse(state, presence);
    case 'hands-asked':
      return askHands(state, presence);
    case 'hands-answered':
      return answerHands(state, presence, event.yes, now);
    case 'hands-stopped':
      return stopHands(state, presence, now);
    case 'hands-acted':
      return actedByHands(state, event, now);
  }
}

type LeftEvent = Extract<ConversationEvent, { type: 'left' }>;

/** The one who joins is sent the state and the entries; the others see that somebody is there. */
function join(state: Conversation, event: Extract<ConversationEvent, { type: 'joined' }>, now: number): Decision {
  const { presence, after } = event;
  const again = presenceOf(state, presence.socket) !== null;
  const joined: Conversation = {
    ...returnToCall(presence.side === 'shopper' ? hereAgain(state, now) : state, presence),
    present: again ? state.present : [...state.present, presence],
    page: event.page ?? state.page,
    journey: withPage(state.journey, event.page ?? null, now),
    locale: event.locale ?? state.locale,
    referrer: event.referrer ?? state.referrer,
    basket: event.basket ?? state.basket,
  };
  const replay = { type: 'replay' as const, socket: presence.socket, after };
  const view = { type: 'conversation.state' as const, conversation: viewOf(joined) };
  const seesBasket =
    presence.side === 'agent' && joined.basket ? [presence.socket] : event.basket ? socketsOf(joined, 'agent') : [];
  const journey = { type: 'shopper.journey' as const, conversation: state.id, visits: joined.journey };
  const seesJourney = presence.side === 'agent' && joined.journey.length > 0;
  const own: Decision = {
    state: joined,
    effects: [
      { type: 'send', sockets: [presence.socket], frame: view },
      replay,
      ...(seesJourney ? [{ type: 'send' as const, sockets: [presence.socket], frame: journey }] : []),
      ...(state.gone && !joined.gone ? [{ type: 'save' as const }] : []),
      ...(seesBasket.length > 0 ? [basketTo(joined, seesBasket)] : []),
    ],
  };
  return watchAway(presence.side === 'shopper' || state.call ? shown(own) : own, now);
}

/** After a restart of the server, or when the room was not needed for a while. */
function resume(state: Conversation, now: number): Decision {
  const resumed = resumeCall(state, now);
  if (state.cobrowse.status === 'on') resumed.effects.push({ type: 'cobrowse.reset' });
  resumed.effects.push(...resumeHands(state, now));
  const { recording, handOver } = state;
  if (handOver) resumed.effects.push({ type: 'timer.set', name: 'hand-over', at: handOver.until });
  // Both still agree: it goes on with what is recorded, or it is said that it does not.
  if (recording.status === 'on') {
    const { id, since, of, had } = recording;
    resumed.effects.push({ type: 'recording.start', id, since, of, had });
    if (waitsForShopper(resumed.state)) resumed.effects.push(waitsUntil(now));
  }
  return resumed;
}

/** Only the shopper is told: to everybody else it is no news. */
function showPlace(state: Conversation, place: PlaceView | null): Decision {
  const sockets = socketsOf(state, 'shopper');
  const frame = { type: 'queue.place' as const, conversation: state.id, place };
  return { state: { ...state, place }, effects: sockets.length > 0 ? [{ type: 'send', sockets, frame }] : [] };
}

function leave(state: Conversation, { socket, leaving }: LeftEvent, now: number): Decision {
  const presence = presenceOf(state, socket);
  if (!presence) return unchanged(state);
  const gone = unchanged({ ...state, present: state.present.filter((other) => other.socket !== socket) });
  const left = followedBy(gone, (next) => leaveCall(next, presence, leaving ?? false, now));
  const last = presence.side === 'shopper' && socketsOf(left.state, 'shopper').length === 0;
  const call = left.state.call;
  return watchAway(last || call ? shown(left) : left, now);
}

import { endCall } from './call.ts';
import { endCobrowse } from './cobrowse.ts';
import { supervises, takesPart, type Conversation, type Presence } from './conversation.ts';
import { append, followedBy, refused, shown, unchanged, type Decision, type Effect } from './effects.ts';

/** How long a colleague has to answer; after that the conversation simply stays where it is. */
export const HAND_OVER_MS = 60_000;

export type Named = { readonly id: string; readonly name: string };

/** A colleague is asked to take the conversation over. Until they do it is still the other one's. */
export type HandOver = { readonly to: Named; readonly by: Named; readonly note: string | null; readonly until: number };

/** For whoever has the conversation next; never shown to the shopper. */
export type HandOverNote = { readonly by: Named; readonly text: string; readonly at: number };

type AgentPresence = Extract<Presence, { side: 'agent' }>;

/** `agent`: the colleague, where they are at the console now. Asked again, the newer wish counts. */
export function offerHandOver(
  state: Conversation,
  presence: Presence,
  wish: { agent: Named | null; note: string | null },
  now: number,
): Decision {
  const reason = hindrance(state, presence) ?? (wish.agent ? null : 'agent-away');
  if (reason || !wish.agent) return refused(state, presence.socket, 'conversation.hand-over', reason ?? 'agent-away');
  if (presence.side === 'shopper' || wish.agent.id === presence.id) return unchanged(state);
  const by = { id: presence.id, name: presence.name };
  const handOver = { to: wish.agent, by, note: wish.note, until: now + HAND_OVER_MS };
  return shown({
    state: { ...state, handOver },
    effects: [{ type: 'save' }, { type: 'timer.set', name: 'hand-over', at: handOver.until }],
  });
}

/** Back into the line, of a topic, at its old place. */
export function handOn(
  state: Conversation,
  presence: Presence,
  wish: { topic: string | null; note: string | null },
  now: number,
): Decision {
  const reason = hindrance(state, presence);
  if (reason) return refused(state, presence.socket, 'conversation.hand-over', reason);
  if (presence.side === 'shopper') return unchanged(state);
  const by = { id: presence.id, name: presence.name };
  const note = noteFrom(by, wish.note, now) ?? state.note;
  return sendBack({ ...state, topic: wish.topic, note }, { from: by, reason: 'handed-on' }, now);
}

/** The one who is asked says no, or the one who asked takes it back. */
export function passHandOver(state: Conversation, agent: string): Decision {
  const { handOver } = state;
  return handOver && (agent === handOver.to.id || agent === state.agent?.id)
    ? withoutHandOver(state)
    : unchanged(state);
}

/** Nobody answered: it stays where it is. */
export function handOverUnanswered(state: Conversation): Decision {
  return state.handOver ? withoutHandOver(state) : unchanged(state);
}

/** The yes. What is on goes on; a question that was asked in the earlier one's name is void. */
export function takeOver(state: Conversation, presence: AgentPresence, handOver: HandOver, now: number): Decision {
  if (state.call) return refused(state, presence.socket, 'conversation.accept', 'busy');
  const agent = { id: presence.id, name: presence.name };
  const { cobrowse } = state;
  const seen: Conversation['cobrowse'] = cobrowse.status === 'on' ? { ...cobrowse, agent } : { status: 'off' };
  const recording: Conversation['recording'] = state.recording.status === 'on' ? state.recording : { status: 'off' };
  const note = noteFrom(handOver.by, handOver.note, now) ?? state.note;
  const taken: Decision = {
    state: { ...state, agent, note, cobrowse: seen, recording, handOver: null },
    effects: [{ type: 'timer.clear', name: 'hand-over' }],
  };
  return shown(followedBy(taken, (next) => append(next, [{ type: 'handed-over', from: handOver.by, to: agent }], now)));
}

/**
 * The agent is gone: lost, or silent for too long. It waits again, at its old place. A running call has a clock of its
 * own, and others in it may still be with the shopper: as long as it runs nothing changes.
 */
export function agentLost(state: Conversation, agent: string, reason: 'lost' | 'silent', now: number): Decision {
  if (state.status !== 'active' || state.agent?.id !== agent || state.call?.status === 'active')
    return unchanged(state);
  return sendBack(state, { from: state.agent, reason }, now);
}

/** Anybody while it waits; then the one whose conversation it is, or a supervisor. */
export function changeTopic(state: Conversation, presence: Presence, topic: string | null): Decision {
  const refuse = (reason: 'closed' | 'not-yours'): Decision =>
    refused(state, presence.socket, 'conversation.topic', reason);
  if (state.status === 'closed') return refuse('closed');
  const may = presence.side === 'agent' && (!state.agent || takesPart(state, presence) || supervises(presence));
  if (!may) return refuse('not-yours');
  if (topic === state.topic) return unchanged(state);
  return shown({ state: { ...state, topic }, effects: [{ type: 'save' }] });
}

function sendBack(
  state: Conversation,
  { from, reason }: { from: Named; reason: 'lost' | 'silent' | 'handed-on' },
  now: number,
): Decision {
  // What was asked or shown was asked of the shopper in that agent's name.
  const ended = followedBy(endCall(state, null, now), (next) => endCobrowse(next, null, now));
  const free: Effect[] = [{ type: 'timer.clear', name: 'hand-over' }];
  const waiting: Decision = {
    state: { ...ended.state, status: state.ticket ? 'ticket' : 'waiting', agent: null, handOver: null, place: null },
    effects: [...ended.effects, ...free],
  };
  return shown(followedBy(waiting, (next) => append(next, [{ type: 'returned', from, reason }], now)));
}

function hindrance(state: Conversation, presence: Presence): 'closed' | 'not-yours' | 'busy' | null {
  if (state.status === 'closed') return 'closed';
  if (presence.side === 'shopper' || !takesPart(state, presence)) return 'not-yours';
  // A call is handed over in the call.
  return state.call ? 'busy' : null;
}

function withoutHandOver(state: Conversation): Decision {
  return shown({
    state: { ...state, handOver: null },
    effects: [{ type: 'save' }, { type: 'timer.clear', name: 'hand-over' }],
  });
}

function noteFrom(by: Named, text: string | null, at: number): HandOverNote | null {
  return text ? { by, text, at } : null;
}

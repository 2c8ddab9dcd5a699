import type { MediaSource } from '../protocol/media.ts';
import { callMember, changeSources, watchAway, type CallMember } from './call.ts';
import { memberOf, type Conversation, type Presence } from './conversation.ts';
import { followedBy, refused, shown, unchanged, type Decision } from './effects.ts';

/** A socket of a member is gone. Who said goodbye frees its media at once: no last picture of it stays with the others. */
export function leaveCall(state: Conversation, presence: Presence, leaving: boolean, now: number): Decision {
  const member = memberOf(presence);
  const { call } = state;
  if (!call || !leaving || state.present.some((other) => memberOf(other) === member)) return unchanged(state);
  const stopped = stopScreen(state, member, now);
  return followedBy(stopped, (next) => ({
    state: withMember(next, member, (who) => ({ ...who, leaving: true })),
    effects: [{ type: 'media.leave', member }],
  }));
}

export function returnToCall(state: Conversation, presence: Presence): Conversation {
  return withMember(state, memberOf(presence), (who) => ({ ...who, leaving: false }));
}

/**
 * Another tab or window of the same person takes the call over: its yes was given, so nobody is asked and nothing rings.
 * `from` is the member as the taker saw it, so that of two that act at once the first wins.
 */
export function takeCall(
  state: Conversation,
  presence: Presence,
  { id, from }: { id: string; from: string },
  now: number,
): Decision {
  const { call } = state;
  if (call?.status !== 'active' || call.id !== id) return refused(state, presence.socket, 'call.take', 'no-call');
  const before = call.members.find(({ member }) => member === from);
  if (!before) return refused(state, presence.socket, 'call.take', 'taken');
  if (!isSamePerson(before, presence)) return refused(state, presence.socket, 'call.take', 'not-yours');
  if (call.members.some(({ member }) => member === memberOf(presence))) return unchanged(state);
  const taken = followedBy(stopScreen(state, from, now), (next) => ({
    state: withMember(next, from, ({ on = [], part }) => ({ ...callMember(presence, part), on })),
    effects: [{ type: 'media.leave', member: from }, { type: 'save' }],
  }));
  return shown(watchAway(taken, now));
}

function isSamePerson(who: CallMember, presence: Presence): boolean {
  if (presence.side === 'shopper') return who.side === 'shopper';
  return who.agent === presence.id;
}

/** A shared screen ends with its page; microphone and camera are remembered as they were. */
function stopScreen(state: Conversation, member: string, now: number): Decision {
  if (state.call?.status !== 'active') return unchanged(state);
  const { on = [] } = state.call.members.find((who) => who.member === member) ?? {};
  const rest = on.filter((source: MediaSource) => source === 'microphone' || source === 'camera');
  return changeSources(state, member, rest, now);
}

function withMember(state: Conversation, member: string, change: (who: CallMember) => CallMember): Conversation {
  const { call } = state;
  if (call?.status !== 'active' || !call.members.some((who) => who.member === member)) return state;
  const members = call.members.map((who) => (who.member === member ? change(who) : who));
  return { ...state, call: { ...call, members } };
}

import { PEOPLE_IN_CALL_MAX } from '../protocol/limits.ts';
import type { CallPart } from '../protocol/views.ts';
import { callMember, endCall, personInCall, watchAway } from './call.ts';
import type { ActiveCall, CallMember, OpenInvitation } from './call.ts';
import { personOf, supervises, takesPart, type Conversation, type Presence } from './conversation.ts';
import { append, refused, shown, unchanged, type Decision, type Effect } from './effects.ts';

/** How long somebody who was asked has to answer. */
export const INVITATION_MS = 60_000;

type Agent = { id: string; name: string };
type AgentPresence = Extract<Presence, { side: 'agent' }>;

/** The conversation's agent asks a colleague into the call, or to take it over. Asked again, the newer wish counts. */
export function invite(
  state: Conversation,
  presence: Presence,
  wish: { id: string; agent: Agent | null; as: 'guest' | 'owner' },
  now: number,
): Decision {
  const refuse = (reason: Parameters<typeof refused>[3]): Decision =>
    refused(state, presence.socket, 'call.invite', reason);
  const call = activeCall(state, wish.id);
  if (!call) return refuse('no-call');
  if (presence.side === 'shopper' || !takesPart(state, presence)) return refuse('not-yours');
  if (!wish.agent) return refuse('agent-away');
  const { agent, as } = wish;
  const inCall = call.members.some((member) => member.agent === agent.id);
  if (agent.id === presence.id || (inCall && as === 'guest')) return unchanged(state);
  const others = call.invited.filter((invitation) => invitation.agent.id !== agent.id);
  const coming = others.filter(({ agent: { id } }) => !call.members.some((member) => member.agent === id));
  if (!inCall && call.members.length + coming.length >= PEOPLE_IN_CALL_MAX) return refuse('too-many');
  const by = { id: presence.id, name: presence.name };
  return setInvited(state, call, [...others, { agent, by, as, until: now + INVITATION_MS }]);
}

export function uninvite(state: Conversation, presence: Presence, wish: { id: string; agent: string }): Decision {
  const call = activeCall(state, wish.id);
  if (!call) return unchanged(state);
  if (presence.side === 'shopper' || !takesPart(state, presence)) {
    return refused(state, presence.socket, 'call.uninvite', 'not-yours');
  }
  return withoutInvitation(state, call, wish.agent);
}

export function declineInvitation(state: Conversation, { id, agent }: { id: string; agent: string }): Decision {
  const call = activeCall(state, id);
  return call ? withoutInvitation(state, call, agent) : unchanged(state);
}

/**
 * An agent comes into the call, speaks or only listens from now on, or goes on in another tab. `as: 'owner'` is the
 * yes to a hand-over. Whoever was faster has won: an offer that is gone is refused.
 */
export function joinCall(
  state: Conversation,
  presence: Presence,
  wish: { id: string; part: CallPart; as: 'guest' | 'owner' },
  now: number,
): Decision {
  const refuse = (reason: Parameters<typeof refused>[3]): Decision =>
    refused(state, presence.socket, 'call.join', reason);
  const call = activeCall(state, wish.id);
  if (!call) return refuse('no-call');
  if (presence.side === 'shopper') return refuse('not-yours');
  const owns = presence.id === state.agent?.id;
  const offer = call.invited.find(({ agent }) => agent.id === presence.id);
  const before = call.members.find(({ agent }) => agent === presence.id) ?? null;
  const takesOver = wish.as === 'owner' && !owns;
  const welcome = takesOver ? offer?.as === 'owner' : before || offer || supervises(presence);
  if (!welcome) return refuse('not-invited');
  if (!before && call.members.length >= PEOPLE_IN_CALL_MAX) return refuse('too-many');
  const member = callMember(presence, takesOver || owns ? 'talks' : wish.part);
  const seated = seat(state, call, before, member);
  if (takesOver) return handOver(seated, presence, now);
  if (before?.member === member.member && before.part === member.part) return unchanged(state);
  const answered = { ...seated.call, invited: call.invited.filter((other) => other !== offer || other.as === 'owner') };
  const entries =
    before?.part === member.part ? [] : [{ type: 'call-joined' as const, by: personOf(presence), part: member.part }];
  return announced({ state: { ...state, call: answered }, effects: seated.effects }, entries, now);
}

/** A guest goes. The one whose conversation it is may not just leave others behind. */
export function leaveAsGuest(state: Conversation, presence: Presence, id: string, now: number): Decision {
  const call = activeCall(state, id);
  if (!call) return unchanged(state);
  if (presence.side === 'shopper') return refused(state, presence.socket, 'call.leave', 'not-yours');
  if (presence.id === state.agent?.id) {
    const alone = !call.members.some(({ agent }) => agent !== null && agent !== presence.id);
    return alone
      ? endCall(state, personOf(presence), now)
      : refused(state, presence.socket, 'call.leave', 'hand-over-first');
  }
  const own = call.members.filter(({ agent }) => agent === presence.id);
  return own.length > 0 ? watchAway(removeFromCall(state, call, own, now), now) : unchanged(state);
}

/** Ends the call for all; a guest who hangs up has only left. */
export function hangUp(state: Conversation, presence: Presence, id: string, now: number): Decision {
  const { call } = state;
  if (call?.id !== id) return unchanged(state);
  if (takesPart(state, presence)) return endCall(state, personOf(presence), now);
  const guest = call.status === 'active' && call.members.some(({ agent }) => agent !== null && isOf(presence, agent));
  return guest ? leaveAsGuest(state, presence, id, now) : refused(state, presence.socket, 'call.hangup', 'not-yours');
}

export function removeFromCall(
  state: Conversation,
  call: ActiveCall,
  gone: readonly CallMember[],
  now: number,
): Decision {
  const ids = gone.map(({ member }) => member);
  const left: ActiveCall = {
    ...call,
    members: call.members.filter((member) => !gone.includes(member)),
    screens: call.screens.filter((member) => !ids.includes(member)),
  };
  const entries = gone.map((member) => ({ type: 'call-left' as const, by: personInCall(member) }));
  const media: Effect[] = ids.map((member) => ({ type: 'media.leave' as const, member }));
  return announced({ state: { ...state, call: left }, effects: media }, entries, now);
}

/** With the clock of the one that ends first. */
export function setInvited(state: Conversation, call: ActiveCall, invited: readonly OpenInvitation[]): Decision {
  const timer: Effect =
    invited.length === 0
      ? { type: 'timer.clear', name: 'call-invited' }
      : { type: 'timer.set', name: 'call-invited', at: Math.min(...invited.map(({ until }) => until)) };
  return shown({ state: { ...state, call: { ...call, invited } }, effects: [{ type: 'save' }, timer] });
}

function withoutInvitation(state: Conversation, call: ActiveCall, agent: string): Decision {
  const invited = call.invited.filter((invitation) => invitation.agent.id !== agent);
  return invited.length === call.invited.length ? unchanged(state) : setInvited(state, call, invited);
}

type Seated = { state: Conversation; call: ActiveCall; effects: Effect[] };

/** The member in its place, and what of its earlier tab or part has to go. */
function seat(state: Conversation, call: ActiveCall, before: CallMember | null, wanted: CallMember): Seated {
  const others = call.members.filter((other) => other !== before);
  const at = before ? call.members.indexOf(before) : others.length;
  const moved = before !== null && before.member !== wanted.member;
  const silenced = before !== null && !moved && before.part === 'talks' && wanted.part === 'listens';
  const on = wanted.part === 'talks' ? (before?.on ?? []) : [];
  const member: CallMember = before && !moved ? { ...before, part: wanted.part, on } : { ...wanted, on };
  const members = others.toSpliced(at, 0, member);
  const effects: Effect[] = [];
  if (moved) effects.push({ type: 'media.leave', member: before.member });
  if (silenced) effects.push({ type: 'media.silence', member: member.member });
  const screens = moved || silenced ? call.screens.filter((sharer) => sharer !== before.member) : call.screens;
  return { state, call: { ...call, members, screens }, effects };
}

/**
 * The conversation is the other agent's from here on, what is on goes on. Every other offer of the earlier one to take
 * it is void, and so is a question that the shopper was asked in the earlier one's name.
 */
function handOver({ state, call, effects }: Seated, { id, name }: AgentPresence, now: number): Decision {
  const from = state.agent;
  const agent = { id, name };
  const invited = call.invited.filter((offer) => offer.as === 'guest' && offer.agent.id !== id);
  const { cobrowse, recording } = state;
  const seen: Conversation['cobrowse'] = cobrowse.status === 'on' ? { ...cobrowse, agent } : { status: 'off' };
  const recorded: Conversation['recording'] = recording.status === 'on' ? recording : { status: 'off' };
  const handed: Decision = {
    state: { ...state, agent, call: { ...call, invited }, cobrowse: seen, recording: recorded },
    effects,
  };
  return announced(handed, from ? [{ type: 'handed-over', from, to: agent }] : [], now);
}

/** Shown before the entries are durable: nobody who comes into a call waits for a disk. */
function announced(decision: Decision, entries: Parameters<typeof append>[1], now: number): Decision {
  const { call } = decision.state;
  const invitations: Effect[] =
    call?.status === 'active' && call.invited.length === 0 ? [{ type: 'timer.clear', name: 'call-invited' }] : [];
  const written = entries.length > 0 ? append(decision.state, entries, now) : unchanged(decision.state);
  const save: Effect[] = entries.length > 0 ? [] : [{ type: 'save' }];
  const effects: Effect[] = [...decision.effects, ...invitations, ...save, { type: 'show' }, ...written.effects];
  return watchAway({ state: written.state, effects }, now);
}

function activeCall({ call }: Conversation, id: string): ActiveCall | null {
  return call?.status === 'active' && call.id === id ? call : null;
}

function isOf(presence: Presence, agent: string): boolean {
  return presence.side === 'agent' && presence.id === agent;
}

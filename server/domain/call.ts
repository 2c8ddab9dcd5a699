import type { Person, Side } from '../protocol/entry.ts';
import type { MediaSource } from '../protocol/media.ts';
import type { CallPart, Invitation, MediaStatus } from '../protocol/views.ts';
import { worstNumbers, type CallReports } from './call-numbers.ts';
import { memberOf, otherSide, personOf, takesPart, type Conversation, type Presence } from './conversation.ts';
import { append, followedBy, refused, shown, unchanged, type Decision, type Effect } from './effects.ts';
import { leaveRecording } from './recording.ts';

/** One browser tab of one person. `agent`: an agent's id; `awaySince`: since when it is not connected. */
export type CallMember = {
  member: string;
  side: Side;
  agent: string | null;
  name: string | null;
  tab: string;
  part: CallPart;
  awaySince: number | null;
  /** The call's own window. */
  window?: true;
  /** Its page was left; until it is back. */
  leaving?: boolean;
  /** What of its sources was last on. */
  on?: readonly MediaSource[];
};

/** `until`: when it ends by itself, in milliseconds since the epoch. */
export type OpenInvitation = Invitation & { until: number };

export type ActiveCall = Extract<Call, { status: 'active' }>;

/** A call of a conversation: it rings until the other side answers, or it runs. */
export type Call =
  | { status: 'ringing'; id: string; by: Person; proposer: CallMember; video: boolean; since: number }
  | {
      status: 'active';
      id: string;
      by: Person;
      video: boolean;
      answeredAt: number;
      members: readonly CallMember[];
      invited: readonly OpenInvitation[];
      screenAsked: Side | null;
      /** Members whose screen is shared now. */
      screens: readonly string[];
      /** How the call goes, as its members tell. */
      reports?: CallReports;
    };

export const RING_MS = 45_000;
/** How long a call waits for a side that is gone: a slow page load, a tunnel, a restart of the server. */
export const AWAY_MS = 60_000;

export function callMember(presence: Presence, part: CallPart = 'talks'): CallMember {
  const { side, tab } = presence;
  const person = presence.side === 'agent' ? { agent: presence.id, name: presence.name } : { agent: null, name: null };
  const window = presence.window ? { window: true as const } : {};
  return { member: memberOf(presence), side, ...person, tab, part, awaySince: null, ...window };
}

export function propose(
  state: Conversation,
  presence: Presence,
  wish: { id: string; video: boolean; media: MediaStatus['status'] },
  now: number,
): Decision {
  const refuse = (reason: Parameters<typeof refused>[3]): Decision =>
    refused(state, presence.socket, 'call.propose', reason);
  if (state.status === 'closed') return refuse('closed');
  if (!state.agent) return refuse('no-agent-yet');
  if (!takesPart(state, presence)) return refuse('not-yours');
  if (state.call) return refuse('busy');
  if (wish.media === 'draining') return refuse('draining');
  if (wish.media !== 'ready') return refuse(wish.media === 'preparing' ? 'media-preparing' : 'media-unavailable');
  const there = state.present.some(({ side }) => side === 'shopper');
  if (presence.side === 'agent' && !there) return refuse('shopper-away');
  const call: Call = {
    status: 'ringing',
    id: wish.id,
    by: personOf(presence),
    proposer: callMember(presence),
    video: wish.video,
    since: now,
  };
  return shown({
    state: { ...state, call },
    effects: [{ type: 'save' }, { type: 'timer.set', name: 'call-ring', at: now + RING_MS }],
  });
}

export function answer(
  state: Conversation,
  presence: Presence,
  given: { id: string; yes: boolean },
  now: number,
): Decision {
  const call = state.call;
  if (!call || call.id !== given.id) return refused(state, presence.socket, 'call.answer', 'no-call');
  if (call.status === 'active') return unchanged(state);
  if (!takesPart(state, presence) || presence.side === call.by.side) {
    return refused(state, presence.socket, 'call.answer', 'not-yours');
  }
  if (!given.yes) return endCall(state, personOf(presence), now);
  const members = [call.proposer, callMember(presence)];
  const active: Call = {
    status: 'active',
    id: call.id,
    by: call.by,
    video: call.video,
    answeredAt: now,
    members,
    invited: [],
    screenAsked: null,
    screens: [],
  };
  const started = append({ ...state, call: active }, [{ type: 'call-started', by: call.by, video: call.video }], now);
  const effects: Effect[] = [
    { type: 'timer.clear', name: 'call-ring' },
    { type: 'media.activate', members: members.map(({ member }) => member) },
    // Shown before the entry is durable: a call must not wait for a disk.
    { type: 'show' },
    ...started.effects,
  ];
  return watchAway({ state: started.state, effects }, now);
}

/** Ends whatever call there is. `by` null: nobody did, the time ran out. */
export function endCall(state: Conversation, by: Person | null, now: number): Decision {
  const { call } = state;
  if (!call) return unchanged(state);
  const free: Effect[] = [
    { type: 'media.close' },
    { type: 'timer.clear', name: 'call-ring' },
    { type: 'timer.clear', name: 'call-away' },
    { type: 'timer.clear', name: 'call-guest-away' },
    { type: 'timer.clear', name: 'call-invited' },
  ];
  const outcome = !by ? 'unanswered' : by.side === call.by.side ? 'cancelled' : 'declined';
  const numbers = call.status === 'active' ? worstNumbers(call.reports) : null;
  const entry =
    call.status === 'ringing'
      ? ({ type: 'call-missed', by: call.by, outcome } as const)
      : ({
          type: 'call-ended',
          by,
          seconds: Math.round(Math.max(0, now - call.answeredAt) / 1000),
          ...(numbers && { numbers }),
        } as const);
  // What is recorded ends first, and its entry stands before the call's.
  const stopped = leaveRecording(state, 'call', by, now);
  const ended = followedBy(stopped, (next) => ({ state: { ...next, call: null }, effects: free }));
  return shown(followedBy(ended, (next) => append(next, [entry], now)));
}

export function askScreen(state: Conversation, presence: Presence, id: string): Decision {
  const { call } = state;
  if (call?.status !== 'active' || call.id !== id) return refused(state, presence.socket, 'screen.ask', 'no-call');
  if (!takesPart(state, presence)) return refused(state, presence.socket, 'screen.ask', 'not-yours');
  return shown(unchanged({ ...state, call: { ...call, screenAsked: otherSide(presence.side) } }));
}

export function refuseScreen(state: Conversation, presence: Presence, id: string): Decision {
  const { call } = state;
  if (call?.status !== 'active' || call.id !== id || call.screenAsked !== presence.side) return unchanged(state);
  return shown(unchanged({ ...state, call: { ...call, screenAsked: null } }));
}

/** A member's microphone, camera or screen went on or off: screens are kept in the record. */
export function changeSources(state: Conversation, member: string, sources: MediaSource[], now: number): Decision {
  const { call } = state;
  if (call?.status !== 'active') return unchanged(state);
  const who = call.members.find((candidate) => candidate.member === member);
  if (!who || sources.join() === who.on?.join()) return unchanged(state);
  const members = call.members.map((other) => (other === who ? { ...who, on: sources } : other));
  const sharing = sources.includes('screen');
  if (sharing === call.screens.includes(member)) return shown(unchanged({ ...state, call: { ...call, members } }));
  const screens = sharing ? [...call.screens, member] : call.screens.filter((other) => other !== member);
  const screenAsked = call.screenAsked === who.side ? null : call.screenAsked;
  const by = personInCall(who);
  const entry = { type: sharing ? ('screen-started' as const) : ('screen-stopped' as const), by };
  return shown(append({ ...state, call: { ...call, members, screens, screenAsked } }, [entry], now));
}

/** Whom the call cannot do without: the shopper, and the agent whose conversation it is. Everybody else is a guest. */
export function carries(state: Conversation, { side, agent }: CallMember): boolean {
  return side === 'shopper' || agent === state.agent?.id;
}

export function personInCall({ agent, name }: CallMember): Person {
  return agent === null ? { side: 'shopper' } : { side: 'agent', id: agent, name: name ?? '' };
}

/** Starts or stops the clocks of a call that waits for a tab: for those that it cannot do without, and for guests. */
export function watchAway(decision: Decision, now: number): Decision {
  const { call, present } = decision.state;
  if (call?.status !== 'active') return decision;
  const here = new Set(present.map((presence) => memberOf(presence)));
  const members = call.members.map((member) => ({
    ...member,
    awaySince: here.has(member.member) ? null : (member.awaySince ?? now),
  }));
  const state = { ...decision.state, call: { ...call, members } };
  const waitsFor = (carried: boolean): number[] =>
    members.flatMap((member) => (carries(state, member) === carried ? (member.awaySince ?? []) : []));
  const timers = [clock('call-away', waitsFor(true)), clock('call-guest-away', waitsFor(false))];
  return { state, effects: [...decision.effects, ...timers] };
}

function clock(name: 'call-away' | 'call-guest-away', since: readonly number[]): Effect {
  return since.length === 0
    ? { type: 'timer.clear', name }
    : { type: 'timer.set', name, at: Math.min(...since) + AWAY_MS };
}

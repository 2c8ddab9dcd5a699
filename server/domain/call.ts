import type { Person, Side } from '../protocol/entry.ts';
import type { MediaSource } from '../protocol/media.ts';
import type { MediaStatus } from '../protocol/views.ts';
import { memberOf, otherSide, personOf, takesPart, type Conversation, type Presence } from './conversation.ts';
import { append, followedBy, refused, shown, unchanged, type Decision, type Effect } from './effects.ts';

export type CallMember = {
  member: string;
  side: Side;
  name: string | null;
  tab: string;
  /** The call's own window. */
  window?: true;
  /** Its page was left; until it is back. */
  leaving?: boolean;
  /** What of its sources was last on. */
  on?: readonly MediaSource[];
};

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
      screenAsked: Side | null;
      /** Members whose screen is shared now. */
      screens: readonly string[];
    };

export const RING_MS = 45_000;
/** How long a call waits for a side that is gone: a slow page load, a tunnel, a restart of the server. */
export const AWAY_MS = 60_000;

export function callMember(presence: Presence): CallMember {
  const name = presence.side === 'agent' ? presence.name : null;
  const window = presence.window ? { window: true as const } : {};
  return { member: memberOf(presence), side: presence.side, name, tab: presence.tab, ...window };
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

export function hangUp(state: Conversation, presence: Presence, id: string, now: number): Decision {
  if (state.call?.id !== id) return unchanged(state);
  if (!takesPart(state, presence)) return refused(state, presence.socket, 'call.hangup', 'not-yours');
  return endCall(state, personOf(presence), now);
}

/** Ends whatever call there is. `by` null: nobody did, the time ran out. */
export function endCall(state: Conversation, by: Person | null, now: number): Decision {
  const { call } = state;
  if (!call) return unchanged(state);
  const free: Effect[] = [
    { type: 'media.close' },
    { type: 'timer.clear', name: 'call-ring' },
    { type: 'timer.clear', name: 'call-away' },
  ];
  const outcome = !by ? 'unanswered' : by.side === call.by.side ? 'cancelled' : 'declined';
  const entry =
    call.status === 'ringing'
      ? ({ type: 'call-missed', by: call.by, outcome } as const)
      : ({ type: 'call-ended', by, seconds: Math.round(Math.max(0, now - call.answeredAt) / 1000) } as const);
  const ended = { state: { ...state, call: null }, effects: free };
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
  const by: Person = who.side === 'shopper' || !state.agent ? { side: 'shopper' } : { side: 'agent', ...state.agent };
  const entry = { type: sharing ? ('screen-started' as const) : ('screen-stopped' as const), by };
  return shown(append({ ...state, call: { ...call, members, screens, screenAsked } }, [entry], now));
}

/** Starts or stops the clock of a call that waits for one of its tabs. */
export function watchAway(decision: Decision, now: number): Decision {
  const { call, present } = decision.state;
  if (call?.status !== 'active') return decision;
  const here = new Set(present.map((presence) => memberOf(presence)));
  const complete = call.members.every(({ member }) => here.has(member));
  const timer: Effect = complete
    ? { type: 'timer.clear', name: 'call-away' }
    : { type: 'timer.set', name: 'call-away', at: now + AWAY_MS };
  return { state: decision.state, effects: [...decision.effects, timer] };
}

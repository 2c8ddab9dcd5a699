import type { EntryBody, Person } from '../protocol/entry.ts';
import type { HandsDid } from '../protocol/hands.ts';
import type { HandsView } from '../protocol/views.ts';
import { personOf, takesPart, type Conversation, type Presence } from './conversation.ts';
import { append, followedBy, refused, shown, unchanged, type Decision, type Effect } from './effects.ts';

type Agent = { id: string; name: string };

/**
 * Whether the conversation's agent may act in the page that both look at. On means: the shopper said yes to this agent,
 * and nobody has stopped it. `since` names the yes; `last` is the newest deed in the record, with its entry's number.
 */
export type Hands =
  | { status: 'off' }
  | { status: 'asked'; by: Agent }
  | { status: 'on'; agent: Agent; since: number; last: Deed & { seq: number } };

type Deed = { did: HandsDid | null; what: string };

/** How long the hands wait for an agent whose console is gone. */
export const HANDS_AWAY_MS = 30_000;

const NOTHING = { did: null, what: '', seq: 0 };

export function askHands(state: Conversation, presence: Presence): Decision {
  const refuse = (reason: Parameters<typeof refused>[3]): Decision =>
    refused(state, presence.socket, 'hands.ask', reason);
  if (presence.side === 'shopper' || !takesPart(state, presence)) return refuse('not-yours');
  if (state.cobrowse.status !== 'on') return refuse('not-sharing');
  if (!state.present.some(({ side }) => side === 'shopper')) return refuse('shopper-away');
  if (state.hands.status !== 'off') return unchanged(state);
  const by = { id: presence.id, name: presence.name };
  return shown({ state: { ...state, hands: { status: 'asked', by } }, effects: [{ type: 'save' }] });
}

export function answerHands(state: Conversation, presence: Presence, yes: boolean, now: number): Decision {
  const { hands } = state;
  if (presence.side !== 'shopper') return refused(state, presence.socket, 'hands.answer', 'not-yours');
  // Without a question there is nothing to agree to: a late click must not begin what the agent has taken back.
  if (hands.status !== 'asked') return unchanged(state);
  const agent = hands.by;
  if (!yes) return shown(append({ ...state, hands: { status: 'off' } }, [{ type: 'hands-refused', agent }], now));
  const on: Hands = { status: 'on', agent, since: now, last: NOTHING };
  return shown(append({ ...state, hands: on }, [{ type: 'hands-started', agent }], now));
}

export function stopHands(state: Conversation, presence: Presence, now: number): Decision {
  if (!takesPart(state, presence)) return refused(state, presence.socket, 'hands.stop', 'not-yours');
  return endHands(state, personOf(presence), now);
}

/** A deed is in the record once; what follows it of the same kind, with nothing between, is the same line. */
export function actedByHands(state: Conversation, deed: Deed & { agent: Agent; did: HandsDid }, now: number): Decision {
  const { hands } = state;
  const { agent, did, what } = deed;
  if (state.status === 'closed') return unchanged(state);
  const last = hands.status === 'on' ? hands.last : NOTHING;
  const again = last.seq === state.lastSeq && last.did === did && last.what === what;
  if (again && RUNS.includes(did)) return unchanged(state);
  const said = append(state, [{ type: 'hands-acted', agent, did, what }], now);
  if (hands.status !== 'on') return said;
  const seq = said.state.lastSeq;
  return { ...said, state: { ...said.state, hands: { ...hands, last: { did, what, seq } } } };
}

/** What is done in many small steps. */
const RUNS: readonly HandsDid[] = ['scrolled', 'filled'];

/** Ends it, or takes back the question. */
export function endHands(state: Conversation, by: Person | null, now: number): Decision {
  if (state.hands.status === 'off') return unchanged(state);
  const { state: off, entries, effects } = handsOver(state, by);
  if (entries.length === 0) return shown({ state: off, effects: [...effects, { type: 'save' }] });
  return shown(followedBy({ state: off, effects }, (next) => append(next, entries, now)));
}

/** The end as part of another one: the state after it, what the record says, and what is to be done. */
export function handsOver(
  state: Conversation,
  by: Person | null,
): { state: Conversation; entries: EntryBody[]; effects: Effect[] } {
  const { hands } = state;
  const off: Conversation = { ...state, hands: { status: 'off' } };
  if (hands.status !== 'on') return { state: off, entries: [], effects: [] };
  return {
    state: off,
    entries: [{ type: 'hands-stopped', agent: hands.agent, by }],
    effects: [{ type: 'timer.clear', name: 'hands-away' }],
  };
}

/** After every decision: the yes was given to one agent who is there and looks, and to nobody else. */
export function settleHands(before: Conversation, decision: Decision, now: number): Decision {
  const { hands, cobrowse, agent } = decision.state;
  if (hands.status === 'off') return decision;
  const whose = hands.status === 'on' ? hands.agent : hands.by;
  if (cobrowse.status !== 'on' || agent?.id !== whose.id) {
    return followedBy(decision, (next) => endHands(next, null, now));
  }
  if (hands.status !== 'on') return decision;
  const was = before.hands.status !== 'on' || isHere(before, whose.id);
  const is = isHere(decision.state, whose.id);
  if (was === is) return decision;
  const clock: Effect = is
    ? { type: 'timer.clear', name: 'hands-away' }
    : { type: 'timer.set', name: 'hands-away', at: now + HANDS_AWAY_MS };
  return { ...decision, effects: [...decision.effects, clock] };
}

/** After a restart it goes on as soon as the agent is back. */
export function resumeHands({ hands }: Conversation, now: number): Effect[] {
  return hands.status === 'on' ? [{ type: 'timer.set', name: 'hands-away', at: now + HANDS_AWAY_MS }] : [];
}

export function handsView(hands: Hands): HandsView {
  if (hands.status !== 'on') return hands;
  const { status, agent, since } = hands;
  return { status, agent, since };
}

function isHere({ present }: Conversation, agent: string): boolean {
  return present.some((presence) => presence.side === 'agent' && presence.id === agent);
}

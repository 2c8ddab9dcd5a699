import type { Conversation, Presence } from '../domain/conversation.ts';
import { HANDS_DID, type HandsAct, type HandsActed, type HandsDeed, type HandsDid } from '../protocol/hands.ts';
import type { HandsOrder, HandsOutcome } from '../protocol/hands.ts';
import type { Refusal } from '../protocol/refusals.ts';

type Agent = { id: string; name: string };
type Waiting = { socket: string; act: number; agent: Agent; kind: HandsDeed['kind'] };
/** What the console is told, and what the record says of it. */
type Told = {
  socket: string;
  frame: { type: 'hands.acted'; act: number; outcome: HandsOutcome };
  deed: { agent: Agent; did: HandsDid; what: string } | null;
};

/** Deeds that wait for their outcome; a page that goes with one may never tell. */
const WAITING_MAX = 64;

/** What of a page can be written into or chosen from at all, whatever the shopper's browser then says. */
const FITTING: Partial<Record<HandsDeed['kind'], readonly string[]>> = {
  choose: ['select'],
  fill: ['input', 'textarea'],
};

/** Between the agent's hands and the shopper's page: who may, and what has been asked for and not answered. */
export class HandsDesk {
  #waiting = new Map<number, Waiting>();
  #orders = 0;

  /** Why the agent may not do it, as far as the server can know. `epoch`: of the page that is shown. */
  refusal(state: Conversation, presence: Presence, frame: HandsAct, epoch: number | null): Refusal | null {
    const { hands, watching } = state;
    if (hands.status !== 'on') return 'no-hands';
    if (presence.side !== 'agent' || presence.id !== hands.agent.id) return 'not-yours';
    // Nobody acts in what they do not look at.
    if (!watching.includes(presence.socket)) return 'not-yours';
    if (frame.epoch !== epoch) return 'old-epoch';
    const { deed } = frame;
    const fitting = FITTING[deed.kind];
    if (fitting && 'at' in deed && !fitting.includes(deed.at.tag.toLowerCase())) return 'not-allowed';
    return null;
  }

  order(presence: Presence, frame: HandsAct, origins: readonly string[]): HandsOrder {
    const agent = presence.side === 'agent' ? { id: presence.id, name: presence.name } : { id: '', name: '' };
    const order = ++this.#orders;
    this.#waiting.set(order, { socket: presence.socket, act: frame.act, agent, kind: frame.deed.kind });
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined && this.#waiting.size > WAITING_MAX) this.#waiting.delete(oldest);
    return { ...frame, act: order, agent: agent.name, by: agent.id, origins: [...origins] };
  }

  /** What came of an order; null where there was none. */
  take({ act: order, outcome, did, what = '' }: HandsActed): Told | null {
    const waiting = this.#waiting.get(order);
    if (!waiting) return null;
    this.#waiting.delete(order);
    const { socket, act, agent, kind } = waiting;
    const possible: readonly HandsDid[] = HANDS_DID[kind];
    // Without a word of what was done nothing has changed: the page was at its end already.
    const deed =
      outcome === 'done' && did
        ? { agent, did: possible.includes(did) ? did : HANDS_DID[kind][0], what: what.trim() }
        : null;
    return { socket, frame: { type: 'hands.acted', act, outcome }, deed };
  }
}

import type { Basket } from '../protocol/basket.ts';
import type { Visit } from '../protocol/journey.ts';
import type { EntryBody, Person, Side } from '../protocol/entry.ts';
import type { AgentView, PageView, PlaceView, Preview, Receipt } from '../protocol/views.ts';
import type { Call } from './call.ts';
import type { Cobrowse } from './cobrowse.ts';
import type { Hands } from './hands.ts';
import { factsAfter, NO_FACTS, unansweredAfter, type Facts } from './facts.ts';
import type { HandOver, HandOverNote } from './hand-over.ts';
import type { Recording } from './recording.ts';
import type { Ticket } from './ticket.ts';

/** A socket that follows the conversation: one browser tab of the shopper, or of an agent. */
export type Presence = { socket: string; tab: string; /** The call's own window. */ window?: true } & (
  { side: 'shopper' } | { side: 'agent'; id: string; name: string; role: AgentView['role'] }
);

/** What the shopper said of it afterwards. */
export type Rating = { value: number; comment: string | null };

/** A live conversation as its owner knows it. Times in milliseconds since the epoch. */
export type Conversation = {
  readonly id: string;
  readonly shop: string;
  readonly shopper: string;
  /** `ticket`: it goes on without anybody having to be there. A closed one that has a ticket is a solved ticket. */
  readonly status: 'waiting' | 'active' | 'ticket' | 'closed';
  /** Never null in status `ticket`, always null before. */
  readonly ticket: Ticket | null;
  readonly agent: { id: string; name: string } | null;
  readonly openedAt: number;
  readonly lastAt: number;
  readonly lastSeq: number;
  readonly receipts: Readonly<Record<Side, Receipt>>;
  readonly preview: Preview | null;
  readonly unread: number;
  readonly rating: Rating | null;
  readonly call: Call | null;
  readonly cobrowse: Cobrowse;
  readonly hands: Hands;
  readonly recording: Recording;
  /** What it is about; null: nobody said. */
  readonly topic: string | null;
  /** When the waiting began. It is kept when an agent is lost, and so is the place in the line; not by who was gone for good. */
  readonly waitingSince: number;
  /** What the shopper was told of the wait at first; null: nothing was known. */
  readonly estimateMs: number | null;
  readonly facts: Facts;
  readonly handOver: HandOver | null;
  readonly note: HandOverNote | null;
  readonly unansweredSince: number | null;
  /** The shopper has been away for so long that nobody expects them: while it waits it stands in no line. */
  readonly gone: boolean;
  /** Not durable: where in the line the shopper is. */
  readonly place: PlaceView | null;
  /** Not durable: who is connected now, and what page the shopper was last seen on. */
  readonly present: readonly Presence[];
  /** Sockets of agents that look at the shopper's page. */
  readonly watching: readonly string[];
  readonly page: PageView | null;
  /** Not durable: the pages that the shopper was seen on, `page` last. */
  readonly journey: readonly Visit[];
  readonly locale: string | null;
  readonly referrer: string | null;
  readonly basket: Basket | null;
};

export function newConversation(
  { topic = null, ...ids }: { id: string; shop: string; shopper: string; topic?: string | null },
  now: number,
): Conversation {
  return {
    ...ids,
    topic,
    waitingSince: now,
    estimateMs: null,
    facts: NO_FACTS,
    handOver: null,
    note: null,
    unansweredSince: null,
    gone: false,
    place: null,
    status: 'waiting',
    ticket: null,
    agent: null,
    openedAt: now,
    lastAt: now,
    lastSeq: 0,
    receipts: { shopper: { delivered: 0, read: 0 }, agent: { delivered: 0, read: 0 } },
    preview: null,
    unread: 0,
    rating: null,
    call: null,
    cobrowse: { status: 'off' },
    hands: { status: 'off' },
    recording: { status: 'off' },
    present: [],
    watching: [],
    page: null,
    journey: [],
    locale: null,
    referrer: null,
    basket: null,
  };
}

export function personOf(presence: Presence): Person {
  return presence.side === 'shopper' ? { side: 'shopper' } : { side: 'agent', id: presence.id, name: presence.name };
}

/** The name of a member of a call: one browser tab of one person. */
export function memberOf(presence: Presence): string {
  return presence.side === 'shopper' ? `shopper.${presence.tab}` : `agent.${presence.id}.${presence.tab}`;
}

export function presenceOf(state: Conversation, socket: string): Presence | null {
  return state.present.find((presence) => presence.socket === socket) ?? null;
}

export function socketsOf(state: Conversation, side?: Side): string[] {
  return state.present.filter((presence) => !side || presence.side === side).map((presence) => presence.socket);
}

/** The shopper, or the agent whose conversation it is. Others may look but not act. */
export function takesPart(state: Conversation, presence: Presence): boolean {
  return presence.side === 'shopper' || presence.id === state.agent?.id;
}

/** Whether an agent may come into colleagues' calls unasked. The shopper sees them there all the same. */
export function supervises(presence: Presence): boolean {
  return presence.side === 'agent' && presence.role !== 'agent';
}

export function otherSide(side: Side): Side {
  return side === 'shopper' ? 'agent' : 'shopper';
}

/** Numbers new entries. `lastAt` never runs backwards, whatever the clock does. */
export function appended(state: Conversation, bodies: readonly EntryBody[], now: number): Conversation {
  const last = bodies.findLast((body) => body.type === 'message');
  const written = bodies.filter((body) => body.type === 'message' && body.from.side === 'shopper').length;
  const lastAt = Math.max(now, state.lastAt);
  return {
    ...state,
    lastSeq: state.lastSeq + bodies.length,
    lastAt,
    facts: bodies.reduce((facts, body) => factsAfter(facts, body, state, lastAt), state.facts),
    unansweredSince: bodies.reduce((since, body) => unansweredAfter(since, body, lastAt), state.unansweredSince),
    preview: last ? previewOf(last) : state.preview,
    unread: state.unread + written,
  };
}

function previewOf({ from, text, file }: Extract<EntryBody, { type: 'message' }>): Preview {
  return { side: from.side, text: text.slice(0, 120), ...(file && { file: file.name }) };
}

import type { EntryBody, MailNote, Person } from '../protocol/entry.ts';
import type { TicketView } from '../protocol/views.ts';
import { personOf, supervises, takesPart, type Conversation, type Presence } from './conversation.ts';
import { append, followedBy, refused, shown, unchanged, type Decision } from './effects.ts';
import type { ConversationEvent } from './events.ts';
import type { Named } from './hand-over.ts';

/**
 * A conversation that goes on when nobody is there: it waits in no line, and has a time by which the shopper is to be
 * answered. Solved is one whose conversation is closed.
 */
export type Ticket = {
  /** Counts up in a shop. */
  readonly number: number;
  /** `pending`: it is the shopper's turn. */
  readonly state: 'open' | 'pending';
  readonly since: number;
  /** Where answers go when the shopper is not connected; null: nowhere. */
  readonly email: string | null;
  readonly name: string | null;
  /** The language that mails are written in. */
  readonly locale: string | null;
  /** When an answer is due; null: it is not our turn, or the shop does not open any more. */
  readonly dueAt: number | null;
  /** Up to this entry agents' words have been mailed, or need not be. */
  readonly mailedSeq: number;
};

/** What makes a ticket, with what `decide` cannot know: the next number, and the shop's hours. */
export type TicketWish = Pick<Ticket, 'number' | 'email' | 'name' | 'dueAt'>;

/** Where a ticket is looked after: its agent, anybody while it is nobody's, supervisors always. */
function mayKeep(state: Conversation, presence: Presence): boolean {
  return presence.side === 'agent' && (state.agent === null || takesPart(state, presence) || supervises(presence));
}

/** The state from which on it is a ticket, and the entry that says so. `by` null: the shopper left it. */
export function asTicket(
  state: Conversation,
  { number, email, name, dueAt }: TicketWish,
  by: Named | null,
  now: number,
): { state: Conversation; body: EntryBody } {
  const { locale, lastSeq: mailedSeq } = state;
  const ticket: Ticket = { number, state: 'open', since: now, email, name, locale, dueAt, mailedSeq };
  return {
    state: { ...state, status: 'ticket', ticket, place: null },
    body: { type: 'ticket-made', number, by },
  };
}

/** An agent turns the conversation into one; it is still theirs, or nobody's. */
export function makeTicket(state: Conversation, presence: Presence, wish: TicketWish, now: number): Decision {
  const reason =
    state.status === 'closed' ? 'closed' : !mayKeep(state, presence) ? 'not-yours' : state.ticket ? 'taken' : null;
  if (reason || presence.side === 'shopper') {
    return refused(state, presence.socket, 'ticket.make', reason ?? 'not-yours');
  }
  const made = asTicket(state, wish, { id: presence.id, name: presence.name }, now);
  return shown(append(made.state, [made.body], now));
}

/** Open again, waiting for the shopper, or solved: then the conversation is closed by whoever calls this. */
export function changeTicket(state: Conversation, presence: Presence, next: 'open' | 'pending', now: number): Decision {
  const { ticket } = state;
  if (!ticket) return refused(state, presence.socket, 'ticket.state', 'no-ticket');
  if (!mayKeep(state, presence)) return refused(state, presence.socket, 'ticket.state', 'not-yours');
  if (state.status !== 'closed' && ticket.state === next) return unchanged(state);
  const body: EntryBody = { type: 'ticket-changed', state: next, by: personOf(presence) };
  return shown(append({ ...state, status: 'ticket', ticket: { ...ticket, state: next } }, [body], now));
}

/** `to` null: nobody's. */
export function assignTicket(state: Conversation, presence: Presence, to: Named | null, now: number): Decision {
  const refuse = (reason: 'no-ticket' | 'closed' | 'not-yours'): Decision =>
    refused(state, presence.socket, 'ticket.assign', reason);
  if (!state.ticket) return refuse('no-ticket');
  if (state.status !== 'ticket') return refuse('closed');
  if (presence.side === 'shopper' || !mayKeep(state, presence)) return refuse('not-yours');
  // What is on with the shopper is handed over where it is on.
  if (state.call || state.cobrowse.status !== 'off') {
    return refused(state, presence.socket, 'ticket.assign', 'busy');
  }
  if (state.agent?.id === to?.id) return unchanged(state);
  const by = { id: presence.id, name: presence.name };
  const freed: Decision = {
    state: { ...state, agent: to, handOver: null },
    effects: [{ type: 'timer.clear', name: 'hand-over' }],
  };
  return shown(followedBy(freed, (next) => append(next, [{ type: 'ticket-owner', by, to }], now)));
}

/** It is the other side's turn: an agent's word waits for the shopper, a shopper's for an answer. */
export function afterWord(state: Conversation, side: Person['side']): Conversation {
  const { ticket } = state;
  if (!ticket) return state;
  const turned: Ticket = side === 'agent' ? { ...ticket, state: 'pending', dueAt: null } : { ...ticket, state: 'open' };
  return { ...state, ticket: turned };
}

/** What a shopper's word does to a solved ticket; nothing to an open one. */
export function reopening(state: Conversation): { state: Conversation; bodies: EntryBody[] } {
  if (state.status !== 'closed' || !state.ticket) return { state, bodies: [] };
  const body: EntryBody = { type: 'ticket-changed', state: 'open', by: { side: 'shopper' } };
  return { state: { ...state, status: 'ticket', ticket: { ...state.ticket, state: 'open' } }, bodies: [body] };
}

/** An answer by mail. It is in the thread as the shopper's, and opens a solved ticket again. */
export function receiveMail(
  state: Conversation,
  { messages, refused: lost }: Omit<Extract<ConversationEvent, { type: 'mail-received' }>, 'type'>,
  now: number,
): Decision {
  if (!state.ticket) return unchanged(state);
  const open = reopening(state);
  const from = { side: 'shopper' as const };
  const said = messages.map((message) => ({ type: 'message' as const, from, ...message, mail: { files: 0 } }));
  const bodies: EntryBody[] = lost ? [...said, { type: 'mail-files-refused', ...lost }] : said;
  return shown(append(afterWord(open.state, 'shopper'), [...bodies, ...open.bodies], now));
}

/** What became of a mail. An answer that did not arrive is ours again. */
export function tellMail(state: Conversation, body: MailNote, now: number): Decision {
  const { ticket } = state;
  const lost = body.type === 'mail-failed' && body.what === 'answer' && !body.again;
  if (!lost || state.status !== 'ticket' || ticket?.state !== 'pending') return append(state, [body], now);
  return shown(append({ ...state, ticket: { ...ticket, state: 'open' } }, [body], now));
}

/** The shop's hours have been looked at. */
export function setDue(state: Conversation, dueAt: number | null): Decision {
  const { ticket } = state;
  if (!ticket || ticket.state !== 'open' || ticket.dueAt === dueAt) return unchanged(state);
  return shown({ state: { ...state, ticket: { ...ticket, dueAt } }, effects: [{ type: 'save' }] });
}

/** Words up to this entry are on their way by mail, or have been seen. */
export function setMailed(state: Conversation, seq: number): Decision {
  const { ticket } = state;
  if (!ticket || ticket.mailedSeq >= seq) return unchanged(state);
  return { state: { ...state, ticket: { ...ticket, mailedSeq: seq } }, effects: [{ type: 'save' }] };
}

export function ticketView({ ticket, status }: Conversation): TicketView | null {
  if (!ticket) return null;
  const { number, state, since, email, name, dueAt } = ticket;
  return { number, state: status === 'closed' ? 'solved' : state, since, email, name, dueAt };
}

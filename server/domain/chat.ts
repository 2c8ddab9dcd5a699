import type { Basket } from '../protocol/basket.ts';
import type { EntryBody, Person } from '../protocol/entry.ts';
import type { FileView } from '../protocol/file.ts';
import { withPage } from '../protocol/journey.ts';
import type { Product } from '../protocol/product.ts';
import type { PageView } from '../protocol/views.ts';
import { MESSAGE_TEXT_MAX } from '../protocol/limits.ts';
import { endCall } from './call.ts';
import { endCobrowse } from './cobrowse.ts';
import { otherSide, personOf, socketsOf, takesPart, type Conversation, type Presence } from './conversation.ts';
import { handOverUnanswered, takeOver } from './hand-over.ts';
import { afterWord, asTicket, reopening, type TicketWish } from './ticket.ts';
import { append, followedBy, listed, refused, shown, unchanged, type Decision, type Effect } from './effects.ts';

export function sendMessage(
  state: Conversation,
  sender: Presence,
  message: {
    id: string;
    text: string;
    product?: Product;
    file?: FileView;
    ticket?: TicketWish;
    known: { seq: number; at: number } | null;
  },
  now: number,
): Decision {
  const { id, text, product, file, ticket, known } = message;
  if (known) {
    const frame = { type: 'message.ack' as const, id, conversation: state.id, ...known };
    return { state, effects: [{ type: 'send', sockets: [sender.socket], frame }] };
  }
  const refuse = (reason: 'message-empty' | 'message-too-long' | 'closed' | 'not-yours'): Decision =>
    refused(state, sender.socket, 'message.send', reason, id);
  if (text.trim() === '' && !file) return refuse('message-empty');
  if (text.length > MESSAGE_TEXT_MAX) return refuse('message-too-long');
  const open = sender.side === 'shopper' ? reopening(state) : { state, bodies: [] };
  if (open.state.status === 'closed') return refuse('closed');
  if (!takesPart(state, sender)) return refuse('not-yours');
  if (product && sender.side === 'shopper') return refuse('not-yours');
  const body = {
    type: 'message' as const,
    id,
    from: personOf(sender),
    text,
    ...(product && { product }),
    ...(file && { file }),
  };
  const ack = { socket: sender.socket, id };
  const { ticket: before } = open.state;
  // Whoever has an agent is not where nobody is: what they say is said to the agent.
  if (!ticket || sender.side === 'agent' || (open.state.agent && !before)) {
    const turned = afterWord(open.state, sender.side);
    const said = append(turned, [body, ...open.bodies], now, ack);
    return before && turned.ticket !== before ? shown(said) : listed(said);
  }
  // Left once more: the address may have had a slip in it.
  if (before) {
    const { email, name } = ticket;
    const corrected = { ...open.state, ticket: { ...before, email: email ?? before.email, name: name ?? before.name } };
    return shown(append(afterWord(corrected, 'shopper'), [body, ...open.bodies], now, ack));
  }
  const made = asTicket(open.state, ticket, null, now);
  return shown(append(made.state, [body, made.body], now, ack));
}

/** The message stays; what clients show of its file is that it was deleted. Also in a closed conversation. */
export function deleteFile(state: Conversation, { by, file }: { by: Person; file: string }, now: number): Decision {
  return shown(append(state, [{ type: 'file-deleted', by, file }], now));
}

export function type(state: Conversation, typist: Presence, on: boolean): Decision {
  if (state.status === 'closed' || !takesPart(state, typist)) return unchanged(state);
  const frame = { type: 'message.typing' as const, conversation: state.id, side: typist.side, on };
  return { state, effects: [{ type: 'send', sockets: socketsOf(state, otherSide(typist.side)), frame }] };
}

/** Receipts only grow, and never past what there is. A colleague who looks on does not read for the agent. */
export function giveReceipt(
  state: Conversation,
  reader: Presence,
  given: { delivered: number; read: number },
): Decision {
  if (!takesPart(state, reader)) return unchanged(state);
  const before = state.receipts[reader.side];
  const delivered = Math.min(state.lastSeq, Math.max(before.delivered, given.delivered, given.read));
  const read = Math.min(state.lastSeq, Math.max(before.read, given.read));
  if (delivered === before.delivered && read === before.read) return unchanged(state);
  const receipts = { ...state.receipts, [reader.side]: { delivered, read } };
  const unread = reader.side === 'agent' && read >= state.lastSeq ? 0 : state.unread;
  return shown({ state: { ...state, receipts, unread }, effects: [{ type: 'save' }] });
}

export function showPage(state: Conversation, page: PageView, now: number): Decision {
  return shown(unchanged({ ...state, page, journey: withPage(state.journey, page, now) }));
}

/** Agents alone are told: the shopper has it before their eyes. */
export function showBasket(state: Conversation, basket: Basket | null): Decision {
  const next = { ...state, basket };
  const agents = socketsOf(next, 'agent');
  return { state: next, effects: agents.length > 0 ? [basketTo(next, agents)] : [] };
}

export function basketTo({ id, basket }: Conversation, sockets: string[]): Effect {
  return { type: 'send', sockets, frame: { type: 'shopper.basket', conversation: id, basket } };
}

export function accept(state: Conversation, presence: Presence, now: number): Decision {
  if (presence.side === 'shopper') return refused(state, presence.socket, 'conversation.accept', 'not-yours');
  if (state.status === 'closed') return refused(state, presence.socket, 'conversation.accept', 'closed');
  if (state.agent) {
    if (state.agent.id === presence.id) return unchanged(state);
    const { handOver } = state;
    return handOver?.to.id === presence.id
      ? takeOver(state, presence, handOver, now)
      : refused(state, presence.socket, 'conversation.accept', 'taken');
  }
  const agent = { id: presence.id, name: presence.name };
  if (state.status === 'ticket') {
    return shown(append({ ...state, agent }, [{ type: 'ticket-owner', by: agent, to: agent }], now));
  }
  return shown(append({ ...state, status: 'active', agent }, [{ type: 'accepted', agent }], now));
}

/** Ends the conversation and every step of it. Any agent may close one that nobody has taken. */
export function close(state: Conversation, presence: Presence, now: number): Decision {
  if (state.status === 'closed') return unchanged(state);
  if (state.agent && !takesPart(state, presence)) {
    return refused(state, presence.socket, 'conversation.close', 'not-yours');
  }
  const by = personOf(presence);
  const ended = followedBy(endCall(state, by, now), (next) => endCobrowse(next, by, now));
  const body: EntryBody = state.ticket ? { type: 'ticket-changed', state: 'solved', by } : { type: 'closed', by };
  const over = followedBy(ended, (next) => append({ ...next, status: 'closed' }, [body], now));
  const asked = over.state.handOver !== null;
  return shown(asked ? followedBy(over, (next) => handOverUnanswered(next)) : over);
}

import { MESSAGE_TEXT_MAX } from '../protocol/limits.ts';
import { supervises, type Conversation, type Presence } from './conversation.ts';
import { append, refused, type Decision } from './effects.ts';

/**
 * A note among the agents of the shop. Whoever of them looks on may write one: a colleague who knows the answer, a
 * supervisor who whispers to the agent who talks. The lists do not show it, and nothing in it counts as read or unread.
 */
export function writeNote(
  state: Conversation,
  writer: Presence,
  { id, text, known }: { id: string; text: string; known: { seq: number; at: number } | null },
  now: number,
): Decision {
  const refuse = (reason: 'message-empty' | 'message-too-long' | 'closed' | 'not-yours'): Decision =>
    refused(state, writer.socket, 'note.send', reason, id);
  // First of all: a shopper is told nothing, not even that a number is taken.
  if (writer.side === 'shopper') return refuse('not-yours');
  if (known) {
    const frame = { type: 'message.ack' as const, id, conversation: state.id, ...known };
    return { state, effects: [{ type: 'send', sockets: [writer.socket], frame }] };
  }
  if (text.trim() === '') return refuse('message-empty');
  if (text.length > MESSAGE_TEXT_MAX) return refuse('message-too-long');
  if (state.status === 'closed') return refuse('closed');
  const whispers = supervises(writer) && state.agent !== null && state.agent.id !== writer.id;
  const by = { id: writer.id, name: writer.name };
  const body = { type: 'note' as const, id, by, text, ...(whispers && { whisper: true as const }) };
  return append(state, [body], now, { socket: writer.socket, id });
}

import type { Conversation, Presence } from './conversation.ts';
import { append, refused, shown, type Decision } from './effects.ts';

/** How the shopper found it: theirs alone to say, when it is over and somebody had answered, and once. */
export function rate(
  state: Conversation,
  presence: Presence,
  { rating, comment }: { rating: number; comment: string },
  now: number,
): Decision {
  const refuse = (reason: 'not-yours' | 'still-open' | 'no-agent-yet' | 'rated-already'): Decision =>
    refused(state, presence.socket, 'conversation.rate', reason);
  const { agent } = state;
  if (presence.side !== 'shopper') return refuse('not-yours');
  if (state.status !== 'closed') return refuse('still-open');
  if (!agent) return refuse('no-agent-yet');
  if (state.rating) return refuse('rated-already');
  const said = { value: rating, comment: comment || null };
  const body = { type: 'rated' as const, rating, comment: said.comment, agent };
  return shown(append({ ...state, rating: said }, [body], now));
}

import { socketsOf, type Conversation } from './conversation.ts';
import { listed, unchanged, type Decision } from './effects.ts';

/** Nobody expects the shopper any more: it stands in no line, and was missed where nobody ever came. */
export function goneForGood(state: Conversation): Decision {
  // They may have come while it was found out.
  if (state.gone || state.status !== 'waiting' || socketsOf(state, 'shopper').length > 0) return unchanged(state);
  const facts = { ...state.facts, missed: state.facts.firstWaitMs === null };
  return listed({ state: { ...state, gone: true, place: null, facts }, effects: [{ type: 'save' }] });
}

/** The shopper is here. Who was gone for good begins to wait anew, behind those who stayed. */
export function hereAgain(state: Conversation, now: number): Conversation {
  if (!state.gone) return state;
  const here = { ...state, gone: false };
  if (state.status !== 'waiting') return here;
  return { ...here, waitingSince: now, estimateMs: null, facts: { ...state.facts, missed: false } };
}

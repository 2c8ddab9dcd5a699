import type { CallView } from '../../../server/protocol/views.ts';
import type { CallState, RemoteParty } from '../../core/call/session.ts';
import { w } from '../words.ts';

/** What is received of the shopper, whoever else is in the call. */
export function shopperRemote(view: CallView, state: CallState | null): RemoteParty | null {
  const shopper = view.members.find(({ side }) => side === 'shopper');
  return state?.remotes.find(({ participant }) => participant === shopper?.participant) ?? null;
}

/** What is to be said of the shopper's side in place of a picture; null when all is well. */
export function callSentence(
  view: CallView,
  { state, failed }: { state: CallState | null; failed: boolean },
  shopper: { away: 'no' | 'just' | 'long'; leaving: boolean; back: boolean },
): string | null {
  if (view.status === 'ringing') return w.call_ringing_there();
  if (shopper.away === 'long') return w.call_shopper_away();
  if (shopper.away === 'just') return shopper.leaving ? w.call_shopper_loading() : w.call_shopper_lost();
  if (failed) return w.call_failed();
  if (!state || state.phase === 'preparing' || state.phase === 'prepared') return w.call_connecting();
  if (state.phase === 'reconnecting') return w.call_reconnecting();
  // Between the next page and its first picture.
  if (shopper.back) return w.call_shopper_loading();
  return shopperRemote(view, state) ? null : w.call_connecting();
}

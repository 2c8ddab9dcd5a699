import type { CallView } from '../../../server/protocol/views.ts';
import type { CallState } from '../../core/call/session.ts';
import { w } from '../words.ts';

/** What is to be said of the shopper's side in place of a picture; null when all is well. */
export function callSentence(view: CallView, state: CallState | null, failed: boolean): string | null {
  if (view.status === 'ringing') return w.call_ringing_there();
  const shopper = view.members.find(({ side }) => side === 'shopper');
  if (shopper && !shopper.connected) return w.call_shopper_loading();
  if (failed) return w.call_failed();
  if (!state || state.phase === 'preparing' || state.phase === 'prepared') return w.call_connecting();
  if (state.phase === 'reconnecting') return w.call_reconnecting();
  return state.remotes.length === 0 ? w.call_connecting() : null;
}

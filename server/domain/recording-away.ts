import { AWAY_MS } from './call.ts';
import type { Conversation } from './conversation.ts';
import { shown, unchanged, type Decision, type Effect } from './effects.ts';
import { endRecording } from './recording.ts';

/**
 * A page that is recorded without a call has nobody who hangs up: a shopper who closes the shop for good ends it by being
 * away for as long as a call waits for its people.
 */
export function waitsForShopper({ recording, present }: Conversation): boolean {
  return recording.status === 'on' && !recording.of.call && !present.some(({ side }) => side === 'shopper');
}

export function waitsUntil(now: number): Effect {
  return { type: 'timer.set', name: 'recording-away', at: now + AWAY_MS };
}

/** After every decision: the clock runs while the shopper is away. */
export function watchRecording(before: Conversation, decision: Decision, now: number): Decision {
  const [waited, waits] = [waitsForShopper(before), waitsForShopper(decision.state)];
  if (waited === waits) return decision;
  const clock: Effect = waits ? waitsUntil(now) : { type: 'timer.clear', name: 'recording-away' };
  return { state: decision.state, effects: [...decision.effects, clock] };
}

/** The shopper did not come back. */
export function recordingWaited(state: Conversation, now: number): Decision {
  if (!waitsForShopper(state)) return unchanged(state);
  return shown(endRecording(state, null, 'page-ended', now));
}

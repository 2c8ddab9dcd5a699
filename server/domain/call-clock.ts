import { AWAY_MS, RING_MS, carries, endCall, watchAway, type ActiveCall } from './call.ts';
import { removeFromCall, setInvited } from './call-people.ts';
import type { Conversation } from './conversation.ts';
import { endHands } from './hands.ts';
import { followedBy, unchanged, type Decision, type TimerName } from './effects.ts';

/** A clock of the call has run out. */
export function callTimerFired(
  state: Conversation,
  name: Exclude<TimerName, 'recording-away' | 'hand-over'>,
  now: number,
): Decision {
  const { call } = state;
  switch (name) {
    case 'call-ring':
    case 'call-away':
      return endCall(state, null, now);
    case 'call-guest-away':
      return call?.status === 'active' ? removeLostGuests(state, call, now) : unchanged(state);
    case 'call-invited':
      if (call?.status !== 'active') return unchanged(state);
      return setInvited(
        state,
        call,
        call.invited.filter(({ until }) => until > now),
      );
    case 'hands-away':
      return endHands(state, null, now);
  }
}

/** A guest whose connection is gone for good is not in the call any more; for the others it goes on. */
function removeLostGuests(state: Conversation, call: ActiveCall, now: number): Decision {
  const lost = call.members.filter(
    (member) => !carries(state, member) && member.awaySince !== null && member.awaySince + AWAY_MS <= now,
  );
  const removed = lost.length > 0 ? removeFromCall(state, call, lost, now) : unchanged(state);
  return watchAway(removed, now);
}

/** After a restart: a call that ran waits for its people, one that rang goes on ringing. */
export function resumeCall(state: Conversation, now: number): Decision {
  const { call } = state;
  if (!call) return unchanged(state);
  if (call.status === 'ringing') {
    return { state, effects: [{ type: 'timer.set', name: 'call-ring', at: call.since + RING_MS }] };
  }
  // How long they were away before is the server's doing, not theirs.
  const members = call.members.map((member) => ({ ...member, awaySince: null }));
  const activate = { type: 'media.activate' as const, members: members.map(({ member }) => member) };
  const waiting = watchAway({ state: { ...state, call: { ...call, members } }, effects: [activate] }, now);
  if (call.invited.length === 0) return waiting;
  return followedBy(waiting, (next) => callTimerFired(next, 'call-invited', now));
}

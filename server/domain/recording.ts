import type { Person } from '../protocol/entry.ts';
import { memberOf, personOf, takesPart, type Conversation, type Presence } from './conversation.ts';
import { append, followedBy, refused, shown, unchanged, type Decision } from './effects.ts';

/**
 * Whether what both say and show is recorded. Asking is the agent's yes, the answer is the shopper's: on means both, and
 * that neither has taken it back. Times in milliseconds since the epoch.
 */
export type Recording =
  | { status: 'off' }
  /** `days`: how long it would be kept. */
  | { status: 'asked'; by: { id: string; name: string }; days: number }
  | { status: 'on'; id: string; by: { id: string; name: string }; since: number };

/** Why a recording ended: somebody said so · the call did · it could not be written any more. */
export type RecordingOutcome = 'stopped' | 'call-ended' | 'failed';

export function askRecording(
  state: Conversation,
  presence: Presence,
  given: { available: boolean; days: number },
): Decision {
  const refuse = (reason: Parameters<typeof refused>[3]): Decision =>
    refused(state, presence.socket, 'recording.ask', reason);
  if (presence.side === 'shopper' || !takesPart(state, presence)) return refuse('not-yours');
  if (state.call?.status !== 'active') return refuse('no-call');
  if (!given.available) return refuse('recording-unavailable');
  if (state.recording.status !== 'off') return unchanged(state);
  const by = { id: presence.id, name: presence.name };
  return shown({
    state: { ...state, recording: { status: 'asked', by, days: given.days } },
    effects: [{ type: 'save' }],
  });
}

export function answerRecording(
  state: Conversation,
  presence: Presence,
  given: { yes: boolean; id: string },
  now: number,
): Decision {
  const { recording, call } = state;
  if (presence.side !== 'shopper') return refused(state, presence.socket, 'recording.answer', 'not-yours');
  // Without a question there is nothing to agree to: a late click must not begin what the agent has taken back.
  if (recording.status !== 'asked') return unchanged(state);
  if (call?.status !== 'active') return refused(state, presence.socket, 'recording.answer', 'no-call');
  const by: Person = { side: 'agent', ...recording.by };
  if (!given.yes) {
    return shown(append({ ...state, recording: { status: 'off' } }, [{ type: 'recording-refused', by }], now));
  }
  const on: Recording = { status: 'on', id: given.id, by: recording.by, since: now };
  const started = append({ ...state, recording: on }, [{ type: 'recording-started', by }], now);
  // Everybody is shown the sign before the first packet is asked for.
  return {
    state: started.state,
    effects: [{ type: 'show' }, ...started.effects, { type: 'recording.start', id: given.id, since: now }],
  };
}

/** Either side, and whoever else is in the call: nobody has to go on being recorded. Takes back an open question too. */
export function stopRecording(state: Conversation, presence: Presence, now: number): Decision {
  const { call } = state;
  const inCall = call?.status === 'active' && call.members.some(({ member }) => member === memberOf(presence));
  if (!inCall && !takesPart(state, presence)) return refused(state, presence.socket, 'recording.stop', 'not-yours');
  return shown(endRecording(state, personOf(presence), 'stopped', now));
}

/** Nothing is written, though it should be: that is said, and the call goes on. */
export function failRecording(state: Conversation, id: string, now: number): Decision {
  if (state.recording.status !== 'on' || state.recording.id !== id) return unchanged(state);
  return shown(endRecording(state, null, 'failed', now));
}

/** Ends whatever there is of a recording. Writing ends before anybody is told. */
export function endRecording(state: Conversation, by: Person | null, outcome: RecordingOutcome, now: number): Decision {
  const { recording } = state;
  const off: Conversation = { ...state, recording: { status: 'off' } };
  switch (recording.status) {
    case 'off':
      return unchanged(state);
    case 'asked':
      return { state: off, effects: [{ type: 'save' }] };
    case 'on': {
      const { id, since } = recording;
      const seconds = Math.round(Math.max(0, now - since) / 1000);
      const ended: Decision = { state: off, effects: [{ type: 'recording.stop', id, at: now }] };
      const entry = { type: 'recording-stopped', by, recording: id, seconds, outcome } as const;
      return followedBy(ended, (next) => append(next, [entry], now));
    }
  }
}

import type { Person, RecordingOutcome } from '../protocol/entry.ts';
import type { RecordedParts } from '../protocol/views.ts';
import { memberOf, personOf, takesPart, type Conversation, type Presence } from './conversation.ts';
import { append, followedBy, refused, shown, unchanged, type Decision } from './effects.ts';

/**
 * Whether what both say and show is recorded. Asking is the agent's yes, the answer is the shopper's: on means both, and
 * that neither has taken it back. Times in milliseconds since the epoch.
 *
 * `of` is what goes on when the question is asked, and the question names it. It only ever shrinks: what begins later was
 * not in the sentence that the shopper agreed to, and what has ended and begins again is asked for anew.
 */
export type Recording =
  | { status: 'off' }
  /** `days`: how long it would be kept. */
  | { status: 'asked'; by: { id: string; name: string }; days: number; of: RecordedParts }
  /** `had`: what it was begun with. */
  | {
      status: 'on';
      id: string;
      by: { id: string; name: string };
      since: number;
      of: RecordedParts;
      had: RecordedParts;
    };

export function askRecording(
  state: Conversation,
  presence: Presence,
  given: { available: RecordedParts; days: number },
): Decision {
  const refuse = (reason: Parameters<typeof refused>[3]): Decision =>
    refused(state, presence.socket, 'recording.ask', reason);
  if (presence.side === 'shopper' || !takesPart(state, presence)) return refuse('not-yours');
  const runs: RecordedParts = { call: state.call?.status === 'active', page: state.cobrowse.status === 'on' };
  if (!isOfAnything(runs)) return refuse('no-call');
  const of = { call: runs.call && given.available.call, page: runs.page && given.available.page };
  if (!isOfAnything(of)) return refuse('recording-unavailable');
  if (state.recording.status !== 'off') return unchanged(state);
  const by = { id: presence.id, name: presence.name };
  return shown({
    state: { ...state, recording: { status: 'asked', by, days: given.days, of } },
    effects: [{ type: 'save' }],
  });
}

export function answerRecording(
  state: Conversation,
  presence: Presence,
  given: { yes: boolean; id: string },
  now: number,
): Decision {
  const { recording } = state;
  if (presence.side !== 'shopper') return refused(state, presence.socket, 'recording.answer', 'not-yours');
  // Without a question there is nothing to agree to: a late click must not begin what the agent has taken back.
  if (recording.status !== 'asked') return unchanged(state);
  const { of } = recording;
  const by: Person = { side: 'agent', ...recording.by };
  if (!given.yes) {
    return shown(append({ ...state, recording: { status: 'off' } }, [{ type: 'recording-refused', by, of }], now));
  }
  const on: Recording = { status: 'on', id: given.id, by: recording.by, since: now, of, had: of };
  const started = append({ ...state, recording: on }, [{ type: 'recording-started', by, of }], now);
  // Everybody is shown the sign before the first packet is asked for.
  return {
    state: started.state,
    effects: [{ type: 'show' }, ...started.effects, { type: 'recording.start', id: given.id, since: now, of, had: of }],
  };
}

/** Either side, and whoever else is in the call: nobody has to go on being recorded. Takes back an open question too. */
export function stopRecording(state: Conversation, presence: Presence, now: number): Decision {
  const { call } = state;
  const inCall = call?.status === 'active' && call.members.some(({ member }) => member === memberOf(presence));
  if (!inCall && !takesPart(state, presence)) return refused(state, presence.socket, 'recording.stop', 'not-yours');
  return shown(endRecording(state, personOf(presence), 'stopped', now));
}

/** Nothing can be written any more: that is said, and what was recorded goes on. */
export function failRecording(
  state: Conversation,
  { id, outcome }: { id: string; outcome: 'full' | 'failed' },
  now: number,
): Decision {
  if (state.recording.status !== 'on' || state.recording.id !== id) return unchanged(state);
  return shown(endRecording(state, null, outcome, now));
}

/** What is recorded has ended. With the last of it the recording does, and the question for it is void. */
export function leaveRecording(
  state: Conversation,
  part: keyof RecordedParts,
  by: Person | null,
  now: number,
): Decision {
  const { recording } = state;
  if (recording.status === 'off' || !recording.of[part]) return unchanged(state);
  const of = { ...recording.of, [part]: false };
  if (!isOfAnything(of)) return endRecording(state, by, part === 'call' ? 'call-ended' : 'page-ended', now);
  const narrowed: Conversation = { ...state, recording: { ...recording, of } };
  if (recording.status === 'asked') return unchanged(narrowed);
  return { state: narrowed, effects: [{ type: 'recording.drop', part }] };
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
      const { id, since, had } = recording;
      const seconds = Math.round(Math.max(0, now - since) / 1000);
      const ended: Decision = { state: off, effects: [{ type: 'recording.stop', id, at: now }] };
      const entry = { type: 'recording-stopped', by, recording: id, seconds, outcome, of: had } as const;
      return followedBy(ended, (next) => append(next, [entry], now));
    }
  }
}

function isOfAnything({ call, page }: RecordedParts): boolean {
  return call || page;
}

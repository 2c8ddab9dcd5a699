import type { Person } from '../../../server/protocol/entry.ts';
import type { RecordedParts } from '../../../server/protocol/views.ts';
import type { StepNote } from '../sentences.ts';
import { words } from '../words.ts';

/** The quiet line that tells of a step. What helping hands did is said by their own part. */
export function stepSentence(note: StepNote, agent: string): string {
  switch (note.type) {
    case 'rated':
      return words.note_rated({ rating: note.rating });
    case 'call-started':
      return note.video ? words.note_call_video() : words.note_call_audio();
    case 'call-missed':
      return note.by.side === 'shopper' ? ownCallMissed(note.outcome, agent) : callMissed(note.outcome, note.by.name);
    case 'call-ended':
      return words.note_call_ended({ duration: duration(note.seconds) });
    case 'call-joined': {
      const name = nameOf(note.by);
      return note.part === 'talks' ? words.note_call_joined({ name }) : words.note_call_listens({ name });
    }
    case 'call-left':
      return words.note_call_left({ name: nameOf(note.by) });
    case 'handed-over':
      return words.note_handed_over({ from: note.from.name, to: note.to.name });
    case 'returned': {
      const { name } = note.from;
      return note.reason === 'handed-on' ? words.note_handed_on({ name }) : words.note_returned({ name });
    }
    case 'screen-started':
      return screenNote(note.by, words.note_screen_started_shopper, words.note_screen_started_agent);
    case 'screen-stopped':
      return screenNote(note.by, words.note_screen_stopped_shopper, words.note_screen_stopped_agent);
    case 'recording-started':
      return words.recording_on({ what: recordedParts(note.of) });
    case 'recording-refused':
      return words.note_recording_refused({ what: recordedParts(note.of) });
    case 'recording-stopped': {
      const given = { duration: duration(note.seconds), what: recordedParts(note.of) };
      if (note.outcome === 'full') return words.note_recording_full(given);
      return note.outcome === 'failed' ? words.note_recording_failed(given) : words.note_recording_stopped(given);
    }
    case 'cobrowse-started':
      return words.note_cobrowse_started();
    case 'cobrowse-refused':
      return words.note_cobrowse_refused();
    case 'cobrowse-stopped':
      return note.why ? words.note_cobrowse_unreadable() : words.note_cobrowse_stopped();
  }
}

/** What is recorded, inside a sentence. Entries that do not say it are of calls. */
export function recordedParts({ call, page }: RecordedParts = { call: true, page: false }): string {
  if (!page) return words.recorded_call();
  return call ? words.recorded_both() : words.recorded_page();
}

function nameOf(person: Person): string {
  return person.side === 'agent' ? person.name : '';
}

function ownCallMissed(outcome: 'declined' | 'cancelled' | 'unanswered', name: string): string {
  switch (outcome) {
    case 'declined':
      return words.note_missed_yours_declined({ name });
    case 'cancelled':
      return words.note_missed_yours_cancelled();
    case 'unanswered':
      return words.note_missed_yours_unanswered();
  }
}

function callMissed(outcome: 'declined' | 'cancelled' | 'unanswered', name: string): string {
  return outcome === 'declined' ? words.note_missed_theirs_declined() : words.note_missed_theirs({ name });
}

function screenNote(by: Person, own: () => string, theirs: (inputs: { name: string }) => string): string {
  return by.side === 'shopper' ? own() : theirs({ name: by.name });
}

/** Minutes and seconds, `3:07`; with hours where there are some. */
function duration(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

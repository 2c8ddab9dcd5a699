import type { Entry, Person } from '../../server/protocol/entry.ts';
import type { Refusal } from '../../server/protocol/refusals.ts';
import type { RecordedParts } from '../../server/protocol/views.ts';
import type { Note } from './rows.ts';
import { locale, words } from './words.ts';

/** Why something was refused, as a person would say it. */
export function refusalSentence(reason: Refusal): string {
  switch (reason) {
    case 'message-empty':
      return words.refused_message_empty();
    case 'message-too-long':
    case 'too-large':
      return words.refused_message_too_long();
    case 'too-fast':
    case 'too-many':
      return words.refused_too_fast();
    case 'not-connected':
      return words.refused_not_connected();
    case 'closed':
    case 'no-conversation':
      return words.refused_closed();
    case 'not-yours':
    case 'product-elsewhere':
    case 'taken':
      return words.refused_not_yours();
    case 'no-agent-yet':
      return words.refused_no_agent_yet();
    case 'busy':
      return words.refused_busy();
    case 'no-call':
    case 'not-in-call':
      return words.refused_no_call();
    case 'media-preparing':
      return words.calls_preparing();
    case 'media-unavailable':
    case 'draining':
      return words.calls_unavailable();
    case 'media-refused':
      return words.refused_media();
    case 'version':
      return words.banner_version();
    case 'unknown-shop':
    case 'forbidden-origin':
      return words.banner_forbidden();
    default:
      void (reason satisfies Unexplained);
      return words.refused_failed();
  }
}

/** What a shopper cannot do anything about, never comes across, or is told by the part that sends files; each is named here, so that none is forgotten. */
type Unexplained =
  | 'file-type'
  | 'file-too-large'
  | 'file-empty'
  | 'file-false'
  | 'file-gone'
  | 'files-full'
  | 'no-ticket'
  | 'no-mail'
  | 'bad-address'
  | 'not-invited'
  | 'unknown-topic'
  | 'agent-away'
  | 'hand-over-first'
  | 'only-listens'
  | 'screen-taken'
  | 'recording-unavailable'
  | 'still-open'
  | 'rated-already'
  | 'bad-frame'
  | 'signed-out'
  | 'shopper-away'
  | 'not-sharing'
  | 'old-epoch'
  | 'no-hands'
  | 'not-allowed'
  | 'failed';

export type HandsNote = Extract<Entry, { type: `hands-${string}` }>;

export function isHandsNote(entry: Entry): entry is Entry & HandsNote {
  return entry.type.startsWith('hands-');
}

export type TicketNote = Extract<Entry, { type: `ticket-${string}` | `mail-${string}` }>;

export function isTicketNote(entry: Entry): entry is Entry & TicketNote {
  return /^(ticket|mail)-/.test(entry.type);
}

/** The quiet line that tells of a step. What helping hands did, and what became of a ticket, is said by their own parts. */
export function noteSentence(note: Exclude<Note, HandsNote | TicketNote>, agent: string): string {
  switch (note.type) {
    case 'accepted':
      return words.note_accepted({ name: note.agent.name });
    case 'closed':
      return note.by.side === 'agent' ? words.note_closed_agent({ name: note.by.name }) : words.note_closed_shopper();
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

/** Made once: making one takes longer than showing a whole conversation. */
let clock: Intl.DateTimeFormat | undefined;

export function timeOf(at: number): string {
  clock ??= new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
  return clock.format(at);
}

export function dayOf(at: number, now: number): string {
  const daysAgo = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
  if (daysAgo === 0) return words.today();
  if (daysAgo === 1) return words.yesterday();
  return new Date(at).toLocaleDateString(locale, { weekday: 'long', day: 'numeric', month: 'long' });
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

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Minutes and seconds, `3:07`; with hours where there are some. */
function duration(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

import type { Entry } from '../../server/protocol/entry.ts';
import type { Refusal } from '../../server/protocol/refusals.ts';
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

/** Notes that every conversation has; what is said of the others comes with the steps. */
type PlainNote = Extract<Note, { type: 'accepted' | 'closed' }>;
export type StepNote = Exclude<Note, PlainNote | HandsNote | TicketNote>;

export function isPlainNote(note: Note): note is PlainNote {
  return note.type === 'accepted' || note.type === 'closed';
}

/** The quiet line that tells of what happened. */
export function noteSentence(note: PlainNote): string {
  if (note.type === 'accepted') return words.note_accepted({ name: note.agent.name });
  return note.by.side === 'agent' ? words.note_closed_agent({ name: note.by.name }) : words.note_closed_shopper();
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

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** The durable record of a conversation: numbered entries, appended once, never changed. */
import type { FileRefusal, FileView } from './file.ts';
import type { Product } from './product.ts';
import type { CallPart, RecordedParts } from './views.ts';
import type { HandsDid } from './hands.ts';
import type { CallNumbers } from './call-numbers.ts';

export type Side = 'shopper' | 'agent';

export type Person = { side: 'shopper' } | { side: 'agent'; id: string; name: string };

/**
 * Why a recording ended: somebody said so · what was recorded did, the call or the looking at the page · it had reached the
 * size that one may have · it could not be written any more.
 */
export type RecordingOutcome = 'stopped' | 'call-ended' | 'page-ended' | 'full' | 'failed';

/** A message that came by mail; `files`: of old ones, how many came with it, which stay in the shop's mailbox. */
export type MailPart = { files: number };

/** A file of a mail that was not taken: by its name, and why. */
export type MailFileRefused = { name: string; reason: FileRefusal };

export type MailKind = 'acknowledgement' | 'answer' | 'transcript';

/** What became of a mail. */
export type MailNote =
  /** `messages`: how many of the agents' went with it. */
  | { type: 'mail-sent'; what: MailKind; messages: number }
  /**
   * `refused`: the address is none, or does not want it · `unreachable`: no server took it · `bounced`: it was taken, and a
   * server behind that says that it did not arrive. `again`: it is tried further. `to`: where it was to go.
   */
  | { type: 'mail-failed'; what: MailKind; reason: 'refused' | 'unreachable' | 'bounced'; again: boolean; to?: string };

/** What an entry says. `message` is what people wrote; the others are steps, shown as quiet notes. */
export type EntryBody =
  | { type: 'message'; id: string; from: Person; text: string; product?: Product; file?: FileView; mail?: MailPart }
  /** An agent has deleted the file `file` of an earlier message. */
  | { type: 'file-deleted'; by: Person; file: string }
  /** What agents write for each other; no shopper ever receives it. `whisper`: by a supervisor, to the one who answers. */
  | { type: 'note'; id: string; by: { id: string; name: string }; text: string; whisper?: true }
  /** On the wire to shoppers in place of a note, so that their numbers have no gap; it says nothing, and is never stored. */
  | { type: 'hidden' }
  | { type: 'accepted'; agent: { id: string; name: string } }
  | { type: 'closed'; by: Person }
  /** It goes on as a ticket. `by` null: the shopper left it, with an address. */
  | { type: 'ticket-made'; number: number; by: { id: string; name: string } | null }
  | { type: 'ticket-changed'; state: 'open' | 'pending' | 'solved'; by: Person }
  | { type: 'ticket-owner'; by: { id: string; name: string }; to: { id: string; name: string } | null }
  | MailNote
  /** Of files that came by mail these are not here; they stay in the shop's mailbox. `id`: the mail's. */
  | { type: 'mail-files-refused'; id: string; files: MailFileRefused[] }
  /** How the shopper found it, once it was closed: 1 to 5. `agent`: who answered. */
  | { type: 'rated'; rating: number; comment: string | null; agent: { id: string; name: string } }
  | { type: 'call-started'; by: Person; video: boolean }
  | { type: 'call-missed'; by: Person; outcome: 'declined' | 'cancelled' | 'unanswered' }
  /** An agent came into the running call, or speaks now who only listened (or the other way round). */
  | { type: 'call-joined'; by: Person; part: CallPart }
  | { type: 'call-left'; by: Person }
  /** The conversation, with whatever is on in it, is another agent's from here on. */
  | { type: 'handed-over'; from: { id: string; name: string }; to: { id: string; name: string } }
  /** It waits again, at its old place: the agent is lost, silent for too long, or has passed it on to whoever knows the topic. */
  | { type: 'returned'; from: { id: string; name: string }; reason: 'lost' | 'silent' | 'handed-on' }
  /** `seconds` from the yes to the end; `numbers` are the worst of all sides, where any side told them. */
  | { type: 'call-ended'; by: Person | null; seconds: number; numbers?: CallNumbers }
  | { type: 'screen-started'; by: Person }
  | { type: 'screen-stopped'; by: Person }
  /** `by`: the agent who asked. `of`: what it was asked for; absent in old entries, which are of calls. */
  | { type: 'recording-started'; by: Person; of?: RecordedParts }
  | { type: 'recording-refused'; by: Person; of?: RecordedParts }
  /** `recording`: its id, for those who may play it. */
  | {
      type: 'recording-stopped';
      by: Person | null;
      recording: string;
      seconds: number;
      outcome: RecordingOutcome;
      of?: RecordedParts;
    }
  | { type: 'cobrowse-started' }
  | { type: 'cobrowse-refused' }
  /** `why`: nobody stopped it, but what came from the shopper's tab could not be read. */
  | { type: 'cobrowse-stopped'; by: Person | null; why?: 'unreadable' }
  | { type: 'hands-started'; agent: { id: string; name: string } }
  | { type: 'hands-refused'; agent: { id: string; name: string } }
  /** One deed, or a run of the same. `what`: what it was done to, as a person calls it; empty where that is masked. */
  | { type: 'hands-acted'; agent: { id: string; name: string }; did: HandsDid; what: string }
  /** `by` null: it ended with something else. */
  | { type: 'hands-stopped'; agent: { id: string; name: string }; by: Person | null };

/** Steps: what is shown as a quiet line. */
export type Step = Exclude<Entry, { type: 'message' | 'note' | 'hidden' }>;

/** `seq` counts from 1 without gaps inside its conversation; `at` is milliseconds since the epoch. */
export type Entry = EntryBody & { seq: number; at: number };

/** The id under which an entry is known, so that the same is never written twice; null: it has none. */
export function idOfEntry(body: EntryBody): string | null {
  return body.type === 'message' || body.type === 'note' || body.type === 'mail-files-refused' ? body.id : null;
}

/** The entries as a side may know them. Whatever hands a conversation to a shopper goes through here. */
export function shownTo(side: Side, entries: readonly Entry[]): Entry[] {
  if (side === 'agent') return [...entries];
  return entries.map((entry) => (entry.type === 'note' ? { type: 'hidden', seq: entry.seq, at: entry.at } : entry));
}

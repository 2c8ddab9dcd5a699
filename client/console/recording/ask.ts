import type { ConversationView, RecordedParts, RecordingAvailability } from '../../../server/protocol/views.ts';
import { w } from '../words.ts';

/** What a question that is asked now would be about: what goes on, as far as this server records it. */
export function wouldRecord(
  { call, cobrowse }: Pick<ConversationView, 'call' | 'cobrowse'>,
  available: RecordingAvailability,
): RecordedParts {
  return {
    call: call?.status === 'active' && available.call === 'ready',
    page: cobrowse.status === 'on' && available.page,
  };
}

/** Why nothing can be recorded, as a sentence; null where something can. */
export function recordingHindrance(of: RecordedParts, { call, page }: RecordingAvailability): string | null {
  if (of.call || of.page || call === 'ready') return null;
  return page ? w.recording_unavailable() : w.recording_switched_off();
}

export function askLabel({ call, page }: RecordedParts): string {
  if (!page) return w.recording_ask();
  return call ? w.recording_ask_both() : w.recording_ask_page();
}

/** The sign that something is recorded. */
export function signOf({ call, page }: RecordedParts): string {
  if (!page) return w.recording_on();
  return call ? w.recording_on_both() : w.recording_on_page();
}

/** What somebody waits for. */
export function askedSentence({ call, page }: RecordedParts): string {
  if (!page) return w.recording_asked();
  return call ? w.recording_asked_both() : w.recording_asked_page();
}

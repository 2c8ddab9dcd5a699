import type { Person, Step } from '../../../server/protocol/entry.ts';
import type { RecordedParts } from '../../../server/protocol/views.ts';
import { duration } from '../ui/time-words.ts';
import { w } from '../words.ts';
import { handsSentence } from './hands-words.ts';
import type { Keeper } from './keeper.ts';
import { isTicketStep, ticketSentence } from './ticket-words.ts';

const isShopper = (person: Person | null): boolean => person?.side === 'shopper';

/** A step of the conversation as a sentence; `you`: the reader's agent id; `keeper`: whose conversation it was then. */
export function stepSentence(step: Step, you: string, keeper: Keeper | null): string {
  const nameOf = (person: { id: string; name: string }): string => (person.id === you ? '' : person.name);
  const byAgent = (person: Person): string => (person.side === 'agent' ? nameOf(person) : '');
  const keeperName = keeper ? nameOf(keeper) : '';
  if (isTicketStep(step)) return ticketSentence(step, you);
  switch (step.type) {
    case 'accepted': {
      const name = nameOf(step.agent);
      return name ? w.step_accepted_by({ name }) : w.step_accepted();
    }
    case 'closed': {
      if (isShopper(step.by)) return w.step_closed_by_shopper();
      const name = byAgent(step.by);
      return name ? w.step_closed_by({ name }) : w.step_closed();
    }
    case 'rated':
      return step.comment
        ? w.step_rated_with({ rating: step.rating, comment: step.comment })
        : w.step_rated({ rating: step.rating });
    case 'call-started':
      return step.video ? w.step_video_started() : w.step_audio_started();
    case 'call-missed':
      return missed(step, isShopper(step.by) ? keeperName : byAgent(step.by));
    case 'call-ended':
      return w.step_call_ended({ duration: duration(step.seconds) });
    case 'call-joined': {
      const name = byAgent(step.by);
      if (step.part === 'listens') return name ? w.step_call_listens_by({ name }) : w.step_call_listens();
      return name ? w.step_call_joined_by({ name }) : w.step_call_joined();
    }
    case 'call-left': {
      const name = byAgent(step.by);
      return name ? w.step_call_left_by({ name }) : w.step_call_left();
    }
    case 'handed-over': {
      const [from, to] = [nameOf(step.from), nameOf(step.to)];
      if (!from) return w.step_handed_over_by_you({ to });
      return to ? w.step_handed_over({ from, to }) : w.step_handed_over_to_you({ from });
    }
    case 'returned': {
      const name = nameOf(step.from);
      if (step.reason === 'handed-on') return name ? w.step_returned_handed_on({ name }) : w.step_returned_by_you();
      if (!name) return w.step_returned_from_you();
      return step.reason === 'lost' ? w.step_returned_lost({ name }) : w.step_returned_silent({ name });
    }
    case 'screen-started': {
      if (isShopper(step.by)) return w.step_shopper_screen_started();
      const name = byAgent(step.by);
      return name ? w.step_screen_started_by({ name }) : w.step_screen_started();
    }
    case 'screen-stopped': {
      if (isShopper(step.by)) return w.step_shopper_screen_stopped();
      const name = byAgent(step.by);
      return name ? w.step_screen_stopped_by({ name }) : w.step_screen_stopped();
    }
    case 'recording-started':
      return recordingStarted(step.of);
    case 'recording-refused':
      return recordingRefused(step.of);
    case 'recording-stopped':
      return recordingStopped(step);
    case 'file-deleted': {
      const name = byAgent(step.by);
      return name ? w.step_file_deleted_by({ name }) : w.step_file_deleted();
    }
    case 'cobrowse-started':
      return keeperName ? w.step_cobrowse_started_by({ name: keeperName }) : w.step_cobrowse_started();
    case 'cobrowse-refused':
      return w.step_cobrowse_refused();
    case 'cobrowse-stopped': {
      if (isShopper(step.by)) return w.step_cobrowse_stopped_by_shopper();
      const name = step.by ? byAgent(step.by) : keeperName;
      if (step.why) return name ? w.step_cobrowse_unreadable_by({ name }) : w.step_cobrowse_unreadable();
      return name ? w.step_cobrowse_stopped_by({ name }) : w.step_cobrowse_stopped();
    }
    case 'hands-started':
    case 'hands-refused':
    case 'hands-acted':
    case 'hands-stopped':
      return handsSentence(step, nameOf(step.agent));
  }
}

/** `name` of the agent who was called or called, empty where that is the reader. */
function missed({ outcome, by }: Extract<Step, { type: 'call-missed' }>, name: string): string {
  switch (outcome) {
    case 'declined':
      if (!isShopper(by)) return w.step_call_declined_by_shopper();
      return name ? w.step_call_declined_by({ name }) : w.step_call_declined();
    case 'cancelled':
      if (isShopper(by)) return w.step_call_cancelled_by_shopper();
      return name ? w.step_call_cancelled_by({ name }) : w.step_call_cancelled();
    case 'unanswered':
      return w.step_call_unanswered();
  }
}

/** Entries of before do not say it: they are of calls. */
const OF_A_CALL: RecordedParts = { call: true, page: false };

function recordingStarted({ call, page } = OF_A_CALL): string {
  if (!page) return w.step_recording_started();
  return call ? w.step_recording_started_both() : w.step_recording_started_page();
}

function recordingRefused({ call, page } = OF_A_CALL): string {
  if (!page) return w.step_recording_refused();
  return call ? w.step_recording_refused_both() : w.step_recording_refused_page();
}

function recordingStopped({ outcome, seconds, of }: Extract<Step, { type: 'recording-stopped' }>): string {
  const given = { duration: duration(seconds) };
  if (outcome === 'failed') return w.step_recording_failed(given);
  if (outcome === 'full') return w.step_recording_full(given);
  const { call, page } = of ?? OF_A_CALL;
  if (!page) return w.step_recording_stopped(given);
  return call ? w.step_recording_stopped_both(given) : w.step_recording_stopped_page(given);
}

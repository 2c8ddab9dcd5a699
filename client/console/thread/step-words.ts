import type { Person, Step } from '../../../server/protocol/entry.ts';
import { duration } from '../ui/time-words.ts';
import { w } from '../words.ts';

const isShopper = (person: Person | null): boolean => person?.side === 'shopper';

/** A step of the conversation as a sentence; `you` is the reader's agent id. */
export function stepSentence(step: Step, you: string): string {
  const nameOf = (person: { id: string; name: string }): string => (person.id === you ? '' : person.name);
  const byAgent = (person: Person): string => (person.side === 'agent' ? nameOf(person) : '');
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
      return missed(step.outcome, isShopper(step.by));
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
    case 'screen-started':
      return isShopper(step.by) ? w.step_shopper_screen_started() : w.step_screen_started();
    case 'screen-stopped':
      return isShopper(step.by) ? w.step_shopper_screen_stopped() : w.step_screen_stopped();
    case 'recording-started':
      return w.step_recording_started();
    case 'recording-refused':
      return w.step_recording_refused();
    case 'recording-stopped': {
      const given = { duration: duration(step.seconds) };
      return step.outcome === 'failed' ? w.step_recording_failed(given) : w.step_recording_stopped(given);
    }
    case 'cobrowse-started':
      return w.step_cobrowse_started();
    case 'cobrowse-refused':
      return w.step_cobrowse_refused();
    case 'cobrowse-stopped':
      return isShopper(step.by) ? w.step_cobrowse_stopped_by_shopper() : w.step_cobrowse_stopped();
  }
}

function missed(outcome: 'declined' | 'cancelled' | 'unanswered', proposedByShopper: boolean): string {
  switch (outcome) {
    case 'declined':
      return proposedByShopper ? w.step_call_declined() : w.step_call_declined_by_shopper();
    case 'cancelled':
      return proposedByShopper ? w.step_call_cancelled_by_shopper() : w.step_call_cancelled();
    case 'unanswered':
      return w.step_call_unanswered();
  }
}

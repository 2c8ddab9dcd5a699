import type { Entry } from '../../../server/protocol/entry.ts';
import { w } from '../words.ts';

type HandsStep = Extract<Entry, { type: `hands-${string}` }>;

/** What helping hands did, as a sentence; `name` of the agent, empty where that is the reader. */
export function handsSentence(step: HandsStep, name: string): string {
  switch (step.type) {
    case 'hands-started':
      return name ? w.step_hands_started_by({ name }) : w.step_hands_started();
    case 'hands-refused':
      return w.step_hands_refused();
    case 'hands-stopped':
      if (step.by?.side === 'shopper') return w.step_hands_stopped_by_shopper();
      return name ? w.step_hands_stopped_by({ name }) : w.step_hands_stopped();
    case 'hands-acted':
      return didSentence(step, name);
  }
}

function didSentence({ did, what: element }: Extract<HandsStep, { type: 'hands-acted' }>, name: string): string {
  const what = element ? w.hands_quoted({ what: element }) : w.hands_something();
  switch (did) {
    case 'scrolled':
      return name ? w.step_did_scrolled_by({ name }) : w.step_did_scrolled();
    case 'clicked':
      return name ? w.step_did_clicked_by({ name, what }) : w.step_did_clicked({ what });
    case 'followed':
      return name ? w.step_did_followed_by({ name, what }) : w.step_did_followed({ what });
    case 'went-back':
      return name ? w.step_did_went_back_by({ name }) : w.step_did_went_back();
    case 'chose':
      return name ? w.step_did_chose_by({ name, what }) : w.step_did_chose({ what });
    case 'ticked':
      return name ? w.step_did_ticked_by({ name, what }) : w.step_did_ticked({ what });
    case 'unticked':
      return name ? w.step_did_unticked_by({ name, what }) : w.step_did_unticked({ what });
    case 'filled':
      return name ? w.step_did_filled_by({ name, what }) : w.step_did_filled({ what });
  }
}

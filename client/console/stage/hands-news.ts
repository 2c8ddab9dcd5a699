import type { HandsOutcome } from '../../../server/protocol/hands.ts';
import type { HandsHint } from '../../replay/port.ts';
import { w } from '../words.ts';

/** Why something was not done; empty where it was. */
export function outcomeSentence(outcome: HandsOutcome): string {
  switch (outcome) {
    case 'done':
      return '';
    case 'masked':
      return w.hands_not_masked();
    case 'not-allowed':
      return w.hands_not_allowed();
    case 'typing':
      return w.hands_not_typing();
    case 'gone':
      return w.hands_not_gone();
    case 'old-epoch':
      return w.refused_old_page();
    case 'no-hands':
      return w.hands_not_on();
  }
}

/** What a click would do where the mouse is. */
export function hintSentence(hint: HandsHint): string {
  switch (hint) {
    case 'masked':
      return w.hands_locked_masked();
    case 'typed':
      return w.hands_locked_typed();
    case 'submit':
      return w.hands_locked_submit();
    case 'never':
      return w.hands_locked_never();
    case 'framed':
      return w.hands_locked_framed();
    case 'fill':
      return w.hands_hint_fill();
    case 'choose':
      return w.hands_hint_choose();
    case 'follow':
      return w.hands_hint_follow();
    case 'click':
      return w.hands_hint();
  }
}

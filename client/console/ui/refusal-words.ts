import type { Refusal } from '../../../server/protocol/refusals.ts';
import { w } from '../words.ts';

const SENTENCES: Record<Refusal, () => string> = {
  'bad-frame': () => w.refused_version(),
  'too-large': () => w.refused_message_too_long(),
  'too-fast': () => w.refused_too_fast(),
  'not-connected': () => w.refused_not_connected(),
  version: () => w.refused_version(),
  'unknown-shop': () => w.refused_failed(),
  'forbidden-origin': () => w.refused_failed(),
  'signed-out': () => w.sign_in_ended(),
  'message-empty': () => w.refused_message_empty(),
  'message-too-long': () => w.refused_message_too_long(),
  'product-elsewhere': () => w.refused_product_elsewhere(),
  'no-conversation': () => w.refused_no_conversation(),
  'not-yours': () => w.refused_not_yours(),
  taken: () => w.refused_taken(),
  closed: () => w.refused_closed(),
  'still-open': () => w.refused_failed(),
  'rated-already': () => w.refused_failed(),
  'no-agent-yet': () => w.refused_no_agent_yet(),
  'shopper-away': () => w.refused_shopper_away(),
  busy: () => w.refused_busy(),
  'no-call': () => w.refused_no_call(),
  'not-in-call': () => w.refused_no_call(),
  'not-invited': () => w.refused_not_invited(),
  'agent-away': () => w.refused_agent_away(),
  'hand-over-first': () => w.refused_hand_over_first(),
  'only-listens': () => w.refused_only_listens(),
  'screen-taken': () => w.problem_screen_taken(),
  'media-preparing': () => w.call_preparing(),
  'media-unavailable': () => w.call_unavailable(),
  'media-refused': () => w.refused_media(),
  'recording-unavailable': () => w.recording_unavailable(),
  'too-many': () => w.refused_too_many(),
  'not-sharing': () => w.refused_not_sharing(),
  'old-epoch': () => w.refused_old_page(),
  draining: () => w.refused_draining(),
  failed: () => w.refused_failed(),
};

/** What a refusal means to the agent, and what to do next. */
export function refusalSentence(reason: Refusal): string {
  return SENTENCES[reason]();
}

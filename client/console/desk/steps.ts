import type { AgentView, ConversationView, MediaStatus } from '../../../server/protocol/views.ts';
import { w } from '../words.ts';

/** Why a step cannot be taken now, as a sentence; null when it can. */
export function callHindrance(view: ConversationView, media: MediaStatus): string | null {
  if (view.call) return w.call_already();
  if (media.status === 'preparing') return preparingSentence(media);
  if (media.status === 'draining') return w.refused_draining();
  if (media.status === 'unavailable') return w.call_unavailable();
  return view.shopper.online ? null : w.refused_shopper_away();
}

export function cobrowseHindrance(view: ConversationView): string | null {
  if (view.cobrowse.status !== 'off') return w.cobrowse_already();
  return view.shopper.online ? null : w.refused_shopper_away();
}

/** Percent done, where it is known. */
export function percentOf(media: MediaStatus): number | null {
  if (media.status !== 'preparing' || !media.total) return null;
  return Math.min(100, Math.floor((100 * (media.done ?? 0)) / media.total));
}

function preparingSentence(media: MediaStatus): string {
  const percent = percentOf(media);
  return percent === null ? w.call_preparing() : w.call_preparing_percent({ percent });
}

/** Whether the middle is a stage: a call that runs or that we propose, or the shopper's page. */
export function isStaged(view: ConversationView, inCall: boolean): boolean {
  const calling = view.call && (view.call.status === 'active' || view.call.by.side === 'agent');
  return Boolean(calling && inCall) || view.cobrowse.status === 'on';
}

/** Whether somebody whose conversation it is not may look at the shopper's page with the one whose it is. */
export function mayLook(view: ConversationView, you: AgentView | null): boolean {
  if (view.cobrowse.status !== 'on' || !you) return false;
  return you.role !== 'agent' || (view.call?.members.some(({ agent }) => agent === you.id) ?? false);
}

import { tick } from 'svelte';
import type { Desk } from './desk.svelte.ts';
import type { Shortcut } from './shortcuts.ts';
import { callHindrance, cobrowseHindrance } from './steps.ts';

/** What stands over the desk, one at a time. */
export type Overlay = 'alerts' | 'devices' | 'help' | 'search';

/** What needs no conversation: it works over a screen of the office, too. */
export const EVERYWHERE: readonly Shortcut[] = ['next', 'previous', 'search', 'help'];

export function focusOn(selector: string): void {
  void tick().then(() => document.querySelector<HTMLElement>(selector)?.focus());
}

/** Does what a key means. `show`: puts something over the desk. */
export function perform(shortcut: Shortcut, desk: Desk, show: (overlay: Overlay) => void): void {
  const live = desk.selected;
  switch (shortcut) {
    case 'next':
      return move(desk, 1);
    case 'previous':
      return move(desk, -1);
    case 'open':
      return open(desk);
    case 'reply':
    case 'note':
      if (live) live.writing = shortcut;
      return focusOn('[data-reply]');
    case 'call':
      return callOrAnswer(desk);
    case 'cobrowse':
      return lookTogether(desk);
    case 'microphone':
      return void live?.call?.setMicrophone(live.call.state?.microphone !== 'on');
    case 'camera':
      return void live?.call?.setCamera(live.call.state?.camera !== 'on');
    case 'people':
    case 'hand-over':
      return press(shortcut);
    case 'take':
      return desk.take();
    case 'ticket':
      return live?.view?.ticket ? focusOn('[data-part="ticket-state"]') : press('mail');
    case 'presence':
      return desk.presence.next();
    case 'spotlight':
    case 'draw':
    case 'arrow':
      return live?.pageWatch?.use(shortcut);
    case 'laser':
      return live?.pageWatch?.use('point');
    case 'wipe':
      return live?.pageWatch?.clearAll();
    case 'hands':
      return lendHands(desk);
    case 'search':
    case 'help':
      return show(shortcut);
    case 'escape':
      return desk.selectedId ? focusOn(`[data-line="${CSS.escape(desk.selectedId)}"]`) : undefined;
  }
}

/** The button of a part that opens from it. */
function press(part: 'people' | 'hand-over' | 'mail'): void {
  document.querySelector<HTMLElement>(`[data-part="${part}"] > button`)?.click();
}

function move(desk: Desk, steps: 1 | -1): void {
  const id = desk.step(steps);
  if (id) focusOn(`[data-line="${CSS.escape(id)}"]`);
}

function open(desk: Desk): void {
  const id = desk.selectedId;
  // By the list's line: the conversation itself may still be on its way.
  const { status, agent } = (id && desk.board.summary(id)) || {};
  if (id && (status === 'waiting' || (status === 'ticket' && !agent))) desk.accept(id);
  else if (id) focusOn('[data-reply]');
}

function callOrAnswer(desk: Desk): void {
  const { live, view } = ownOf(desk);
  if (!live || !view) return;
  const hindered = callHindrance(view, desk.media);
  if (desk.followed.ringing.includes(live)) void live.call?.answer(view.call?.video === true);
  else if (hindered) desk.notices.say(hindered);
  else desk.tell({ type: 'call.propose', conversation: view.id, video: true });
}

function lookTogether(desk: Desk): void {
  const { view } = ownOf(desk);
  if (!view) return;
  const hindered = cobrowseHindrance(view);
  if (hindered) desk.notices.say(hindered);
  else desk.tell({ type: 'cobrowse.ask', conversation: view.id });
}

function lendHands(desk: Desk): void {
  const { live, view } = ownOf(desk);
  if (!view || !live?.pageWatch) return;
  if (view.hands.status === 'on') live.pageWatch.use('hands');
  else if (view.hands.status === 'off') desk.tell({ type: 'hands.ask', conversation: view.id });
}

/** The conversation before the agent's eyes, where it is theirs. */
function ownOf(desk: Desk): { live: Desk['selected']; view: NonNullable<Desk['selected']>['view'] } {
  const live = desk.selected;
  const own = live?.view && live.view.agent?.id === desk.you?.id;
  return own ? { live, view: live.view } : { live: null, view: null };
}

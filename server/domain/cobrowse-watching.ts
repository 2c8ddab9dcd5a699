import type { CobrowseView } from '../protocol/views.ts';
import type { Conversation, Presence } from './conversation.ts';
import { shown, unchanged, type Decision } from './effects.ts';

/** Who may look at the shopper's page: the conversation's agent, whoever is in its call, and supervisors. */
export function mayWatch({ agent, call }: Conversation, presence: Presence): boolean {
  if (presence.side === 'shopper') return false;
  if (presence.id === agent?.id || presence.role === 'supervisor' || presence.role === 'admin') return true;
  return call?.status === 'active' && call.members.some((member) => member.agent === presence.id);
}

/** A console begins to look. Nobody does so unseen: the shopper is shown the name. */
export function watchCobrowse(state: Conversation, presence: Presence): Decision {
  const { cobrowse, watching } = state;
  if (cobrowse.status !== 'on' || !mayWatch(state, presence) || watching.includes(presence.socket)) {
    return unchanged(state);
  }
  return unchanged({ ...state, watching: [...watching, presence.socket] });
}

export function unwatchCobrowse(state: Conversation, presence: Presence): Decision {
  return unchanged({ ...state, watching: state.watching.filter((socket) => socket !== presence.socket) });
}

/** The yes is for the shop's pages in this browser: the tab that the shopper looks at is the one that is shown. */
export function showTab(state: Conversation, presence: Presence): Decision {
  const { cobrowse } = state;
  const same = cobrowse.status !== 'on' || cobrowse.tab === presence.tab;
  if (same || presence.side !== 'shopper' || presence.window) return unchanged(state);
  const next = { ...state, cobrowse: { ...cobrowse, tab: presence.tab } };
  return shown({ state: next, effects: [{ type: 'cobrowse.tab' }, { type: 'save' }] });
}

/** After every decision: who may not look any longer does not, and a change of those who look is shown. */
export function settleWatching(before: Conversation, decision: Decision): Decision {
  const { state } = decision;
  if (state.watching.length === 0 && before.watching.length === 0) return decision;
  const here = new Map(state.present.map((presence) => [presence.socket, presence]));
  const on = state.cobrowse.status === 'on';
  const watching = state.watching.filter((socket) => {
    const presence = here.get(socket);
    return on && presence !== undefined && mayWatch(state, presence);
  });
  const gone = before.watching.filter((socket) => !watching.includes(socket));
  const settled: Decision = {
    state: watching.length === state.watching.length ? state : { ...state, watching },
    effects: [...decision.effects, ...gone.map((socket) => ({ type: 'cobrowse.unwatch' as const, socket }))],
  };
  if (!on) return settled;
  const changed = JSON.stringify(watchersOf(before)) !== JSON.stringify(watchersOf(settled.state));
  return changed ? shown(settled) : settled;
}

/** The people who look, each once, in the order in which they came. */
export function watchersOf({ watching, present }: Conversation): { id: string; name: string }[] {
  const people = new Map<string, string>();
  for (const socket of watching) {
    const presence = present.find((other) => other.socket === socket);
    if (presence?.side === 'agent') people.set(presence.id, presence.name);
  }
  return [...people].map(([id, name]) => ({ id, name }));
}

export function cobrowseView(state: Conversation): CobrowseView {
  const { cobrowse } = state;
  return cobrowse.status === 'on' ? { ...cobrowse, watchers: watchersOf(state) } : cobrowse;
}

import type { Person } from '../protocol/entry.ts';
import { personOf, takesPart, type Conversation, type Presence } from './conversation.ts';
import { append, followedBy, refused, shown, unchanged, type Decision } from './effects.ts';

/** Whether the agent looks at the shopper's page. On means: this tab said yes, and nobody has stopped it. */
export type Cobrowse =
  | { status: 'off' }
  | { status: 'asked'; by: { id: string; name: string } }
  | { status: 'on'; tab: string; channel: number; agent: { id: string; name: string } };

export function askCobrowse(state: Conversation, presence: Presence): Decision {
  const refuse = (reason: Parameters<typeof refused>[3]): Decision =>
    refused(state, presence.socket, 'cobrowse.ask', reason);
  if (presence.side === 'shopper' || !takesPart(state, presence)) return refuse('not-yours');
  if (state.status === 'closed') return refuse('closed');
  if (!state.present.some(({ side }) => side === 'shopper')) return refuse('shopper-away');
  if (state.cobrowse.status !== 'off') return unchanged(state);
  const by = { id: presence.id, name: presence.name };
  return shown({ state: { ...state, cobrowse: { status: 'asked', by } }, effects: [{ type: 'save' }] });
}

export function answerCobrowse(
  state: Conversation,
  presence: Presence,
  given: { yes: boolean; channel: number },
  now: number,
): Decision {
  if (presence.side !== 'shopper') return refused(state, presence.socket, 'cobrowse.answer', 'not-yours');
  if (state.status === 'closed') return refused(state, presence.socket, 'cobrowse.answer', 'closed');
  if (!state.agent) return refused(state, presence.socket, 'cobrowse.answer', 'no-agent-yet');
  if (!given.yes) {
    if (state.cobrowse.status !== 'asked') return unchanged(state);
    return shown(append({ ...state, cobrowse: { status: 'off' } }, [{ type: 'cobrowse-refused' }], now));
  }
  if (state.cobrowse.status === 'on') return unchanged(state);
  const cobrowse = { status: 'on' as const, tab: presence.tab, channel: given.channel, agent: state.agent };
  const started = append({ ...state, cobrowse }, [{ type: 'cobrowse-started' }], now);
  return shown({ state: started.state, effects: [{ type: 'cobrowse.reset' }, ...started.effects] });
}

export function stopCobrowse(state: Conversation, presence: Presence, now: number): Decision {
  if (!takesPart(state, presence)) return refused(state, presence.socket, 'cobrowse.stop', 'not-yours');
  return endCobrowse(state, personOf(presence), now);
}

/** Ends co-browsing, or takes back the question. The effects that close the tap come first. */
export function endCobrowse(state: Conversation, by: Person | null, now: number, why?: 'unreadable'): Decision {
  const off: Conversation = { ...state, cobrowse: { status: 'off' } };
  switch (state.cobrowse.status) {
    case 'off':
      return unchanged(state);
    case 'asked':
      return shown({ state: off, effects: [{ type: 'save' }] });
    case 'on': {
      const ended: Decision = { state: off, effects: [{ type: 'cobrowse.reset' }, { type: 'show' }] };
      return shown(
        followedBy(ended, (next) => append(next, [{ type: 'cobrowse-stopped', by, ...(why && { why }) }], now)),
      );
    }
  }
}

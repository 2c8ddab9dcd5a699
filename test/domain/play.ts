import { newConversation, type Conversation, type Presence } from '../../server/domain/conversation.ts';
import { decide } from '../../server/domain/decide.ts';
import type { Effect } from '../../server/domain/effects.ts';
import type { ConversationEvent } from '../../server/domain/events.ts';

const T0 = 1_000_000;
export const shopper: Presence = { socket: 's1', side: 'shopper', tab: 'tab-s' };
export const ana: Presence = { socket: 'a1', side: 'agent', tab: 'tab-a', id: 'ana', name: 'Ana', role: 'agent' };
export const luis: Presence = { socket: 'a2', side: 'agent', tab: 'tab-l', id: 'luis', name: 'Luis', role: 'agent' };

/** Plays events one second apart; the effects of the last one are kept. */
export class Play {
  state: Conversation = newConversation({ id: 'c1', shop: 'shop', shopper: 'x' }, T0);
  effects: Effect[] = [];
  /** The clocks that run, with when they end. */
  readonly clocks = new Map<string, number>();
  now = T0;

  on(...events: ConversationEvent[]): this {
    for (const event of events) {
      this.now += 1_000;
      const decision = decide(this.state, event, this.now);
      this.state = decision.state;
      this.effects = decision.effects;
      for (const effect of this.effects) {
        if (effect.type === 'timer.set') this.clocks.set(effect.name, effect.at);
        else if (effect.type === 'timer.clear') this.clocks.delete(effect.name);
      }
    }
    return this;
  }

  join(...presences: Presence[]): this {
    return this.on(...presences.map((presence) => ({ type: 'joined' as const, presence, after: 0 })));
  }

  get types(): string[] {
    return this.effects.map(({ type }) => type);
  }

  get refusals(): string[] {
    return this.effects.flatMap((effect) => (effect.type === 'refuse' ? [effect.reason] : []));
  }

  get entries(): string[] {
    return this.effects.flatMap((effect) => (effect.type === 'append' ? effect.entries.map(({ type }) => type) : []));
  }
}

export function message(socket: string, id: string, text = 'hello'): ConversationEvent {
  return { type: 'message-sent', socket, id, text, known: null };
}

/** Ana has accepted, both are here. */
export function served(): Play {
  return new Play().join(shopper).on(message('s1', 'm1')).join(ana).on({ type: 'accepted', socket: 'a1' });
}

export function ringing(by: 's1' | 'a1' = 'a1'): Play {
  return served().on({ type: 'call-proposed', socket: by, id: 'call', video: true, media: 'ready' });
}

export function inCall(): Play {
  return ringing().on({ type: 'call-answered', socket: 's1', id: 'call', yes: true });
}

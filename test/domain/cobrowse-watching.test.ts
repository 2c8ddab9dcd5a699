import { describe, expect, it } from 'vitest';
import { newConversation, type Conversation, type Presence } from '../../server/domain/conversation.ts';
import { decide } from '../../server/domain/decide.ts';
import type { Effect } from '../../server/domain/effects.ts';
import type { ConversationEvent } from '../../server/domain/events.ts';
import { viewOf } from '../../server/domain/view.ts';

const shopper: Presence = { socket: 's1', side: 'shopper', tab: 'tab-1' };
const otherTab: Presence = { socket: 's2', side: 'shopper', tab: 'tab-2' };
const callWindow: Presence = { socket: 's3', side: 'shopper', tab: 'tab-3', window: true };
const ana: Presence = { socket: 'a1', side: 'agent', tab: 'desk', id: 'ana', name: 'Ana', role: 'agent' };
const luis: Presence = { socket: 'a2', side: 'agent', tab: 'desk', id: 'luis', name: 'Luis', role: 'agent' };
const eva: Presence = { socket: 'a3', side: 'agent', tab: 'desk', id: 'eva', name: 'Eva', role: 'supervisor' };

class Play {
  state: Conversation = newConversation({ id: 'c1', shop: 'shop', shopper: 'x' }, 0);
  effects: Effect[] = [];
  #now = 0;

  on(...events: ConversationEvent[]): this {
    for (const event of events) {
      const { state, effects } = decide(this.state, event, (this.#now += 1_000));
      this.state = state;
      this.effects = effects;
    }
    return this;
  }

  join(...presences: Presence[]): this {
    return this.on(...presences.map((presence) => ({ type: 'joined' as const, presence, after: 0 })));
  }

  watch(...sockets: string[]): this {
    return this.on(...sockets.map((socket) => ({ type: 'cobrowse-watched' as const, socket })));
  }

  get cobrowse() {
    return viewOf(this.state).cobrowse;
  }

  get watchers(): string[] {
    return this.cobrowse.status === 'on' ? this.cobrowse.watchers.map(({ name }) => name) : [];
  }

  get types(): string[] {
    return this.effects.map(({ type }) => type);
  }
}

function looking(): Play {
  const play = new Play().join(shopper, otherTab, callWindow, ana, luis, eva);
  const message = { type: 'message-sent' as const, socket: 's1', id: 'm1', text: 'hello', known: null };
  return play.on(message, { type: 'accepted', socket: 'a1' }, yes);
}

const yes: ConversationEvent = { type: 'cobrowse-answered', socket: 's1', yes: true, channel: 7 };

describe('promise 16: who looks, and at what', () => {
  it("the conversation's agent and supervisors may look, each is named once; a colleague may not", () => {
    const play = looking().watch('a1');
    expect(play.types).toContain('show');
    play
      .watch('a2', 'a3')
      .join({ ...ana, socket: 'a9', tab: 'second' })
      .watch('a9', 's1', 'nobody');
    expect(play.watchers).toEqual(['Ana', 'Eva']);
    expect(play.state.watching).toEqual(['a1', 'a3', 'a9']);
  });

  it('a colleague may look while they are in the call, and does not after it', () => {
    const play = looking().on(
      { type: 'call-proposed', socket: 'a1', id: 'k1', video: true, media: 'ready' },
      { type: 'call-answered', socket: 's1', id: 'k1', yes: true },
    );
    const { call } = play.state;
    if (call?.status !== 'active') throw new Error('There is no call.');
    const seat = { member: 'agent.luis.desk', side: 'agent' as const, agent: 'luis', name: 'Luis', tab: 'desk' };
    const members = [...call.members, { ...seat, part: 'talks' as const, awaySince: null }];
    play.state = { ...play.state, call: { ...call, members } };
    play.watch('a1', 'a2');
    expect(play.watchers).toEqual(['Ana', 'Luis']);
    play.on({ type: 'call-hung-up', socket: 's1', id: 'k1' });
    expect(play.watchers).toEqual(['Ana']);
    expect(play.effects).toContainEqual({ type: 'cobrowse.unwatch', socket: 'a2' });
  });

  it('who closes the console or stops looking is not named any more', () => {
    const play = looking().watch('a1', 'a3').on({ type: 'cobrowse-unwatched', socket: 'a3' });
    expect(play.watchers).toEqual(['Ana']);
    play.on({ type: 'left', socket: 'a1' });
    expect(play.watchers).toEqual([]);
    expect(play.effects).toContainEqual({ type: 'cobrowse.unwatch', socket: 'a1' });
    expect(play.types).toContain('show');
  });

  it('after the stop nobody looks, and nobody can begin to', () => {
    const play = looking().watch('a1').on({ type: 'cobrowse-stopped', socket: 's1' }).watch('a1');
    expect(play.state.watching).toEqual([]);
    expect(play.cobrowse).toEqual({ status: 'off' });
  });

  it('the tab that the shopper looks at is shown, without a second question', () => {
    const play = looking().on({ type: 'cobrowse-tab-shown', socket: 's2' });
    expect(play.cobrowse).toMatchObject({ status: 'on', tab: 'tab-2', channel: 7 });
    expect(play.types).toEqual(['cobrowse.tab', 'save', 'show']);
    play.on({ type: 'cobrowse-tab-shown', socket: 's2' });
    expect(play.effects).toEqual([]);
  });

  it("neither the call's own window nor an agent can be the page that is looked at", () => {
    const play = looking().on(
      { type: 'cobrowse-tab-shown', socket: 's3' },
      { type: 'cobrowse-tab-shown', socket: 'a1' },
    );
    expect(play.cobrowse).toMatchObject({ tab: 'tab-1' });
    const off = new Play().join(shopper).on({ type: 'cobrowse-tab-shown', socket: 's1' });
    expect(off.cobrowse).toEqual({ status: 'off' });
  });
});

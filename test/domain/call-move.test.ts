import { describe, expect, it } from 'vitest';
import { newConversation, type Conversation, type Presence } from '../../server/domain/conversation.ts';
import { decide } from '../../server/domain/decide.ts';
import type { Effect } from '../../server/domain/effects.ts';
import type { ConversationEvent } from '../../server/domain/events.ts';
import { viewOf } from '../../server/domain/view.ts';
import type { CallView } from '../../server/protocol/views.ts';

const page: Presence = { socket: 's1', side: 'shopper', tab: 'page' };
const other: Presence = { socket: 's2', side: 'shopper', tab: 'other' };
const window: Presence = { socket: 's3', side: 'shopper', tab: 'window', window: true };
const ana: Presence = { socket: 'a1', side: 'agent', tab: 'desk', id: 'ana', name: 'Ana', role: 'agent' };

function play(before: Conversation, ...events: ConversationEvent[]): { state: Conversation; effects: Effect[] } {
  let state = before;
  let effects: Effect[] = [];
  for (const event of events) ({ state, effects } = decide(state, event, 1_000));
  return { state, effects };
}

function join(presence: Presence): ConversationEvent {
  return { type: 'joined', presence, after: 0 };
}

/** Ana and the shopper's page are in a call; the other tab and the window are there, too. */
function inCall(): Conversation {
  return play(
    newConversation({ id: 'c', shop: 'shop', shopper: 'x' }, 0),
    join(page),
    { type: 'message-sent', socket: 's1', id: 'm', text: 'hello', known: null },
    join(ana),
    { type: 'accepted', socket: 'a1' },
    { type: 'call-proposed', socket: 'a1', id: 'call', video: true, media: 'ready' },
    { type: 'call-answered', socket: 's1', id: 'call', yes: true },
    { type: 'sources-changed', member: 'shopper.page', sources: ['camera'] },
    join(other),
    join(window),
  ).state;
}

function take(socket: string, from = 'shopper.page', id = 'call'): ConversationEvent {
  return { type: 'call-taken', socket, id, from };
}

function shopperIn(state: Conversation): CallView['members'][number] | undefined {
  return viewOf(state).call?.members.find(({ side }) => side === 'shopper');
}

describe('promise 11: a call that holds', () => {
  it('a page that is left frees its media at once and is said to be leaving until it is back', () => {
    const left = play(inCall(), { type: 'left', socket: 's1', leaving: true });
    expect(left.effects).toContainEqual({ type: 'media.leave', member: 'shopper.page' });
    expect(left.effects).toContainEqual({ type: 'show' });
    expect(shopperIn(left.state)).toMatchObject({ connected: false, leaving: true, on: ['camera'] });
    const back = play(left.state, join({ ...page, socket: 's9' }));
    expect(back.effects).toContainEqual({ type: 'show' });
    expect(shopperIn(back.state)).toMatchObject({ connected: true, leaving: false, on: ['camera'] });
    // From then on a connection that is lost is just that.
    const lost = play(back.state, { type: 'left', socket: 's9' });
    expect(shopperIn(lost.state)).toMatchObject({ connected: false, leaving: false });
  });

  it('a goodbye that comes after the tab is back already frees nothing', () => {
    const late = play(inCall(), join({ ...page, socket: 's9' }), { type: 'left', socket: 's1', leaving: true });
    expect(late.effects.map(({ type }) => type)).not.toContain('media.leave');
    expect(shopperIn(late.state)).toMatchObject({ connected: true, leaving: false });
  });

  it('a connection that is lost keeps its media: only the socket may be gone', () => {
    const lost = play(inCall(), { type: 'left', socket: 's1' });
    expect(lost.effects.map(({ type }) => type)).not.toContain('media.leave');
    expect(shopperIn(lost.state)).toMatchObject({ connected: false, leaving: false });
  });

  it('a screen that was shared ends with its page', () => {
    const sharing = play(inCall(), {
      type: 'sources-changed',
      member: 'shopper.page',
      sources: ['microphone', 'screen'],
    });
    const left = play(sharing.state, { type: 'left', socket: 's1', leaving: true });
    const entries = left.effects.flatMap((effect) => (effect.type === 'append' ? effect.entries : []));
    expect(entries.map(({ type }) => type)).toEqual(['screen-stopped']);
    expect(shopperIn(left.state)?.on).toEqual(['microphone']);
    const taken = play(sharing.state, take('s3'));
    expect(taken.effects).toContainEqual(
      expect.objectContaining({ entries: [expect.objectContaining({ type: 'screen-stopped' })] }),
    );
    expect(shopperIn(taken.state)).toMatchObject({ tab: 'window', on: ['microphone'] });
  });

  it('another tab or window of the shopper takes the call over with what was on; nobody is asked', () => {
    const taken = play(inCall(), take('s3'));
    expect(shopperIn(taken.state)).toEqual({
      participant: 'shopper.window',
      agent: null,
      part: 'talks',
      side: 'shopper',
      name: null,
      tab: 'window',
      connected: true,
      leaving: false,
      window: true,
      on: ['camera'],
    });
    expect(taken.effects).toContainEqual({ type: 'media.leave', member: 'shopper.page' });
    expect(viewOf(taken.state).call).toMatchObject({ id: 'call', status: 'active' });
    const closed = play(taken.state, { type: 'left', socket: 's3', leaving: true });
    const again = play(closed.state, take('s1', 'shopper.window'));
    expect(shopperIn(again.state)).toMatchObject({ tab: 'page', window: false, on: ['camera'] });
  });

  it('of two that take it at once the first wins', () => {
    const taken = play(inCall(), take('s3'));
    expect(play(taken.state, take('s2')).effects).toContainEqual({
      type: 'refuse',
      socket: 's2',
      of: 'call.take',
      reason: 'taken',
    });
  });

  it('neither the other side nor a call that has ended can be taken over', () => {
    const refusals = (state: Conversation, event: ConversationEvent): string[] =>
      play(state, event).effects.flatMap((effect) => (effect.type === 'refuse' ? [effect.reason] : []));
    expect(refusals(inCall(), take('s3', 'agent.ana.desk'))).toEqual(['not-yours']);
    expect(refusals(inCall(), take('a1', 'shopper.page'))).toEqual(['not-yours']);
    expect(refusals(inCall(), take('s3', 'shopper.page', 'another'))).toEqual(['no-call']);
    const ended = play(inCall(), { type: 'call-hung-up', socket: 's1', id: 'call' }).state;
    expect(refusals(ended, take('s3'))).toEqual(['no-call']);
  });
});

import { describe, expect, it } from 'vitest';
import { AWAY_MS, RING_MS } from '../../server/domain/call.ts';
import { decide } from '../../server/domain/decide.ts';
import type { ConversationEvent } from '../../server/domain/events.ts';
import { viewOf } from '../../server/domain/view.ts';
import { inCall, luis, message, Play, ringing, served, shopper } from './play.ts';

describe('promise 3: chat', () => {
  it('numbers messages without gaps and acknowledges each to its sender after it is appended', () => {
    const play = served().on(message('s1', 'm2'), message('a1', 'm3'));
    const append = play.effects.find((effect) => effect.type === 'append');
    expect(append).toMatchObject({ entries: [{ seq: 4, id: 'm3' }], ack: { socket: 'a1', id: 'm3' } });
    expect(append).toMatchObject({ sockets: ['s1', 'a1'] });
    expect(play.state.lastSeq).toBe(4);
  });

  it('acknowledges a repeated id again and stores nothing', () => {
    const play = served().on({ type: 'message-sent', socket: 's1', id: 'm1', text: 'x', known: { seq: 1, at: 5 } });
    expect(play.effects).toEqual([
      { type: 'send', sockets: ['s1'], frame: { type: 'message.ack', id: 'm1', conversation: 'c1', seq: 1, at: 5 } },
    ]);
  });

  it.each([
    ['', 'message-empty'],
    [' \n ', 'message-empty'],
    ['x'.repeat(4_001), 'message-too-long'],
  ])('refuses %j', (text, reason) => {
    const play = served().on(message('s1', 'm9', text));
    expect(play.refusals).toEqual([reason]);
    expect(play.state.lastSeq).toBe(2);
  });

  it('takes exactly 4,000 characters', () => {
    expect(served().on(message('s1', 'm9', 'x'.repeat(4_000))).entries).toEqual(['message']);
  });

  it('an agent who only looks on may not write, and does not read for the agent', () => {
    const play = served().join(luis).on(message('a2', 'm2'));
    expect(play.refusals).toEqual(['not-yours']);
    play.on({ type: 'receipt-given', socket: 'a2', delivered: 2, read: 2 });
    expect(play.state.receipts.agent).toEqual({ delivered: 0, read: 0 });
  });

  it('receipts only grow and never pass what there is', () => {
    const play = served().on({ type: 'receipt-given', socket: 'a1', delivered: 99, read: 1 });
    expect(play.state.receipts.agent).toEqual({ delivered: 2, read: 1 });
    play.on({ type: 'receipt-given', socket: 'a1', delivered: 0, read: 0 });
    expect(play.state.receipts.agent).toEqual({ delivered: 2, read: 1 });
  });

  it('nothing is written into a closed conversation', () => {
    const play = served().on({ type: 'closed', socket: 'a1' }, message('s1', 'm2'));
    expect(play.refusals).toEqual(['closed']);
  });

  it('time in entries never runs backwards, whatever the clock does', () => {
    const play = served();
    const before = play.state.lastAt;
    const { state } = decide(play.state, message('s1', 'm5'), before - 60_000);
    expect(state.lastAt).toBe(before);
  });

  it('events of a socket that does not follow change nothing', () => {
    const play = served();
    const before = play.state;
    play.on(message('nobody', 'm7'), { type: 'closed', socket: 'nobody' }, { type: 'left', socket: 'nobody' });
    expect(play.state).toEqual(before);
  });
});

describe('promise 22: what lies in the basket', () => {
  const basket = { items: [{ name: 'Vase', quantity: 2, price: '39,80 €' }], total: '39,80 €' };
  const told = (play: Play) =>
    play.effects.flatMap((effect) =>
      effect.type === 'send' && effect.frame.type === 'shopper.basket' ? [[effect.sockets, effect.frame.basket]] : [],
    );

  it('is told to agents alone: now, whenever it is another one, and to whoever comes later', () => {
    const play = served().on({ type: 'basket-shown', socket: 's1', basket });
    expect(told(play)).toEqual([[['a1'], basket]]);
    expect(told(play.join(luis))).toEqual([[['a2'], basket]]);
    expect(told(play.on({ type: 'basket-shown', socket: 'a1', basket: null }))).toEqual([]);
    expect(told(play.on({ type: 'basket-shown', socket: 's1', basket: null }))).toEqual([[['a1', 'a2'], null]]);
    // The next page of the shop tells it with its first word, and from where its visitor came.
    const more = { basket, referrer: 'https://blog.example/vases' };
    play.on({ type: 'joined', presence: { ...shopper, socket: 's2', tab: 'other' }, after: 0, ...more });
    expect(told(play)).toEqual([[['a1', 'a2'], basket]]);
    expect(viewOf(play.state).shopper.referrer).toBe('https://blog.example/vases');
  });
});

describe('promise 22: the way through the shop', () => {
  it('is told to whoever begins to follow, from the first page on', () => {
    const page = (name: string) => ({ url: `https://shop.example/${name}`, title: name });
    const told = (play: Play) =>
      play.effects.flatMap((effect) =>
        effect.type === 'send' && effect.frame.type === 'shopper.journey'
          ? [[effect.sockets, effect.frame.visits.map(({ title }) => title)]]
          : [],
      );
    const play = served();
    for (const name of ['lamps', 'lamps', 'vase']) play.on({ type: 'page-shown', socket: 's1', page: page(name) });
    play.on({ type: 'page-shown', socket: 'a1', page: page('no page of an agent') });
    expect(told(play)).toEqual([]);
    play.on({ type: 'joined', presence: { ...shopper, socket: 's2', tab: 'other' }, after: 0, page: page('cart') });
    expect(told(play)).toEqual([]);
    expect(told(play.join(luis))).toEqual([[['a2'], ['lamps', 'vase', 'cart']]]);
  });
});

describe('promise 4: accepting and closing', () => {
  it('the first agent gets it; the second one is told that it is taken', () => {
    const play = served().join(luis).on({ type: 'accepted', socket: 'a2' });
    expect(play.refusals).toEqual(['taken']);
    expect(play.state.agent).toEqual({ id: 'ana', name: 'Ana' });
  });

  it('accepting twice is one entry', () => {
    expect(served().on({ type: 'accepted', socket: 'a1' }).effects).toEqual([]);
  });

  it('a shopper cannot accept, another agent cannot close what is taken', () => {
    const waiting = new Play().join(shopper).on(message('s1', 'm1'));
    expect(waiting.on({ type: 'accepted', socket: 's1' }).refusals).toEqual(['not-yours']);
    expect(served().join(luis).on({ type: 'closed', socket: 'a2' }).refusals).toEqual(['not-yours']);
  });

  it('closing ends the call and co-browsing first, in the record too', () => {
    const play = inCall().on({ type: 'cobrowse-answered', socket: 's1', yes: true, channel: 7 });
    play.on({ type: 'closed', socket: 'a1' });
    expect(play.entries).toEqual(['call-ended', 'cobrowse-stopped', 'closed']);
    expect(play.types).toContain('media.close');
    expect(play.types).toContain('cobrowse.reset');
    expect(play.state).toMatchObject({ status: 'closed', call: null, cobrowse: { status: 'off' } });
  });
});

describe('promise 5: calls', () => {
  it.each(['s1', 'a1'] as const)('%s proposes, the other one answers, and media is let through', (by) => {
    const play = ringing(by);
    expect(play.state.call).toMatchObject({ status: 'ringing' });
    expect(play.types).not.toContain('media.activate');
    play.on({ type: 'call-answered', socket: by === 's1' ? 'a1' : 's1', id: 'call', yes: true });
    expect(play.effects).toContainEqual({
      type: 'media.activate',
      members: by === 's1' ? ['shopper.tab-s', 'agent.ana.tab-a'] : ['agent.ana.tab-a', 'shopper.tab-s'],
    });
    expect(play.entries).toEqual(['call-started']);
  });

  it('nobody answers the own call, nor does an agent who looks on', () => {
    expect(ringing('a1').on({ type: 'call-answered', socket: 'a1', id: 'call', yes: true }).refusals).toEqual([
      'not-yours',
    ]);
    const other = ringing('s1').join(luis).on({ type: 'call-answered', socket: 'a2', id: 'call', yes: true });
    expect(other.refusals).toEqual(['not-yours']);
    expect(other.state.call?.status).toBe('ringing');
  });

  it.each([
    ['declined', { type: 'call-answered', socket: 's1', id: 'call', yes: false }],
    ['cancelled', { type: 'call-hung-up', socket: 'a1', id: 'call' }],
    ['unanswered', { type: 'timer-fired', name: 'call-ring' }],
  ] as const)('a call that was %s is in the record and frees its media', (outcome, event) => {
    const play = ringing().on(event);
    const append = play.effects.find((effect) => effect.type === 'append');
    expect(append).toMatchObject({ entries: [{ type: 'call-missed', outcome }] });
    expect(play.types).toContain('media.close');
    expect(play.state.call).toBeNull();
  });

  it('rings for a bounded time', () => {
    const play = ringing();
    expect(play.effects).toContainEqual({ type: 'timer.set', name: 'call-ring', at: play.now + RING_MS });
  });

  it('needs an agent, a shopper who is here, no other call, and media', () => {
    const propose = (socket: string, media: 'ready' | 'preparing' | 'unavailable' = 'ready'): ConversationEvent => ({
      type: 'call-proposed',
      socket,
      id: 'x',
      video: false,
      media,
    });
    expect(new Play().join(shopper).on(propose('s1')).refusals).toEqual(['no-agent-yet']);
    expect(served().on({ type: 'left', socket: 's1' }, propose('a1')).refusals).toEqual(['shopper-away']);
    expect(ringing().on(propose('s1')).refusals).toEqual(['busy']);
    expect(served().on(propose('s1', 'preparing')).refusals).toEqual(['media-preparing']);
    expect(served().on(propose('s1', 'unavailable')).refusals).toEqual(['media-unavailable']);
  });

  it('a page load does not end it; a side that stays away does', () => {
    const play = inCall().on({ type: 'left', socket: 's1' });
    expect(play.effects).toContainEqual({ type: 'timer.set', name: 'call-away', at: play.now + AWAY_MS });
    play.join({ ...shopper, socket: 's2' });
    expect(play.effects).toContainEqual({ type: 'timer.clear', name: 'call-away' });
    expect(viewOf(play.state).call?.members.every(({ connected }) => connected)).toBe(true);
    play.on({ type: 'left', socket: 's2' }, { type: 'timer-fired', name: 'call-away' });
    expect(play.entries).toEqual(['call-ended']);
  });

  it('a shared screen is in the record with its owner, and answers the question for it', () => {
    const play = inCall().on({ type: 'screen-asked', socket: 'a1', id: 'call' });
    expect(viewOf(play.state).call?.screenAsked).toBe('shopper');
    play.on({ type: 'sources-changed', member: 'shopper.tab-s', sources: ['camera', 'screen'] });
    expect(viewOf(play.state).call).toMatchObject({ screenAsked: null, screens: ['shopper'] });
    expect(play.effects).toContainEqual(
      expect.objectContaining({
        entries: [expect.objectContaining({ type: 'screen-started', by: { side: 'shopper' } })],
      }),
    );
    play.on({ type: 'sources-changed', member: 'shopper.tab-s', sources: ['camera'] });
    expect(play.entries).toEqual(['screen-stopped']);
  });

  it('sources of somebody who is not in the call change nothing', () => {
    expect(inCall().on({ type: 'sources-changed', member: 'agent.luis.x', sources: ['screen'] }).effects).toEqual([]);
  });
});

describe('promise 6: co-browsing', () => {
  const yes: ConversationEvent = { type: 'cobrowse-answered', socket: 's1', yes: true, channel: 7 };

  it('is asked by the agent and begins with the yes of one tab', () => {
    const play = served().on({ type: 'cobrowse-asked', socket: 'a1' });
    expect(play.state.cobrowse).toEqual({ status: 'asked', by: { id: 'ana', name: 'Ana' } });
    play.on(yes);
    expect(play.state.cobrowse).toMatchObject({ status: 'on', tab: 'tab-s', channel: 7 });
    expect(play.types[0]).toBe('cobrowse.reset');
  });

  it('an agent cannot say yes for the shopper', () => {
    const play = served().on({ type: 'cobrowse-asked', socket: 'a1' }, { ...yes, socket: 'a1' });
    expect(play.refusals).toEqual(['not-yours']);
    expect(play.state.cobrowse.status).toBe('asked');
  });

  it('a no is a no', () => {
    const play = served().on({ type: 'cobrowse-asked', socket: 'a1' }, { ...yes, yes: false });
    expect(play.entries).toEqual(['cobrowse-refused']);
    expect(play.state.cobrowse).toEqual({ status: 'off' });
  });

  it.each(['s1', 'a1'])('%s stops it: the tap is closed before anything else', (socket) => {
    const play = served().on(yes, { type: 'cobrowse-stopped', socket });
    expect(play.types[0]).toBe('cobrowse.reset');
    expect(play.entries).toEqual(['cobrowse-stopped']);
  });

  it('goes on over a page load of its tab without a question', () => {
    const play = served()
      .on(yes, { type: 'left', socket: 's1' })
      .join({ ...shopper, socket: 's2' });
    expect(play.state.cobrowse.status).toBe('on');
  });
});

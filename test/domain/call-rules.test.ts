import { describe, expect, it } from 'vitest';
import { AWAY_MS, RING_MS } from '../../server/domain/call.ts';
import { memberOf, type Presence } from '../../server/domain/conversation.ts';
import type { ConversationEvent } from '../../server/domain/events.ts';
import { viewOf } from '../../server/domain/view.ts';
import type { CallNumbers } from '../../server/protocol/call-numbers.ts';
import { ana, inCall, luis, ringing, shopper } from './play.ts';

const numbers: CallNumbers = {
  setUpMs: null,
  firstFrameMs: null,
  packetLoss: 0,
  freezes: 0,
  freezeMs: 0,
  path: 'udp',
};

function reported(socket: string, freezes = 0): ConversationEvent {
  return { type: 'call-reported', socket, id: 'call', numbers: { ...numbers, freezes } };
}

const asks = (socket: string): ConversationEvent => ({ type: 'screen-asked', socket, id: 'call' });
const refuses = (socket: string): ConversationEvent => ({ type: 'screen-refused', socket, id: 'call' });

describe('promise 5: a call that asks first', () => {
  it('rings as long as it would have, also over a restart; the yes ends its clock', () => {
    const play = ringing();
    const at = play.now + RING_MS;
    expect(play.effects).toContainEqual({ type: 'timer.set', name: 'call-ring', at });
    play.on({ type: 'resumed' });
    expect(play.effects).toContainEqual({ type: 'timer.set', name: 'call-ring', at });
    play.on({ type: 'call-answered', socket: 's1', id: 'call', yes: true });
    expect(play.effects).toContainEqual({ type: 'timer.clear', name: 'call-ring' });
  });

  it('a screen is asked for by the two sides alone, and refused by the one that was asked', () => {
    const play = inCall().join(luis).on(asks('a2'));
    expect(play.refusals).toEqual(['not-yours']);
    expect(viewOf(play.state).call?.screenAsked).toBeNull();
    play.on(asks('a1'), refuses('a1'));
    expect(viewOf(play.state).call?.screenAsked).toBe('shopper');
    play.on(refuses('s1'));
    expect(viewOf(play.state).call?.screenAsked).toBeNull();
  });
});

describe('promise 11: a call that holds', () => {
  it('a call that has ended leaves no clock behind that would end the next one', () => {
    const invites = (id: string): ConversationEvent => {
      return { type: 'call-invited', socket: 'a1', id: 'call', agent: { id, name: id }, as: 'guest' };
    };
    const play = inCall().join(luis).on(invites('luis'));
    play.on({ type: 'call-joined', socket: 'a2', id: 'call', part: 'talks', as: 'guest' }, invites('eva'));
    play.on({ type: 'left', socket: 'a2' }, { type: 'left', socket: 's1' });
    expect([...play.clocks.keys()].toSorted()).toEqual(['call-away', 'call-guest-away', 'call-invited']);
    play.on({ type: 'call-hung-up', socket: 'a1', id: 'call' });
    expect([...play.clocks.keys()]).toEqual([]);
  });

  it('a guest does not take over the tab of a colleague', () => {
    const invited = { type: 'call-invited', socket: 'a1', id: 'call', agent: { id: 'luis', name: 'Luis' } } as const;
    const play = inCall()
      .join(luis)
      .on({ ...invited, as: 'guest' }, { type: 'call-joined', socket: 'a2', id: 'call', part: 'talks', as: 'guest' });
    const before = play.state.call;
    for (const from of [memberOf(ana), memberOf(shopper)]) {
      play.on({ type: 'call-taken', socket: 'a2', id: 'call', from });
      expect(play.refusals).toEqual(['not-yours']);
    }
    play.on({ type: 'call-taken', socket: 's1', id: 'call', from: memberOf(ana) });
    expect(play.refusals).toEqual(['not-yours']);
    expect(play.state.call).toEqual(before);
  });

  it('whoever only listens from now on is shown with nothing on', () => {
    const play = inCall().on({
      type: 'call-invited',
      socket: 'a1',
      id: 'call',
      agent: { id: 'luis', name: 'Luis' },
      as: 'guest',
    });
    play.join(luis).on({ type: 'call-joined', socket: 'a2', id: 'call', part: 'talks', as: 'guest' });
    play.on({ type: 'sources-changed', member: memberOf(luis), sources: ['microphone'] });
    const on = () => viewOf(play.state).call?.members.find(({ agent }) => agent === 'luis')?.on;
    expect(on()).toEqual(['microphone']);
    play.on({ type: 'call-joined', socket: 'a2', id: 'call', part: 'listens', as: 'guest' });
    expect(on()).toEqual([]);
  });
});

describe('promise 11: how long a call waits', () => {
  it('of the two whom it cannot do without, the one who went first counts; who is back stops it', () => {
    const play = inCall().on({ type: 'left', socket: 's1' });
    const at = play.now + AWAY_MS;
    play.on({ type: 'left', socket: 'a1' });
    expect(play.clocks.get('call-away')).toBe(at);
    play.join(shopper);
    expect(play.clocks.get('call-away')).toBe(at + 1_000);
    play.join(ana);
    expect(play.clocks.has('call-away')).toBe(false);
  });

  it('the clock of a guest takes nobody else out of the call', () => {
    const asked = { type: 'call-invited', socket: 'a1', id: 'call', agent: { id: 'luis', name: 'Luis' } } as const;
    const play = inCall()
      .join(luis)
      .on({ ...asked, as: 'guest' });
    play.on({ type: 'call-joined', socket: 'a2', id: 'call', part: 'talks', as: 'guest' });
    play.on({ type: 'left', socket: 's1' }, { type: 'left', socket: 'a2' });
    play.now += AWAY_MS;
    play.on({ type: 'timer-fired', name: 'call-guest-away' });
    expect(play.entries).toEqual(['call-left']);
    expect(viewOf(play.state).call?.members.map(({ participant }) => participant)).toEqual([
      memberOf(ana),
      memberOf(shopper),
    ]);
  });
});

describe('promise 15: what is told of a call is bounded', () => {
  const ended = (play: ReturnType<typeof inCall>) =>
    play
      .on({ type: 'call-hung-up', socket: 's1', id: 'call' })
      .effects.flatMap((effect) => (effect.type === 'append' ? effect.entries : []))
      .find(({ type }) => type === 'call-ended');

  it('who is not in the call says nothing of it', () => {
    const play = inCall().join(luis).on(reported('a2', 9));
    expect(ended(play)).not.toHaveProperty('numbers');
  });

  it('a person who goes from tab to tab fills no record', () => {
    const play = inCall().on(reported('a1'));
    let from = memberOf(shopper);
    for (let n = 0; n < 40; n++) {
      const tab: Presence = { socket: `t${n}`, side: 'shopper', tab: `tab-${n}` };
      play.join(tab).on({ type: 'call-taken', socket: tab.socket, id: 'call', from }, reported(tab.socket, n));
      from = memberOf(tab);
    }
    const { call } = play.state;
    expect(Object.keys(call?.status === 'active' ? (call.reports ?? {}) : {})).toHaveLength(16);
    // Who has a word already keeps it.
    play.on(reported('a1', 500));
    expect(ended(play)).toMatchObject({ numbers: { freezes: 500 } });
  });
});

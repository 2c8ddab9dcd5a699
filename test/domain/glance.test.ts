import { describe, expect, it } from 'vitest';
import { glanceOf, queueEvents, standingOf, type Glance, type Standing } from '../../server/domain/glance.ts';
import { summaryOf } from '../../server/domain/view.ts';
import { DEFAULT_SETTINGS } from '../../server/protocol/settings.ts';
import { ana, inCall, luis, message, Play, ringing, served, shopper } from './play.ts';

const { units } = DEFAULT_SETTINGS.routing;
const glance = ({ state, now }: Play, more: { units?: typeof units; before?: Glance; standing?: Standing } = {}) =>
  glanceOf(summaryOf(state), more.standing ?? standingOf(state), { units, before: null, now, ...more });
const loads = (play: Play, of = units) => Object.fromEntries(glance(play, { units: of })?.loads ?? []);
const waiting = (): Play => new Play().join(shopper).on(message('s1', 'm1'));
const seen = (over: Partial<Glance> = {}): Glance => {
  const found = glance(waiting()) ?? expect.fail('it is over');
  return { ...found, since: 7, ...over };
};
const active = (over: Partial<Glance> = {}): Glance =>
  seen({ status: 'active', agent: 'ana', again: true, loads: new Map([['ana', 1]]), ...over });

describe('promise 21: what a conversation weighs', () => {
  it('a chat one, co-browsing two, a call three, as long as they are on', () => {
    expect(units).toEqual({ chat: 1, cobrowse: 2, call: 3 });
    expect(loads(waiting())).toEqual({});
    const play = served();
    expect(loads(play)).toEqual({ ana: 1 });
    play.on({ type: 'cobrowse-asked', socket: 'a1' });
    expect(loads(play)).toEqual({ ana: 1 });
    play.on({ type: 'cobrowse-answered', socket: 's1', yes: true, channel: 7 });
    expect(loads(play)).toEqual({ ana: 2 });
    play.on({ type: 'call-proposed', socket: 'a1', id: 'call', video: false, media: 'ready' });
    expect(loads(play)).toEqual({ ana: 3 });
    play.on({ type: 'call-answered', socket: 's1', id: 'call', yes: true });
    expect(loads(play)).toEqual({ ana: 3 });
    play.on({ type: 'call-hung-up', socket: 'a1', id: 'call' });
    expect(loads(play)).toEqual({ ana: 2 });
    play.on({ type: 'cobrowse-stopped', socket: 's1' });
    expect(loads(play)).toEqual({ ana: 1 });
  });

  it('a ticket nothing, but for what is on with its shopper', () => {
    const wish = { number: 1, email: null, name: null, dueAt: null };
    const play = inCall().on({ type: 'ticket-wanted', socket: 'a1', wish });
    expect([play.state.status, loads(play)]).toEqual(['ticket', { ana: 3 }]);
    const called = glance(play) ?? expect.fail('it is over');
    expect(queueEvents(called, glance(play.on({ type: 'call-hung-up', socket: 'a1', id: 'call' })))).toEqual([
      { type: 'gone', conversation: called.id },
      { type: 'weighs', conversation: called.id, agent: 'ana', units: 0 },
    ]);
  });

  it('is what the shop settles', () => {
    const heavy = { chat: 2, cobrowse: 5, call: 9 };
    expect(loads(served(), heavy)).toEqual({ ana: 2 });
    expect(loads(ringing(), heavy)).toEqual({ ana: 9 });
  });

  it('a colleague in the call carries it too, until they leave', () => {
    const play = inCall().join(luis);
    const agent = { id: 'luis', name: 'Luis' };
    play.on({ type: 'call-invited', socket: 'a1', id: 'call', agent, as: 'guest' });
    expect(loads(play)).toEqual({ ana: 3 });
    play.on({ type: 'call-joined', socket: 'a2', id: 'call', part: 'talks', as: 'guest' });
    expect(loads(play)).toEqual({ ana: 3, luis: 3 });
    play.on({ type: 'call-left', socket: 'a2', id: 'call' });
    expect(loads(play)).toEqual({ ana: 3 });
  });
});

describe('promise 21: since when a shopper is away', () => {
  it('is from when their last tab went; of one that was not known before, from the last word', () => {
    const play = waiting();
    const here = glance(play) ?? expect.fail('it is over');
    expect(here.awaySince).toBeNull();
    play.on({ type: 'left', socket: 's1' });
    const left = glance(play, { before: here }) ?? expect.fail('it is over');
    expect(left.awaySince).toBe(play.now);
    play.join(ana);
    expect(glance(play, { before: left })?.awaySince).toBe(left.awaySince);
    expect(glance(play)?.awaySince).toBe(play.state.lastAt);
  });
});

describe('promise 21: what a change means to the line', () => {
  it('who comes arrives, with what they are told; who was with an agent before is back, whatever was told', () => {
    const arrived = { type: 'arrived', conversation: 'c1', topic: null, since: 7 };
    expect(queueEvents(null, seen())).toEqual([arrived]);
    expect(queueEvents(null, seen(), null)).toEqual([{ ...arrived, estimate: null }]);
    expect(queueEvents(null, seen(), 60_000)).toEqual([{ ...arrived, estimate: 60_000 }]);
    const back = { type: 'back', conversation: 'c1', topic: null, since: 7, by: null };
    expect(queueEvents(null, seen({ again: true }), 60_000)).toEqual([back]);
    const weighs = { type: 'weighs', conversation: 'c1', agent: 'ana', units: 0 };
    expect(queueEvents(active(), seen({ again: true }))).toEqual([{ ...back, by: 'ana' }, weighs]);
  });

  it('it is taken, weighs something else, changes its topic while it waits, and is over', () => {
    const weighs = (units: number) => ({ type: 'weighs', conversation: 'c1', agent: 'ana', units });
    expect(queueEvents(seen(), active())).toEqual([{ type: 'taken', conversation: 'c1', agent: 'ana' }, weighs(1)]);
    expect(queueEvents(active(), active({ loads: new Map([['ana', 3]]) }))).toEqual([weighs(3)]);
    const topic = { type: 'topic-changed', conversation: 'c1', topic: 'bikes' };
    expect(queueEvents(seen(), seen({ topic: 'bikes' }))).toEqual([topic]);
    expect(queueEvents(active(), active({ topic: 'bikes' }))).toEqual([]);
    expect(queueEvents(active(), null)).toEqual([{ type: 'gone', conversation: 'c1' }, weighs(0)]);
    expect(queueEvents(null, null)).toEqual([]);
  });

  it('whose shopper is gone for good stands in no line until they are here again', () => {
    const gone = seen({ gone: true });
    expect(queueEvents(null, gone, null)).toEqual([]);
    expect(queueEvents(seen(), gone)).toEqual([{ type: 'gone', conversation: 'c1' }]);
    expect(queueEvents(gone, seen({ gone: true, topic: 'bikes' }))).toEqual([]);
    expect(queueEvents(gone, seen())).toMatchObject([{ type: 'arrived', since: 7 }]);
    expect(queueEvents(gone, seen({ again: true }))).toMatchObject([{ type: 'back', by: null }]);
    expect(queueEvents(gone, active())[0]).toMatchObject({ type: 'taken', agent: 'ana' });
    expect(queueEvents(active(), gone)).toMatchObject([{ type: 'weighs', units: 0 }]);
  });
});

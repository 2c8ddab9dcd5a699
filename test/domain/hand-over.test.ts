import { describe, expect, it } from 'vitest';
import { summaryOf, viewOf } from '../../server/domain/view.ts';
import { inCall, luis, message, Play, ringing, served, shopper, ana } from './play.ts';

const toLuis = {
  type: 'hand-over-offered',
  socket: 'a1',
  agent: { id: 'luis', name: 'Luis' },
  note: 'Wants it blue',
} as const;

describe('promise 21: a conversation changes hands', () => {
  it('a colleague is asked; it stays where it is until they take it, and the note is theirs alone', () => {
    const play = served().join(luis).on(toLuis);
    expect(play.state.agent?.id).toBe('ana');
    expect(summaryOf(play.state).handOver).toMatchObject({
      to: { id: 'luis' },
      by: { id: 'ana' },
      note: 'Wants it blue',
    });
    play.on({ type: 'accepted', socket: 'a2' });
    expect(play.state.agent?.id).toBe('luis');
    expect(play.entries).toEqual(['handed-over']);
    expect(summaryOf(play.state)).toMatchObject({ handOver: null, note: { by: { id: 'ana' }, text: 'Wants it blue' } });
    expect(JSON.stringify([viewOf(play.state), play.effects])).not.toContain('blue');
  });

  it.each([
    ['says not now', { type: 'hand-over-passed', agent: 'luis' }],
    ['does not answer', { type: 'timer-fired', name: 'hand-over' }],
    ['is not asked any longer', { type: 'hand-over-passed', agent: 'ana' }],
  ] as const)('a colleague who %s leaves it where it is', (_, event) => {
    const play = served().join(luis).on(toLuis, event);
    expect(play.state).toMatchObject({ agent: { id: 'ana' }, status: 'active', handOver: null, note: null });
    expect(play.on({ type: 'accepted', socket: 'a2' }).refusals).toEqual(['taken']);
  });

  it('nobody but the one whose it is hands it over, and not past a call', () => {
    const asked = { ...toLuis, socket: 'a2' };
    expect(served().join(luis).on(asked).refusals).toEqual(['not-yours']);
    expect(served().on({ ...toLuis, socket: 's1' }).refusals).toEqual(['not-yours']);
    expect(served().on({ ...toLuis, agent: null }).refusals).toEqual(['agent-away']);
    expect(inCall().on(toLuis).refusals).toEqual(['busy']);
    expect(served().on({ type: 'hand-over-passed', agent: 'somebody' }).effects).toEqual([]);
  });

  it('handed on to a topic it waits again, where it was in the line, with the note for whoever comes', () => {
    const play = served();
    const { waitingSince } = play.state;
    play.on({ type: 'handed-on', socket: 'a1', topic: 'returns', note: 'Order 17' });
    expect(play.entries).toEqual(['returned']);
    expect(play.state).toMatchObject({ status: 'waiting', agent: null, topic: 'returns', waitingSince });
    play.on({ type: 'accepted', socket: 'a1' });
    expect(play.state).toMatchObject({ status: 'active', note: { text: 'Order 17' }, facts: { firstWaitMs: 4_000 } });
  });

  it('an agent who is lost gives it back; co-browsing and a call that rings end with it', () => {
    const play = ringing();
    play.on({ type: 'cobrowse-answered', socket: 's1', yes: true, channel: 7 });
    play.on({ type: 'agent-lost', agent: 'ana', reason: 'lost' });
    expect(play.entries).toEqual(['call-missed', 'cobrowse-stopped', 'returned']);
    expect(play.state).toMatchObject({
      status: 'waiting',
      call: null,
      cobrowse: { status: 'off' },
      waitingSince: 1_000_000,
    });
    expect(play.on({ type: 'agent-lost', agent: 'ana', reason: 'lost' }).effects).toEqual([]);
  });

  it('a running call goes on for those who are in it, and only its end gives the conversation back', () => {
    const play = inCall().on({ type: 'agent-lost', agent: 'ana', reason: 'lost' });
    expect(play.state).toMatchObject({ status: 'active', call: { status: 'active' } });
    play.on({ type: 'timer-fired', name: 'call-away' }, { type: 'agent-lost', agent: 'ana', reason: 'lost' });
    expect(play.state).toMatchObject({ status: 'waiting', agent: null });
  });

  it('whoever has it changes the topic; while it waits anybody at the console does, and never the shopper', () => {
    const change = (socket: string) => ({ type: 'topic-changed', socket, topic: 'bikes' }) as const;
    expect(new Play().join(shopper, ana).on(message('s1', 'm'), change('a1')).state.topic).toBe('bikes');
    expect(served().join(luis).on(change('a2')).refusals).toEqual(['not-yours']);
    expect(served().on(change('s1')).refusals).toEqual(['not-yours']);
    expect(served().on({ type: 'closed', socket: 'a1' }, change('a1')).refusals).toEqual(['closed']);
  });
});

describe('promise 21: what reports count is kept as it happens', () => {
  it('the wait, the first answer, calls and their length, co-browsing, the end', () => {
    const play = inCall()
      .on({ type: 'call-hung-up', socket: 'a1', id: 'call' })
      .on({ type: 'cobrowse-answered', socket: 's1', yes: true, channel: 7 })
      .on(message('a1', 'm2', 'here'), { type: 'closed', socket: 'a1' });
    expect(play.state.facts).toEqual({
      firstWaitMs: 4_000,
      firstAnswerMs: 6_000,
      closedAt: play.now,
      missed: false,
      calls: 1,
      callSeconds: 1,
      cobrowses: 1,
    });
  });

  it('who is closed, or gone for good, before anybody came was missed; who is answered after all was not', () => {
    const waiting = (): Play => new Play().join(shopper).on(message('s1', 'm'));
    expect(waiting().on({ type: 'closed', socket: 's1' }).state.facts).toMatchObject({
      missed: true,
      firstWaitMs: null,
    });
    const gone = waiting().on({ type: 'left', socket: 's1' }, { type: 'shopper-gone' });
    expect(gone.state.facts.missed).toBe(true);
    expect(gone.join(ana).on({ type: 'accepted', socket: 'a1' }).state.facts.missed).toBe(false);
    expect(served().on({ type: 'closed', socket: 's1' }).state.facts.missed).toBe(false);
  });

  it('since when a shopper waits for an answer begins anew with whoever takes it, and ends with the answer', () => {
    const play = served();
    expect(play.state.unansweredSince).toBe(play.now);
    expect(play.on(message('a1', 'm2')).state.unansweredSince).toBeNull();
    expect(play.on(message('s1', 'm3')).state.unansweredSince).toBe(play.now);
    const since = play.now;
    expect(play.on(message('s1', 'm4')).state.unansweredSince).toBe(since);
  });
});

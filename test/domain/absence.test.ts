import { describe, expect, it } from 'vitest';
import { standingOf } from '../../server/domain/glance.ts';
import { conversationFrom, recordOf } from '../../server/rooms/record.ts';
import { ana, message, Play, served, shopper } from './play.ts';

const LEFT = { type: 'left', socket: 's1' } as const;
const GONE = { type: 'shopper-gone' } as const;
const waiting = (): Play => new Play().join(shopper).on(message('s1', 'm1'), { type: 'estimated', estimateMs: 5_000 });

describe('promise 21: a shopper who is gone for good', () => {
  it('stands in no line and is missed; the lists say it, and a restart keeps it', () => {
    const play = waiting().on(LEFT, GONE);
    expect(play.types).toEqual(['save', 'list']);
    expect(play.state).toMatchObject({ status: 'waiting', gone: true, place: null, facts: { missed: true } });
    const line = { ...recordOf(play.state), preview: null, unread: 1 };
    expect(standingOf(conversationFrom(structuredClone(line)))).toEqual({ again: false, gone: true });
    expect(play.on(GONE).effects).toEqual([]);
  });

  it('is none who is here, whatever was found a moment ago', () => {
    expect(waiting().on(GONE).state).toMatchObject({ gone: false, facts: { missed: false } });
    expect(served().on(LEFT, GONE).state.gone).toBe(false);
  });

  it('waits anew once they are here again: from now on, nothing told yet, not missed', () => {
    const play = waiting().on(LEFT, GONE).join(ana);
    // What agents write for each other brings nobody back.
    play.on({ type: 'note-written', socket: 'a1', id: 'n1', text: 'Call them?', known: null });
    expect(play.state.gone).toBe(true);
    play.join(shopper);
    expect(play.types).toContain('save');
    expect(play.state).toMatchObject({
      gone: false,
      waitingSince: play.now,
      estimateMs: null,
      facts: { missed: false },
    });
    const since = play.now;
    play.on({ type: 'accepted', socket: 'a1' });
    expect(play.state.facts).toMatchObject({ firstWaitMs: play.now - since, missed: false });
  });

  it('was not missed where an agent had been there; and is taken as any other', () => {
    const lost = served().on({ type: 'agent-lost', agent: 'ana', reason: 'lost' }, LEFT, GONE);
    expect(lost.state).toMatchObject({ status: 'waiting', gone: true, facts: { missed: false } });
    const since = lost.state.waitingSince;
    expect(standingOf(lost.state)).toEqual({ again: true, gone: true });
    lost.on({ type: 'accepted', socket: 'a1' }).join(shopper);
    expect(lost.state).toMatchObject({ status: 'active', gone: false, waitingSince: since });
  });
});

import { describe, expect, test } from 'vitest';
import { expectedWait } from '../../server/domain/expected-wait.ts';
import {
  decideQueue,
  newQueue,
  placesOf,
  type Queue,
  type QueueAgent,
  type QueueEffect,
  type QueueEvent,
} from '../../server/domain/queue.ts';

const SETTINGS = { units: { chat: 1, cobrowse: 2, call: 3 }, offerMs: 20_000, askAgainMs: 60_000 };
const START = 1_800_000_000_000;

/** A queue that things happen to, with time as a number. */
class Counter {
  queue: Queue = newQueue(SETTINGS);
  now = START;
  wake: number | null = null;
  said: QueueEffect[] = [];

  happens(event: QueueEvent): QueueEffect[] {
    const { queue, effects } = decideQueue(this.queue, event, this.now);
    this.queue = queue;
    this.said = effects.filter(({ type }) => type !== 'wake');
    this.wake = effects.flatMap((effect) => (effect.type === 'wake' ? [effect.at] : []))[0] ?? null;
    return this.said;
  }

  agent(id: string, more: Partial<Pick<QueueAgent, 'skills' | 'capacity' | 'presence'>> = {}): QueueEffect[] {
    return this.happens({
      type: 'agent-here',
      agent: { id, skills: 'all', capacity: 3, presence: 'available', ...more },
    });
  }

  arrives(conversation: string, topic: string | null = null): QueueEffect[] {
    return this.happens({ type: 'arrived', conversation, topic });
  }

  taken(conversation: string, agent: string): QueueEffect[] {
    return this.happens({ type: 'taken', conversation, agent });
  }

  later(ms: number): QueueEffect[] {
    this.now += ms;
    return this.happens({ type: 'time' });
  }

  get places(): Record<string, { place: number; waitMs: number | null }> {
    return Object.fromEntries(placesOf(this.queue, this.now));
  }

  get offers(): Record<string, string | null> {
    return Object.fromEntries(
      this.queue.waiting.map(({ conversation, offer }) => [conversation, offer?.agent ?? null]),
    );
  }
}

const offer = (conversation: string, agent: string, at: number) => ({
  type: 'offer',
  conversation,
  agent,
  until: at + SETTINGS.offerMs,
});

describe('promise 21: the queue: who is offered to whom', () => {
  test('somebody who comes is offered to an agent at once, for a time', () => {
    const counter = new Counter();
    counter.agent('ana');
    expect(counter.arrives('one')).toEqual([offer('one', 'ana', START)]);
    expect(counter.wake).toBe(START + SETTINGS.offerMs);
  });

  test('the least loaded is asked, measured against what each can carry', () => {
    const counter = new Counter();
    counter.agent('ana', { capacity: 2 });
    counter.agent('luis', { capacity: 6 });
    counter.happens({ type: 'weighs', conversation: 'old', agent: 'ana', units: 1 });
    counter.happens({ type: 'weighs', conversation: 'other', agent: 'luis', units: 2 });
    counter.arrives('one');
    expect(counter.offers).toEqual({ one: 'luis' });
  });

  test('of equally loaded ones, the one who rests longest', () => {
    const counter = new Counter();
    counter.agent('ana');
    counter.now += 1;
    counter.agent('luis');
    counter.arrives('one');
    expect(counter.offers).toEqual({ one: 'ana' });
    counter.taken('one', 'ana');
    counter.now += 1;
    counter.happens({ type: 'weighs', conversation: 'one', agent: 'ana', units: 0 });
    counter.arrives('two');
    expect(counter.offers).toEqual({ two: 'luis' });
  });

  test('a topic goes only to those who know it; without a topic everybody does', () => {
    const counter = new Counter();
    counter.agent('ana', { skills: ['returns'] });
    counter.arrives('bike', 'bicycles');
    expect(counter.offers).toEqual({ bike: null });
    counter.arrives('any');
    expect(counter.offers).toEqual({ bike: null, any: 'ana' });
    counter.agent('luis', { skills: ['bicycles'] });
    expect(counter.offers).toEqual({ bike: 'luis', any: 'ana' });
  });

  test('nobody is given more than they can carry, offers included', () => {
    const counter = new Counter();
    counter.agent('ana', { capacity: 2 });
    for (const id of ['one', 'two', 'three']) counter.arrives(id);
    expect(counter.offers).toEqual({ one: 'ana', two: 'ana', three: null });
    counter.taken('one', 'ana');
    counter.taken('two', 'ana');
    expect(counter.offers).toEqual({ three: null });
    counter.happens({ type: 'weighs', conversation: 'one', agent: 'ana', units: 0 });
    expect(counter.offers).toEqual({ three: 'ana' });
  });

  test('a call weighs more than a chat', () => {
    const counter = new Counter();
    counter.agent('ana', { capacity: 3 });
    counter.arrives('one');
    counter.taken('one', 'ana');
    counter.happens({ type: 'weighs', conversation: 'one', agent: 'ana', units: SETTINGS.units.call });
    counter.arrives('two');
    expect(counter.offers).toEqual({ two: null });
  });

  test('what was offered goes to somebody else when a chat becomes a call and leaves no room', () => {
    const counter = new Counter();
    counter.agent('ana', { capacity: 3 });
    counter.arrives('one');
    counter.taken('one', 'ana');
    counter.arrives('two');
    counter.agent('luis', { capacity: 1 });
    const weighs = { type: 'weighs', conversation: 'one', agent: 'ana', units: SETTINGS.units.call } as const;
    expect(counter.happens(weighs)).toEqual([
      { type: 'withdraw', conversation: 'two', agent: 'ana' },
      offer('two', 'luis', START),
    ]);
  });

  test('busy and away ones are not asked, and what they were asked goes on to others', () => {
    const counter = new Counter();
    counter.agent('ana');
    counter.arrives('one');
    counter.agent('luis');
    expect(counter.agent('ana', { presence: 'away' })).toEqual([
      { type: 'withdraw', conversation: 'one', agent: 'ana' },
      offer('one', 'luis', START),
    ]);
    counter.agent('luis', { presence: 'busy' });
    expect(counter.offers).toEqual({ one: null });
  });

  test('the longest waiting is first when room appears', () => {
    const counter = new Counter();
    for (const id of ['one', 'two', 'three']) {
      counter.arrives(id);
      counter.now += 1;
    }
    counter.agent('ana', { capacity: 2 });
    expect(counter.offers).toEqual({ one: 'ana', two: 'ana', three: null });
  });
});

describe('promise 21: the queue: what is not taken', () => {
  test('goes to the next one after the time, and is taken from the first', () => {
    const counter = new Counter();
    counter.agent('ana');
    counter.agent('luis');
    counter.arrives('one');
    const [first] = Object.values(counter.offers);
    const second = first === 'ana' ? 'luis' : 'ana';
    expect(counter.later(SETTINGS.offerMs - 1)).toEqual([]);
    expect(counter.later(1)).toEqual([
      { type: 'withdraw', conversation: 'one', agent: first },
      offer('one', second, counter.now),
    ]);
  });

  test('is asked again of somebody who passed only after a while, and of a newcomer at once', () => {
    const counter = new Counter();
    counter.agent('ana');
    counter.arrives('one');
    counter.happens({ type: 'passed', conversation: 'one', agent: 'ana' });
    expect(counter.offers).toEqual({ one: null });
    expect(counter.wake).toBe(START + SETTINGS.askAgainMs);
    counter.agent('luis');
    expect(counter.offers).toEqual({ one: 'luis' });
    counter.happens({ type: 'passed', conversation: 'one', agent: 'luis' });
    counter.later(SETTINGS.askAgainMs);
    expect(counter.offers).toEqual({ one: 'ana' });
  });

  test('is asked of everybody anew who fits, where it turns out to be about something else', () => {
    const counter = new Counter();
    counter.agent('ana');
    counter.arrives('one', 'returns');
    counter.happens({ type: 'passed', conversation: 'one', agent: 'ana' });
    counter.agent('luis', { skills: ['returns'] });
    expect(counter.offers).toEqual({ one: 'luis' });
    expect(counter.happens({ type: 'topic-changed', conversation: 'one', topic: 'bicycles' })).toEqual([
      { type: 'withdraw', conversation: 'one', agent: 'luis' },
      offer('one', 'ana', START),
    ]);
  });

  test('may be taken by hand by somebody else, and is withdrawn from who was asked', () => {
    const counter = new Counter();
    counter.agent('ana');
    counter.arrives('one');
    counter.agent('luis');
    expect(counter.taken('one', 'luis')).toEqual([{ type: 'withdraw', conversation: 'one', agent: 'ana' }]);
    expect(counter.queue.waiting).toEqual([]);
    expect(counter.queue.agents.get('luis')?.load).toEqual(new Map([['one', 1]]));
  });

  test('is forgotten when the shopper gives up', () => {
    const counter = new Counter();
    counter.agent('ana');
    counter.arrives('one');
    expect(counter.happens({ type: 'gone', conversation: 'one' })).toEqual([
      { type: 'withdraw', conversation: 'one', agent: 'ana' },
    ]);
    expect(counter.wake).toBeNull();
  });

  test('is in line once, however often it comes', () => {
    const counter = new Counter();
    counter.arrives('one');
    counter.arrives('one');
    expect(counter.queue.waiting).toHaveLength(1);
  });
});

describe('promise 21: the queue: an agent who is gone', () => {
  test('gives back what was theirs, each to its old place', () => {
    const counter = new Counter();
    counter.agent('ana', { capacity: 1 });
    counter.arrives('one');
    counter.taken('one', 'ana');
    counter.now += 5_000;
    counter.arrives('two');
    counter.now += 5_000;
    counter.happens({ type: 'agent-gone', agent: 'ana' });
    counter.happens({ type: 'back', conversation: 'one', topic: null, since: START, by: 'ana' });
    expect(counter.queue.waiting.map(({ conversation }) => conversation)).toEqual(['one', 'two']);
    expect(counter.places).toMatchObject({ one: { place: 1 }, two: { place: 2 } });
    counter.agent('luis', { capacity: 1 });
    expect(counter.offers).toEqual({ one: 'luis', two: null });
  });

  test('is not asked any longer', () => {
    const counter = new Counter();
    counter.agent('ana');
    counter.arrives('one');
    expect(counter.happens({ type: 'agent-gone', agent: 'ana' })).toEqual([
      { type: 'withdraw', conversation: 'one', agent: 'ana' },
    ]);
    expect(counter.offers).toEqual({ one: null });
  });
});

describe('promise 21: the queue: place and expected wait', () => {
  test('the place counts those ahead with the same topic', () => {
    const counter = new Counter();
    counter.arrives('a', 'returns');
    counter.arrives('b', 'bicycles');
    counter.arrives('c', 'returns');
    expect(counter.places).toEqual({
      a: { place: 1, waitMs: null },
      b: { place: 1, waitMs: null },
      c: { place: 2, waitMs: null },
    });
  });

  test('nothing is said before something has happened, and nothing of what is long ago', () => {
    const counter = new Counter();
    counter.agent('ana', { capacity: 100 });
    for (const id of ['a', 'b', 'c']) {
      counter.arrives(id);
      counter.now += 30_000;
      counter.taken(id, 'ana');
    }
    expect(expectedWait(counter.queue.served, null, 1, counter.now)).toBe(30_000);
    expect(expectedWait(counter.queue.served, null, 1, counter.now + 3_600_000)).toBeNull();
    expect(expectedWait(counter.queue.served, 'other', 1, counter.now)).toBeNull();
  });

  test('each one ahead adds the time between two who were taken', () => {
    const counter = new Counter();
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) counter.arrives(id);
    counter.agent('ana', { capacity: 100 });
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      counter.now += 40_000;
      counter.taken(id, 'ana');
    }
    expect(expectedWait(counter.queue.served, null, 1, counter.now)).toBe(40_000);
    expect(expectedWait(counter.queue.served, null, 4, counter.now)).toBe(160_000);
  });
});

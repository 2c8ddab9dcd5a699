import { describe, expect, test } from 'vitest';
import { median } from '../../server/domain/expected-wait.ts';
import {
  decideQueue,
  freeUnits,
  newQueue,
  type Queue,
  type QueueEffect,
  type QueueEvent,
} from '../../server/domain/queue.ts';

const SETTINGS = { units: { chat: 1, cobrowse: 2, call: 3 }, offerMs: 20_000, askAgainMs: 60_000 };
const SHOPPERS = 10_000;
const AGENTS = 50;
const TOPICS = ['orders', 'returns', 'bicycles', 'clothes', null];
const DAY_MS = 10 * 3_600_000;

/** Repeatable: the same seed is the same day. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Shopper = {
  id: string;
  topic: string | null;
  since: number;
  state: 'to-come' | 'waits' | 'served' | 'done' | 'gave-up';
  times: number;
};

/** A day at the counter: shoppers come and go, agents answer late, decline, go away, are lost and come back. */
class Day {
  queue: Queue = newQueue(SETTINGS);
  now = 0;
  readonly shoppers = new Map<string, Shopper>();
  readonly agentOf = new Map<string, string>();
  readonly errors: number[] = [];
  readonly waits: number[] = [];
  readonly problems: string[] = [];
  overtaken = 0;
  #agenda: { at: number; order: number; act: () => void }[] = [];
  #order = 0;
  #wake: number | null = null;
  readonly #chance: () => number;
  readonly #slow: number;

  /** `slow`: how much longer everything takes than on a quiet day. */
  constructor(seed: number, slow: number) {
    this.#chance = random(seed);
    this.#slow = slow;
    for (let index = 0; index < AGENTS; index++) this.#hire(`agent-${index}`, index);
    for (let index = 0; index < SHOPPERS; index++) this.#invite(`shopper-${index}`);
  }

  run(): void {
    for (let next = this.#next(); next; next = this.#next()) {
      this.now = next.at;
      next.act();
      this.#check();
    }
  }

  #invite(id: string): void {
    const topic = TOPICS[Math.floor(this.#chance() * TOPICS.length)] ?? null;
    // Two rushes, at noon and in the evening.
    const rush = this.#chance() < 0.5 ? 0.3 : 0.75;
    const since = Math.max(0, (rush + (this.#chance() + this.#chance() - 1) * 0.3) * DAY_MS);
    const shopper: Shopper = { id, topic, since, state: 'to-come', times: 0 };
    this.shoppers.set(id, shopper);
    this.#at(since, () => {
      shopper.state = 'waits';
      this.#happens({ type: 'arrived', conversation: id, topic });
    });
    if (this.#chance() < 0.1) {
      this.#at(since + this.#chance() * 600_000, () => {
        if (shopper.state !== 'waits') return;
        shopper.state = 'gave-up';
        this.#happens({ type: 'gone', conversation: id });
      });
    }
  }

  #hire(id: string, index: number): void {
    const skills =
      index % 3 === 0 ? ('all' as const) : TOPICS.filter((topic) => topic !== null && this.#chance() < 0.6).map(String);
    const here = (presence: 'available' | 'away'): void =>
      this.#happens({ type: 'agent-here', agent: { id, skills, capacity: 2 + (index % 4), presence } });
    this.#at(this.#chance() * 1_800_000, () => here('available'));
    for (let at = 3_600_000; at < DAY_MS; at += 3_600_000) {
      const when = at + this.#chance() * 3_000_000;
      if (this.#chance() < 0.3) {
        this.#at(when, () => here('away'));
        this.#at(when + 600_000, () => here('available'));
      } else if (this.#chance() < 0.1) {
        this.#at(when, () => this.#lose(id));
        this.#at(when + 300_000, () => here('available'));
      }
    }
    this.#at(DAY_MS + 3_600_000 * 3, () => here('available'));
  }

  #lose(id: string): void {
    const theirs = [...this.agentOf].filter(([, agent]) => agent === id).map(([conversation]) => conversation);
    this.#happens({ type: 'agent-gone', agent: id });
    for (const conversation of theirs) {
      const shopper = this.shoppers.get(conversation);
      if (!shopper) continue;
      shopper.state = 'waits';
      shopper.times++;
      this.agentOf.delete(conversation);
      const { topic, since } = shopper;
      this.#happens({ type: 'back', conversation, topic, since, by: id });
    }
  }

  #happens(event: QueueEvent): void {
    const { queue, effects } = decideQueue(this.queue, event, this.now);
    this.queue = queue;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: QueueEffect): void {
    if (effect.type === 'wake') this.#wake = effect.at;
    if (effect.type !== 'offer') return;
    const { conversation, agent } = effect;
    const answers = this.now + 500 + this.#chance() * 25_000;
    this.#at(answers, () => {
      const asked = this.queue.waiting.find((waiting) => waiting.conversation === conversation)?.offer;
      if (asked?.agent !== agent) return;
      if (this.#chance() < 0.05) return this.#happens({ type: 'passed', conversation, agent });
      this.#take(conversation, agent);
    });
  }

  #take(conversation: string, agent: string): void {
    const shopper = this.shoppers.get(conversation);
    if (!shopper) return;
    if (shopper.state !== 'waits') this.problems.push(`${conversation} was taken while it ${shopper.state}`);
    if (this.agentOf.has(conversation)) this.problems.push(`${conversation} is served twice`);
    const own = this.queue.waiting.find((waiting) => waiting.conversation === conversation);
    if (own && own.estimate !== null) {
      this.waits.push(this.now - own.since);
      this.errors.push(Math.abs(this.now - own.since - own.estimate));
    }
    shopper.state = 'served';
    this.agentOf.set(conversation, agent);
    this.#happens({ type: 'taken', conversation, agent });
    const { units } = SETTINGS;
    const takes = (60_000 + this.#chance() * 600_000) * this.#slow;
    // Some grow into a call where there is room for one.
    this.#at(this.now + takes / 3, () => {
      const carrier = this.queue.agents.get(agent);
      const theirs = this.agentOf.get(conversation) === agent;
      if (theirs && carrier && freeUnits(carrier) >= units.call - units.chat && this.#chance() < 0.3) {
        this.#happens({ type: 'weighs', conversation, agent, units: units.call });
      }
    });
    this.#at(this.now + takes, () => {
      if (this.agentOf.get(conversation) !== agent) return;
      this.agentOf.delete(conversation);
      shopper.state = 'done';
      this.#happens({ type: 'weighs', conversation, agent, units: 0 });
    });
  }

  /** After everything that happens. */
  #check(): void {
    for (const agent of this.queue.agents.values()) {
      const offered = this.queue.waiting.filter(({ offer }) => offer?.agent === agent.id).length;
      if (freeUnits(agent) < offered * SETTINGS.units.chat) this.problems.push(`${agent.id} is given too much`);
    }
    let before = 0;
    // Who has just been offered may not have anybody ahead of the same topic who was not, unless that one was passed.
    const leftOut = new Set<string | null>();
    for (const { since, offer, topic, passed, conversation } of this.queue.waiting) {
      if (since < before) this.problems.push(`${conversation} is out of order`);
      before = since;
      if (!offer && passed.length === 0) leftOut.add(topic);
      else if (offer?.until === this.now + SETTINGS.offerMs && leftOut.has(topic)) this.overtaken++;
    }
  }

  #at(at: number, act: () => void): void {
    this.#agenda.push({ at, order: this.#order++, act });
    let index = this.#agenda.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#before(index, parent)) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #next(): { at: number; act: () => void } | null {
    const [first] = this.#agenda;
    if (this.#wake !== null && (!first || this.#wake <= first.at)) {
      const at = this.#wake;
      this.#wake = null;
      return { at: Math.max(at, this.now), act: () => this.#happens({ type: 'time' }) };
    }
    const last = this.#agenda.pop();
    if (!first || !last) return null;
    if (this.#agenda.length > 0) {
      this.#agenda[0] = last;
      for (let index = 0; ;) {
        const [left, right] = [2 * index + 1, 2 * index + 2];
        let least = index;
        if (left < this.#agenda.length && this.#before(left, least)) least = left;
        if (right < this.#agenda.length && this.#before(right, least)) least = right;
        if (least === index) break;
        this.#swap(index, least);
        index = least;
      }
    }
    return first;
  }

  #before(a: number, b: number): boolean {
    const [one, two] = [this.#agenda[a], this.#agenda[b]];
    if (!one || !two) return false;
    return one.at < two.at || (one.at === two.at && one.order < two.order);
  }

  #swap(a: number, b: number): void {
    const [one, two] = [this.#agenda[a], this.#agenda[b]];
    if (one && two) [this.#agenda[a], this.#agenda[b]] = [two, one];
  }
}

describe('the queue: a day with 10,000 shoppers and 50 agents', () => {
  test.each([
    { day: 'a quiet day', seed: 1, slow: 1 },
    { day: 'a day on which too much comes', seed: 2, slow: 1.35 },
  ])('$day: nobody is served twice or forgotten, no capacity is exceeded, and order is fair', ({ seed, slow }) => {
    const day = new Day(seed, slow);
    day.run();
    expect(day.problems).toEqual([]);
    expect(day.overtaken).toBe(0);
    const states = [...day.shoppers.values()].map(({ state }) => state);
    expect(states.filter((state) => state !== 'done' && state !== 'gave-up')).toEqual([]);
    expect(day.queue.waiting).toEqual([]);
    expect(states.filter((state) => state === 'done').length).toBeGreaterThan(SHOPPERS * 0.85);
    expect([...day.shoppers.values()].some(({ times }) => times > 0)).toBe(true);
    // What was said was near what came: on the busy day within a third of the wait, for half of all.
    expect(day.errors.length).toBeGreaterThan(SHOPPERS * 0.9);
    if (slow > 1) expect(median(day.errors)).toBeLessThan(median(day.waits) / 3);
  });
});

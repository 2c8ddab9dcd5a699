import { describe, expect, test } from 'vitest';
import { median } from '../../server/domain/expected-wait.ts';
import { queueEvents, type Glance } from '../../server/domain/glance.ts';
import {
  decideQueue,
  freeUnits,
  newQueue,
  type Queue,
  type QueueEffect,
  type QueueEvent,
  type QueueSettings,
  type Waiting,
} from '../../server/domain/queue.ts';

const SETTINGS: QueueSettings = { units: { chat: 1, cobrowse: 2, call: 3 }, offerMs: 20_000, askAgainMs: 60_000 };
const SHOPPERS = 10_000;
const AGENTS = 50;
const TOPICS = ['orders', 'returns', 'bicycles', 'clothes', null];
const DAY_MS = 10 * 3_600_000;
/** What is settled, at that share of the day. */
const SETTLED: [number, QueueSettings][] = [
  [0.3, { units: { chat: 1, cobrowse: 1, call: 2 }, offerMs: 15_000, askAgainMs: 90_000 }],
  [0.5, { ...SETTINGS, units: { chat: 1, cobrowse: 3, call: 4 } }],
  [0.75, SETTINGS],
];

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
  /** What the line sees of it; null: not there yet, or over. */
  glance: Glance | null;
  topic: string | null;
  state: 'to-come' | 'waits' | 'served' | 'done' | 'gave-up';
  calls: boolean;
  times: number;
};

/**
 * A day at the counter: shoppers come and go, agents answer late, decline, go away, are lost and come back, send on what is not
 * theirs; and the shop settles things while all of that runs. Everything comes to the queue as it does from the line.
 */
class Day {
  settings: QueueSettings = SETTINGS;
  queue: Queue = newQueue(SETTINGS);
  now = 0;
  readonly shoppers = new Map<string, Shopper>();
  readonly errors: number[] = [];
  readonly waits: number[] = [];
  readonly problems: string[] = [];
  overtaken = 0;
  readonly happened = { back: 0, 'topic-changed': 0, 'settings-changed': 0, passed: 0 };
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
    for (const [at, settings] of SETTLED) this.#at(at * DAY_MS, () => this.#settle(settings));
  }

  run(): void {
    for (let next = this.#next(); next; next = this.#next()) {
      this.now = next.at;
      next.act();
      this.#check();
    }
  }

  #invite(id: string): void {
    const topic = this.#anyTopic();
    // Two rushes, at noon and in the evening.
    const rush = this.#chance() < 0.5 ? 0.3 : 0.75;
    const since = Math.max(0, (rush + (this.#chance() + this.#chance() - 1) * 0.3) * DAY_MS);
    const shopper: Shopper = { id, glance: null, topic, state: 'to-come', calls: false, times: 0 };
    this.shoppers.set(id, shopper);
    this.#at(since, () => {
      shopper.state = 'waits';
      this.#becomes(shopper, newGlance(id, topic, this.now));
    });
    if (this.#chance() < 0.1) {
      this.#at(since + this.#chance() * 600_000, () => {
        if (shopper.state !== 'waits') return;
        shopper.state = 'gave-up';
        this.#becomes(shopper, null);
      });
    }
    // Somebody sees what it is really about.
    if (this.#chance() < 0.05) {
      this.#at(since + this.#chance() * 600_000, () => {
        if (!shopper.glance) return;
        shopper.topic = this.#anyTopic();
        this.#becomes(shopper, { ...shopper.glance, topic: shopper.topic });
      });
    }
  }

  #anyTopic(): string | null {
    return TOPICS[Math.floor(this.#chance() * TOPICS.length)] ?? null;
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

  /** Beyond the time of grace. */
  #lose(id: string): void {
    this.#happens({ type: 'agent-gone', agent: id });
    for (const shopper of this.shoppers.values()) if (shopper.glance?.agent === id) this.#sendBack(shopper);
  }

  #sendBack(shopper: Shopper): void {
    if (!shopper.glance) return;
    shopper.state = 'waits';
    shopper.calls = false;
    shopper.times++;
    this.#becomes(shopper, { ...shopper.glance, status: 'waiting', agent: null, loads: new Map() });
  }

  /** Offers that are open have the time that they were made for; what runs weighs what is settled now. */
  #settle(settings: QueueSettings): void {
    this.settings = settings;
    this.#happens({ type: 'settings-changed', settings });
    for (const shopper of this.shoppers.values()) {
      const agent = shopper.glance?.agent;
      if (agent) this.#weighs(shopper, agent);
    }
  }

  #weighs(shopper: Shopper, agent: string): void {
    const { chat, call } = this.settings.units;
    if (!shopper.glance) return;
    this.#becomes(shopper, { ...shopper.glance, loads: new Map([[agent, shopper.calls ? call : chat]]) });
  }

  #becomes(shopper: Shopper, after: Glance | null): void {
    const events = queueEvents(shopper.glance, after);
    shopper.glance = after;
    for (const event of events) this.#happens(event);
  }

  #happens(event: QueueEvent): void {
    const { queue, effects } = decideQueue(this.queue, event, this.now);
    this.queue = queue;
    if (event.type in this.happened) this.happened[event.type as keyof typeof this.happened]++;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: QueueEffect): void {
    if (effect.type === 'wake') this.#wake = effect.at;
    if (effect.type !== 'offer') return;
    const { conversation, agent } = effect;
    this.#checkTurn(conversation, agent);
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
    const { glance } = shopper ?? {};
    if (!shopper || !glance) return;
    if (shopper.state !== 'waits') this.problems.push(`${conversation} was taken while it ${shopper.state}`);
    if (glance.agent !== null) this.problems.push(`${conversation} is served twice`);
    const own = this.queue.waiting.find((waiting) => waiting.conversation === conversation);
    if (own && own.estimate !== null) {
      this.waits.push(this.now - own.since);
      this.errors.push(Math.abs(this.now - own.since - own.estimate));
    }
    shopper.state = 'served';
    const loads = new Map([[agent, this.settings.units.chat]]);
    this.#becomes(shopper, { ...glance, status: 'active', agent, again: true, loads });
    const carrier = this.queue.agents.get(agent);
    if (carrier && freeUnits(carrier) < 0) this.problems.push(`${agent} has taken too much`);
    const { times } = shopper;
    const isTheirs = (): boolean => shopper.glance?.agent === agent && shopper.times === times;
    const takes = (60_000 + this.#chance() * 600_000) * this.#slow;
    // Some grow into a call where there is room for one.
    this.#at(this.now + takes / 3, () => {
      const { units } = this.settings;
      const now = this.queue.agents.get(agent);
      if (!isTheirs() || !now || freeUnits(now) < units.call - units.chat || this.#chance() >= 0.3) return;
      shopper.calls = true;
      this.#weighs(shopper, agent);
    });
    // Some are somebody else's, or are left without an answer.
    this.#at(this.now + takes / 2, () => {
      if (isTheirs() && this.#chance() < 0.03) this.#sendBack(shopper);
    });
    this.#at(this.now + takes, () => {
      if (!isTheirs()) return;
      shopper.state = 'done';
      this.#becomes(shopper, null);
    });
  }

  /** Nobody who waits longer and is asked of nobody could have been asked of the same agent, also where others passed it. */
  #checkTurn(conversation: string, agent: string): void {
    for (const waiting of this.queue.waiting) {
      if (waiting.conversation === conversation) return;
      if (!waiting.offer && this.#mayBeAsked(agent, waiting)) this.overtaken++;
    }
  }

  #mayBeAsked(agent: string, { topic, passed }: Waiting): boolean {
    const skills = this.queue.agents.get(agent)?.skills ?? [];
    const passedLately = passed.some((by) => by.agent === agent && this.now < by.at + this.settings.askAgainMs);
    return !passedLately && (skills === 'all' || topic === null || skills.includes(topic));
  }

  /** After everything that happens. */
  #check(): void {
    const { chat } = this.settings.units;
    const offered = new Map<string, number>();
    let before = 0;
    for (const { since, offer, conversation } of this.queue.waiting) {
      if (since < before) this.problems.push(`${conversation} is out of order`);
      before = since;
      if (offer) offered.set(offer.agent, (offered.get(offer.agent) ?? 0) + chat);
    }
    for (const agent of this.queue.agents.values()) {
      const asked = offered.get(agent.id) ?? 0;
      const free = freeUnits(agent) - asked;
      if (asked > 0 && free < 0) this.problems.push(`${agent.id} is given too much`);
      // Nobody is left waiting, whoever passed them before, while somebody could take them.
      if (agent.presence !== 'available' || free < chat) continue;
      const left = this.queue.waiting.find((waiting) => !waiting.offer && this.#mayBeAsked(agent.id, waiting));
      if (left) this.problems.push(`${left.conversation} waits, and ${agent.id} is free`);
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

const newGlance = (id: string, topic: string | null, since: number): Glance => ({
  id,
  topic,
  since,
  status: 'waiting',
  agent: null,
  again: false,
  gone: false,
  estimateMs: null,
  loads: new Map(),
  calls: false,
  unansweredSince: null,
  awaySince: null,
});

describe('promise 21: the queue: a day with 10,000 shoppers and 50 agents', () => {
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
    for (const times of Object.values(day.happened)) expect(times).toBeGreaterThan(2);
    // What was said was near what came: on the busy day within a third of the wait, for half of all.
    expect(day.errors.length).toBeGreaterThan(SHOPPERS * 0.9);
    if (slow > 1) expect(median(day.errors)).toBeLessThan(median(day.waits) / 3);
  });
});

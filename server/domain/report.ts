/** What happened at a shop's counter in some span of time. Pure: facts go in one by one, lines come out. */
import type { Report, ReportLine, Spread } from '../protocol/report.ts';
import { valuesAt } from './quantiles.ts';
import { dayText, wallHours } from './wall-clock.ts';

/** What a conversation comes to. Times in milliseconds; null: it did not happen, or nothing was known. */
export type ConversationFact = {
  readonly openedAt: number;
  readonly topic: string | null;
  readonly agent: string | null;
  /** From the first message until somebody took it. */
  readonly waited: number | null;
  /** What the shopper had been told. */
  readonly estimate: number | null;
  /** From the first message to the first answer. */
  readonly firstAnswer: number | null;
  readonly closedAt: number | null;
  /** It ended before anybody came. */
  readonly missed: boolean;
  readonly calls: number;
  readonly callSeconds: number;
  readonly cobrowses: number;
  /** 1 to 5. */
  readonly rating: number | null;
};

const SPREADS = ['waited', 'firstAnswer', 'open', 'estimateError'] as const;
const COUNTED = ['missed', 'calls', 'callSeconds', 'cobrowses', 'rating'] as const;
/** Of each conversation in turn; NaN: there is none. */
type Values = Record<(typeof SPREADS)[number], Float64Array>;
/** Of each conversation in turn; `rating` 0: none was given. */
type Counts = Record<(typeof COUNTED)[number], Uint32Array>;
/** Room for so many conversations at first; doubled as they come. A list that grows by itself costs more than all the rest. */
const ROOM = 4_096;

/** Whose group is whose, whatever the groups are called. */
type Grouping = { readonly places: ReadonlyMap<unknown, number>; readonly placeOf: Uint32Array };

/** What is only counted of the conversations of a group. */
type Tally = Omit<ReportLine, (typeof SPREADS)[number]>;

/** Adds facts up. One for each report: it keeps what it was given until it is finished. */
export class ReportSums {
  #wall: (instant: number) => number;
  #added = 0;
  #values: Values = eachOf(SPREADS, () => new Float64Array(ROOM));
  #counts: Counts = eachOf(COUNTED, () => new Uint32Array(ROOM));
  #total = new Groups<string>(String);
  #days = new Groups<number>(dayText);
  #hours = new Groups<number>(String);
  #agents = new Groups<string>(String);
  #topics = new Groups<string>(String);

  /** `zone`: IANA name. */
  constructor(zone: string) {
    this.#wall = wallHours(zone);
  }

  add(fact: ConversationFact): void {
    const { waited, estimate, firstAnswer, closedAt, openedAt } = fact;
    if (this.#added === this.#values.waited.length) this.#grow();
    const [values, counts, at] = [this.#values, this.#counts, this.#added++];
    values.waited[at] = waited ?? Number.NaN;
    values.firstAnswer[at] = firstAnswer ?? Number.NaN;
    values.open[at] = closedAt === null ? Number.NaN : closedAt - openedAt;
    values.estimateError[at] = waited === null || estimate === null ? Number.NaN : Math.abs(waited - estimate);
    counts.missed[at] = fact.missed ? 1 : 0;
    counts.calls[at] = fact.calls;
    counts.callSeconds[at] = fact.callSeconds;
    counts.cobrowses[at] = fact.cobrowses;
    counts.rating[at] = fact.rating ?? 0;
    const hours = this.#wall(openedAt);
    this.#total.add(at, '');
    this.#days.add(at, Math.floor(hours / 24));
    this.#hours.add(at, hours % 24);
    this.#agents.add(at, fact.agent ?? '');
    this.#topics.add(at, fact.topic ?? '');
  }

  #grow(): void {
    const room = this.#added * 2;
    for (const name of SPREADS) this.#values[name] = moved(this.#values[name], new Float64Array(room));
    for (const name of COUNTED) this.#counts[name] = moved(this.#counts[name], new Uint32Array(room));
    for (const groups of [this.#total, this.#days, this.#hours, this.#agents, this.#topics]) groups.grow(room);
  }

  finish(): Report {
    const steps = this.finishing();
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
    }
  }

  /** The same in steps of a few milliseconds, so that whoever has something else to do in between may do it. */
  *finishing(): Generator<void, Report, void> {
    const nothing = { ...newTally(), waited: null, firstAnswer: null, open: null, estimateError: null };
    // Without the room that is left.
    const values = eachOf(SPREADS, (name) => this.#values[name].subarray(0, this.#added));
    const counts = eachOf(COUNTED, (name) => this.#counts[name].subarray(0, this.#added));
    // One for all of it: memory that is touched for the first time costs more than what is done in it.
    const room = new Float64Array(this.#added);
    return {
      total: (yield* linesOf(this.#total, values, counts, room))[''] ?? nothing,
      days: yield* linesOf(this.#days, values, counts, room),
      hours: yield* linesOf(this.#hours, values, counts, room),
      agents: yield* linesOf(this.#agents, values, counts, room),
      topics: yield* linesOf(this.#topics, values, counts, room),
    };
  }
}

/** The conversations by what one wants to see them by. */
class Groups<Key extends string | number> {
  readonly places = new Map<Key, number>();
  /** What a group is called in the report. */
  readonly label: (key: Key) => string;
  /** Of each conversation in turn: the place of its group. */
  placeOf = new Uint32Array(ROOM);

  constructor(label: (key: Key) => string) {
    this.label = label;
  }

  add(at: number, key: Key): void {
    let place = this.places.get(key);
    if (place === undefined) this.places.set(key, (place = this.places.size));
    this.placeOf[at] = place;
  }

  grow(room: number): void {
    this.placeOf = moved(this.placeOf, new Uint32Array(room));
  }
}

function eachOf<K extends string, T>(names: readonly K[], make: (name: K) => T): Record<K, T> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<K, T>;
}

function moved<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function newTally(): Tally {
  return { conversations: 0, missed: 0, calls: 0, callSeconds: 0, cobrowses: 0, ratings: [0, 0, 0, 0, 0] };
}

/** Of each group, by its place. */
function talliesOf({ places, placeOf }: Grouping, counts: Counts): Tally[] {
  const tallies = Array.from(places, newTally);
  const { missed, calls, callSeconds, cobrowses, rating } = counts;
  for (let index = 0; index < missed.length; index++) {
    const tally = tallies[placeOf[index] ?? 0];
    if (!tally) continue;
    tally.conversations += 1;
    tally.missed += missed[index] ?? 0;
    tally.calls += calls[index] ?? 0;
    tally.callSeconds += callSeconds[index] ?? 0;
    tally.cobrowses += cobrowses[index] ?? 0;
    const rated = rating[index] ?? 0;
    if (rated > 0) tally.ratings[rated - 1] = (tally.ratings[rated - 1] ?? 0) + 1;
  }
  return tallies;
}

/** `room`: for the values of all groups, one list after the other. */
function* linesOf<Key extends string | number>(
  groups: Groups<Key>,
  values: Values,
  counts: Counts,
  room: Float64Array,
): Generator<void, Record<string, ReportLine>, void> {
  const tallies = talliesOf(groups, counts);
  yield;
  const waited = yield* spreadsOf(groups, values.waited, room);
  const firstAnswer = yield* spreadsOf(groups, values.firstAnswer, room);
  const open = yield* spreadsOf(groups, values.open, room);
  const estimateError = yield* spreadsOf(groups, values.estimateError, room);
  const lines = [...groups.places]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, place]): [string, ReportLine] => [
      groups.label(key),
      {
        ...(tallies[place] ?? newTally()),
        waited: waited[place] ?? null,
        firstAnswer: firstAnswer[place] ?? null,
        open: open[place] ?? null,
        estimateError: estimateError[place] ?? null,
      },
    ]);
  return Object.fromEntries(lines);
}

/** Of each group, by its place. Looking for these is what a report costs in the end: a step each. */
function* spreadsOf(groups: Grouping, values: Float64Array, room: Float64Array): Generator<void, Spread[], void> {
  const spreads: Spread[] = [];
  for (const group of grouped(groups, values, room)) {
    spreads.push(spreadOf(group));
    yield;
  }
  return spreads;
}

/** The values of each group, by its place: they are counted, and then put beside each other, in `room`. */
function grouped({ places, placeOf }: Grouping, values: Float64Array, room: Float64Array): Float64Array[] {
  const next = new Uint32Array(places.size);
  for (let index = 0; index < values.length; index++) {
    const place = placeOf[index] ?? 0;
    if (!Number.isNaN(values[index])) next[place] = (next[place] ?? 0) + 1;
  }
  let begin = 0;
  const sizes = [...next];
  for (const [place, size] of sizes.entries()) {
    next[place] = begin;
    begin += size;
  }
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const place = placeOf[index] ?? 0;
    const at = next[place] ?? 0;
    room[at] = value;
    next[place] = at + 1;
  }
  return sizes.map((size, place) => room.subarray((next[place] ?? 0) - size, next[place]));
}

/** Reorders `values`. */
function spreadOf(values: Float64Array): Spread {
  const count = values.length;
  if (count === 0) return null;
  const [p90 = 0, median = 0] = valuesAt(values, [placeOf(0.9, count), placeOf(0.5, count)]);
  return { count, median, p90 };
}

/** Of the nearest value at that share of `count` sorted ones. */
function placeOf(share: number, count: number): number {
  return Math.min(count - 1, Math.floor(share * count));
}

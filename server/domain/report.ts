/** What happened at a shop's counter in some span of time. Pure: facts go in one by one, lines come out. */
import type { Report, ReportLine, Spread } from '../protocol/report.ts';
import { valuesAt } from './quantiles.ts';
import { wallClock } from './wall-clock.ts';

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
/** Of each conversation in turn; NaN: there is none. */
type Values = Record<(typeof SPREADS)[number], number[]>;

/** What is only counted of the conversations of a group. */
type Tally = Omit<ReportLine, (typeof SPREADS)[number]>;

/** Adds facts up. One for each report: it keeps what it was given until it is finished. */
export class ReportSums {
  #wall: (instant: number) => { day: string; hour: number };
  #values: Values = { waited: [], firstAnswer: [], open: [], estimateError: [] };
  #total = new Groups();
  #days = new Groups();
  #hours = new Groups();
  #agents = new Groups();
  #topics = new Groups();

  /** `zone`: IANA name. */
  constructor(zone: string) {
    this.#wall = wallClock(zone);
  }

  add(fact: ConversationFact): void {
    const { waited, estimate, firstAnswer, closedAt, openedAt } = fact;
    this.#values.waited.push(waited ?? Number.NaN);
    this.#values.firstAnswer.push(firstAnswer ?? Number.NaN);
    this.#values.open.push(closedAt === null ? Number.NaN : closedAt - openedAt);
    this.#values.estimateError.push(waited === null || estimate === null ? Number.NaN : Math.abs(waited - estimate));
    const { day, hour } = this.#wall(openedAt);
    this.#total.add('', fact);
    this.#days.add(day, fact);
    this.#hours.add(hour, fact);
    this.#agents.add(fact.agent ?? '', fact);
    this.#topics.add(fact.topic ?? '', fact);
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
    return {
      total: (yield* linesOf(this.#total, this.#values))[''] ?? nothing,
      days: yield* linesOf(this.#days, this.#values),
      hours: yield* linesOf(this.#hours, this.#values),
      agents: yield* linesOf(this.#agents, this.#values),
      topics: yield* linesOf(this.#topics, this.#values),
    };
  }
}

/** The conversations by what one wants to see them by. */
class Groups {
  readonly places = new Map<string | number, number>();
  readonly tallies: Tally[] = [];
  /** Of each conversation in turn: the place of its group. */
  readonly placeOf: number[] = [];

  add(key: string | number, fact: ConversationFact): void {
    const place = this.places.get(key) ?? this.tallies.length;
    this.placeOf.push(place);
    const known = this.tallies[place];
    if (known) return count(known, fact);
    const tally = newTally();
    this.places.set(key, place);
    this.tallies.push(tally);
    count(tally, fact);
  }
}

function newTally(): Tally {
  return { conversations: 0, missed: 0, calls: 0, callSeconds: 0, cobrowses: 0, ratings: [0, 0, 0, 0, 0] };
}

function count(tally: Tally, { missed, calls, callSeconds, cobrowses, rating }: ConversationFact): void {
  tally.conversations += 1;
  if (missed) tally.missed += 1;
  tally.calls += calls;
  tally.callSeconds += callSeconds;
  tally.cobrowses += cobrowses;
  if (rating !== null) tally.ratings[rating - 1] = (tally.ratings[rating - 1] ?? 0) + 1;
}

function* linesOf(groups: Groups, values: Values): Generator<void, Record<string, ReportLine>, void> {
  const waited = yield* spreadsOf(groups, values.waited);
  const firstAnswer = yield* spreadsOf(groups, values.firstAnswer);
  const open = yield* spreadsOf(groups, values.open);
  const estimateError = yield* spreadsOf(groups, values.estimateError);
  const lines = [...groups.places]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, place]): [string, ReportLine] => [
      String(key),
      {
        ...(groups.tallies[place] ?? newTally()),
        waited: waited[place] ?? null,
        firstAnswer: firstAnswer[place] ?? null,
        open: open[place] ?? null,
        estimateError: estimateError[place] ?? null,
      },
    ]);
  return Object.fromEntries(lines);
}

/** Of each group, by its place. Looking for these is what a report costs in the end: a step each. */
function* spreadsOf(groups: Groups, values: readonly number[]): Generator<void, Spread[], void> {
  const spreads: Spread[] = [];
  for (const group of grouped(groups, values)) {
    spreads.push(spreadOf(group));
    yield;
  }
  return spreads;
}

/** The values of each group, by its place: they are counted, and then put beside each other. */
function grouped({ placeOf, tallies }: Groups, values: readonly number[]): Float64Array[] {
  const next = new Uint32Array(tallies.length);
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
  const all = new Float64Array(begin);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const place = placeOf[index] ?? 0;
    const at = next[place] ?? 0;
    all[at] = value;
    next[place] = at + 1;
  }
  return sizes.map((size, place) => all.subarray((next[place] ?? 0) - size, next[place]));
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

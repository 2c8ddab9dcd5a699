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

type Sums = Omit<ReportLine, 'waited' | 'firstAnswer' | 'open' | 'estimateError'> &
  Record<'waited' | 'firstAnswer' | 'open' | 'estimateError', number[]>;

/** Adds facts up. One for each report: it keeps what it was given until it is finished. */
export class ReportSums {
  #wall: (instant: number) => { day: string; hour: number };
  #days = new Map<string, Sums>();
  #hours = new Map<number, Sums>();
  #agents = new Map<string, Sums>();
  #topics = new Map<string, Sums>();

  /** `zone`: IANA name. */
  constructor(zone: string) {
    this.#wall = wallClock(zone);
  }

  add(fact: ConversationFact): void {
    const { day, hour } = this.#wall(fact.openedAt);
    addTo(of(this.#days, day), fact);
    addTo(of(this.#hours, hour), fact);
    addTo(of(this.#agents, fact.agent ?? ''), fact);
    addTo(of(this.#topics, fact.topic ?? ''), fact);
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
    return {
      // Whatever is under some topic, all added up once.
      total: yield* lineOf(together([...this.#topics.values()])),
      days: yield* linesOf(this.#days),
      hours: yield* linesOf(this.#hours),
      agents: yield* linesOf(this.#agents),
      topics: yield* linesOf(this.#topics),
    };
  }
}

function newSums(): Sums {
  return {
    conversations: 0,
    missed: 0,
    waited: [],
    firstAnswer: [],
    open: [],
    estimateError: [],
    calls: 0,
    callSeconds: 0,
    cobrowses: 0,
    ratings: [0, 0, 0, 0, 0],
  };
}

function of<Key>(groups: Map<Key, Sums>, key: Key): Sums {
  const known = groups.get(key);
  if (known) return known;
  const sums = newSums();
  groups.set(key, sums);
  return sums;
}

function together(groups: readonly Sums[]): Sums {
  const add = (name: 'conversations' | 'missed' | 'calls' | 'callSeconds' | 'cobrowses'): number =>
    groups.reduce((sum, group) => sum + group[name], 0);
  return {
    conversations: add('conversations'),
    missed: add('missed'),
    waited: groups.flatMap(({ waited }) => waited),
    firstAnswer: groups.flatMap(({ firstAnswer }) => firstAnswer),
    open: groups.flatMap(({ open }) => open),
    estimateError: groups.flatMap(({ estimateError }) => estimateError),
    calls: add('calls'),
    callSeconds: add('callSeconds'),
    cobrowses: add('cobrowses'),
    ratings: [0, 1, 2, 3, 4].map((at) => groups.reduce((sum, { ratings }) => sum + (ratings[at] ?? 0), 0)),
  };
}

function addTo(sums: Sums, fact: ConversationFact): void {
  const { waited, estimate, firstAnswer, closedAt, openedAt, rating } = fact;
  sums.conversations += 1;
  if (fact.missed) sums.missed += 1;
  if (waited !== null) sums.waited.push(waited);
  if (firstAnswer !== null) sums.firstAnswer.push(firstAnswer);
  if (closedAt !== null) sums.open.push(closedAt - openedAt);
  if (waited !== null && estimate !== null) sums.estimateError.push(Math.abs(waited - estimate));
  sums.calls += fact.calls;
  sums.callSeconds += fact.callSeconds;
  sums.cobrowses += fact.cobrowses;
  if (rating !== null) sums.ratings[rating - 1] = (sums.ratings[rating - 1] ?? 0) + 1;
}

function* linesOf(groups: ReadonlyMap<string | number, Sums>): Generator<void, Record<string, ReportLine>, void> {
  const lines: [string, ReportLine][] = [];
  for (const [key, sums] of [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    lines.push([String(key), yield* lineOf(sums)]);
  return Object.fromEntries(lines);
}

function* lineOf(sums: Sums): Generator<void, ReportLine, void> {
  return {
    ...sums,
    waited: yield* spreadOf(sums.waited),
    firstAnswer: yield* spreadOf(sums.firstAnswer),
    open: yield* spreadOf(sums.open),
    estimateError: yield* spreadOf(sums.estimateError),
  };
}

/** Looking for these is what a report costs in the end: a step each. */
function* spreadOf(values: readonly number[]): Generator<void, Spread, void> {
  const count = values.length;
  if (count === 0) return null;
  const [p90 = 0, median = 0] = valuesAt(new Float64Array(values), [placeOf(0.9, count), placeOf(0.5, count)]);
  yield;
  return { count, median, p90 };
}

/** Of the nearest value at that share of `count` sorted ones. */
function placeOf(share: number, count: number): number {
  return Math.min(count - 1, Math.floor(share * count));
}

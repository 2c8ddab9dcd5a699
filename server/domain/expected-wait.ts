/** How long somebody may have to wait, from nothing but what really happened lately. */

export type Served = {
  readonly topic: string | null;
  readonly at: number;
  readonly waited: number;
  /** Place at the time of arrival, 1 is next. */
  readonly place: number;
  /** Since the one before of the same topic was taken, where somebody waited all the time; null: the line was empty between, or it was long ago. */
  readonly gap: number | null;
  /** What had been said; null: nothing could be. */
  readonly estimate: number | null;
};

type Own = {
  readonly topic: string | null;
  readonly since: number;
  readonly place: number;
  readonly estimate: number | null;
};

/** Older than this it says nothing about now. */
const LATELY_MS = 60 * 60_000;
const KEPT_FOR_EACH_TOPIC = 40;
/** Fewer are an accident. */
const ENOUGH = 3;

export function addServed(served: readonly Served[], own: Own, now: number): Served[] {
  const sameTopic = served.filter(({ topic }) => topic === own.topic);
  const before = sameTopic.at(-1);
  const gap = before && before.at > now - LATELY_MS && own.since <= before.at ? now - before.at : null;
  const { topic, place, estimate } = own;
  const next: Served = { topic, at: now, waited: now - own.since, place, gap, estimate };
  const old = sameTopic.length >= KEPT_FOR_EACH_TOPIC ? sameTopic[0] : undefined;
  return [...served.filter((each) => each !== old && each.at > now - LATELY_MS), next];
}

/**
 * In milliseconds: the wait of those who came to the head of the line, and for each one ahead the time between two who were
 * taken. Null: too little happened lately to say anything.
 */
export function expectedWait(
  served: readonly Served[],
  topic: string | null,
  place: number,
  now: number,
): number | null {
  const lately = served.filter((each) => each.topic === topic && each.at > now - LATELY_MS);
  const heads = lately.filter((each) => each.place === 1).map(({ waited }) => waited);
  const gaps = lately.flatMap(({ gap }) => (gap === null ? [] : [gap]));
  const meanGap = gaps.length >= ENOUGH ? gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length : null;
  const head = heads.length >= ENOUGH ? median(heads) : meanGap;
  if (head === null) return null;
  if (place === 1) return head;
  return meanGap === null ? null : head + (place - 1) * meanGap;
}

/**
 * What is left of the wait for somebody who has come to `place`. As long as what was said at first holds, the rest of it; who
 * has moved up waits for so many more to be taken; who waits longer than was said waits as those did who waited that long.
 * Null: nobody can tell.
 */
export function remainingWait(
  served: readonly Served[],
  own: Own & { readonly again?: boolean },
  place: number,
  now: number,
): number | null {
  if (own.again) return null;
  const waited = now - own.since;
  if (place === own.place && own.estimate !== null && own.estimate > waited) return own.estimate - waited;
  const lately = served.filter((each) => each.topic === own.topic && each.at > now - LATELY_MS);
  if (place < own.place) {
    const gaps = lately.flatMap(({ gap }) => (gap === null ? [] : [gap]));
    if (gaps.length < ENOUGH) return null;
    const left = (place * gaps.reduce((sum, gap) => sum + gap, 0)) / gaps.length - (now - (lately.at(-1)?.at ?? now));
    return left > 0 ? left : null;
  }
  const longer = lately.filter((each) => each.place === own.place && each.waited > waited);
  return longer.length < ENOUGH ? null : median(longer.map((each) => each.waited)) - waited;
}

/** A wait that is over, as the record tells it. */
export type PastWait = {
  readonly topic: string | null;
  readonly since: number;
  readonly waitedMs: number;
  readonly estimateMs: number | null;
};

/** What a queue would know if it had been there: after a restart the estimates go on from what happened before it. */
export function servedFrom(past: readonly PastWait[]): Served[] {
  let served: Served[] = [];
  const ended = (wait: PastWait): number => wait.since + wait.waitedMs;
  for (const own of past.toSorted((a, b) => ended(a) - ended(b))) {
    const ahead = past.filter(
      (other) => other.topic === own.topic && other.since < own.since && ended(other) > own.since,
    ).length;
    const { topic, since, estimateMs: estimate } = own;
    served = addServed(served, { topic, since, place: ahead + 1, estimate }, ended(own));
  }
  return served;
}

/** The middle one of the sorted values; 0 of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

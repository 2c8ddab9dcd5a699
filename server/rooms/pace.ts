/** What one person may ask for, over all their tabs: so many at once, and then so many in a second. */
const LIMITS = {
  /** Proposals of a call. */
  call: { burst: 20, perSecond: 0.5 },
  /** A join makes transports on the media worker. Page loads, lost networks and dead workers need far fewer. */
  join: { burst: 30, perSecond: 1 },
  /** What else is said about media: some thirty for each join. */
  other: { burst: 400, perSecond: 40 },
  /** What an agent does in the shopper's page; a wheel that turns is a dozen a second. */
  hands: { burst: 60, perSecond: 15 },
  /** Letters of messages, and some for each message itself: a long evening of typing at once, then a page of text a second. */
  words: { burst: 1_000_000, perSecond: 10_000 },
  /** What everybody who follows is shown, and is no word: a page to look at, another tab of it, who types. */
  shows: { burst: 120, perSecond: 10 },
} as const;

export type Paced = keyof typeof LIMITS;

/** The people of one conversation, over all its calls. */
export class Pace {
  #people = new Map<string, Record<Paced, { left: number; at: number }>>();

  /** Whether this is slow enough. `now` in milliseconds; `cost`: how much of it this is. */
  take(person: string, kind: Paced, now: number, cost = 1): boolean {
    const bucket = this.#of(person, now)[kind];
    const { burst, perSecond } = LIMITS[kind];
    bucket.left = Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    if (bucket.left < cost) return false;
    bucket.left -= cost;
    return true;
  }

  #of(person: string, at: number): Record<Paced, { left: number; at: number }> {
    const known = this.#people.get(person);
    if (known) return known;
    const full = (kind: Paced) => ({ left: LIMITS[kind].burst, at });
    const media = { call: full('call'), join: full('join'), other: full('other') };
    const buckets = { ...media, hands: full('hands'), words: full('words'), shows: full('shows') };
    this.#people.set(person, buckets);
    return buckets;
  }
}

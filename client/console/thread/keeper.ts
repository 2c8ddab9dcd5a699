import type { Entry } from '../../../server/protocol/entry.ts';

export type Keeper = { id: string; name: string };

/** Whose conversation it is from an entry on, or was last; `before`: whose it was until then. */
export function keeperFrom(entry: Entry, before: Keeper | null): Keeper | null {
  switch (entry.type) {
    case 'accepted':
      return entry.agent;
    case 'handed-over':
      return entry.to;
    case 'ticket-owner':
      return entry.to ?? before;
    default:
      return before;
  }
}

/** Whose conversation it was at each entry, by its number. */
export function keepersOf(entries: readonly Entry[]): ReadonlyMap<number, Keeper | null> {
  let keeper: Keeper | null = null;
  return new Map(entries.map((entry) => [entry.seq, (keeper = keeperFrom(entry, keeper))]));
}

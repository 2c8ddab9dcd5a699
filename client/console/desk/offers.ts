import type { ConversationSummary, LineView } from '../../../server/protocol/views.ts';

/** Who is asked for a conversation; `until` on this browser's clock, of `ofMs`. */
export type Offer = { conversation: string; agent: { id: string; name: string }; until: number; ofMs: number };

/** By conversation. */
export function offersFrom({ offers }: LineView, now: number): ReadonlyMap<string, Offer> {
  const all = offers.map(({ leftMs, ...offer }): Offer => ({ ...offer, until: now + leftMs }));
  return new Map(all.map((offer) => [offer.conversation, offer]));
}

export type OwnOffer = Offer & { summary: ConversationSummary };

/** What I am asked to take from the line, the longest waiting first. */
export function offersTo(
  you: string,
  offers: ReadonlyMap<string, Offer>,
  waiting: readonly ConversationSummary[],
): OwnOffer[] {
  return waiting.flatMap((summary) => {
    const offer = offers.get(summary.id);
    return offer?.agent.id === you ? [{ ...offer, summary }] : [];
  });
}

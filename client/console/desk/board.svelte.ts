import { SvelteMap } from 'svelte/reactivity';
import type { ConversationSummary, LineView } from '../../../server/protocol/views.ts';
import { neighbour, sectionsOf } from '../lists/sections.ts';
import { ticketsOf, type TicketList } from '../tickets/tickets.ts';
import { invitationsFor } from './invitations.ts';
import { offersFrom, offersTo, type Offer } from './offers.ts';

/** Every open conversation of the shop, a line each, and what of it is asked of this agent. */
export class Board {
  /** Who is asked for whom, by conversation. */
  offers = $state.raw<ReadonlyMap<string, Offer>>(new Map());
  ticketList = $state<TicketList>('all');
  #summaries = new SvelteMap<string, ConversationSummary>();
  #you: () => string;
  sections = $derived.by(() => sectionsOf(this.#summaries.values(), this.#you()));
  /** Those that are shown. */
  tickets = $derived.by(() => ticketsOf(this.sections.tickets, this.ticketList, this.#you()));
  /** As the lists show them, from top to bottom. */
  order = $derived.by(() => [...this.sections.waiting, ...this.sections.mine, ...this.tickets].map(({ id }) => id));
  /** Calls of colleagues that this agent is asked into. */
  invitations = $derived.by(() => invitationsFor(this.#summaries.values(), this.#you()));
  /** Whom this agent is asked to take from the line. */
  ownOffers = $derived.by(() => offersTo(this.#you(), this.offers, this.sections.waiting));
  /** Conversations that colleagues would like to hand to this agent. */
  handOvers = $derived.by(() =>
    [...this.#summaries.values()].flatMap((summary) => {
      const { handOver } = summary;
      return handOver?.to.id === this.#you() ? [{ summary, handOver }] : [];
    }),
  );

  /** `you`: the agent's id. */
  constructor(you: () => string) {
    this.#you = you;
  }

  summary(id: string): ConversationSummary | null {
    return this.#summaries.get(id) ?? null;
  }

  keep(summary: ConversationSummary): void {
    this.#summaries.set(summary.id, summary);
  }

  forget(id: string): void {
    this.#summaries.delete(id);
  }

  /** All that there are now: others are over. */
  keepOnly(summaries: readonly ConversationSummary[]): void {
    const known = new Set(summaries.map(({ id }) => id));
    for (const id of this.#summaries.keys()) if (!known.has(id)) this.#summaries.delete(id);
    for (const summary of summaries) this.keep(summary);
  }

  /** Returns what this agent is asked for and was not before. */
  lineIs(line: LineView, now: number): ConversationSummary[] {
    const before = new Set(this.ownOffers.map(({ conversation }) => conversation));
    this.offers = offersFrom(line, now);
    return this.ownOffers.flatMap(({ conversation, summary }) => (before.has(conversation) ? [] : [summary]));
  }

  /** The conversation so many lines away. */
  neighbour(id: string | null, steps: 1 | -1): string | null {
    return neighbour(this.order, id, steps);
  }
}

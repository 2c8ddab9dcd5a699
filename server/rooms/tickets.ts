import { dueAfter } from '../domain/due.ts';
import { hoursFor } from '../domain/hours.ts';
import type { TicketWish } from '../domain/ticket.ts';
import type { Entry } from '../protocol/entry.ts';
import type { Settings } from '../protocol/settings.ts';
import type { Storage } from '../storage/storage.ts';
import type { Room } from './room.ts';
import type { ShopSettings } from './shop-settings.ts';

export type TicketsOptions = {
  storage: Pick<Storage, 'lastTicketNumber'>;
  settings: Pick<ShopSettings, 'of'>;
  now: () => number;
  failed: (error: unknown) => void;
};

/** The numbers of tickets, and when they are due. */
export class Tickets {
  #options: TicketsOptions;
  #numbers = new Map<string, Promise<{ last: number }>>();

  constructor(options: TicketsOptions) {
    this.#options = options;
  }

  /** What a conversation needs to become one. A new number is taken with it; one that is a ticket keeps its own. */
  async wish(room: Room, left: { email: string | null; name: string | null }): Promise<TicketWish> {
    const { shop, view } = room;
    const [numbers, settings] = await Promise.all([this.#of(shop), this.#options.settings.of(shop)]);
    const dueAt = dueBy(settings, view.topic, this.#options.now());
    const number = room.ticket?.number ?? (numbers.last += 1);
    return { number, ...left, dueAt };
  }

  /** A shopper's word in a ticket begins its time anew. */
  recorded(room: Room, entries: readonly Entry[]): void {
    const word = entries.findLast(({ type }) => type === 'message' || type === 'mail-files-refused');
    const theirs = word && (word.type !== 'message' || word.from.side === 'shopper');
    if (!theirs || !room.ticket) return;
    // A new one has it from its wish.
    if (entries.some(({ type }) => type === 'ticket-made')) return;
    this.#due(room, word.at).catch((error: unknown) => this.#options.failed(error));
  }

  async #due(room: Room, from: number): Promise<void> {
    const settings = await this.#options.settings.of(room.shop);
    room.dispatch({ type: 'ticket-due', dueAt: dueBy(settings, room.view.topic, from) });
  }

  /** This process alone gives numbers: the last one is read once. */
  async #of(shop: string): Promise<{ last: number }> {
    const known = this.#numbers.get(shop);
    if (known) return await known;
    const reading = this.#options.storage.lastTicketNumber(shop).then((last) => ({ last }));
    this.#numbers.set(shop, reading);
    reading.catch(() => this.#numbers.delete(shop));
    return await reading;
  }
}

function dueBy(settings: Settings, topic: string | null, from: number): number | null {
  return dueAfter(hoursFor(settings, topic), from, settings.tickets.answerHours);
}

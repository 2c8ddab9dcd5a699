import { dueAfter } from '../domain/due.ts';
import { hoursFor } from '../domain/hours.ts';
import type { TicketWish } from '../domain/ticket.ts';
import type { Entry } from '../protocol/entry.ts';
import { ENTRIES_PER_FRAME } from '../protocol/limits.ts';
import type { Settings } from '../protocol/settings.ts';
import type { Storage } from '../storage/storage.ts';
import type { Room } from './room.ts';
import type { ShopSettings } from './shop-settings.ts';

export type TicketsOptions = {
  storage: Pick<Storage, 'lastTicketNumber' | 'entriesAfter'>;
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
    // A new one has it from its wish.
    if (!room.ticket || entries.some(({ type }) => type === 'ticket-made')) return;
    const word = entries.findLast(isWord);
    if (word && isTheirs(word)) this.#due(room, word.at).catch((error: unknown) => this.#options.failed(error));
    // It may have been handed on to another topic.
    else if (entries.some(({ type }) => type === 'returned')) this.topicChanged(room);
  }

  /** Another topic may have other hours: what the shopper wrote last is due at another time. */
  topicChanged(room: Room): void {
    if (room.ticket?.state !== 'open') return;
    this.#dueAgain(room, room.ticket.since).catch((error: unknown) => this.#options.failed(error));
  }

  /** `made`: when it became a ticket. */
  async #dueAgain(room: Room, made: number): Promise<void> {
    await room.flushed();
    const { lastSeq } = room;
    const from = await this.#since(room, made);
    if (room.lastSeq === lastSeq) return await this.#due(room, from);
    // Somebody has written meanwhile.
    return await this.#dueAgain(room, made);
  }

  async #due(room: Room, from: number): Promise<void> {
    const settings = await this.#options.settings.of(room.shop);
    room.dispatch({ type: 'ticket-due', dueAt: dueBy(settings, room.view.topic, from) });
  }

  /** Since when it waits for an answer: the shopper's last word in it, or `made`. */
  async #since(room: Room, made: number): Promise<number> {
    for (let after = room.lastSeq; after > 0;) {
      after = Math.max(0, after - ENTRIES_PER_FRAME);
      const entries = await this.#options.storage.entriesAfter(room.id, after, ENTRIES_PER_FRAME);
      const word = entries.findLast((entry) => isWord(entry) && isTheirs(entry));
      if (word || (entries[0]?.at ?? 0) < made) return Math.max(made, word?.at ?? made);
    }
    return made;
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

function isWord({ type }: Entry): boolean {
  return type === 'message' || type === 'mail-files-refused';
}

/** Files that were refused are the shopper's as well. */
function isTheirs(word: Entry): boolean {
  return word.type !== 'message' || word.from.side === 'shopper';
}

function dueBy(settings: Settings, topic: string | null, from: number): number | null {
  return dueAfter(hoursFor(settings, topic), from, settings.tickets.answerHours);
}

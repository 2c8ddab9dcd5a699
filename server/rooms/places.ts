import { longWaits } from '../domain/long-wait.ts';
import { placesOf, type Queue } from '../domain/queue.ts';
import type { Settings } from '../protocol/settings.ts';
import type { PlaceView } from '../protocol/views.ts';
import type { Room } from './room.ts';

/** What each shopper who waits was told of their place. They are told again when it is another one, and not before. */
export class Places {
  #told = new Map<string, string>();
  #peek: (conversation: string) => Room | null;

  constructor(peek: (conversation: string) => Room | null) {
    this.#peek = peek;
  }

  tell(queue: Queue, settings: Settings, now: number): void {
    const places = placesOf(queue, now);
    const isLong = longWaits(settings, now);
    for (const { conversation, topic, since } of queue.waiting) {
      const found = places.get(conversation);
      if (!found) continue;
      const place = placeView(found, isLong({ topic, since, waitMs: found.waitMs }));
      const told = JSON.stringify(place);
      const room = told === this.#told.get(conversation) ? null : this.#peek(conversation);
      if (!room) continue;
      this.#told.set(conversation, told);
      room.dispatch({ type: 'placed', place });
    }
    for (const conversation of this.#told.keys()) if (!places.has(conversation)) this.#told.delete(conversation);
  }

  /** A room that was loaded anew does not know what its shopper was told. */
  forget(conversation: string): void {
    this.#told.delete(conversation);
  }
}

/** In whole minutes, so that it changes when there is something to say. */
function placeView({ place, waitMs }: { place: number; waitMs: number | null }, long: boolean): PlaceView {
  return { ahead: place - 1, minutes: waitMs === null ? null : Math.ceil(waitMs / 60_000), long };
}

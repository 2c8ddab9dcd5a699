import { SvelteMap } from 'svelte/reactivity';
import { withPage, type Visit } from '../../../server/protocol/journey.ts';
import type { PageView } from '../../../server/protocol/views.ts';
import { rememberedJourney, rememberJourney } from './remembered.ts';

/** The pages that shoppers were seen on, by conversation; a reload of the console keeps them. */
export class Journeys {
  #all = new SvelteMap<string, readonly Visit[]>();

  of(id: string): readonly Visit[] {
    return this.#all.get(id) ?? rememberedJourney(id);
  }

  forget(id: string): void {
    this.#all.delete(id);
  }

  /** The server has seen more than this console, which was not there from the beginning; or less, after a restart. */
  told(id: string, visits: readonly Visit[]): void {
    if (visits.length > this.of(id).length) this.#keep(id, visits);
  }

  seen(id: string, page: PageView | null): void {
    const before = this.of(id);
    const after = withPage(before, page, Date.now());
    if (after === before) return;
    this.#keep(id, after);
  }

  #keep(id: string, visits: readonly Visit[]): void {
    this.#all.set(id, visits);
    rememberJourney(id, visits);
  }
}

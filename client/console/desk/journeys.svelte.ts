import { SvelteMap } from 'svelte/reactivity';
import type { PageView } from '../../../server/protocol/views.ts';
import { withPage, type Visit } from './journey.ts';
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

  seen(id: string, page: PageView | null): void {
    const before = this.of(id);
    const after = withPage(before, page, Date.now());
    if (after === before) return;
    this.#all.set(id, after);
    rememberJourney(id, after);
  }
}

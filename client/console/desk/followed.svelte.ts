import { SvelteMap } from 'svelte/reactivity';
import { LiveConversation } from './live-conversation.svelte.ts';

/** The conversations of which this console hears everything: its agent's own, and the one before their eyes. */
export class Followed {
  #all = new SvelteMap<string, LiveConversation>();
  #you: () => string;
  #make: (id: string) => LiveConversation;
  /** Shoppers who ring, in conversations of this agent. */
  ringing = $derived.by(() => [...this.#all.values()].filter((live) => this.#ringsFor(live)));
  /** The calls that this tab has a part in, whatever conversation is shown. */
  calls = $derived.by(() => [...this.#all.values()].flatMap((live) => (live.call ? [{ live, call: live.call }] : [])));

  /** `you`: the agent's id. */
  constructor(you: () => string, make: (id: string) => LiveConversation) {
    this.#you = you;
    this.#make = make;
  }

  get(id: string | null): LiveConversation | null {
    return (id && this.#all.get(id)) || null;
  }

  follow(id: string): LiveConversation {
    const known = this.#all.get(id);
    if (known) return known;
    const live = this.#make(id);
    this.#all.set(id, live);
    return live;
  }

  /** Whether this tab's call in a conversation is on hold. */
  holds(id: string): boolean {
    return this.#all.get(id)?.call?.held ?? false;
  }

  /** What is not needed is not followed any longer, unless something typed in it waits to be sent. */
  letGo(needed: (id: string) => boolean): void {
    for (const [id, live] of this.#all) {
      if (needed(id) || live.uploads.busy || live.pending.some(({ refused }) => !refused)) continue;
      live.close();
      this.#all.delete(id);
    }
  }

  /** It is erased: what is written in it and not sent is not to be sent any more. */
  forget(id: string): void {
    const live = this.#all.get(id);
    live?.forget();
    live?.close();
    this.#all.delete(id);
  }

  close(): void {
    for (const live of this.#all.values()) live.close();
    this.#all.clear();
  }

  #ringsFor({ view }: LiveConversation): boolean {
    const call = view?.call;
    return call?.status === 'ringing' && call.by.side === 'shopper' && view?.agent?.id === this.#you();
  }
}

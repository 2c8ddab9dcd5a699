import type { Skills } from '../domain/queue.ts';
import type { Presence } from '../protocol/views.ts';

/** An agent as the line knows them. `topics` null: all; `capacity` null: the shop's. */
export type LineAgent = { id: string; name: string; topics: string[] | null; capacity: number | null };

type Attendant = {
  agent: LineAgent;
  chosen: Presence;
  /** Whether nobody has touched it for long, by socket. */ tabs: Map<string, boolean>;
};

/** Who of a shop's team is there: at the console, or lost so lately that they may come back. */
export class Attendants {
  #all = new Map<string, Attendant>();
  #bySocket = new Map<string, Attendant>();

  /** `remembered`: what the agent's browser last chose; what is known here counts more. */
  here(socket: string, agent: LineAgent, remembered: Presence): void {
    const known = this.#all.get(agent.id);
    const attendant = known ?? { agent, chosen: remembered, tabs: new Map() };
    attendant.agent = agent;
    attendant.tabs.set(socket, false);
    this.#all.set(agent.id, attendant);
    this.#bySocket.set(socket, attendant);
  }

  /** Whose socket it was, where it was the last one. */
  lost(socket: string): LineAgent | null {
    const attendant = this.#bySocket.get(socket);
    this.#bySocket.delete(socket);
    attendant?.tabs.delete(socket);
    return attendant?.tabs.size === 0 ? attendant.agent : null;
  }

  gone(agent: string): void {
    this.#all.delete(agent);
  }

  choose(agent: string, presence: Presence): void {
    const attendant = this.#all.get(agent);
    if (attendant) attendant.chosen = presence;
  }

  /** Whose it is, where that is known. */
  idle(socket: string, idle: boolean): LineAgent | null {
    const attendant = this.#bySocket.get(socket);
    attendant?.tabs.set(socket, idle);
    return attendant?.agent ?? null;
  }

  change(agent: LineAgent): void {
    const attendant = this.#all.get(agent.id);
    if (attendant) attendant.agent = agent;
  }

  agent(id: string): LineAgent | null {
    return this.#all.get(id)?.agent ?? null;
  }

  chosen(agent: string): Presence {
    return this.#all.get(agent)?.chosen ?? 'available';
  }

  /** Away as well while every tab is untouched or lost. */
  presence(agent: string): Presence {
    const attendant = this.#all.get(agent);
    if (!attendant) return 'away';
    return [...attendant.tabs.values()].some((idle) => !idle) ? attendant.chosen : 'away';
  }

  /** Whether a tab of theirs is connected. */
  isHere(agent: string): boolean {
    return (this.#all.get(agent)?.tabs.size ?? 0) > 0;
  }

  get all(): LineAgent[] {
    return [...this.#all.values()].map(({ agent }) => agent);
  }
}

export function skillsOf({ topics }: LineAgent): Skills {
  return topics ?? 'all';
}

import type { ServerFrame } from '../protocol/from-server.ts';
import type { AgentView, Colleague, ConversationSummary, Presence } from '../protocol/views.ts';
import type { Sockets } from './socket.ts';

type Present = Pick<AgentView, 'id' | 'name' | 'role'>;
type ShopDesk = {
  /** Whose each socket is. */
  sockets: Map<string, Present>;
  /** The agents in the running call of each conversation that has one. */
  inCalls: Map<string, readonly string[]>;
  presences: Map<string, Presence>;
  /** What everybody was told of the team last. */
  told: string;
};

/** Which agents' sockets are at which shop's desk: they are told of every line of its lists, and of their colleagues. */
export class Desk {
  #sockets: Sockets;
  #shops = new Map<string, ShopDesk>();

  constructor(sockets: Sockets) {
    this.#sockets = sockets;
  }

  join(shop: string, socket: string, { id, name, role }: Present): void {
    this.#of(shop).sockets.set(socket, { id, name, role });
    this.#tellTeam(shop);
  }

  leave(shop: string, socket: string): void {
    const desk = this.#shops.get(shop);
    if (!desk?.sockets.delete(socket)) return;
    this.#tellTeam(shop);
    this.#tidy(shop, desk);
  }

  show(shop: string, summary: ConversationSummary): void {
    const desk = this.#of(shop);
    if (summary.inCall.length > 0) desk.inCalls.set(summary.id, summary.inCall);
    else desk.inCalls.delete(summary.id);
    if (desk.sockets.size > 0) this.#tell(desk, { type: 'conversation.summary', summary });
    this.#tellTeam(shop);
    this.#tidy(shop, desk);
  }

  showPresence(shop: string, agent: string, presence: Presence): void {
    const desk = this.#shops.get(shop);
    if (!desk) return;
    desk.presences.set(agent, presence);
    this.#tellTeam(shop);
  }

  /** To every agent of the shop who is at the console. */
  tell(shop: string, frame: ServerFrame): void {
    const desk = this.#shops.get(shop);
    if (desk) this.#tell(desk, frame);
  }

  /** The agents who are at the console now, each once. */
  team(shop: string): Colleague[] {
    const desk = this.#shops.get(shop);
    if (!desk) return [];
    const busy = new Set([...desk.inCalls.values()].flat());
    const present = new Map([...desk.sockets.values()].map((agent) => [agent.id, agent]));
    const team = [...present.values()].map((agent) => ({
      ...agent,
      free: !busy.has(agent.id),
      presence: desk.presences.get(agent.id) ?? 'available',
    }));
    return team.toSorted((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
  }

  /** An agent of the shop who is at the console now. */
  colleague(shop: string, agent: string): { id: string; name: string } | null {
    const found = this.team(shop).find(({ id }) => id === agent);
    return found ? { id: found.id, name: found.name } : null;
  }

  #of(shop: string): ShopDesk {
    const known = this.#shops.get(shop);
    if (known) return known;
    const desk: ShopDesk = { sockets: new Map(), inCalls: new Map(), presences: new Map(), told: '' };
    this.#shops.set(shop, desk);
    return desk;
  }

  /** Nothing is sent where nothing of it has changed: most lines change without anybody coming or going. */
  #tellTeam(shop: string): void {
    const desk = this.#of(shop);
    const team = this.team(shop);
    const told = JSON.stringify(team);
    if (told === desk.told) return;
    desk.told = told;
    this.#tell(desk, { type: 'team', team });
  }

  #tell(desk: ShopDesk, frame: ServerFrame): void {
    this.#sockets.send([...desk.sockets.keys()], frame);
  }

  #tidy(shop: string, desk: ShopDesk): void {
    if (desk.sockets.size === 0 && desk.inCalls.size === 0) this.#shops.delete(shop);
  }
}

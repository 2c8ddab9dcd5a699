import type { ServerFrame } from '../protocol/from-server.ts';
import type { ConversationSummary } from '../protocol/views.ts';
import type { Sockets } from './socket.ts';

/** Which agents' sockets are at which shop's desk: they are told of every line of its lists. */
export class Desk {
  #sockets: Sockets;
  #byShop = new Map<string, Set<string>>();

  constructor(sockets: Sockets) {
    this.#sockets = sockets;
  }

  join(shop: string, socket: string): void {
    const present = this.#byShop.get(shop) ?? new Set();
    this.#byShop.set(shop, present.add(socket));
  }

  leave(shop: string, socket: string): void {
    const present = this.#byShop.get(shop);
    present?.delete(socket);
    if (present?.size === 0) this.#byShop.delete(shop);
  }

  show(shop: string, summary: ConversationSummary): void {
    const present = this.#byShop.get(shop);
    if (!present) return;
    const frame: ServerFrame = { type: 'conversation.summary', summary };
    this.#sockets.send([...present], frame);
  }
}

import { newConversation } from '../domain/conversation.ts';
import { standingOf, type Standing } from '../domain/glance.ts';
import { erasedSummary, summaryOf } from '../domain/view.ts';
import type { ConversationSummary } from '../protocol/views.ts';
import type { ConversationLine } from '../storage/storage.ts';
import { conversationFrom } from './record.ts';
import { Room, type RoomContext } from './room.ts';

/** One that is not over: its line in the agents' lists, and where it stands. */
export type OpenConversation = { summary: ConversationSummary; standing: Standing };

const SWEEP_MS = 60_000;

/** The live conversations of this node. A conversation has at most one room. */
export class Rooms {
  #rooms = new Map<string, Promise<Room>>();
  #loaded = new Map<string, Room>();
  /** The latest conversation of each shopper, while it is live. */
  #latest = new Map<string, Room>();
  /** Shoppers of whom everything is going at this moment. */
  #erasing = new Map<string, Promise<unknown>>();
  #context: RoomContext;
  #sweep: ReturnType<typeof setInterval>;

  constructor(context: Omit<RoomContext, 'roomFailed'>) {
    this.#context = { ...context, roomFailed: (room) => this.#forget(room) };
    this.#sweep = setInterval(() => void this.#retireIdle(), SWEEP_MS).unref();
  }

  /** The room if it is live already. */
  peek(id: string): Room | null {
    return this.#loaded.get(id) ?? null;
  }

  /** The room of a conversation, loaded when it is not live. Null: there is no such conversation. */
  async byId(id: string): Promise<Room | null> {
    const live = this.#rooms.get(id);
    if (live) return await live;
    const line = await this.#context.storage.conversation(id);
    if (line && (await this.#wasErased(line.shop, line.shopper))) return await this.byId(id);
    return line ? await this.#load(line) : null;
  }

  /** The shopper's latest conversation, open or closed. */
  async latest(shop: string, shopper: string): Promise<Room | null> {
    const key = keyOf(shop, shopper);
    const live = this.#latest.get(key);
    if (live) return live;
    const line = await this.#context.storage.latestConversation(shop, shopper);
    if (await this.#wasErased(shop, shopper)) return await this.latest(shop, shopper);
    const room = line ? await this.#load(line) : null;
    // Another tab may have opened a newer one meanwhile.
    const newer = this.#latest.get(key);
    if (newer || !room) return newer ?? null;
    this.#latest.set(key, room);
    return room;
  }

  /** The shopper's open conversation, or a new one. Two tabs that ask at once get the same. */
  async openFor(shop: string, shopper: string, topic: string | null): Promise<{ room: Room; isNew: boolean }> {
    const before = await this.latest(shop, shopper);
    if (before && before.status !== 'closed') return { room: before, isNew: false };
    if (await this.#wasErased(shop, shopper)) return await this.openFor(shop, shopper, topic);
    const key = keyOf(shop, shopper);
    const current = this.#latest.get(key);
    if (current && current.status !== 'closed') return { room: current, isNew: false };
    const id = this.#context.newId();
    const room = new Room(newConversation({ id, shop, shopper, topic }, this.#context.now()), [], this.#context);
    this.#rooms.set(id, Promise.resolve(room));
    this.#loaded.set(id, room);
    this.#latest.set(key, room);
    return { room, isNew: true };
  }

  /** The agents' list of a shop: what storage knows, with what is live laid over it. */
  async openSummaries(shop: string): Promise<ConversationSummary[]> {
    return (await this.openConversations(shop)).map(({ summary }) => summary);
  }

  /** The same, with what the line has to know beside it. */
  async openConversations(shop: string): Promise<OpenConversation[]> {
    const stored = await this.#context.storage.openConversations(shop);
    const open = new Map<string, OpenConversation>();
    for (const line of stored) {
      const state = conversationFrom(line);
      open.set(line.id, { summary: summaryOf(state), standing: standingOf(state) });
    }
    for (const room of this.#loaded.values()) {
      if (room.shop !== shop || room.lastSeq === 0) continue;
      if (room.status === 'closed') open.delete(room.id);
      else open.set(room.id, { summary: room.summary, standing: room.standing });
    }
    return [...open.values()].toSorted((a, b) => a.summary.waitingSince - b.summary.waitingSince);
  }

  /**
   * Ends every conversation of a shopper, unwritten; then `work` does away with what there is of them, given their ids.
   * Nobody opens one of theirs before it has.
   */
  async erasing(shop: string, shopper: string, work: (conversations: string[]) => Promise<void>): Promise<void> {
    const key = keyOf(shop, shopper);
    await this.#erasing.get(key);
    const erasing = this.#end(shop, shopper).then(work);
    this.#erasing.set(
      key,
      erasing.catch(() => {}),
    );
    try {
      await erasing;
    } finally {
      this.#erasing.delete(key);
    }
  }

  /** Calls in which somebody is now. */
  calls(): { ringing: number; active: number } {
    const statuses = [...this.#loaded.values()].map((room) => room.callStatus);
    const count = (wanted: 'ringing' | 'active') => statuses.filter((status) => status === wanted).length;
    return { ringing: count('ringing'), active: count('active') };
  }

  /** Performs what waits in every room, and closes them. */
  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await Promise.all([...this.#loaded.values()].map((room) => room.close()));
    this.#rooms.clear();
    this.#loaded.clear();
    this.#latest.clear();
  }

  /** Waits where it is going on: what was read before is no more. */
  async #wasErased(shop: string, shopper: string): Promise<boolean> {
    const erasing = this.#erasing.get(keyOf(shop, shopper));
    await erasing;
    return erasing !== undefined;
  }

  async #end(shop: string, shopper: string): Promise<string[]> {
    const { storage, summaryChanged } = this.#context;
    const lines = await storage.conversationsOfShopper(shop, shopper, Number.MAX_SAFE_INTEGER);
    await Promise.all(lines.map(async ({ id }) => await this.#rooms.get(id)));
    const rooms = [...this.#loaded.values()].filter((room) => room.shop === shop && room.shopper === shopper);
    for (const room of rooms) {
      this.#forget(room);
      await room.erase();
    }
    const live = new Set(rooms.map(({ id }) => id));
    for (const line of lines) if (!live.has(line.id)) summaryChanged(shop, erasedSummary(conversationFrom(line)));
    return [...new Set([...live, ...lines.map(({ id }) => id)])];
  }

  async #load(line: ConversationLine): Promise<Room> {
    const live = this.#rooms.get(line.id);
    if (live) return await live;
    const loading = this.#context.storage
      .messageIds(line.id)
      .then((ids) => new Room(conversationFrom(line), ids, this.#context));
    this.#rooms.set(line.id, loading);
    try {
      const room = await loading;
      this.#loaded.set(line.id, room);
      return room;
    } catch (error) {
      this.#rooms.delete(line.id);
      throw error;
    }
  }

  async #retireIdle(): Promise<void> {
    for (const room of this.#loaded.values()) {
      if (!room.idle) continue;
      await room.flushed();
      // Somebody may have come while it was written. Who comes after this finds all of it in storage.
      if (room.retire()) this.#forget(room);
    }
  }

  #forget(room: Room): void {
    this.#rooms.delete(room.id);
    this.#loaded.delete(room.id);
    const key = keyOf(room.shop, room.shopper);
    if (this.#latest.get(key) === room) this.#latest.delete(key);
  }
}

function keyOf(shop: string, shopper: string): string {
  return `${shop}/${shopper}`;
}

import { newConversation } from '../domain/conversation.ts';
import { summaryOf } from '../domain/view.ts';
import type { ConversationSummary } from '../protocol/views.ts';
import type { ConversationLine } from '../storage/storage.ts';
import { conversationFrom } from './record.ts';
import { Room, type RoomContext } from './room.ts';

const SWEEP_MS = 60_000;

/** The live conversations of this node. A conversation has at most one room. */
export class Rooms {
  #rooms = new Map<string, Promise<Room>>();
  #loaded = new Map<string, Room>();
  /** The latest conversation of each shopper, while it is live. */
  #latest = new Map<string, Room>();
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
    return line ? await this.#load(line) : null;
  }

  /** The shopper's latest conversation, open or closed. */
  async latest(shop: string, shopper: string): Promise<Room | null> {
    const key = keyOf(shop, shopper);
    const live = this.#latest.get(key);
    if (live) return live;
    const line = await this.#context.storage.latestConversation(shop, shopper);
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
    const stored = await this.#context.storage.openConversations(shop);
    const summaries = new Map(stored.map((line) => [line.id, summaryOf(conversationFrom(line))]));
    for (const room of this.#loaded.values()) {
      if (room.shop !== shop || room.lastSeq === 0) continue;
      if (room.status === 'closed') summaries.delete(room.id);
      else summaries.set(room.id, room.summary);
    }
    return [...summaries.values()].toSorted((a, b) => a.waitingSince - b.waitingSince);
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
      // Somebody may have come while it was written.
      if (!room.idle) continue;
      this.#forget(room);
      await room.close();
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

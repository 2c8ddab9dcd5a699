import type { ServerFrame } from '../protocol/from-server.ts';
import type { ConversationSummary, ShopView } from '../protocol/views.ts';
import type { Shop, Storage } from '../storage/storage.ts';
import type { Desk } from './desk.ts';
import { Line } from './line.ts';
import type { Rooms } from './rooms.ts';
import type { ShopSettings } from './shop-settings.ts';

export type LinesOptions = {
  storage: Pick<Storage, 'waits' | 'agents' | 'shops'>;
  settings: ShopSettings;
  rooms: Rooms;
  desk: Desk;
  tellShoppers: (shop: string, frame: ServerFrame) => void;
  /** Whether answers go out by mail. */
  mail: boolean;
  now: () => number;
  log: { error(fields: object, message: string): void };
};

/** Waits that began earlier say nothing about now. */
const LATELY_MS = 3 * 3_600_000;
const WAITS_MAX = 400;

/** The line of each shop. It is put together from storage when the service starts, or when somebody first comes. */
export class Lines {
  #options: LinesOptions;
  #lines = new Map<string, Promise<Line>>();
  #ready = new Map<string, Line>();
  /** What happened while a line was being put together. */
  #meanwhile = new Map<string, ConversationSummary[]>();
  #stop: () => void;
  #closed = false;

  constructor(options: LinesOptions) {
    this.#options = options;
    this.#stop = options.settings.onChange((shop, settings) => this.#ready.get(shop)?.settingsAre(settings));
  }

  /** Agents who had conversations before a restart have their time to come back from now on. */
  async open(): Promise<void> {
    const shops = await this.#options.storage.shops();
    await Promise.all(shops.map(({ id }) => this.of(id)));
  }

  async of(shop: string): Promise<Line> {
    const known = this.#lines.get(shop);
    if (known) return await known;
    const opening = this.#open(shop);
    this.#lines.set(shop, opening);
    opening.catch(() => {
      this.#lines.delete(shop);
      this.#meanwhile.delete(shop);
    });
    return await opening;
  }

  async view({ id, key, name, accent, greeting }: Shop): Promise<ShopView> {
    const line = await this.of(id);
    return { key, name, accent, greeting, attendance: line.attendance, mail: this.#options.mail };
  }

  /** A conversation is another one now. */
  sees(shop: string, summary: ConversationSummary): void {
    const line = this.#ready.get(shop);
    if (line) line.sees(summary);
    else this.#meanwhile.get(shop)?.push(summary);
  }

  async teamChanged(shop: string): Promise<void> {
    const team = await this.#options.storage.agents(shop);
    this.#ready.get(shop)?.teamIs(team.map(({ id, name, topics, capacity }) => ({ id, name, topics, capacity })));
  }

  close(): void {
    this.#closed = true;
    this.#stop();
    for (const line of this.#ready.values()) line.close();
  }

  async #open(shop: string): Promise<Line> {
    const { storage, settings, rooms, desk, tellShoppers, now, log } = this.#options;
    this.#meanwhile.set(shop, []);
    const [values, past, open] = await Promise.all([
      settings.of(shop),
      storage.waits(shop, now() - LATELY_MS, WAITS_MAX),
      rooms.openConversations(shop),
    ]);
    const line = new Line(
      values,
      { open, past },
      {
        now,
        peek: (conversation) => rooms.peek(conversation),
        room: (conversation) => rooms.byId(conversation),
        tellAgents: (frame) => desk.tell(shop, frame),
        tellShoppers: (frame) => tellShoppers(shop, frame),
        showPresence: (agent, presence) => desk.showPresence(shop, agent, presence),
        failed: (error) => log.error({ err: error }, 'a conversation could not be put back into the line'),
      },
    );
    if (this.#closed) line.close();
    this.#ready.set(shop, line);
    for (const summary of this.#meanwhile.get(shop) ?? []) line.sees(summary);
    this.#meanwhile.delete(shop);
    return line;
  }
}

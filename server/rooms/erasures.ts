import type { Files } from '../files/files.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import type { ShopperTraces } from '../protocol/views.ts';
import type { Recordings } from '../recordings/recordings.ts';
import type { Storage } from '../storage/storage.ts';
import type { Desk } from './desk.ts';
import type { Rooms } from './rooms.ts';
import type { ShopperTabs } from './shopper-session.ts';
import { Timers } from './timers.ts';

export type ErasuresOptions = {
  storage: Pick<
    Storage,
    | 'beginErasure'
    | 'erasures'
    | 'eraseShopper'
    | 'conversationsOfShopper'
    | 'filesOfShopper'
    | 'recordingsOfShopper'
    | 'mailsOf'
  >;
  rooms: Pick<Rooms, 'erasing'>;
  recordings: Recordings;
  files: Files;
  tabs: ShopperTabs;
  desk: Desk;
  now: () => number;
  newId: () => string;
  log: { error(fields: object, message: string): void };
};

type Somebody = { shop: string; shopper: string };

const AGAIN_MS = 60_000;

/**
 * Everything of a shopper goes: what was written, files, recordings, mails, what it was about and how it was. First it is
 * durable that it is to go; whatever then comes between, it is gone on with until it has.
 */
export class Erasures {
  #options: ErasuresOptions;
  #timers = new Timers<string>();
  #closed = false;

  constructor(options: ErasuresOptions) {
    this.#options = options;
  }

  /** The rest of what an earlier process had begun. */
  async open(): Promise<void> {
    for (const who of await this.#options.storage.erasures()) await this.#carryOut(who);
  }

  close(): void {
    this.#closed = true;
    this.#timers.close();
  }

  /** What there is of a shopper now. */
  async traces({ shop, shopper }: Somebody): Promise<ShopperTraces> {
    const { storage } = this.#options;
    const [conversations, files, recordings] = await Promise.all([
      storage.conversationsOfShopper(shop, shopper, Number.MAX_SAFE_INTEGER),
      storage.filesOfShopper(shop, shopper),
      storage.recordingsOfShopper(shop, shopper),
    ]);
    const mails = await Promise.all(conversations.map(async ({ id }) => await storage.mailsOf(id)));
    return {
      conversations: conversations.length,
      files: files.filter(({ deletedAt }) => deletedAt === null).length,
      recordings: recordings.length,
      mails: mails.flat().length,
    };
  }

  /** False: it has begun and will come to its end, but has not yet. */
  async erase(who: Somebody, by: { id: string; name: string }): Promise<boolean> {
    const { storage, now, newId } = this.#options;
    // Who it was goes as well: the audit says how much, not of whom.
    const line = { id: newId(), shop: who.shop, at: now(), by, action: 'shopper.erased', subject: '' };
    await storage.beginErasure(who, { ...line, before: await this.traces(who), after: null });
    return await this.#carryOut(who);
  }

  async #carryOut(who: Somebody): Promise<boolean> {
    try {
      await this.#eraseNow(who);
      return true;
    } catch (error) {
      if (this.#closed) return false;
      this.#options.log.error({ err: error }, 'a shopper could not be erased to the end; it is gone on with');
      this.#timers.set(keyOf(who), AGAIN_MS, () => void this.#carryOut(who));
      return false;
    }
  }

  async #eraseNow({ shop, shopper }: Somebody): Promise<void> {
    const { storage, rooms, recordings, files, tabs, desk } = this.#options;
    // What is still being recorded goes as soon as it ends, and ends with its room.
    await recordings.eraseShopper(shop, shopper);
    await rooms.erasing(shop, shopper, async (conversations) => {
      const frames = conversations.map((conversation) => ({ type: 'conversation.erased' as const, conversation }));
      for (const frame of frames) desk.tell(shop, frame);
      for (const tab of tabs.of(keyOf({ shop, shopper }))) {
        for (const frame of frames) tab.tell(JSON.stringify(frame));
        tab.close(CLOSE.erased);
      }
      await recordings.eraseShopper(shop, shopper);
      await files.eraseShopper(shop, shopper);
      await storage.eraseShopper(shop, shopper);
    });
  }
}

/** As tabs are kept by. */
function keyOf({ shop, shopper }: Somebody): string {
  return `${shop}/${shopper}`;
}

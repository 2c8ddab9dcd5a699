/** What every storage promises. Each engine runs all of it on its real database. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe } from 'vitest';
import type { Storage } from '../../server/storage/storage.ts';
import { closingContract } from './contract-closing.ts';
import { conversationContract } from './contract-conversations.ts';
import { durabilityContract } from './contract-durability.ts';
import { erasureContract } from './contract-erasure.ts';
import { filesContract } from './contract-files.ts';
import { faqContract } from './contract-faq.ts';
import { namesContract } from './contract-names.ts';
import { mailsContract } from './contract-mails.ts';
import { searchContract } from './contract-search.ts';
import { reportsContract } from './contract-reports.ts';
import { settingsContract } from './contract-settings.ts';
import { recordingsContract } from './contract-recordings.ts';
import { ticketsContract } from './contract-tickets.ts';
import { togetherContract } from './contract-together.ts';
import type { EngineName, Opener } from './openers.ts';

/** The storage of the running test: a place of its own, opened. */
export type House = {
  readonly engine: EngineName;
  readonly place: string;
  readonly storage: Storage;
  /** Closes it and opens it again. */
  reopen(): Promise<void>;
};

export function storageContract(name: EngineName, open: Opener): void {
  describe(`promise 7: storage on ${name}`, () => {
    let place: string;
    let storage: Storage;
    const house: House = {
      engine: name,
      get place() {
        return place;
      },
      get storage() {
        return storage;
      },
      async reopen() {
        await storage.close();
        storage = await open(place);
      },
    };

    beforeEach(async () => {
      place = await mkdtemp(join(tmpdir(), 'mostrador-storage-'));
      storage = await open(place);
    });
    afterEach(async () => {
      await storage.close();
      await rm(place, { recursive: true });
    });

    namesContract(house);
    conversationContract(house);
    recordingsContract(house);
    filesContract(house);
    settingsContract(house);
    searchContract(house);
    reportsContract(house);
    mailsContract(house);
    ticketsContract(house);
    faqContract(house);
    erasureContract(house);
    togetherContract(house);
    closingContract(house);
    durabilityContract(house);
  });
}

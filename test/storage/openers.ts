import { openSqlite } from '../../server/storage/sqlite.ts';
import type { Storage } from '../../server/storage/storage.ts';

/** Opens the storage that lives at `place`, a folder of the test's own; again after a close, it is the same storage. */
export type Opener = (place: string) => Promise<Storage>;

/** By name, so that a child process can be told which one to use. */
export const openers = {
  sqlite: (place) => openSqlite({ dir: place }),
} satisfies Record<string, Opener>;

export type EngineName = keyof typeof openers;

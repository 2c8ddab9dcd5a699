import { basename } from 'node:path';
import { openPostgres } from '../../server/storage/postgres.ts';
import { openSqlite } from '../../server/storage/sqlite.ts';
import type { Storage } from '../../server/storage/storage.ts';
import { databaseOn } from '../support/postgres.ts';

/** Opens the storage that lives at `place`, a folder of the test's own; again after a close, it is the same storage. */
export type Opener = (place: string) => Promise<Storage>;

/** In the environment, so that child processes of a test find the same server. */
const SERVER = 'MOSTRADOR_TEST_POSTGRES';

/** The server on which `postgres` opens its databases. */
export function usePostgres(url: string): void {
  process.env[SERVER] = url;
}

/** By name, so that a child process can be told which one to use. */
export const openers = {
  sqlite: (place) => openSqlite({ dir: place }),
  postgres: async (place) => openPostgres({ url: await postgresPlace(place) }),
} satisfies Record<string, Opener>;

export type EngineName = keyof typeof openers;

/** Each place is a database named after its folder. */
export async function postgresPlace(place: string): Promise<string> {
  const url = process.env[SERVER];
  if (!url) throw new Error('No PostgreSQL server was started for this test');
  return await databaseOn(url, basename(place));
}

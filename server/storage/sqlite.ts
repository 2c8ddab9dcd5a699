import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { lockFolder } from './folder-lock.ts';
import { migrate } from './migrate.ts';
import { versionOf } from './migrations.ts';
import { indexOldMessages } from './search.ts';
import { createPrivateFile } from './private-file.ts';
import { sqlStorage } from './sql-storage.ts';
import { SqliteExecutor } from './sqlite-executor.ts';
import type { Storage } from './storage.ts';
import type { Queries, Tables } from './tables.ts';

/**
 * The embedded storage: one SQLite file in `dir`, which is made if it is missing.
 * Throws a StorageError: `in-use` by another process, `newer` than this version, `failed` (for example not a database).
 */
export async function openSqlite({ dir }: { dir: string }): Promise<Storage> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = lockFolder(dir);
  let executor: SqliteExecutor | null = null;
  const close = async (): Promise<void> => {
    await executor?.close();
    lock.release();
  };
  try {
    const file = join(dir, 'mostrador.sqlite');
    createPrivateFile(file);
    const thread = new URL('./sqlite-thread.ts', import.meta.url);
    executor = new SqliteExecutor(new Worker(thread, { name: 'sqlite', workerData: { file } }));
    const queries = sqliteQueries();
    const before = await migrate(executor, queries, 'sqlite');
    if (before > 0 && before < versionOf('search')) await indexOldMessages(executor, queries);
    const storage = sqlStorage(executor, queries, 'sqlite');
    const own = executor;
    const eraseShopper = async (shop: string, shopper: string): Promise<void> => {
      await storage.eraseShopper(shop, shopper);
      await own.checkpoint();
    };
    return { ...storage, eraseShopper, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Kysely only compiles; the executor runs, because one transaction there spans many callers. */
export function sqliteQueries(): Queries {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}

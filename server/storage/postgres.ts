import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { migrate } from './migrate.ts';
import { versionOf } from './migrations.ts';
import { indexOldMessages } from './search.ts';
import { PostgresExecutor } from './postgres-executor.ts';
import { sqlStorage } from './sql-storage.ts';
import type { Storage } from './storage.ts';
import type { Queries, Tables } from './tables.ts';

/**
 * The storage on a PostgreSQL server (13 or newer). `url`: `postgres://user:password@host:5432/database`.
 * Throws a StorageError: `in-use` by another process, `newer` than this version, `unreachable`.
 */
export async function openPostgres({ url }: { url: string }): Promise<Storage> {
  const executor = await PostgresExecutor.open(url);
  const close = (): Promise<void> => executor.close();
  try {
    const queries = postgresQueries();
    const before = await migrate(executor, queries, 'postgres');
    if (before > 0 && before < versionOf('search')) await indexOldMessages(executor, queries);
    return { ...sqlStorage(executor, queries, 'postgres'), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Kysely only compiles; the executor runs, because one transaction there spans many callers. */
export function postgresQueries(): Queries {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

import { firstRow, type Executor } from './executor.ts';
import { MIGRATIONS, type Engine, type Migration } from './migrations.ts';
import { statement } from './prepared.ts';
import { StorageError } from './storage-error.ts';
import type { Queries } from './tables.ts';

/**
 * Brings the schema up to the end of the list, all missing steps in one transaction.
 * Gives the version that was there before; 0: nothing was. Throws a StorageError `newer` where the data is ahead of the list.
 */
export async function migrate(
  executor: Executor,
  queries: Queries,
  engine: Engine,
  list: readonly Migration[] = MIGRATIONS,
): Promise<number> {
  const created = queries.schema
    .createTable('migrations')
    .ifNotExists()
    .addColumn('version', 'bigint', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull());
  await executor.run([statement(created)]);

  const latest = queries.selectFrom('migrations').select((row) => row.fn.max('version').as('version'));
  const version = (await firstRow(executor, statement(latest)))?.version ?? 0;
  if (version > list.length) {
    throw new StorageError(
      'newer',
      `The data was written by a newer version of Mostrador (schema ${version}; this version knows ${list.length}). ` +
        'Start that version, or restore a backup from before the upgrade.',
    );
  }

  const missing = list
    .slice(version)
    .flatMap((migration, index) => [
      ...migration
        .statements(queries.schema, engine)
        .map((query) => statement('isRawBuilder' in query ? { compile: () => query.compile(queries) } : query)),
      statement(queries.insertInto('migrations').values({ version: version + index + 1, name: migration.name })),
    ]);
  if (missing.length > 0) await executor.run(missing);
  return version;
}

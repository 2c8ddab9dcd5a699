import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { allRows, type Statement } from '../../server/storage/executor.ts';
import { commitTogether } from '../../server/storage/group-commit.ts';
import { migrate } from '../../server/storage/migrate.ts';
import { MIGRATIONS, versionOf, type Migration } from '../../server/storage/migrations.ts';
import { SqliteDatabase } from '../../server/storage/sqlite-database.ts';
import { SqliteExecutor } from '../../server/storage/sqlite-executor.ts';
import { sqliteQueries } from '../../server/storage/sqlite.ts';

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mostrador-thread-'));
  file = join(dir, 'test.sqlite');
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

function write(text: string, ...parameters: string[]): Statement {
  return { sql: text, parameters, writes: true };
}

function startThread(): Worker {
  return new Worker(new URL('../../server/storage/sqlite-thread.ts', import.meta.url), { workerData: { file } });
}

describe('the SQLite connection', () => {
  test('waits for the disk at every commit', () => {
    const database = new SqliteDatabase(file);
    const pragma = (name: string) => Object.values(database.prepare(`pragma ${name}`).get() ?? {});
    const values = ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'].flatMap(pragma);
    expect(values).toEqual(['wal', 2, 1, 5_000]);
    database.close();
  });
});

describe('promise 7: a group commit', () => {
  let database: SqliteDatabase;
  beforeEach(() => {
    database = new SqliteDatabase(file);
    database.connection.exec('create table notes (name text primary key, text text not null)');
  });
  afterEach(() => database.close());
  const insert = (name: string, text = '') => write('insert into notes values (?, ?)', name, text);
  const names = () =>
    database
      .prepare('select name from notes order by name')
      .all()
      .map(({ name }) => name);

  test('answers every job, and undoes the whole of a failing one alone', () => {
    const answers = commitTogether(database, [
      { id: 1, statements: [insert('a')] },
      { id: 2, statements: [insert('b'), insert('a')] },
      { id: 3, statements: [insert('c'), { sql: 'select count(*) as n from notes', parameters: [], writes: false }] },
      { id: 4, statements: [write('not even SQL')] },
    ]);
    expect(answers).toEqual([
      { id: 1, rows: [[]] },
      { id: 2, error: expect.stringContaining('UNIQUE') },
      { id: 3, rows: [[], [{ n: 2 }]] },
      { id: 4, error: expect.stringContaining('syntax error') },
    ]);
    expect(names()).toEqual(['a', 'c']);
  });

  test('keeps nothing of a job that the full disk refused, and goes on afterwards', () => {
    database.connection.exec('pragma max_page_count = 20');
    const answers = commitTogether(database, [
      { id: 1, statements: [insert('small')] },
      { id: 2, statements: [insert('half', 'x'), insert('huge', 'x'.repeat(200_000))] },
    ]);
    expect(answers[1]).toEqual({ id: 2, error: expect.stringContaining('full') });
    const kept = answers.flatMap((answer) => ('rows' in answer ? ['small'] : []));
    expect(names()).toEqual(kept);
    expect(database.connection.isTransaction).toBe(false);
    expect(commitTogether(database, [{ id: 3, statements: [insert('later')] }])).toEqual([{ id: 3, rows: [[]] }]);
  });

  test('fails all of its jobs when it cannot be made, and is undone', () => {
    const other = new SqliteDatabase(file);
    other.connection.exec('begin immediate');
    database.connection.exec('pragma busy_timeout = 0');
    const jobs = ['a', 'b'].map((name, id) => ({ id, statements: [insert(name)] }));
    const locked = { error: expect.stringContaining('locked') };
    expect(commitTogether(database, jobs)).toMatchObject([locked, locked]);
    other.connection.exec('rollback');
    other.close();
    expect(names()).toEqual([]);
    commitTogether(database, jobs);
    expect(names()).toEqual(['a', 'b']);
  });
});

describe('a thread that dies', () => {
  test('rejects what is pending and everything later, and close still ends', async () => {
    const worker = startThread();
    const executor = new SqliteExecutor(worker);
    const pending = Array.from({ length: 10 }, () => executor.run([write('create table if not exists t (x)')]));
    const outcomes = Promise.allSettled(pending);
    await worker.terminate();
    const failed = { reason: 'failed', message: 'The database thread has ended' };
    expect(await outcomes).toMatchObject(pending.map(() => ({ status: 'rejected', reason: failed })));
    await expect(executor.run([write('select 1')])).rejects.toMatchObject(failed);
    await executor.close();
    await executor.close();
  });
});

describe('migrations', () => {
  let executor: SqliteExecutor;
  const queries = sqliteQueries();
  beforeEach(() => {
    executor = new SqliteExecutor(startThread());
  });
  afterEach(() => executor.close());

  const added: Migration = {
    name: 'notes',
    statements: (schema) => [
      schema.createTable('notes').addColumn('text', 'text'),
      schema.alterTable('settings').addColumn('since', 'bigint', (column) => column.notNull().defaultTo(7)),
    ],
  };
  const broken: Migration = { name: 'broken', statements: (schema) => [schema.dropTable('no_such_table')] };

  function rows(text: string): Promise<unknown[]> {
    return allRows(executor, { sql: text, parameters: [], writes: false });
  }

  test('run once each, and later ones find the data of earlier ones', async () => {
    await migrate(executor, queries, 'sqlite');
    await executor.run([write('insert into settings (name, value) values (?, ?)', 'a', 'b')]);
    await migrate(executor, queries, 'sqlite', [...MIGRATIONS, added]);
    await migrate(executor, queries, 'sqlite', [...MIGRATIONS, added]);
    expect(await rows('select * from settings')).toEqual([{ name: 'a', value: 'b', since: 7 }]);
    const recorded = [...MIGRATIONS, added].map(({ name }, index) => ({ version: index + 1, name }));
    expect(await rows('select * from migrations order by version')).toEqual(recorded);
  });

  test('count conversations for reports that were there before', async () => {
    const before = MIGRATIONS.slice(0, versionOf('erasure of shoppers'));
    await migrate(executor, queries, 'sqlite', before);
    await executor.run([
      write(`insert into shops (id, key, name, accent, origins) values ('s', 'key', 'Shop', '#000', '[]')`),
      write(`insert into conversations (id, shop, shopper, status, opened_at, last_at, last_seq, shopper_delivered,
        shopper_read, agent_delivered, agent_read, steps, unread, agent_id, first_wait_ms, calls)
        values ('c', 's', 'x', 'closed', 7000, 9000, 1, 0, 0, 0, 0, '{}', 0, 'ana', 40, 2)`),
    ]);
    expect(await migrate(executor, queries, 'sqlite')).toBe(before.length);
    expect(await rows('select facts from conversations')).toEqual([{ facts: '7000\t\tana\t40\t\t\t\t\t2\t\t\t' }]);
  });

  test('are undone together when one of them fails', async () => {
    await migrate(executor, queries, 'sqlite');
    await expect(migrate(executor, queries, 'sqlite', [...MIGRATIONS, added, broken])).rejects.toThrow('no such table');
    expect(await rows(`select name from sqlite_master where name = 'notes'`)).toEqual([]);
    expect(await rows('select max(version) as version from migrations')).toEqual([{ version: MIGRATIONS.length }]);
    await migrate(executor, queries, 'sqlite', [...MIGRATIONS, added]);
    expect(await rows('select count(*) as notes from notes')).toEqual([{ notes: 0 }]);
  });
});

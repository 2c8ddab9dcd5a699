import type { Statement } from './executor.ts';
import type { SqliteDatabase } from './sqlite-database.ts';

/** Statements that count as one: all or nothing. */
export type Job = { id: number; statements: readonly Statement[] };

export type Answer = { id: number; rows: unknown[][] } | { id: number; error: string };

/**
 * Runs all jobs in one transaction, so that they share one wait for the disk, and answers after its commit.
 * A job that fails is undone alone; where the commit fails, every job of the group has failed.
 */
export function commitTogether(database: SqliteDatabase, jobs: readonly Job[]): Answer[] {
  const { connection } = database;
  const writes = jobs.some((job) => job.statements.some((statement) => statement.writes));
  try {
    // A transaction that begins as a reader cannot always become a writer later.
    database.prepare(writes ? 'begin immediate' : 'begin').run();
    const answers = jobs.map((job) => runAlone(database, job));
    database.prepare('commit').run();
    return answers;
  } catch (error) {
    if (connection.isTransaction) connection.exec('rollback');
    return jobs.map(({ id }) => ({ id, error: textOf(error) }));
  }
}

function runAlone(database: SqliteDatabase, { id, statements }: Job): Answer {
  database.prepare('savepoint job').run();
  try {
    const rows = statements.map(({ sql, parameters }) => database.prepare(sql).all(...parameters));
    database.prepare('release job').run();
    return { id, rows };
  } catch (error) {
    // A full disk or a failing one ends the whole transaction, not this job alone.
    if (!database.connection.isTransaction) throw error;
    database.connection.exec('rollback to job; release job');
    return { id, error: textOf(error) };
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

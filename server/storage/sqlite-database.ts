import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** A connection that keeps its prepared statements. The queries are a fixed set, so they all may stay. */
export class SqliteDatabase {
  readonly connection: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  /** Opens the file, or makes it. Commits survive a power cut from here on. */
  constructor(file: string) {
    this.connection = new DatabaseSync(file, { timeout: 5_000, enableForeignKeyConstraints: true });
    this.connection.exec(`
      pragma journal_mode = wal;
      pragma synchronous = full;
      pragma fullfsync = on;
      pragma checkpoint_fullfsync = on;
      pragma secure_delete = on;
    `);
  }

  prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.connection.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }

  /** Moves the write-ahead log into the file: what was deleted is in neither of them any more. */
  checkpoint(): void {
    this.connection.exec('pragma wal_checkpoint(truncate)');
  }

  close(): void {
    this.checkpoint();
    this.connection.close();
  }
}

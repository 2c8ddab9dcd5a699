import { createHash } from 'node:crypto';
import { Client, DatabaseError, Pool, types, type ClientBase, type ClientConfig, type QueryResultRow } from 'pg';
import type { Executor, Statement } from './executor.ts';
import { StorageError } from './storage-error.ts';
import { TurnQueue } from './turn-queue.ts';

/** Reads that run at a time; writes have a connection of their own. */
const READERS = 4;
/** Jobs that share one commit at most. */
const GROUP_MAX = 100;
/** Queries that a connection keeps prepared. The queries are a fixed set, so this is never reached in earnest. */
const PREPARED_MAX = 500;
const CONNECT_MS = 5_000;
/** `mostra`, in ASCII: whoever holds it in a database is the only Mostrador there. */
const LOCK = 0x6d6f73747261;
/** A process that was killed keeps its lock until the database has noticed. */
const LOCK_ATTEMPTS = 15;
const LOCK_PAUSE_MS = 200;

type Job = { statements: readonly Statement[]; resolve(rows: unknown[][]): void; reject(error: Error): void };

/**
 * Runs statements on a PostgreSQL server. Writes go in order over one connection that also holds this database's lock;
 * what is waiting is committed together. A connection that is lost is made anew with the next job.
 */
export class PostgresExecutor implements Executor {
  readonly #options: ClientConfig;
  readonly #readers: Pool;
  readonly #writing = new TurnQueue();
  readonly #reading = new Set<Promise<unknown>>();
  #writer: Client | null = null;
  #waiting: Job[] = [];
  #closed: Promise<void> | null = null;

  /** Connects; throws a StorageError `in-use` or `unreachable`. */
  static async open(url: string): Promise<PostgresExecutor> {
    const executor = new PostgresExecutor(url);
    try {
      await executor.#connect();
      return executor;
    } catch (error) {
      await executor.close();
      throw error;
    }
  }

  private constructor(url: string) {
    this.#options = {
      connectionString: url,
      application_name: 'mostrador',
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      types: { getTypeParser },
    };
    this.#readers = new Pool({ ...this.#options, max: READERS });
    // A reader that is lost while nobody uses it leaves the pool; whoever uses one hears of it there.
    this.#readers.on('error', () => {});
  }

  run(statements: readonly Statement[]): Promise<unknown[][]> {
    if (this.#closed) return Promise.reject(new StorageError('closed', 'The storage is closed'));
    if (statements.some(({ writes }) => writes)) return this.#write(statements);
    const read = this.#read(statements);
    const done = read.catch(() => {}).finally(() => this.#reading.delete(done));
    this.#reading.add(done);
    return read;
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      await this.#writing.idle();
      await Promise.all(this.#reading);
      await Promise.all([this.#writer?.end(), this.#readers.end()]);
    })();
    return this.#closed;
  }

  async #read(statements: readonly Statement[]): Promise<unknown[][]> {
    const reader = await this.#readers.connect().catch((error: unknown) => {
      throw unreachable(error);
    });
    try {
      if (statements.length === 1) return await runAll(reader, statements);
      // Several reads see one moment.
      return await inTransaction(reader, 'begin isolation level repeatable read read only', () =>
        runAll(reader, statements),
      );
    } catch (error) {
      throw errorOf(error);
    } finally {
      reader.release();
    }
  }

  #write(statements: readonly Statement[]): Promise<unknown[][]> {
    return new Promise((resolve, reject) => {
      // Whatever comes until this one's turn goes into the same commit.
      if (this.#waiting.push({ statements, resolve, reject }) === 1) {
        this.#writing.add(() => this.#commitWaiting());
      }
    });
  }

  async #commitWaiting(): Promise<void> {
    const jobs = this.#waiting.splice(0, GROUP_MAX);
    if (this.#waiting.length > 0) this.#writing.add(() => this.#commitWaiting());
    try {
      await this.#commit(jobs);
    } catch (error) {
      if (jobs.length === 1 || error instanceof StorageError) {
        for (const job of jobs) job.reject(errorOf(error));
        return;
      }
      // One of them is refused, and the rest must not pay for it: each alone, in the same order.
      for (const job of jobs) await this.#commit([job]).catch((reason: unknown) => job.reject(errorOf(reason)));
    }
  }

  /** All jobs in one transaction; they are answered after its commit. */
  async #commit(jobs: readonly Job[]): Promise<void> {
    const writer = this.#writer ?? (await this.#connect());
    const answers: unknown[][][] = [];
    try {
      await inTransaction(writer, 'begin', async () => {
        for (const { statements } of jobs) answers.push(await runAll(writer, statements));
      });
    } catch (error) {
      throw isRefusal(error) ? error : unreachable(error);
    }
    jobs.forEach((job, index) => job.resolve(answers[index] ?? []));
  }

  /** The one connection that writes, with the lock that makes it the only one. */
  async #connect(): Promise<Client> {
    const writer = new Client(this.#options);
    const lost = (): void => {
      if (this.#writer === writer) this.#writer = null;
    };
    writer.on('error', lost);
    writer.on('end', lost);
    try {
      await writer.connect();
      await writer.query('set synchronous_commit = on');
      await takeLock(writer);
    } catch (error) {
      await writer.end().catch(() => {});
      throw error instanceof StorageError ? error : unreachable(error);
    }
    this.#writer = writer;
    return writer;
  }
}

/** Waits a moment for a lock whose owner has just died. Throws a StorageError `in-use`. */
async function takeLock(client: Client): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [LOCK]);
    if (rows[0]?.taken) return;
    if (attempt === LOCK_ATTEMPTS) break;
    await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
  }
  const { rows } = await client.query<{ address: string | null; since: Date }>(
    `select client_addr as address, backend_start as since from pg_stat_activity join pg_locks using (pid)
     where locktype = 'advisory' and ((classid::bigint << 32) | objid::bigint) = $1 and pid <> pg_backend_pid()`,
    [LOCK],
  );
  const [holder] = rows;
  const who = holder
    ? ` by one that came from ${holder.address ?? 'this machine'} at ${holder.since.toISOString()}`
    : '';
  throw new StorageError('in-use', `The database is in use${who}. Stop that Mostrador first, or use another database.`);
}

async function inTransaction<T>(client: ClientBase, begin: string, work: () => Promise<T>): Promise<T> {
  await client.query(begin);
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

const names = new Map<string, string>();

async function runAll(client: ClientBase, statements: readonly Statement[]): Promise<unknown[][]> {
  const answers: unknown[][] = [];
  for (const { sql, parameters } of statements) {
    const name = nameOf(sql);
    const { rows } = await client.query<QueryResultRow>({
      ...(name && { name }),
      text: sql,
      values: [...parameters],
    });
    answers.push(rows);
  }
  return answers;
}

/** Under a name the server parses and plans a query once for each connection. */
function nameOf(sql: string): string | undefined {
  const known = names.get(sql);
  if (known || names.size >= PREPARED_MAX) return known;
  const name = createHash('sha256').update(sql).digest('base64url').slice(0, 22);
  names.set(sql, name);
  return name;
}

/** Counts and times are numbers here; JavaScript's are exact far beyond what either will be. */
const getTypeParser: typeof types.getTypeParser = (oid, format) =>
  oid === types.builtins.INT8 || oid === types.builtins.NUMERIC ? Number : types.getTypeParser(oid, format);

/** The server has understood and said no. Class 57 and 53 are a server that is going or full, 08 a lost connection. */
function isRefusal(error: unknown): boolean {
  return error instanceof DatabaseError && !/^(08|53|57)/.test(error.code ?? '');
}

function errorOf(error: unknown): Error {
  if (error instanceof StorageError) return error;
  if (!isRefusal(error)) return unreachable(error);
  return new Error(`The database refused: ${textOf(error)}`);
}

function unreachable(error: unknown): StorageError {
  return new StorageError('unreachable', `The database cannot be reached: ${textOf(error)}`, error);
}

/** A refused connection to a name with two addresses has an empty message and its causes inside. */
function textOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(textOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}

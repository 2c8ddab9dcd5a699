import type { Worker } from 'node:worker_threads';
import type { Executor, Statement } from './executor.ts';
import type { Answer, Job } from './group-commit.ts';
import { StorageError } from './storage-error.ts';

type Pending = { resolve(rows: unknown[][]): void; reject(error: Error): void };

/** Posts jobs to the thread of sqlite-thread.ts and keeps their promises. Owns the worker from here on. */
export class SqliteExecutor implements Executor {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<void>;
  #gathered: Job[] = [];
  #lastId = 0;
  #refusal: StorageError | null = null;

  constructor(worker: Worker) {
    this.#worker = worker;
    let cause: unknown;
    worker.on('message', (answers: Answer[]) => this.#settle(answers));
    worker.on('error', (error) => (cause = error));
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        const because = cause instanceof Error ? `: ${cause.message}` : '';
        const failure = new StorageError('failed', `The database thread has ended${because}`, cause);
        this.#refusal ??= failure;
        for (const pending of this.#pending.values()) pending.reject(failure);
        this.#pending.clear();
        resolve();
      });
    });
  }

  run(statements: readonly Statement[]): Promise<unknown[][]> {
    return this.#ask((id) => {
      // Jobs of many conversations that come at once go over together.
      if (this.#gathered.push({ id, statements }) === 1) process.nextTick(() => this.#post());
    });
  }

  /** What was deleted leaves the write-ahead log as well. */
  async checkpoint(): Promise<void> {
    await this.#ask((id) => {
      this.#post();
      this.#worker.postMessage({ checkpoint: id });
    });
  }

  #post(): void {
    const jobs = this.#gathered;
    this.#gathered = [];
    if (jobs.length > 0) this.#worker.postMessage(jobs);
  }

  /** The thread answers what it has, moves its log into the database file, and ends. */
  close(): Promise<void> {
    if (!this.#refusal) {
      this.#refusal = new StorageError('closed', 'The storage is closed');
      this.#post();
      this.#worker.postMessage('close');
    }
    return this.#ended;
  }

  /** `post` brings the question to the thread. */
  #ask(post: (id: number) => void): Promise<unknown[][]> {
    if (this.#refusal) return Promise.reject(this.#refusal);
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve, reject });
      post(id);
    });
  }

  #settle(answers: Answer[]): void {
    for (const answer of answers) {
      const pending = this.#pending.get(answer.id);
      this.#pending.delete(answer.id);
      if ('rows' in answer) pending?.resolve(answer.rows);
      else pending?.reject(new Error(`The database refused: ${answer.error}`));
    }
  }
}

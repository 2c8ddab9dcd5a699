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
    return this.#ask((id): Job => ({ id, statements }));
  }

  /** What was deleted leaves the write-ahead log as well. */
  async checkpoint(): Promise<void> {
    await this.#ask((id) => ({ checkpoint: id }));
  }

  /** The thread answers what it has, moves its log into the database file, and ends. */
  close(): Promise<void> {
    if (!this.#refusal) {
      this.#refusal = new StorageError('closed', 'The storage is closed');
      this.#worker.postMessage('close');
    }
    return this.#ended;
  }

  #ask(message: (id: number) => Job | { checkpoint: number }): Promise<unknown[][]> {
    if (this.#refusal) return Promise.reject(this.#refusal);
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#worker.postMessage(message(id));
      this.#pending.set(id, { resolve, reject });
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

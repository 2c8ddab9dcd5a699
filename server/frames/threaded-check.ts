import { Worker } from 'node:worker_threads';
import type { CobrowseEncoding } from '../protocol/cobrowse-frame.ts';
import type { Question } from './check-thread.ts';
import type { FrameCheck, Verdict } from './frame-check.ts';
import { readFrame } from './read-frame.ts';

/** Read at once: 15 µs a kilobyte, so half a millisecond. What is compressed may be anything, and goes to the thread. */
const INLINE_BYTES = 32 * 1024;
/** Of one thread. A page that needs more is none; the thread dies of it alone and is replaced. */
const HEAP_MB = 256;
/** A thread with nothing to do is let go. */
const IDLE_MS = 5 * 60_000;

type Job = Question & { settle: (verdict: Verdict) => void };

/**
 * The check of frames, in a thread where they are large: one frame after another of all sessions in turn, so that who sends
 * much waits for the others. Opened with the first co-browsing.
 */
export class ThreadedCheck implements FrameCheck {
  #worker: Worker | null = null;
  #running: Job | null = null;
  #waiting: Job[] = [];
  #idle: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  check(encoding: CobrowseEncoding, payload: Uint8Array): Verdict | Promise<Verdict> {
    if (encoding === 'json' && payload.byteLength <= INLINE_BYTES) return readFrame(encoding, payload);
    return new Promise((settle) => {
      this.#waiting.push({ encoding, payload, settle });
      this.#next();
    });
  }

  prepare(): void {
    if (!this.#closed) this.#worker ??= this.#open();
    this.#rest();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    const jobs = [...(this.#running ? [this.#running] : []), ...this.#waiting];
    this.#running = null;
    this.#waiting = [];
    for (const { settle } of jobs) settle({ ok: false, reason: 'bad-frame' });
    await this.#worker?.terminate();
  }

  #next(): void {
    if (this.#running) return;
    const job = this.#waiting.shift();
    if (!job) return this.#rest();
    if (this.#closed) return job.settle({ ok: false, reason: 'bad-frame' });
    clearTimeout(this.#idle);
    this.#running = job;
    this.#worker ??= this.#open();
    const { encoding, payload } = job;
    this.#worker.postMessage({ encoding, payload } satisfies Question);
  }

  #open(): Worker {
    const worker = new Worker(new URL('./check-thread.ts', import.meta.url), {
      name: 'frames',
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    worker.unref();
    worker.on('message', (verdict: Verdict) => this.#settle(worker, verdict));
    // It ran out of memory: what it was reading is more than can be read.
    worker.on('error', () => this.#lose(worker));
    worker.on('exit', () => this.#lose(worker));
    return worker;
  }

  #settle(worker: Worker, verdict: Verdict): void {
    if (worker !== this.#worker) return;
    const job = this.#running;
    this.#running = null;
    job?.settle(verdict);
    this.#next();
  }

  #lose(worker: Worker): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    const job = this.#running;
    this.#running = null;
    job?.settle({ ok: false, reason: 'too-large' });
    this.#next();
  }

  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#closed || !this.#worker) return;
    this.#idle = setTimeout(() => {
      const worker = this.#worker;
      if (this.#running || !worker) return;
      this.#worker = null;
      void worker.terminate();
    }, IDLE_MS).unref();
  }
}

import { Worker } from 'node:worker_threads';
import type { ReceivedMail } from './mail.ts';

/** A mail of the largest size that is read takes a small part of it. */
const WITHIN_MS = 10_000;
const HEAP_MB = 512;

/**
 * Reads a mail in a thread that is ended where that takes too long or too much: anybody can write a mail to a shop, and
 * some are made so that reading them never ends. Null: it is no mail · `unreadable`: the thread was ended.
 */
export async function readApart(
  source: Uint8Array,
  { cut = false, withinMs = WITHIN_MS } = {},
): Promise<ReceivedMail | null | 'unreadable'> {
  const thread = new Worker(new URL('./read-thread.ts', import.meta.url), {
    name: 'mail',
    workerData: { source, cut },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  const late = setTimeout(() => void thread.terminate(), withinMs);
  try {
    return await new Promise<ReceivedMail | null | 'unreadable'>((resolve) => {
      thread.once('message', (mail: ReceivedMail | null) => resolve(mail));
      thread.once('error', () => resolve('unreadable'));
      thread.once('exit', () => resolve('unreadable'));
    });
  } finally {
    clearTimeout(late);
    await thread.terminate();
  }
}

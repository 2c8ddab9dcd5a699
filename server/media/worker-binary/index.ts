import { join } from 'node:path';
import { defaultCacheDir, workerFileName } from './cache.ts';
import { findMediasoup } from './mediasoup-package.ts';
import type { WorkerBinary, WorkerBinaryProgress } from './search.ts';
import { firstThatWorks } from './ways.ts';

export type { WorkerBinary, WorkerBinaryProgress } from './search.ts';

export type FindWorkerBinaryOptions = {
  /** Variables that choose the way and go to the programs that are run; the process's own unless given. */
  env?: NodeJS.ProcessEnv;
  /** The project's cache folder; `mostrador` in the user's cache folder unless given. */
  cacheDir?: string;
  onProgress?: (progress: WorkerBinaryProgress) => void;
  /** Stops the search and every program that it runs; the answer is then a refusal. */
  signal?: AbortSignal;
};

/**
 * Finds mediasoup's worker for this machine, and gets it there where it is not: some milliseconds when it is there,
 * some minutes when it has to be built. May be called by several processes at once.
 */
export async function findWorkerBinary(options: FindWorkerBinaryOptions = {}): Promise<WorkerBinary> {
  const { env = process.env, cacheDir = defaultCacheDir(env), onProgress = () => {} } = options;
  const { signal = new AbortController().signal } = options;
  const mediasoup = await findMediasoup();
  const folder = join(cacheDir, 'media-worker');
  const cachedWorker = join(folder, await workerFileName(mediasoup.version));
  return await firstThatWorks({ env, folder, cachedWorker, mediasoup, signal }, onProgress);
}

import { join } from 'node:path';
import type { Attempt, Search } from './search.ts';
import { startsAsWorker } from './starts-as-worker.ts';

/** The worker that mediasoup's own install script left in its package, where that script ran. */
export async function fromPackage({ env, mediasoup, signal }: Search): Promise<Attempt> {
  const path = join(mediasoup.workerFolder, 'out', 'Release', 'mediasoup-worker');
  const starts = await startsAsWorker(path, { version: mediasoup.version, env, signal });
  return starts ? { path } : { refusal: 'The mediasoup package came without a media worker.' };
}

import { resolve } from 'node:path';
import type { Attempt, Search } from './search.ts';
import { startsAsWorker } from './starts-as-worker.ts';

/** MEDIASOUP_WORKER_BIN, mediasoup's own convention: a path, or the name of a program on the PATH. */
export async function fromEnvironment({ env, mediasoup, report, signal }: Search): Promise<Attempt> {
  const given = env['MEDIASOUP_WORKER_BIN'];
  if (given === undefined || given === '') return { refusal: 'MEDIASOUP_WORKER_BIN is not set.' };
  const path = given.includes('/') ? resolve(given) : given;
  if (await startsAsWorker(path, { version: mediasoup.version, env, signal })) return { path };
  const refusal = 'MEDIASOUP_WORKER_BIN names a file that does not start as a media worker.';
  report(refusal);
  return { refusal };
}

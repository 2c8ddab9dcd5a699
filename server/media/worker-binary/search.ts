import { mkdir } from 'node:fs/promises';
import type { Mediasoup } from './mediasoup-package.ts';

/** The ways a worker gets onto a machine, in the order in which they are tried. */
export type Way = 'environment' | 'package' | 'cache' | 'download' | 'build';

/** How far the search is: `step` is a sentence for people, `done` of `total` a count of whatever the step counts. */
export type WorkerBinaryProgress = { way: Way; step: string; done?: number; total?: number };

/** A media worker that was started once to see that it runs, or one sentence that names what to do. */
export type WorkerBinary = { ok: true; path: string; way: Way } | { ok: false; reason: string };

/** What every way gets to work with. `folder` is where cached workers lie, `cachedWorker` the one that fits. */
export type Search = {
  env: NodeJS.ProcessEnv;
  folder: string;
  cachedWorker: string;
  mediasoup: Mediasoup;
  report: (step: string, done?: number, total?: number) => void;
  signal: AbortSignal;
};

/** A worker that really starts, or a sentence that says why this way has none. */
export type Attempt = { path: string } | { refusal: string };

/** Makes the cache folder; the answer is a refusal when it cannot be had. */
export async function openCacheFolder({ folder }: Search): Promise<{ refusal: string } | undefined> {
  try {
    await mkdir(folder, { recursive: true });
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      refusal: `Set XDG_CACHE_HOME to a folder that can be written, for the media worker to be kept in (${why}).`,
    };
  }
}

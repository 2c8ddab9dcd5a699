import { fromBuild } from './from-build.ts';
import { fromCache } from './cache.ts';
import { fromDownload } from './from-download.ts';
import { fromEnvironment } from './from-environment.ts';
import { fromPackage } from './from-package.ts';
import type { Attempt, Search, Way, WorkerBinary, WorkerBinaryProgress } from './search.ts';

const WAYS: readonly [Way, (search: Search) => Promise<Attempt>][] = [
  ['environment', fromEnvironment],
  ['package', fromPackage],
  ['cache', fromCache],
  ['download', fromDownload],
  ['build', fromBuild],
];

/** Goes through the ways in their order; what the last one says is the reason when none works. */
export async function firstThatWorks(
  search: Omit<Search, 'report'>,
  onProgress: (progress: WorkerBinaryProgress) => void,
): Promise<WorkerBinary> {
  let reason = 'There is no way to a media worker.';
  try {
    for (const [way, attempt] of WAYS) {
      const report: Search['report'] = (step, done, total) => onProgress({ way, step, done, total });
      const result = await attempt({ ...search, report }).catch(refuseSystemError);
      if ('path' in result) return { ok: true, path: result.path, way };
      reason = result.refusal;
    }
    return { ok: false, reason };
  } catch (error) {
    if (search.signal.aborted) return { ok: false, reason: 'Start again: the search for a media worker was stopped.' };
    throw error;
  }
}

/** A full disk or a folder that may not be read ends one way only; everything else is a bug. */
function refuseSystemError(error: unknown): { refusal: string } {
  if (!(error instanceof Error) || !('syscall' in error)) throw error;
  return {
    refusal: `Make room for the media worker in the cache folder, and see that it can be written (${error.message}).`,
  };
}

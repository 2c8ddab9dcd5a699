import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Runs `use` with a folder of its own below `parent`, and removes that folder whatever happens. */
export async function withTempFolder<T>(
  parent: string,
  prefix: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(parent, prefix));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Removes what a killed process left behind: temporary folders of the prefix, a day old unless another age is given. */
export async function sweepTempFolders(parent: string, prefix: string, olderThanMs: number = DAY_MS): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(parent, name);
    const info = await stat(folder).catch(() => undefined);
    if (info === undefined || Date.now() - info.mtimeMs < olderThanMs) continue;
    // An orphaned compiler may still write there; what stays is for the next sweep.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
}

import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Patch } from './build-files/recipe.ts';

// What mediasoup's own build would leave or download there.
const NOT_COPIED = new Set(['out', 'subprojects', 'pip_invoke', 'prebuild']);

/** Copies the worker's sources, with the subprojects of ours in the place of those that would be downloaded. */
export async function copySources(workerFolder: string, subprojects: string, target: string): Promise<void> {
  await cp(workerFolder, target, {
    recursive: true,
    filter: (file) => !NOT_COPIED.has(relative(workerFolder, file).split(sep)[0] ?? ''),
  });
  await cp(subprojects, join(target, 'subprojects'), { recursive: true });
}

/** Changes the lines that have to change; the answer is the first patch whose line is not there exactly once. */
export async function applyPatches(folder: string, patches: readonly Patch[]): Promise<Patch | undefined> {
  for (const patch of patches) {
    const file = join(folder, patch.file);
    const [before, after, ...more] = (await readFile(file, 'utf8')).split(patch.from);
    if (before === undefined || after === undefined || more.length > 0) return patch;
    await writeFile(file, before + patch.to + after);
  }
  return undefined;
}

import { createHash } from 'node:crypto';
import { chmod, readdir, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Attempt, Search } from './search.ts';
import { startsAsWorker } from './starts-as-worker.ts';

export const buildFilesFolder = join(import.meta.dirname, 'build-files');

/** The project's folder in the user's cache (XDG Base Directory Specification: a relative path there counts as unset). */
export function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_CACHE_HOME'];
  return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), '.cache'), 'mostrador');
}

/** The file name of a worker that fits: another mediasoup, another kind of machine or another build is another file. */
export async function workerFileName(version: string, filesFolder: string = buildFilesFolder): Promise<string> {
  const hash = await hashOfFolder(filesFolder);
  return `mediasoup-worker-${version}-${process.platform}-${process.arch}-${hash.slice(0, 12)}`;
}

async function hashOfFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const file of files.toSorted()) {
    const content = await readFile(file);
    hash.update(`${relative(folder, file).replaceAll(sep, '/')}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

export async function fromCache({ cachedWorker, mediasoup, env, signal }: Search): Promise<Attempt> {
  const starts = await startsAsWorker(cachedWorker, { version: mediasoup.version, env, signal });
  return starts ? { path: cachedWorker } : { refusal: 'The cache has no media worker for this machine.' };
}

/** Puts a worker that was proved to start into the cache, at once and as a whole. */
export async function landInCache(file: string, { cachedWorker }: Search): Promise<Attempt> {
  await chmod(file, 0o755);
  await rename(file, cachedWorker);
  return { path: cachedWorker };
}

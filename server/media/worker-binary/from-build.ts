import { rm, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BuildLock } from './build-lock.ts';
import { mesonOptions, ninjaTarget, patches } from './build-files/recipe.ts';
import { buildFilesFolder, fromCache, landInCache } from './cache.ts';
import { findProgram, installCommand, installPackages, missingPackages } from './debian-packages.ts';
import { runCommand } from './run-command.ts';
import { openCacheFolder, type Attempt, type Search } from './search.ts';
import { startsAsWorker } from './starts-as-worker.ts';
import { sweepTempFolders, withTempFolder } from './temp-folder.ts';
import { applyPatches, copySources } from './worker-sources.ts';

const LOOK_AGAIN_MS = 500;
const GIBIBYTE = 2 ** 30;

/**
 * A build of the sources in mediasoup's npm package against the distribution's libraries: some minutes.
 * Only one process builds; others wait for it and report its progress. As root it installs what is missing.
 */
export async function fromBuild(search: Search, isRoot: boolean = process.getuid?.() === 0): Promise<Attempt> {
  const closed = await openCacheFolder(search);
  if (closed) return closed;
  const lockFile = `${search.cachedWorker}.lock`;
  for (;;) {
    const lock = BuildLock.take(lockFile);
    if (lock) {
      try {
        return await buildUnderLock(search, lock, isRoot);
      } finally {
        lock.release();
      }
    }
    const { step, done, total } = BuildLock.holder(lockFile) ?? {};
    search.report(`${step || 'Building the media worker'} (in another process)`, done, total);
    await wait(LOOK_AGAIN_MS, undefined, { signal: search.signal });
  }
}

async function buildUnderLock(search: Search, lock: BuildLock, isRoot: boolean): Promise<Attempt> {
  // It may have landed while this process waited for the lock.
  const landed = await fromCache(search);
  if ('path' in landed) return landed;

  const log: string[] = [];
  const report = (step: string, done?: number, total?: number): void => {
    lock.note({ step, done, total });
    search.report(step, done, total);
  };
  const building: Search = { ...search, report };
  const attempt = await build(building, log, isRoot);
  const logFile = `${search.cachedWorker}.log`;
  if ('path' in attempt) {
    await rm(logFile, { force: true });
    return attempt;
  }
  if (log.length === 0) return attempt;
  await writeFile(logFile, `${log.join('\n')}\n`);
  return { refusal: `${attempt.refusal.replace(/\.$/, '')}; ${logFile} has the details.` };
}

async function build(search: Search, log: string[], isRoot: boolean): Promise<Attempt> {
  const { env, folder, mediasoup, report, signal } = search;
  if (process.platform !== 'linux') {
    return { refusal: `Set MEDIASOUP_WORKER_BIN to a media worker for ${process.platform}: it cannot be built here.` };
  }
  const lacking = await getPackages(search, log, isRoot);
  if (lacking) return lacking;

  await sweepTempFolders(folder, 'build-');
  // Whatever lies there of this very worker was left by a build that was killed, since this process holds its lock.
  const prefix = `build-${basename(search.cachedWorker)}-`;
  await sweepTempFolders(folder, prefix, 0);
  return await withTempFolder(folder, prefix, async (temp) => {
    report('Preparing the sources of the media worker');
    const source = join(temp, 'worker');
    const output = join(temp, 'output');
    await copySources(mediasoup.workerFolder, join(buildFilesFolder, 'subprojects'), source);
    const stale = await applyPatches(source, patches);
    if (stale) {
      const line = `"${stale.from}" in ${stale.file}`;
      return { refusal: `Set MEDIASOUP_WORKER_BIN to a media worker: mediasoup ${mediasoup.version} lacks ${line}.` };
    }

    const options = { env: { ...env, LC_ALL: 'C', NINJA_STATUS: '[%f/%t] ' }, signal };
    const nicely = (program: string, ...args: readonly string[]): Promise<boolean> =>
      runCommand('nice', ['-n', '10', program, ...args], {
        ...options,
        onLine: (line) => {
          log.push(line);
          const [, done, total] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];
          if (done && total) report('Building the media worker', Number(done), Number(total));
        },
      });
    const built =
      (await nicely('meson', 'setup', ...mesonOptions, output, source)) &&
      (await nicely('ninja', '-C', output, '-j', String(jobs()), ninjaTarget)) &&
      (await nicely('strip', join(output, ninjaTarget)));
    const file = join(output, ninjaTarget);
    if (!built || !(await startsAsWorker(file, { version: mediasoup.version, env, signal }))) {
      return { refusal: 'Set MEDIASOUP_WORKER_BIN to a media worker: the build of one failed.' };
    }
    return await landInCache(file, search);
  });
}

/** Sees to it that everything for a build is there; the answer is a refusal when it is not. */
async function getPackages(search: Search, log: string[], isRoot: boolean): Promise<{ refusal: string } | undefined> {
  const missing = await missingPackages(search);
  if (missing.length === 0) return undefined;
  const command = installCommand(missing);
  if (!isRoot || !findProgram('apt-get', search.env)) {
    return { refusal: `Run "${command}" as root and start again: the media worker is built with these packages.` };
  }
  search.report(`Installing what the media worker is built with: ${missing.join(' ')}`);
  const installed = await installPackages(missing, { ...search, onLine: (line) => void log.push(line) });
  if (installed && (await missingPackages(search)).length === 0) return undefined;
  return { refusal: `Run "${command}" and start again: these packages could not be installed for the media worker.` };
}

/** As many compilers at once as there are processors, while every one has a gibibyte of memory. */
function jobs(): number {
  const allowed = process.constrainedMemory();
  const memory = allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
  return Math.max(1, Math.min(availableParallelism(), Math.floor(memory / GIBIBYTE)));
}

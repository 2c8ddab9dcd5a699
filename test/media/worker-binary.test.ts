import { cpSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildFilesFolder, defaultCacheDir, workerFileName } from '../../server/media/worker-binary/cache.ts';
import { fromDownload, prebuiltUrl } from '../../server/media/worker-binary/from-download.ts';
import type { WorkerBinaryProgress } from '../../server/media/worker-binary/index.ts';
import { startsAsWorker } from '../../server/media/worker-binary/starts-as-worker.ts';
import { firstThatWorks } from '../../server/media/worker-binary/ways.ts';
import { openMachine, type Machine } from './worker-binary-machine.ts';

let machine: Machine;
beforeEach(async () => {
  machine = await openMachine();
});
afterEach(() => machine.close());

describe('promise 9: the ways to a media worker', () => {
  test('are tried in their order, and a broken worker moves on to the next', async () => {
    const { env, search } = machine;
    const { cachedWorker, mediasoup } = search;
    const given = machine.worker(join(machine.root, 'given'));
    env['MEDIASOUP_WORKER_BIN'] = given;
    const packaged = machine.worker(join(mediasoup.workerFolder, 'out', 'Release', 'mediasoup-worker'));
    machine.worker(cachedWorker);
    const asked = await machine.serve(machine.archiveOf(packaged));
    machine.toolChain();

    const find = () => firstThatWorks(search, () => {});
    expect(await find()).toEqual({ ok: true, way: 'environment', path: given });
    machine.brokenWorker(given);
    expect(await find()).toEqual({ ok: true, way: 'package', path: packaged });
    machine.brokenWorker(packaged);
    expect(await find()).toEqual({ ok: true, way: 'cache', path: cachedWorker });
    expect(asked).toEqual([]);
    machine.brokenWorker(cachedWorker);
    expect(await find()).toEqual({ ok: true, way: 'download', path: cachedWorker });
    expect(machine.calls()).toEqual([]);
    expect(await find(), 'the download landed in the cache').toMatchObject({ way: 'cache' });
    rmSync(cachedWorker);
    await machine.serve(machine.archiveOf(packaged));
    expect(await find(), 'the served worker is the broken one now').toMatchObject({ way: 'build', path: cachedWorker });
    expect(await find(), 'the build landed in the cache').toMatchObject({ way: 'cache' });
  });

  test('report what they do, and say that a given worker does not start', async () => {
    machine.env['MEDIASOUP_WORKER_BIN'] = machine.brokenWorker(join(machine.root, 'given'));
    machine.toolChain();
    const progress: WorkerBinaryProgress[] = [];
    await firstThatWorks(machine.search, (step) => progress.push(step));
    expect(progress.map(({ way, step }) => `${way}: ${step}`)).toEqual([
      'environment: MEDIASOUP_WORKER_BIN names a file that does not start as a media worker.',
      'download: Looking for a ready-made media worker to download',
      'build: Preparing the sources of the media worker',
      'build: Building the media worker',
      'build: Building the media worker',
    ]);
    expect(progress.at(-1)).toMatchObject({ done: 2, total: 2 });
  });

  test('end with one sentence when the search is stopped', async () => {
    machine.stop.abort();
    expect(await firstThatWorks(machine.search, () => {})).toEqual({
      ok: false,
      reason: 'Start again: the search for a media worker was stopped.',
    });
  });
});

describe('a candidate', () => {
  test('counts only when it says on the channel that it runs', async () => {
    const { env, signal, mediasoup } = machine.search;
    const starts = (path: string) => startsAsWorker(path, { version: mediasoup.version, env, signal });
    const text = join(machine.root, 'text');
    writeFileSync(text, 'not a program');
    expect(await starts(machine.worker(join(machine.root, 'worker')))).toBe(true);
    expect(await starts(machine.brokenWorker(join(machine.root, 'broken')))).toBe(false);
    expect(await starts('/bin/true')).toBe(false);
    expect(await starts(text)).toBe(false);
    expect(await starts(machine.root)).toBe(false);
    expect(await starts(join(machine.root, 'nothing'))).toBe(false);
  });
});

describe('the download', () => {
  test('asks for the name that mediasoup publishes', async () => {
    const asked = await machine.serve(undefined);
    expect(await fromDownload(machine.search)).toHaveProperty('refusal');
    expect(asked).toHaveLength(1);
    const { version } = machine.search.mediasoup;
    expect(asked[0]).toMatch(
      new RegExp(`^/${version}/mediasoup-worker-${version}-${process.platform}-${process.arch}(-kernel\\d+)?\\.tgz$`),
    );
    expect(prebuiltUrl(machine.search.mediasoup, {})).toMatch(
      /^https:\/\/github\.com\/versatica\/mediasoup\/releases\/download\//,
    );
  });

  test('refuses what is no archive, and leaves nothing behind', async () => {
    await machine.serve(Buffer.from('<html>Please sign in to this network</html>'));
    expect(await fromDownload(machine.search)).toHaveProperty('refusal');
    expect(readdirSync(machine.search.folder)).toEqual([]);
  });

  test('gives up on a server that does not answer', async () => {
    await machine.serveSilence();
    expect(await fromDownload(machine.search, 50)).toHaveProperty('refusal');
  });

  test('is left out when mediasoup is told to leave it out', async () => {
    const asked = await machine.serve(undefined);
    machine.env['MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD'] = 'true';
    expect(await fromDownload(machine.search)).toHaveProperty('refusal');
    expect(asked).toEqual([]);
  });
});

describe('the cache', () => {
  test('has another place for another version and for other build files', async () => {
    const files = join(machine.root, 'build-files');
    cpSync(buildFilesFolder, files, { recursive: true });
    const name = await workerFileName('3.0.0');
    const nameNow = () => workerFileName('3.0.0', files);
    expect(await nameNow(), 'the same files elsewhere').toBe(name);
    expect(await workerFileName('3.0.1')).not.toBe(name);

    const header = join(files, 'subprojects', 'libsrtp3', 'include', 'srtp.h');
    const names = [name];
    writeFileSync(header, '// changed', { flag: 'a' });
    names.push(await nameNow());
    renameSync(header, `${header}pp`);
    names.push(await nameNow());
    writeFileSync(join(files, 'one-more'), '');
    names.push(await nameNow());
    expect(new Set(names).size).toBe(names.length);
  });

  test("lies in the user's cache folder", () => {
    expect(defaultCacheDir({ XDG_CACHE_HOME: '/somewhere' })).toBe('/somewhere/mostrador');
    expect(defaultCacheDir({ XDG_CACHE_HOME: 'relative' })).toMatch(/^\/.*\/\.cache\/mostrador$/);
    expect(defaultCacheDir({})).toMatch(/\/\.cache\/mostrador$/);
  });
});

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { patches } from '../../server/media/worker-binary/build-files/recipe.ts';
import { fromBuild } from '../../server/media/worker-binary/from-build.ts';
import { findMediasoup } from '../../server/media/worker-binary/mediasoup-package.ts';
import { firstThatWorks } from '../../server/media/worker-binary/ways.ts';
import { applyPatches } from '../../server/media/worker-binary/worker-sources.ts';
import { openMachine, type Machine } from './worker-binary-machine.ts';

const EVERY_PACKAGE =
  'g++ meson ninja-build pkg-config libuv1-dev libssl-dev libsrtp2-dev libflatbuffers-dev flatbuffers-compiler libabsl-dev';

let machine: Machine;
beforeEach(async () => {
  machine = await openMachine();
});
afterEach(() => machine.close());

/** A pipe by which a program on the machine and the test wait for each other. */
function openPipe(name: string): { path: string; write: () => Promise<void>; read: () => Promise<string> } {
  const path = join(machine.root, name);
  execFileSync('mkfifo', [path]);
  return { path, write: () => writeFile(path, 'go\n'), read: () => readFile(path, 'utf8') };
}

/** Whether the process does more than wait for its parent to take note of its end. */
function isRunning(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
}

/** Resolves when a report, past or to come, has the words. */
function reported(words: string): Promise<void> {
  return new Promise((resolve) => {
    const { report } = machine.search;
    machine.search.report = (step, done, total) => {
      report(step, done, total);
      if (`${step} ${done}`.includes(words)) resolve();
    };
  });
}

describe('a build', () => {
  test('lands stripped and as a whole, and leaves nothing but the worker', async () => {
    machine.toolChain();
    const { cachedWorker, folder } = machine.search;
    expect(await fromBuild(machine.search)).toEqual({ path: cachedWorker });
    expect(readdirSync(folder)).toEqual([cachedWorker.slice(folder.length + 1)]);
    const calls = machine.calls().filter((call) => /^(meson|ninja|strip)/.test(call));
    expect(calls.map((call) => call.split(' ')[0])).toEqual(['meson', 'ninja', 'strip']);
  });

  test('that fails says where its log is', async () => {
    machine.toolChain('echo "error: no such thing" >&2\nexit 1');
    const { cachedWorker } = machine.search;
    const attempt = await fromBuild(machine.search);
    expect(attempt).toEqual({
      refusal: `Set MEDIASOUP_WORKER_BIN to a media worker: the build of one failed; ${cachedWorker}.log has the details.`,
    });
    expect(readFileSync(`${cachedWorker}.log`, 'utf8')).toContain('error: no such thing');
    expect(existsSync(cachedWorker)).toBe(false);
  });

  test('whose result does not start is not kept', async () => {
    machine.toolChain();
    machine.brokenWorker(join(machine.root, 'built'));
    expect(await fromBuild(machine.search)).toHaveProperty('refusal');
    expect(existsSync(machine.search.cachedWorker)).toBe(false);
  });

  test('that is stopped ends the compilers and leaves nothing', async () => {
    const gate = openPipe('gate');
    const started = openPipe('started');
    machine.toolChain(`sh -c 'echo $$ > ${started.path}; read line < ${gate.path}'`);
    const found = firstThatWorks(machine.search, () => {});
    const compiler = Number(await started.read());
    machine.stop.abort();
    expect(await found).toMatchObject({ ok: false });
    expect(isRunning(compiler)).toBe(false);
    expect(readdirSync(machine.search.folder)).toEqual([]);
  });
});

describe('two builds at once', () => {
  test('are one: the second shows the progress of the first and gets its worker', async () => {
    const gate = openPipe('gate');
    machine.toolChain(`read line < ${gate.path}`);
    const started = reported('Building the media worker 1');
    const waiting = reported('(in another process) 1');
    const first = fromBuild(machine.search);
    await started;
    const second = fromBuild(machine.search);
    await waiting;
    await gate.write();
    const path = machine.search.cachedWorker;
    expect(await Promise.all([first, second])).toEqual([{ path }, { path }]);
    expect(machine.calls().filter((call) => call.startsWith('ninja'))).toHaveLength(1);
  });

  test('where the first fails: the second tries for itself', async () => {
    const gate = openPipe('gate');
    machine.toolChain(
      `[ -e ${machine.root}/second ] || { > ${machine.root}/second; read line < ${gate.path}; exit 1; }`,
    );
    const started = reported('Building the media worker 1');
    const waiting = reported('(in another process) 1');
    const first = fromBuild(machine.search);
    await started;
    const second = fromBuild(machine.search);
    await waiting;
    await gate.write();
    expect(await first).toHaveProperty('refusal');
    expect(await second).toEqual({ path: machine.search.cachedWorker });
  });

  test('where the owner of the lock is dead: the build is taken over and its leftovers go', async () => {
    machine.toolChain();
    const { cachedWorker, folder } = machine.search;
    const dead = spawn('true');
    await once(dead, 'exit');
    const note = { id: 'a', pid: dead.pid, host: hostname(), step: 'Building the media worker' };
    writeFileSync(`${cachedWorker}.lock`, JSON.stringify(note));
    const leftover = `build-${cachedWorker.slice(folder.length + 1)}-abcdef`;
    mkdirSync(join(folder, leftover));
    expect(await fromBuild(machine.search)).toEqual({ path: cachedWorker });
    expect(machine.reports.some((report) => report.includes('another process'))).toBe(false);
    expect(readdirSync(folder)).toEqual([cachedWorker.slice(folder.length + 1)]);
  });

  test('where the owner has been silent for long: the build is taken over', async () => {
    machine.toolChain();
    const lock = `${machine.search.cachedWorker}.lock`;
    writeFileSync(lock, JSON.stringify({ id: 'a', pid: process.pid, host: 'elsewhere', step: '' }));
    const aMinuteAgo = Date.now() / 1000 - 60;
    utimesSync(lock, aMinuteAgo, aMinuteAgo);
    expect(await fromBuild(machine.search)).toEqual({ path: machine.search.cachedWorker });
  });
});

describe('the packages of a build', () => {
  test('are named in one sentence where they cannot be installed', async () => {
    machine.env['PATH'] = join(machine.root, 'tools');
    machine.program('apt-get');
    expect(await fromBuild(machine.search, false)).toEqual({
      refusal:
        `Run "apt-get install --no-install-recommends ${EVERY_PACKAGE}" as root and start again: ` +
        'the media worker is built with these packages.',
    });
    expect(machine.calls()).toEqual([]);
    machine.removeProgram('apt-get');
    expect(await fromBuild(machine.search, true), 'root without apt').toHaveProperty('refusal');
  });

  test('only those that lack are named', async () => {
    machine.toolChain();
    machine.program('pkg-config', '#!/bin/sh\n[ "$2" != libsrtp2 ]\n');
    const attempt = await fromBuild(machine.search, false);
    expect(attempt).toEqual({ refusal: expect.stringContaining('recommends libsrtp2-dev" as root') });
  });

  test('are installed by root', async () => {
    machine.toolChain();
    const has = join(machine.root, 'has-libuv');
    machine.program('pkg-config', `#!/bin/sh\n[ "$2" != libuv ] || [ -e ${has} ]\n`);
    machine.program('apt-get', `#!/bin/sh\ncase "$*" in *install*libuv1-dev) > ${has} ;; esac\n`);
    expect(await fromBuild(machine.search, true)).toEqual({ path: machine.search.cachedWorker });
    expect(machine.calls().filter((call) => call.startsWith('apt-get'))).toEqual([
      'apt-get -o DPkg::Lock::Timeout=120 update',
      'apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends libuv1-dev',
    ]);
    expect(machine.reports).toContain('Installing what the media worker is built with: libuv1-dev');
  });

  test('that apt-get cannot bring are named', async () => {
    machine.toolChain();
    machine.program('pkg-config', '#!/bin/sh\n[ "$2" != libuv ]\n');
    machine.program('apt-get', '#!/bin/sh\necho "E: Unable to fetch" >&2\nexit 100\n');
    const attempt = await fromBuild(machine.search, true);
    expect(attempt).toEqual({ refusal: expect.stringContaining('recommends libuv1-dev" and start again') });
    expect(readFileSync(`${machine.search.cachedWorker}.log`, 'utf8')).toContain('E: Unable to fetch');
  });
});

describe.each(patches.map((patch) => [patch.file, patch] as const))('the changed line of %s', (_file, patch) => {
  const file = () => join(machine.search.mediasoup.workerFolder, patch.file);

  test('is there once in the installed mediasoup, and is changed', async () => {
    const original = readFileSync(join((await findMediasoup()).workerFolder, patch.file), 'utf8');
    expect(original.split(patch.from)).toHaveLength(2);
    expect(await applyPatches(machine.search.mediasoup.workerFolder, [patch])).toBe(undefined);
    expect(readFileSync(file(), 'utf8')).toBe(original.replace(patch.from, patch.to));
  });

  test.each([
    ['missing', ''],
    ['there twice', `${patch.from} ${patch.from}`],
  ])('ends the build before it begins when it is %s', async (_name, instead) => {
    machine.toolChain();
    writeFileSync(file(), readFileSync(file(), 'utf8').replace(patch.from, instead));
    const { version } = machine.search.mediasoup;
    expect(await fromBuild(machine.search)).toEqual({
      refusal: `Set MEDIASOUP_WORKER_BIN to a media worker: mediasoup ${version} lacks "${patch.from}" in ${patch.file}.`,
    });
    expect(machine.calls().some((call) => call.startsWith('ninja'))).toBe(false);
  });
});

describe('promise 9: the command', () => {
  const cli = join(import.meta.dirname, '..', '..', 'server', 'media', 'worker-binary', 'cli.ts');
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  function run() {
    machine.env['MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD'] = 'true';
    const child = spawn(process.execPath, [cli], { env: machine.env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    const out: string[] = [];
    const err: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => out.push(line));
    const lines = createInterface({ input: child.stderr }).on('line', (line) => err.push(line));
    return {
      child,
      out,
      err,
      closed: once(child, 'close'),
      said: (words: string) =>
        new Promise<void>((resolve) => lines.on('line', (line: string) => line.includes(words) && resolve())),
    };
  }

  test('prints its progress apart and the path alone', async () => {
    machine.toolChain();
    const { closed, out, err } = run();
    expect(await closed).toEqual([0, null]);
    expect(out).toEqual([machine.search.cachedWorker]);
    expect(err).toEqual([
      'Preparing the sources of the media worker',
      'Building the media worker: 50 %',
      'Building the media worker: 100 %',
    ]);
  });

  test('ends with 1 and the sentence when there is no worker to be had', async () => {
    machine.env['PATH'] = join(machine.root, 'tools');
    const { closed, out, err } = run();
    expect(await closed).toEqual([1, null]);
    expect(out).toEqual([]);
    expect(err).toEqual([expect.stringContaining(`apt-get install --no-install-recommends ${EVERY_PACKAGE}`)]);
  });

  test('stops its build on SIGTERM', async () => {
    const gate = openPipe('gate');
    machine.toolChain(`read line < ${gate.path}`);
    const { child, closed, said } = run();
    await said('50 %');
    child.kill('SIGTERM');
    expect(await closed).toEqual([1, null]);
    expect(readdirSync(machine.search.folder)).toEqual([]);
  });

  test('goes on in another process after it was killed in the middle', async () => {
    const gate = openPipe('gate');
    machine.toolChain(`read line < ${gate.path}`);
    const first = run();
    await first.said('50 %');
    const second = run();
    await second.said('(in another process): 50 %');
    // With its reader gone the orphaned ninja ends by itself at its next line, so it is let go on first.
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    await gate.write();
    await second.said('Preparing the sources');
    await gate.write();
    expect(await second.closed).toEqual([0, null]);
    expect(second.out).toEqual([machine.search.cachedWorker]);
  });
});

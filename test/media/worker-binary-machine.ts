import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { patches } from '../../server/media/worker-binary/build-files/recipe.ts';
import { workerFileName } from '../../server/media/worker-binary/cache.ts';
import { findMediasoup, type Mediasoup } from '../../server/media/worker-binary/mediasoup-package.ts';
import type { Search } from '../../server/media/worker-binary/search.ts';

/** Says what a worker says first, its process id on the channel, and then stays. */
const WORKER = '#!/bin/sh\nprintf "%s" "$$" >&4\nexec sleep 60\n';
const BROKEN = '#!/bin/sh\nexit 127\n';
const YES = '#!/bin/sh\nexit 0\n';

/** A small machine for the search: its own folders, its own PATH, and programs that a build would find there. */
export type Machine = Awaited<ReturnType<typeof openMachine>>;

export async function openMachine() {
  const root = mkdtempSync(join(tmpdir(), 'mostrador-worker-'));
  const tools = join(root, 'tools');
  const cacheDir = join(root, 'cache', 'mostrador');
  const folder = join(cacheDir, 'media-worker');
  const real = await findMediasoup();
  const mediasoup: Mediasoup = { ...real, workerFolder: join(root, 'mediasoup', 'worker') };
  for (const { file } of patches) {
    mkdirSync(dirname(join(mediasoup.workerFolder, file)), { recursive: true });
    cpSync(join(real.workerFolder, file), join(mediasoup.workerFolder, file));
  }
  const cachedWorker = join(folder, await workerFileName(mediasoup.version));
  mkdirSync(tools);
  mkdirSync(folder, { recursive: true });
  const env: NodeJS.ProcessEnv = {
    PATH: `${tools}:/usr/bin:/bin`,
    HOME: root,
    XDG_CACHE_HOME: dirname(cacheDir),
    // Nothing listens there, so no test ever leaves the machine.
    MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: 'http://127.0.0.1:1',
  };
  const servers: Server[] = [];
  const stop = new AbortController();
  const reports: string[] = [];

  const search: Search = {
    env,
    folder,
    cachedWorker,
    mediasoup,
    signal: stop.signal,
    report: (step, done) => void reports.push(done === undefined ? step : `${step} ${done}`),
  };

  return {
    root,
    env,
    search,
    stop,
    reports,
    logFile: join(root, 'calls.log'),
    calls: (): string[] => lines(join(root, 'calls.log')),

    /** A program on the PATH that writes down its call before it does what it is for. */
    program(name: string, body: string = YES): void {
      const body2 = body.replace('#!/bin/sh\n', `#!/bin/sh\necho "${name} $*" >> ${join(root, 'calls.log')}\n`);
      writeFileSync(join(tools, name), body2, { mode: 0o755 });
    },
    removeProgram: (name: string): void => rmSync(join(tools, name)),

    worker: (file: string): string => write(file, WORKER),
    brokenWorker: (file: string): string => write(file, BROKEN),

    /** A tool chain whose ninja builds the worker above in two steps, with `between` (shell) done between them. */
    toolChain(between: string = ''): void {
      const built = write(join(root, 'built'), WORKER);
      for (const name of ['c++', 'flatc', 'pkg-config', 'strip']) this.program(name);
      this.program('meson', '#!/bin/sh\nwhile [ $# -gt 2 ]; do shift; done\nmkdir "$1"\n');
      this.program(
        'ninja',
        `#!/bin/sh\necho "[1/2] one"\n${between}\ncp ${built} "$2/mediasoup-worker"\necho "[2/2] two"\n`,
      );
    },

    /** Serves the bytes as the ready-made worker; `undefined` is answered with 404. Says which paths were asked for. */
    async serve(bytes: Buffer | undefined): Promise<string[]> {
      const asked: string[] = [];
      const server = createServer((request, response) => {
        asked.push(request.url ?? '');
        response.writeHead(bytes ? 200 : 404).end(bytes);
      });
      servers.push(server);
      env['MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL'] = await listen(server);
      return asked;
    },

    /** A server that takes the connection and never answers. */
    async serveSilence(): Promise<void> {
      const server = createServer(() => {});
      servers.push(server);
      env['MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL'] = await listen(server);
    },

    archiveOf: (file: string): Buffer => execFileSync('tar', ['-cz', '-C', dirname(file), basename(file)]),

    async close(): Promise<void> {
      stop.abort();
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}`;
}

function write(file: string, body: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, body, { mode: 0o755 });
  return file;
}

function lines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

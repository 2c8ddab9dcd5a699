import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
/** What `npm start` runs. */
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };
const STARTED = scripts.start.split(' ').slice(2);
/** The server is compiled once for all of its starts. */
const compiled = join(tmpdir(), 'mostrador-test-compiled');

export type TestServer = {
  origin: string;
  password: string;
  email: string;
  dataDir: string;
  pid: number;
  /** What it printed so far. */
  output(): string;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** kill -9. */
  kill(): Promise<void>;
  /** The same data and port again, after `stop` or `kill`. */
  restart(args?: string[]): Promise<TestServer>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
};

/** Data that is there before the first start, and the admin's password in it. */
export type PreparedData = { dataDir: string; password: string };

export function newDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'mostrador-test-'));
}

/** The real program, in a process of its own with data of its own, on a free port. */
export async function startServer(env: Record<string, string> = {}, prepared?: PreparedData): Promise<TestServer> {
  const { dataDir = newDataDir(), password = null } = prepared ?? {};
  return await launch(dataDir, { PORT: '0', ...env }, password);
}

async function launch(
  dataDir: string,
  env: Record<string, string>,
  password: string | null,
  args: string[] = [],
): Promise<TestServer> {
  const child = spawn(process.execPath, [...STARTED, ...args], {
    cwd: root,
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: compiled,
      DATA_DIR: dataDir,
      MEDIA_PORT: '0',
      MEDIA_WORKERS: '1',
      DRAIN_SECONDS: '0',
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const opened = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const origin = /Console\s+(http\S+)\/console\//.exec(output)?.[1];
      if (origin && output.includes('Sign in as')) resolve(origin);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`The server ended with ${code} before it opened:\n${output}`)));
  });
  const origin = await opened;
  const shown = /Sign in as\s+(\S+) with the password (\S+) \(shown/.exec(output);
  const pid = child.pid ?? 0;
  const secret = shown?.[2] ?? password;
  if (!secret) throw new Error(`The server printed no password:\n${output}`);
  return {
    origin,
    password: secret,
    email: 'admin@localhost',
    dataDir,
    pid,
    output: () => output,
    stop: async () => await end(child, 'SIGTERM'),
    kill: async () => void (await end(child, 'SIGKILL')),
    restart: async (more) => await launch(dataDir, { ...env, PORT: new URL(origin).port }, secret, more),
    remove: async () => {
      await end(child, 'SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The processes of its media workers. */
export function workersOf({ pid }: Pick<TestServer, 'pid'>): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  return children.filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('mediasoup-worker'));
}

/** Resolves when calls can be made. */
export async function mediaReady({ origin }: Pick<TestServer, 'origin'>): Promise<void> {
  for (;;) {
    const { media } = (await (await fetch(`${origin}/healthz`)).json()) as { media: { status: string } };
    if (media.status === 'ready') return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  const [code] = (await exited) as [number | null];
  return code;
}

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

const VERSIONS = '/usr/lib/postgresql';
const INSTALL = 'apt-get install -y --no-install-recommends postgresql';

export type PostgresServer = {
  /** The maintenance database, as its superuser. */
  url: string;
  pid: number;
  /** Ends it as `how` says (SIGINT: at once, but in order), with its data kept. */
  stop(how?: NodeJS.Signals): Promise<void>;
  /** The same data and port again. */
  start(): Promise<void>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
};

function programs(): string | null {
  if (!existsSync(VERSIONS)) return null;
  const newest = readdirSync(VERSIONS).toSorted((a, b) => Number(b) - Number(a));
  return newest.map((version) => join(VERSIONS, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb'))) ?? null;
}

/** As root on Debian it is installed; otherwise one sentence says what to do. */
export function ensurePostgres(): { ok: true; bin: string } | { ok: false; reason: string } {
  const found = programs();
  if (found) return { ok: true, bin: found };
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing PostgreSQL for the storage tests …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('sh', ['-c', `apt-get update -qq; ${INSTALL}`], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const installed = programs();
  if (installed) return { ok: true, bin: installed };
  return { ok: false, reason: `The storage tests need PostgreSQL's server programs: sudo ${INSTALL}.` };
}

/** A PostgreSQL server of the test's own: data in a folder of its own, on a free port of 127.0.0.1. */
export async function startPostgres(): Promise<PostgresServer> {
  const ensured = ensurePostgres();
  if (!ensured.ok) throw new Error(ensured.reason);
  const { bin } = ensured;
  const dir = mkdtempSync(join(tmpdir(), 'mostrador-postgres-'));
  const as = unprivileged();
  if (as) chownSync(dir, as.uid, as.gid);
  const data = join(dir, 'data');
  const made = spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...as,
    cwd: dir,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  let child: ChildProcess | null = null;

  const server: PostgresServer = {
    url: `postgres://test@127.0.0.1:${port}/postgres`,
    get pid() {
      return child?.pid ?? 0;
    },
    async start() {
      const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${dir}`];
      child = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...settings], {
        ...as,
        cwd: dir,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      await answers(server.url, child);
    },
    async stop(how = 'SIGINT') {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(how);
      await ended;
    },
    async remove() {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string): number => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  while (child.exitCode === null) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      return await client.end();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error(`PostgreSQL ended before it answered:\n${said}`);
}

/** The address of a database of that name, made where it is missing. */
export async function databaseOn(url: string, name: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const known = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (known.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

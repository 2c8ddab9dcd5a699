import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCoturn } from '../installed.ts';
import { freePort } from './free-port.ts';

export type Coturn = {
  address: string;
  port: number;
  secret: string;
  /** What it has written to its log so far. */
  log(): string;
  close(): Promise<void>;
};

/** Debian's coturn as the README has it set up, on an address of its own and without files outside a temporary folder. */
export async function startCoturn({ address = '127.0.0.9' } = {}): Promise<Coturn> {
  const turnserver = ensureCoturn();
  if (!turnserver.ok) throw new Error(turnserver.reason);
  const folder = mkdtempSync(join(tmpdir(), 'mostrador-coturn-'));
  const port = await freePort(address);
  const secret = 'the secret of the tests, long enough';
  const settings = [
    'use-auth-secret',
    `static-auth-secret=${secret}`,
    'realm=turn.example.com',
    `listening-ip=${address}`,
    `listening-port=${port}`,
    `relay-ip=${address}`,
    // The media worker of a test is on this machine.
    'allow-loopback-peers',
    'no-cli',
    'no-tls',
    'no-dtls',
    'verbose',
    'log-file=stdout',
    `pidfile=${join(folder, 'pid')}`,
    `userdb=${join(folder, 'db')}`,
  ];
  const file = join(folder, 'turnserver.conf');
  writeFileSync(file, settings.join('\n'));
  const child = spawn(turnserver.path, ['-c', file], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let log = '';
  const opened = new Promise<void>((resolve) => {
    const read = (chunk: Buffer): void => {
      log += chunk.toString();
      if (/TCP listener opened on/.test(log) && /UDP listener opened on/.test(log)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  await Promise.race([
    opened,
    ended.then(() => {
      throw new Error(`coturn did not start:\n${log}`);
    }),
  ]);
  return {
    address,
    port,
    secret,
    log: () => log,
    async close() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { startServer } from '../support/server.ts';
import { figure, type Benchmark } from './figure.ts';

const ROUNDS = 7;
const BARE = `
  const { Hono } = await import('hono');
  const { serve } = await import('@hono/node-server');
  const app = new Hono().get('/healthz', (c) => c.json({}));
  serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' });
`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Milliseconds from the start of a process to its first 200 at /healthz. */
async function untilHealthy(args: string[], env: Record<string, string>): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env, PORT: String(port) }, stdio: 'ignore' });
  const exited = once(child, 'exit');
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
    if (response?.ok) break;
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const took = performance.now() - began;
  child.kill('SIGTERM');
  await exited;
  return took;
}

/** The second start: everything is built, the database exists. */
export const startBenchmark: Benchmark = {
  names: ['start_ms'],
  run: async () => {
    const server = await startServer();
    await server.stop();
    const env = { DATA_DIR: server.dataDir, MEDIA_PORT: '0', MEDIA_WORKERS: '1' };
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await untilHealthy(['server/main.ts'], env));
      bare.push(await untilHealthy(['--input-type=module', '-e', BARE], {}));
    }
    await server.remove();
    return [figure('start_ms', 'ms', { ours, bare }, 'second start to /healthz 200, beside a bare Hono server')];
  },
};

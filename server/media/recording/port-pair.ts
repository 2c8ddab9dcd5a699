import { createSocket, type Socket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** Ports given to a process that has not bound them yet. */
const promised = new Set<number>();
const ATTEMPTS = 50;
const LOOK_EVERY_MS = 15;

export type PortPair = { rtp: number; release(): void };

/** An even UDP port on the loopback, free together with the next one: ffmpeg wants one for RTP and one for RTCP. */
export async function takePortPair(): Promise<PortPair> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const first = await bound(0);
    const port = first?.address().port ?? 0;
    const second = first && port % 2 === 0 && !promised.has(port) ? await bound(port + 1) : null;
    // Taken before the sockets are closed, so that two who look at the same time find different ones.
    if (second) promised.add(port);
    await Promise.all([first, second].map(async (socket) => socket && (await closed(socket))));
    if (second) return { rtp: port, release: () => void promised.delete(port) };
  }
  throw new Error('no free pair of UDP ports on the loopback');
}

/** Resolves when somebody listens on a UDP port of the loopback; false when nobody does within `timeoutMs`. */
export async function listens(
  port: number,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<boolean> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  const until = performance.now() + timeoutMs;
  while (performance.now() < until && !signal.aborted) {
    const table = await readFile('/proc/net/udp', 'latin1');
    if (table.split('\n').some((line) => line.slice(0, 25).includes(wanted))) return true;
    await pause(LOOK_EVERY_MS);
  }
  return false;
}

async function bound(port: number): Promise<Socket | null> {
  const socket = createSocket('udp4');
  return await new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(null);
    });
    socket.bind({ address: '127.0.0.1', port, exclusive: true }, () => resolve(socket));
  });
}

async function closed(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => socket.close(() => resolve()));
}

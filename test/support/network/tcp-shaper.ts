import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** One direction. `bytesPerSecond` Infinity: as fast as it goes. Times in milliseconds, one way. */
export type Lane = { bytesPerSecond: number; delay: number };

export type TcpShaper = {
  port: number;
  /** Where connections go; those that are open stay. */
  target: { host: string; port: number };
  up: Lane;
  down: Lane;
  /** Cuts every connection, as a lost network does. */
  cut(): void;
  close(): Promise<void>;
};

/** As much as a small router holds back; a sender that has more waits. */
const QUEUE_BYTES = 32 * 1024;
const SLICE_BYTES = 1_400;
const OPEN: Lane = { bytesPerSecond: Infinity, delay: 0 };

/** A slow network in this process: what comes in on a port of 127.0.0.1 goes to the target, slowly and late. */
export async function openTcpShaper(
  options: Partial<Pick<TcpShaper, 'target' | 'up' | 'down'>> = {},
): Promise<TcpShaper> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ ...shaper.target, noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    carry(near, far, () => shaper.up);
    carry(far, near, () => shaper.down);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const shaper: TcpShaper = {
    port: (server.address() as AddressInfo).port,
    target: options.target ?? { host: '127.0.0.1', port: 1 },
    up: options.up ?? OPEN,
    down: options.down ?? OPEN,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      shaper.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return shaper;
}

/** Chunks leave `from` at the lane's rate and arrive after its delay, in order. */
function carry(from: Socket, to: Socket, lane: () => Lane): void {
  let freeAt = 0;
  let queued = 0;
  const underWay: Buffer[] = [];
  from.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.byteLength; at += SLICE_BYTES) {
      const slice = chunk.subarray(at, at + SLICE_BYTES);
      const { bytesPerSecond, delay } = lane();
      const now = performance.now();
      freeAt = Math.max(freeAt, now) + (slice.byteLength / bytesPerSecond) * 1_000;
      queued += slice.byteLength;
      // Queued is what has not left; what is under way does not take room in the queue.
      setTimeout(() => {
        queued -= slice.byteLength;
        if (queued < QUEUE_BYTES) from.resume();
      }, freeAt - now);
      underWay.push(slice);
      // Whichever timer comes first: a stream has one order, and timers are only right to the millisecond.
      setTimeout(
        () => {
          const next = underWay.shift();
          if (next && to.writable) to.write(next);
        },
        freeAt - now + delay,
      );
    }
    if (queued >= QUEUE_BYTES) from.pause();
  });
  from.on('end', () => setTimeout(() => to.end(), Math.max(0, freeAt - performance.now()) + lane().delay + 5));
}

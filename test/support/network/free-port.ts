import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that is free for UDP and TCP on all of these addresses, for what must know it before it listens. */
export async function freePort(...addresses: string[]): Promise<number> {
  for (;;) {
    const port = await takeAny(addresses[0] ?? '127.0.0.1');
    const free = await Promise.all(addresses.map(async (address) => await isFree(address, port)));
    if (free.every(Boolean)) return port;
  }
}

async function takeAny(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const at = server.address();
  server.close();
  await once(server, 'close');
  if (at === null || typeof at === 'string') throw new Error('no port');
  return at.port;
}

async function isFree(address: string, port: number): Promise<boolean> {
  const udp = createSocket('udp4');
  const tcp = createServer();
  try {
    udp.bind(port, address);
    await once(udp, 'listening');
    tcp.listen(port, address);
    await once(tcp, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    udp.close();
    if (tcp.listening) tcp.close();
  }
}

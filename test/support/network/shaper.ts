import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { FINE, Line, type Conditions } from './conditions.ts';

export type Place = { address: string; port: number };

/**
 * A network in user space: what comes to `at` by UDP and TCP goes on to `to`, as the conditions of the moment allow, and
 * back. Each client has a socket of its own towards `to`, as behind a router.
 */
export class Shaper {
  readonly at: Place;
  readonly #to: Place;
  readonly #udp: UdpSocket;
  readonly #tcp: Server;
  readonly #mapped = new Map<string, UdpSocket>();
  readonly #streams = new Set<Socket>();
  readonly #lines = { up: new Line(), down: new Line() };
  /** Streams that wait for the cut to end. */
  #waiting: (() => void)[] = [];
  #conditions: Conditions = FINE;
  #closed = false;
  /** Datagrams and stream chunks that have passed, both ways. */
  readonly passed = { udp: 0, tcp: 0 };

  static async open(at: Place, to: Place): Promise<Shaper> {
    const udp = createSocket({ type: 'udp4', recvBufferSize: 1 << 20, sendBufferSize: 1 << 20 });
    udp.bind(at.port, at.address);
    await once(udp, 'listening');
    const tcp = createServer().listen(at.port, at.address);
    await once(tcp, 'listening');
    return new Shaper(at, to, udp, tcp);
  }

  private constructor(at: Place, to: Place, udp: UdpSocket, tcp: Server) {
    this.at = at;
    this.#to = to;
    this.#udp = udp;
    this.#tcp = tcp;
    udp.on('message', (data, from) => this.#up(data, from));
    udp.on('error', () => {});
    tcp.on('connection', (socket) => this.#pipe(socket));
  }

  /** From now on. What is not named is fine. */
  become(conditions: Partial<Conditions>): void {
    this.#conditions = { ...FINE, ...conditions };
    if (!this.#conditions.tcp) for (const socket of this.#streams) socket.destroy();
    if (this.#conditions.cut) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#udp.close();
    for (const socket of this.#mapped.values()) socket.close();
    for (const socket of this.#streams) socket.destroy();
    this.#tcp.close();
    await once(this.#tcp, 'close');
  }

  #up(data: Buffer, from: RemoteInfo): void {
    const { from: allowed } = this.#conditions;
    if (allowed && !allowed.includes(from.address)) return;
    const upstream = this.#upstreamOf(from);
    this.#datagram('up', data, () => upstream.send(data, this.#to.port, this.#to.address));
  }

  #upstreamOf(client: RemoteInfo): UdpSocket {
    const key = `${client.address}:${client.port}`;
    const known = this.#mapped.get(key);
    if (known) return known;
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
    this.#mapped.set(key, socket);
    socket.on('error', () => {});
    socket.on('message', (data) => {
      this.#datagram('down', data, () => this.#udp.send(data, client.port, client.address));
    });
    return socket;
  }

  #datagram(way: 'up' | 'down', data: Buffer, send: () => void): void {
    const { udp, cut, loss } = this.#conditions;
    if (!udp || cut || Math.random() < loss) return;
    const now = performance.now();
    const at = this.#lines[way].passes(data.length, now, this.#conditions, true);
    if (at === null) return;
    const go = (): void => {
      if (this.#closed) return;
      this.passed.udp += 1;
      send();
    };
    if (at - now < 0.5) go();
    else setTimeout(go, at - now);
  }

  #pipe(client: Socket): void {
    const { tcp, from } = this.#conditions;
    if (!tcp || (from && !from.includes(client.remoteAddress ?? ''))) return void client.destroy();
    const server = connect(this.#to.port, this.#to.address);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      this.#streams.add(socket);
      socket.on('close', () => this.#streams.delete(socket));
    }
    this.#flow('up', client, server);
    this.#flow('down', server, client);
  }

  /** In order; whoever sends faster than the line is held back. */
  #flow(way: 'up' | 'down', from: Socket, to: Socket): void {
    let order = Promise.resolve();
    const inOrder = (act: () => void): void => void (order = order.then(act).catch(() => {}));
    from.on('data', (data) => {
      const now = performance.now();
      const at = this.#lines[way].passes(data.length, now, this.#conditions, false) ?? now;
      from.pause();
      const waited = new Promise<void>((resolve) => setTimeout(resolve, at - now));
      order = order.then(async () => await waited).then(async () => await this.#untilWhole());
      inOrder(() => {
        this.passed.tcp += 1;
        to.write(data);
      });
      // Delay alone holds nobody back, a narrow line does.
      setTimeout(() => from.resume(), Math.max(0, at - now - this.#conditions.delayMs));
    });
    from.on('close', () => inOrder(() => void to.destroy()));
  }

  async #untilWhole(): Promise<void> {
    if (!this.#conditions.cut) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { ClientFrame, Hello } from '../../server/protocol/from-client.ts';
import type { ServerFrame, Welcome } from '../../server/protocol/from-server.ts';
import { PROTOCOL_VERSION } from '../../server/protocol/limits.ts';
import type { TestServer } from './server.ts';

/** Where a wire is opened: a server in a process of its own, or one in this process. */
export type Door = Pick<TestServer, 'origin'>;

/** A client of the wire for tests: sends what it is told, also what no browser of ours would. */
export class Wire {
  readonly frames: ServerFrame[] = [];
  readonly binary: Buffer[] = [];
  readonly closed: Promise<number>;
  #socket: WebSocket;
  #waiting = new Set<() => void>();

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.binary.push(data);
      else this.frames.push(JSON.parse(data.toString()) as ServerFrame);
      this.#wake();
    });
    this.closed = new Promise((resolve) => socket.once('close', (code) => (resolve(code), this.#wake())));
    socket.on('error', () => {});
  }

  send(frame: ClientFrame | Hello): void {
    this.#socket.send(JSON.stringify(frame));
  }

  sendRaw(data: string | Uint8Array): void {
    this.#socket.send(data);
  }

  /** The first frame of a type (from `skip` on) for which `test` holds; waits for it. */
  async frame<T extends ServerFrame['type']>(
    type: T,
    test: (frame: Extract<ServerFrame, { type: T }>) => boolean = () => true,
  ): Promise<Extract<ServerFrame, { type: T }>> {
    return await this.until(() => {
      const found = this.frames.find(
        (frame) => frame.type === type && test(frame as Extract<ServerFrame, { type: T }>),
      );
      return found as Extract<ServerFrame, { type: T }> | undefined;
    });
  }

  /** Waits until `look` gives something. */
  async until<T>(look: () => T | undefined | null | false): Promise<T> {
    // Made here, it says which test waits.
    const nothing = new Error('Nothing came');
    for (;;) {
      const found = look();
      if (found) return found;
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          nothing.message += `; last: ${JSON.stringify(this.frames.at(-1))}`;
          reject(nothing);
        }, 15_000);
        this.#waiting.add(() => (clearTimeout(timer), resolve()));
      });
    }
  }

  close(): void {
    this.#socket.close();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}

/** A socket as a page of `origin` opens it. */
export async function openWire(server: Door, headers: Record<string, string> = {}): Promise<Wire> {
  const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/socket`, {
    headers: { origin: server.origin, ...headers },
  });
  const wire = new Wire(socket);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return wire;
}

export function shopperHello(options: Partial<Extract<Hello, { role: 'shopper' }>> = {}): Hello {
  return {
    type: 'hello',
    role: 'shopper',
    protocol: PROTOCOL_VERSION,
    shop: 'demo',
    tab: randomUUID(),
    page: { url: 'https://shop.example/', title: 'Shop' },
    ...options,
  };
}

export async function shopperWire(
  server: Door,
  options: Partial<Extract<Hello, { role: 'shopper' }>> = {},
): Promise<{ wire: Wire; welcome: Extract<Welcome, { role: 'shopper' }> }> {
  const wire = await openWire(server);
  wire.send(shopperHello(options));
  const welcome = await wire.frame('welcome');
  if (welcome.role !== 'shopper') throw new Error('welcomed as somebody else');
  return { wire, welcome };
}

/** Signs in over HTTP; the cookie header's value. */
export async function signIn(
  server: Pick<TestServer, 'origin' | 'email' | 'password'>,
  email = server.email,
  password = server.password,
): Promise<string> {
  const response = await fetch(`${server.origin}/api/agent/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: server.origin },
    body: JSON.stringify({ email, password }),
  });
  const cookie = response.headers.get('set-cookie')?.split(';')[0];
  if (!response.ok || !cookie) throw new Error(`sign-in: ${response.status} ${await response.text()}`);
  return cookie;
}

export async function agentWire(
  server: Door,
  cookie: string,
): Promise<{ wire: Wire; welcome: Extract<Welcome, { role: 'agent' }> }> {
  const wire = await openWire(server, { cookie });
  wire.send({ type: 'hello', role: 'agent', protocol: PROTOCOL_VERSION, tab: randomUUID() });
  const welcome = await wire.frame('welcome');
  if (welcome.role !== 'agent') throw new Error('welcomed as somebody else');
  return { wire, welcome };
}

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { parse as parseCookies } from 'hono/utils/cookie';
import * as v from 'valibot';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { CLOSE } from '../protocol/close-codes.ts';
import { ClientFrame, Hello } from '../protocol/from-client.ts';
import { JSON_FRAME_MAX, MESSAGE_BYTES_MAX } from '../protocol/limits.ts';
import type { Refusal } from '../protocol/refusals.ts';
import type { Session } from '../rooms/session.ts';
import type { Sockets } from '../rooms/socket.ts';
import { clientAddress } from './client-address.ts';
import { BINARY_LIMITS, FrameLimit, JSON_LIMITS } from './frame-limit.ts';
import type { Caller, Reception, Turned, Visitor } from './reception.ts';
import { WebSocketSocket } from './web-socket.ts';

const HELLO_WITHIN_MS = 10_000;
/** The other end of a socket that failed has this long to take its close code. */
const CLOSE_WITHIN_MS = 2_000;
const PING_EVERY_MS = 25_000;
/** Frames that were refused as not understood, or as too many, before the socket is closed for good. */
const BAD_FRAMES = 20;
const FLOOD_FRAMES = 2_000;
/** After so long without another one, they are forgiven. */
const FLOOD_FORGIVEN_MS = 10_000;

export type SocketDoorOptions = {
  reception: Pick<Reception, 'receive'>;
  sockets: Sockets;
  cookieName: string;
  trustProxy: boolean;
  now: () => number;
  /** How often each socket is looked at; the usual time unless a test says another. */
  pingMs?: number;
  log: { error(fields: object, message: string): void };
};

type Guest = {
  wire: WebSocket;
  socket: WebSocketSocket;
  /** Until it says hello: what is known of it, and the end of its time to do so. */
  stranger: { from: Caller; late: ReturnType<typeof setTimeout> } | null;
  session: Session | null;
  tab: string | null;
  agentSession: string | null;
  until: number | null;
  alive: boolean;
  bad: number;
  flooded: number;
  floodedAt: number;
  /** From its first frame of the kind on: most tabs only listen. */
  json: FrameLimit | null;
  binary: FrameLimit | null;
};

/** The socket's door: bytes come in, are parsed, and go to the session of their tab. */
export class SocketDoor {
  #options: SocketDoorOptions;
  #server: WebSocketServer;
  #guests = new Set<Guest>();
  #byTab = new Map<string, Guest>();
  #pinging: ReturnType<typeof setInterval>;
  /** How often a sign-in has ended. */
  #ends = 0;
  #draining = false;

  constructor(options: SocketDoorOptions) {
    this.#options = options;
    // A socket costs 12 kB without permessage-deflate and 260 kB after its first compressed message.
    const settings = { noServer: true, clientTracking: false, perMessageDeflate: false };
    this.#server = new WebSocketServer({ ...settings, maxPayload: MESSAGE_BYTES_MAX });
    this.#pinging = setInterval(() => this.#ping(), options.pingMs ?? PING_EVERY_MS).unref();
  }

  /** For the HTTP server's `upgrade` event. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const path = request.url?.split('?')[0];
    if (path !== '/socket' || this.#draining) {
      stream.end(
        `HTTP/1.1 ${this.#draining ? '503 Service Unavailable' : '404 Not Found'}\r\nConnection: close\r\n\r\n`,
      );
      return;
    }
    this.#server.handleUpgrade(request, stream, head, (wire) => this.#admit(wire, stream, request));
  }

  /** Tabs that were let in, by side. */
  counts(): { shopper: number; agent: number } {
    const counts = { shopper: 0, agent: 0 };
    for (const { session, agentSession } of this.#guests) if (session) counts[agentSession ? 'agent' : 'shopper'] += 1;
    return counts;
  }

  /** Closes the sockets of an agent's sign-in. */
  signOut(agentSession: string): void {
    this.#ends += 1;
    for (const guest of this.#guests) {
      if (guest.agentSession !== agentSession) continue;
      this.#leave(guest);
      guest.socket.close(CLOSE.signedOut);
    }
  }

  /** Closes every socket of an agent, whatever the sign-in. */
  endAgent(agent: string, code: number): void {
    this.#ends += 1;
    for (const guest of this.#guests) {
      if (guest.agentSession === null || !guest.tab?.startsWith(`${agent}/`)) continue;
      this.#leave(guest);
      guest.socket.close(code);
    }
  }

  /** Lets nobody in any more and asks everybody to come again. */
  drain(): void {
    this.#draining = true;
    clearInterval(this.#pinging);
    for (const { socket } of this.#guests) socket.close(CLOSE.draining);
  }

  /** Ends whatever is still open. */
  close(): void {
    this.drain();
    for (const { wire } of this.#guests) wire.terminate();
    this.#server.close();
  }

  #admit(wire: WebSocket, stream: Duplex, request: IncomingMessage): void {
    const socket = new WebSocketSocket(wire, stream);
    const late = setTimeout(() => socket.close(CLOSE.silent), HELLO_WITHIN_MS).unref();
    const guest: Guest = {
      wire,
      socket,
      stranger: { from: this.#callerOf(request), late },
      session: null,
      tab: null,
      agentSession: null,
      until: null,
      alive: true,
      bad: 0,
      flooded: 0,
      floodedAt: 0,
      json: null,
      binary: null,
    };
    this.#guests.add(guest);
    this.#listen(guest);
  }

  /** What these hold is held for each open tab: the guest, and nothing else. */
  #listen(guest: Guest): void {
    const { wire } = guest;
    wire.on('message', (data, binary) => this.#hear(guest, data, binary));
    wire.on('pong', () => (guest.alive = true));
    // What could not be read was answered with a close code; there is a moment for it to arrive.
    wire.on('error', () => setTimeout(() => guest.wire.terminate(), CLOSE_WITHIN_MS).unref());
    wire.on('close', (code) => {
      clearTimeout(guest.stranger?.late);
      // A page that is left says so, as our client does; a connection that is given up or lost does not.
      this.#leave(guest, code === 1000 || code === 1001);
    });
  }

  #callerOf({ headers, socket }: IncomingMessage): Caller {
    const remote = { forwarded: headers['x-forwarded-for']?.toString(), remote: socket.remoteAddress };
    return {
      origin: headers.origin ?? null,
      cookie: parseCookies(headers.cookie ?? '')[this.#options.cookieName],
      address: clientAddress(remote, this.#options.trustProxy),
    };
  }

  #hear(guest: Guest, data: RawData, binary: boolean): void {
    const { stranger } = guest;
    if (!stranger) return this.#receive(guest, data, binary);
    guest.stranger = null;
    clearTimeout(stranger.late);
    this.#greet(guest, data, binary, stranger.from).catch((error: unknown) => {
      this.#options.log.error({ err: error }, 'a hello failed');
      guest.socket.close(CLOSE.failed);
    });
  }

  async #greet(guest: Guest, data: RawData, binary: boolean, from: Caller): Promise<void> {
    const hello = binary || sizeOf(data) > JSON_FRAME_MAX ? null : parse(Hello, data);
    if (!hello) return this.#turnAway(guest, { reason: 'bad-frame', code: CLOSE.badFrames });
    // Whatever follows the hello waits for the welcome.
    guest.wire.pause();
    const received = await this.#receiveNow(guest, hello, from);
    if ('reason' in received) return this.#turnAway(guest, received);
    if (guest.wire.readyState !== guest.wire.OPEN) return received.session.left();
    this.#settle(guest, received);
    guest.wire.resume();
  }

  /** Of an agent whose sign-in may have ended while it was looked up, it is looked up again. */
  async #receiveNow(guest: Guest, hello: Hello, from: Caller): Promise<Visitor | Turned> {
    for (;;) {
      const ends = this.#ends;
      const received = await this.#options.reception.receive(guest.socket, hello, from);
      if (hello.role === 'shopper' || ends === this.#ends) return received;
    }
  }

  #settle(guest: Guest, { session, tab, agentSession, until, start }: Visitor): void {
    const older = this.#byTab.get(tab);
    if (older) {
      this.#leave(older);
      older.socket.close(CLOSE.replaced);
    }
    this.#byTab.set(tab, guest);
    this.#options.sockets.add(guest.socket);
    Object.assign(guest, { session, tab, agentSession, until });
    start();
  }

  #turnAway(guest: Guest, { reason, code }: Turned): void {
    guest.socket.send({ type: 'refused', of: 'hello', reason });
    guest.wire.resume();
    guest.socket.close(code);
  }

  #receive(guest: Guest, data: RawData, binary: boolean): void {
    const { session } = guest;
    // A socket that is being closed is not listened to any more, however long its other end takes.
    if (!session || guest.wire.readyState !== guest.wire.OPEN) return;
    const bytes = sizeOf(data);
    const now = this.#options.now();
    const limit = binary
      ? (guest.binary ??= new FrameLimit(BINARY_LIMITS, now))
      : (guest.json ??= new FrameLimit(JSON_LIMITS, now));
    if (!limit.take(now, bytes)) return this.#refuseFlood(guest, 'too-fast');
    try {
      if (binary) {
        // What was on its way when co-browsing was stopped is no offence; thousands are.
        const refusal = session.handleBinary(data as Buffer);
        if (refusal) this.#refuseFlood(guest, refusal);
        return;
      }
      if (bytes > JSON_FRAME_MAX) return this.#refuseBad(guest, 'too-large');
      const frame = parse(ClientFrame, data);
      if (!frame) return this.#refuseBad(guest, 'bad-frame');
      session.handle(frame);
    } catch (error) {
      this.#options.log.error({ err: error }, 'a frame failed');
      guest.socket.close(CLOSE.failed);
    }
  }

  #refuseBad(guest: Guest, reason: Refusal): void {
    guest.socket.send({ type: 'refused', of: 'frame', reason });
    if (++guest.bad >= BAD_FRAMES) guest.socket.close(CLOSE.badFrames);
  }

  #refuseFlood(guest: Guest, reason: Refusal): void {
    const now = this.#options.now();
    if (now - guest.floodedAt > FLOOD_FORGIVEN_MS) guest.flooded = 0;
    guest.floodedAt = now;
    // One word is enough; an answer to each would be a flood of ours.
    if (guest.flooded++ === 0) guest.socket.send({ type: 'refused', of: 'frame', reason });
    if (guest.flooded >= FLOOD_FRAMES) guest.socket.close(CLOSE.flood);
  }

  #leave(guest: Guest, leaving = false): void {
    this.#guests.delete(guest);
    if (guest.tab !== null && this.#byTab.get(guest.tab) === guest) this.#byTab.delete(guest.tab);
    this.#options.sockets.remove(guest.socket.id);
    guest.session?.left(leaving);
    guest.session = null;
  }

  #ping(): void {
    const now = this.#options.now();
    for (const guest of this.#guests) {
      if (guest.until !== null && guest.until <= now) {
        this.#leave(guest);
        guest.socket.close(CLOSE.signedOut);
      } else if (!guest.alive) guest.wire.terminate();
      else {
        guest.alive = false;
        guest.wire.ping();
      }
    }
  }
}

function sizeOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.byteLength, 0) : data.byteLength;
}

function parse<Schema extends v.GenericSchema>(schema: Schema, data: RawData): v.InferOutput<Schema> | null {
  try {
    const parsed = v.safeParse(schema, JSON.parse((data as Buffer).toString()));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CLOSE } from '../protocol/close-codes.ts';
import type { ServerFrame } from '../protocol/from-server.ts';
import type { Socket } from '../rooms/socket.ts';

/** What waits for a slow network beyond this is not kept in memory: the client comes again and reads it from storage. */
const BUFFERED_MAX = 8 * 1024 * 1024;

/** Streams that hold back what they are given until the turn of the event loop is over. */
let holding: Duplex[] = [];

/** What goes to a stream in one turn leaves as one write: a system call is most of what a frame costs. */
function hold(stream: Duplex): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  if (holding.push(stream) === 1) process.nextTick(release);
}

function release(): void {
  const held = holding;
  holding = [];
  for (const stream of held) stream.uncork();
}

/** A `ws` socket, and the stream under it, behind the rooms' interface. */
export class WebSocketSocket implements Socket {
  readonly id = randomUUID();
  #socket: WebSocket;
  #stream: Duplex;

  constructor(socket: WebSocket, stream: Duplex) {
    this.#socket = socket;
    this.#stream = stream;
  }

  send(frame: ServerFrame): void {
    this.sendText(JSON.stringify(frame));
  }

  sendText(json: string | Buffer): void {
    if (!this.#fits()) return;
    hold(this.#stream);
    this.#socket.send(json, { binary: false });
  }

  sendBinary(frame: Uint8Array): void {
    if (!this.#fits()) return;
    hold(this.#stream);
    this.#socket.send(frame, { binary: true });
  }

  buffered(): number {
    return this.#socket.bufferedAmount;
  }

  /** A goodbye is not held back: the process may end in this very turn. */
  close(code: number): void {
    this.#socket.close(code);
    release();
  }

  #fits(): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false;
    if (this.#socket.bufferedAmount <= BUFFERED_MAX) return true;
    this.#socket.close(CLOSE.silent);
    return false;
  }
}

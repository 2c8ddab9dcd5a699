import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { CLOSE } from '../protocol/close-codes.ts';
import type { ServerFrame } from '../protocol/from-server.ts';
import type { Socket } from '../rooms/socket.ts';

/** What waits for a slow network beyond this is not kept in memory: the client comes again and reads it from storage. */
const BUFFERED_MAX = 8 * 1024 * 1024;

/** A `ws` socket behind the rooms' interface. */
export class WebSocketSocket implements Socket {
  readonly id = randomUUID();
  #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  send(frame: ServerFrame): void {
    this.sendText(JSON.stringify(frame));
  }

  sendText(json: string): void {
    if (this.#fits()) this.#socket.send(json, { binary: false });
  }

  sendBinary(frame: Uint8Array): void {
    if (this.#fits()) this.#socket.send(frame, { binary: true });
  }

  buffered(): number {
    return this.#socket.bufferedAmount;
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  #fits(): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false;
    if (this.#socket.bufferedAmount <= BUFFERED_MAX) return true;
    this.#socket.close(CLOSE.silent);
    return false;
  }
}

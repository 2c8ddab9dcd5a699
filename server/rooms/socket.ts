import type { ServerFrame } from '../protocol/from-server.ts';

/** A browser tab's connection, as rooms see it. Sending to a closed one does nothing. */
export interface Socket {
  readonly id: string;
  send(frame: ServerFrame): void;
  /** A frame that was made into JSON, or its bytes, once for many sockets. */
  sendText(json: string | Buffer): void;
  sendBinary(frame: Uint8Array): void;
  /** Bytes that wait in this process for a slow network. */
  buffered(): number;
  close(code: number): void;
}

/** Every open socket of this node, by id. */
export class Sockets {
  #sockets = new Map<string, Socket>();

  add(socket: Socket): void {
    this.#sockets.set(socket.id, socket);
  }

  remove(id: string): void {
    this.#sockets.delete(id);
  }

  get(id: string): Socket | undefined {
    return this.#sockets.get(id);
  }

  send(ids: readonly string[], frame: ServerFrame): void {
    if (ids.length === 0) return;
    const text = JSON.stringify(frame);
    const json = ids.length === 1 ? text : Buffer.from(text);
    for (const id of ids) this.#sockets.get(id)?.sendText(json);
  }

  all(): IterableIterator<Socket> {
    return this.#sockets.values();
  }
}

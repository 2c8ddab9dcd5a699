import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { SocketDoor } from './socket-door.ts';

/** The bound HTTP server. Browsers get an answer from the first moment; `serve` says who gives it. */
export class HttpServer {
  #server: Server;
  #listener: ReturnType<typeof getRequestListener> | null = null;
  #door: SocketDoor | null = null;

  constructor() {
    this.#server = createServer((request, response) => {
      if (this.#listener) return void this.#listener(request, response);
      response.writeHead(503, { 'Content-Type': 'application/json', 'Retry-After': '1' });
      response.end(JSON.stringify({ status: 'starting' }));
    });
    this.#server.on('upgrade', (request, stream, head) => {
      // Node takes its own listener away here: without one, a client that resets would end the process.
      stream.on('error', () => stream.destroy());
      if (this.#door) this.#door.upgrade(request, stream, head);
      else stream.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
    });
  }

  /** Binds. Resolves with the port (the real one for 0). Rejects when it is taken. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : port;
  }

  serve(app: Hono, door: SocketDoor): void {
    this.#listener = getRequestListener(app.fetch);
    this.#door = door;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Door } from '../support/wire.ts';

/** What somebody asked of a server; `offset`: where the bytes of a file begin that it brings. */
export type Asked = { method: string; offset: number | null };

/** The way to a server, which can be cut in the middle of a request. */
export class CuttableLine {
  /** What went to the server, in turn; no preflights. */
  readonly asked: Asked[] = [];
  origin = '';
  #to: URL;
  #http = createServer((asking, answer) => this.#pass(asking, answer));
  /** So many bytes of files still get through; what comes behind them stays on the way. */
  #room = Infinity;
  #isCut = false;

  private constructor(to: URL) {
    this.#to = to;
    this.#http.on('connection', (socket) => this.#isCut && socket.destroy());
  }

  static async open(server: Door): Promise<CuttableLine> {
    const line = new CuttableLine(new URL(server.origin));
    line.#http.listen(0, '127.0.0.1');
    await once(line.#http, 'listening');
    const address = line.#http.address();
    line.origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    return line;
  }

  holdAfter(bytes: number): void {
    this.#room = bytes;
  }

  /** Ends all connections; new ones end at once, until it is mended. */
  cut(): void {
    this.#isCut = true;
    this.#http.closeAllConnections();
  }

  mend(): void {
    this.#isCut = false;
    this.#room = Infinity;
  }

  async close(): Promise<void> {
    this.cut();
    this.#http.close();
    await once(this.#http, 'close');
  }

  #pass(asking: IncomingMessage, answer: ServerResponse): void {
    const { method = '', url = '', headers } = asking;
    const offset = headers['upload-offset'] === undefined ? null : Number(headers['upload-offset']);
    if (method !== 'OPTIONS') this.asked.push({ method, offset });
    const { hostname, port } = this.#to;
    const onwards = request({ hostname, port, path: url, method, headers });
    onwards.on('error', () => answer.destroy());
    onwards.on('response', (answered) => {
      answer.writeHead(answered.statusCode ?? 0, answered.headers);
      answered.pipe(answer);
    });
    asking.on('data', (chunk: Buffer) => {
      if (offset === null) return void onwards.write(chunk);
      onwards.write(chunk.subarray(0, this.#room));
      this.#room = Math.max(0, this.#room - chunk.length);
      if (this.#room === 0) asking.pause();
    });
    asking.on('end', () => onwards.end());
    answer.on('close', () => answer.writableFinished || onwards.destroy());
  }
}

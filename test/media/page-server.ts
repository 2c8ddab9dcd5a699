import { once } from 'node:events';
import { createServer } from 'node:http';
import { build, type Plugin } from 'vite';
import { WebSocketServer, type WebSocket } from 'ws';

export type PageServer = {
  origin: string;
  /** Sends to one participant, if it is connected. */
  send(participant: string, frame: object): void;
  participants(): string[];
  close(): Promise<void>;
};

/** Each page is built once in a process, with the same plugins each time. */
const bundles = new Map<string, Promise<string>>();

/** Serves one page whose script is `entry` (a path from this folder) built with `plugins`, and a socket for each participant. */
export async function servePage<Frame>(
  entry: string,
  onFrame: (participant: string, frame: Frame) => Promise<void>,
  parse: (json: string) => Frame = JSON.parse,
  plugins: Plugin[] = [],
): Promise<PageServer> {
  const known = bundles.get(entry) ?? bundle(entry, plugins);
  bundles.set(entry, known);
  const script = await known;
  const http = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript ? script : '<!doctype html><title>call</title><body><script type="module" src="/page.js"></script>',
    );
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  const origin = `http://127.0.0.1:${address.port}`;

  const sockets = new Map<string, WebSocket>();
  let closed = false;
  async function take(participant: string, text: string): Promise<void> {
    try {
      await onFrame(participant, parse(text));
    } catch (error) {
      // What is still under way when a test ends is refused by what it has closed.
      if (!closed) throw error;
    }
  }

  const door = new WebSocketServer({ server: http });
  door.on('connection', (socket, request) => {
    const participant = new URL(request.url ?? '', origin).searchParams.get('participant') ?? '';
    sockets.set(participant, socket);
    socket.on('message', (data: Buffer) => void take(participant, data.toString()));
  });
  return {
    origin,
    send: (participant, frame) => sockets.get(participant)?.send(JSON.stringify(frame)),
    participants: () => [...sockets.keys()],
    async close() {
      closed = true;
      door.close();
      for (const socket of door.clients) socket.terminate();
      http.close();
      await once(http, 'close');
    },
  };
}

async function bundle(entry: string, plugins: Plugin[]): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    root: import.meta.dirname,
    plugins,
    build: {
      write: false,
      target: 'es2022',
      rollupOptions: { input: `${import.meta.dirname}/${entry}`, output: { format: 'es', codeSplitting: false } },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output)) throw new Error('no bundle');
  const [chunk] = output.output;
  return chunk.code;
}

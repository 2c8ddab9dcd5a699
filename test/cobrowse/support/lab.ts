import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { WebSocketServer, type WebSocket } from 'ws';
import {
  COBROWSE_HEADER_BYTES,
  readCobrowseHeader,
  type CobrowseHeader,
} from '../../../server/protocol/cobrowse-frame.ts';
import type { ClientFrame } from '../../../server/protocol/from-client.ts';
import type { ServerFrame } from '../../../server/protocol/from-server.ts';
import { ThreadedCheck } from '../../../server/frames/threaded-check.ts';
import { CobrowseRelay, type CobrowseSource } from '../../../server/rooms/cobrowse-relay.ts';
import { FrameParts } from '../../../server/rooms/frame-parts.ts';
import type { Socket } from '../../../server/rooms/socket.ts';
import { bundleReplay, bundleScript, type ServedFile } from './bundle.ts';

export type SentFrame = CobrowseHeader & { bytes: Buffer; text: string };

/** A shop, a console and the real relay between them on one port; the replay on the same port of another origin. */
export type Lab = {
  shop: string;
  console: string;
  /** Every binary frame that left the shopper's page, unpacked. */
  sent: SentFrame[];
  /** What the shopper's page said with `mark`. */
  marks: string[];
  /** Why the relay dropped what the shopper's page sent: our own recorder gives no reason. */
  refused: string[];
  /** Paths that were asked for, with the cookies that went along. */
  requests: { path: string; host: string; cookie: string }[];
  /** Resolves when the condition holds; looked at whenever something arrives. */
  until(condition: () => boolean): Promise<void>;
  /** Acknowledgements wait until the returned function is called. */
  holdAcknowledgements(): () => void;
  /** To the shopper's page, as from the server. */
  tell(frame: ServerFrame): void;
  /** A relay that knows nothing, as after a restart of the server; the agents' sockets are gone. */
  forget(): void;
  close(): Promise<void>;
};

const here = import.meta.dirname;
let built: Promise<[string, string, Map<string, ServedFile>]> | null = null;

function buildOnce() {
  built ??= Promise.all([
    bundleScript(join(here, 'shopper-page.ts')),
    bundleScript(join(here, 'console-page.ts')),
    bundleReplay(),
  ]);
  return built;
}

/**
 * `pages`: HTML by path below /shop/. `extras`: anything else, by whole path. What is sent to the socket `/plain/in` comes
 * out of every `/plain/out` as it is.
 */
export async function openLab(
  pages: Record<string, string>,
  extras: Map<string, ServedFile> = new Map(),
): Promise<Lab> {
  const [shopperScript, consoleScript, replay] = await buildOnce();
  const files = new Map<string, ServedFile>([
    ['/shopper.js', { body: shopperScript, type: 'text/javascript' }],
    ['/console.js', { body: consoleScript, type: 'text/javascript' }],
    ['/console/', { body: CONSOLE, type: 'text/html' }],
    ...[...replay].map(([path, file]) => [`/replay/${path === 'index.html' ? '' : path}`, file] as const),
    ...Object.entries(pages).map(([path, body]) => [`/shop/${path}`, { body, type: typeOf(path) }] as const),
    ...extras,
  ]);
  const requests: Lab['requests'] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://lab');
    const { host = '', cookie = '' } = request.headers;
    requests.push({ path: request.url ?? '', host, cookie });
    const file = files.get(pathname);
    const policy = pathname.startsWith('/replay/') ? REPLAY_POLICY : pathname.startsWith('/shop/') ? SHOP_POLICY : '';
    response.writeHead(file ? 200 : 404, {
      'Content-Type': file?.type ?? 'text/plain',
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      ...(policy && { 'Content-Security-Policy': policy }),
    });
    response.end(file?.body ?? 'nothing');
  });
  const sockets = new WebSocketServer({ server });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const sent: SentFrame[] = [];
  const marks: string[] = [];
  const refused: string[] = [];
  const waiting = new Set<() => void>();
  const wake = () => [...waiting].forEach((check) => check());
  let shopper: WebSocket | null = null;
  let held: (() => void)[] | null = null;
  const tellShopper = (frame: ServerFrame) => shopper?.send(JSON.stringify(frame));
  const frames = new ThreadedCheck();
  const newRelay = () => {
    const source: CobrowseSource = {
      acknowledge(epoch, seq, more) {
        const send = () => tellShopper({ type: 'cobrowse.ack', conversation: 'c1', epoch, seq, ...more });
        if (held) held.push(send);
        else send();
      },
      askSnapshot: ({ anew, forget }) =>
        tellShopper({ type: 'cobrowse.snapshot', conversation: 'c1', ...(anew && { anew }), forget }),
      refuse: (reason) => refused.push(reason),
      giveUp: () => refused.push('gave up'),
      tellAge: (socket, ms) => socket.send({ type: 'cobrowse.age', conversation: 'c1', ms }),
      now: () => Date.now(),
    };
    return new CobrowseRelay(7, source, frames);
  };
  let relay = newRelay();
  let agents = 0;
  const parts = new FrameParts();
  const plain = new Set<WebSocket>();
  sockets.on('connection', (socket, request) => {
    if (request.url === '/plain/in') {
      socket.on('message', (data: Buffer, binary) => plain.forEach((out) => out.send(data, { binary })));
      return;
    }
    if (request.url === '/plain/out') {
      plain.add(socket);
      socket.on('close', () => plain.delete(socket));
      return;
    }
    if (request.url === '/socket/shopper') {
      shopper = socket;
      socket.on('message', (data: Buffer, isBinary) => {
        if (!isBinary) marks.push(data.toString());
        else {
          const header = readCobrowseHeader(data);
          // What is counted and kept; beats say nothing about the page.
          const whole = header && header.kind !== 'beat' ? parts.take(header, Buffer.from(data)) : 'none';
          if (typeof whole === 'object' && 'frame' in whole) sent.push(unpack(Buffer.from(whole.frame)));
          const dropped = relay.receive(data);
          if (dropped === 'bad-frame' || dropped === 'too-large') refused.push(dropped);
        }
        wake();
      });
      return;
    }
    const agent = agentSocket(`a${(agents += 1)}`, socket);
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as ClientFrame;
      if (frame.type === 'cobrowse.watch') relay.watch(agent, frame.have);
      else if (frame.type === 'cobrowse.applied') relay.applied(agent.id, frame.epoch, frame.seq);
      else if (isPointing(frame)) tellShopper({ ...frame, agent: 'Ana', by: 'ana' });
      wake();
    });
    socket.on('close', () => relay.unwatch(agent.id));
  });

  return {
    shop: `http://127.0.0.1:${port}/shop/`,
    console: `http://127.0.0.1:${port}/console/`,
    sent,
    marks,
    refused,
    requests,
    holdAcknowledgements() {
      const mine: (() => void)[] = [];
      held = mine;
      return () => {
        held = null;
        for (const send of mine) send();
      };
    },
    tell: tellShopper,
    forget() {
      relay.close();
      relay = newRelay();
      for (const client of sockets.clients) if (client !== shopper) client.terminate();
    },
    until: (condition) =>
      new Promise((resolve) => {
        const check = () => {
          if (!condition()) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    close: async () => {
      await frames.close();
      await closeAll(server, sockets);
    },
  };
}

type AgentPointing = Extract<
  ClientFrame,
  { type: 'cobrowse.pointer' | 'cobrowse.highlight' | 'cobrowse.stroke' | 'cobrowse.wipe' | 'cobrowse.missing' }
>;

function isPointing(frame: ClientFrame): frame is AgentPointing {
  return /^cobrowse\.(?:pointer|highlight|stroke|wipe|missing)$/.test(frame.type);
}

const CONSOLE = `<!doctype html><meta charset="utf-8"><title>Console</title>
<link rel="icon" href="data:,"><style>body{margin:0}iframe{border:0;width:100vw;height:90vh}</style>
<input id="chat" aria-label="chat"><iframe title="page"></iframe><script src="/console.js" type="module"></script>`;

/** As strict as a shop can be. */
const SHOP_POLICY =
  "default-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws:; base-uri 'none'; require-trusted-types-for 'script'";
const REPLAY_POLICY =
  "default-src 'none'; script-src 'self'; style-src * 'unsafe-inline'; img-src * data: blob:; font-src * data:; media-src *; connect-src 'none'; frame-src 'self' about:; form-action 'none'; base-uri 'none'";

function typeOf(path: string): string {
  const types: Record<string, string> = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };
  return types[path.split('.').pop() ?? ''] ?? 'text/html; charset=utf-8';
}

export function unpack(bytes: Buffer): SentFrame {
  const header = readCobrowseHeader(bytes);
  if (!header) throw new Error('A frame without a header was sent.');
  const body = bytes.subarray(COBROWSE_HEADER_BYTES);
  return { ...header, bytes, text: (header.encoding === 'json' ? body : inflateRawSync(body)).toString() };
}

function agentSocket(id: string, socket: WebSocket): Socket {
  return {
    id,
    send: (frame) => socket.send(JSON.stringify(frame)),
    sendText: (json) => socket.send(json, { binary: false }),
    sendBinary: (frame) => socket.send(frame),
    buffered: () => socket.bufferedAmount,
    close: (code) => socket.close(code),
  };
}

async function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const client of sockets.clients) client.terminate();
  sockets.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

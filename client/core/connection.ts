import { mayReconnect } from '../../server/protocol/close-codes.ts';
import type { ClientFrame, Hello, Request } from '../../server/protocol/from-client.ts';
import type { ServerFrame } from '../../server/protocol/from-server.ts';
import type { Refusal } from '../../server/protocol/refusals.ts';
import { Emitter } from './emitter.ts';

type OmitEach<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/**
 * `connecting`: on the way · `open`: the server has said welcome · `waiting`: will try again by itself ·
 * `stopped`: closed by us, or by a close code that says not to come again (`closeCode`).
 */
export type ConnectionStatus = 'connecting' | 'open' | 'waiting' | 'stopped';

/** A request that the server refused, or that the connection lost (`not-connected`). */
export class RefusedError extends Error {
  readonly reason: Refusal;
  constructor(reason: Refusal) {
    super(`refused: ${reason}`);
    this.reason = reason;
  }
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;
const QUIET_BEFORE_PING_MS = 15_000;
const PONG_WITHIN_MS = 6_000;
const REQUEST_WITHIN_MS = 15_000;

/** One WebSocket of a browser tab that comes back by itself. Frames sent while it is not open are not kept: that is the outbox's work. */
export class Connection {
  #socket: WebSocket | null = null;
  #status: ConnectionStatus = 'connecting';
  #closeCode: number | null = null;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #pending = new Map<number, { resolve(data: Record<string, unknown>): void; reject(error: Error): void }>();
  #nextRequest = 1;
  #url: string;
  #hello: () => Hello;
  #events = new Emitter<{ status: [ConnectionStatus]; frame: [ServerFrame]; binary: [ArrayBuffer] }>();
  #online = (): void => {
    if (this.#status === 'waiting') this.#connect();
  };

  /** `url`: ws(s) address; `hello` is asked for a fresh first frame on every attempt; `first`: on its way to there already. */
  constructor(url: string, hello: () => Hello, first: WebSocket | null = null) {
    this.#url = url;
    this.#hello = hello;
    addEventListener('online', this.#online);
    this.#connect(first);
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  /** The code of the last close, for `stopped`; see CLOSE. */
  get closeCode(): number | null {
    return this.#closeCode;
  }

  on = this.#events.on.bind(this.#events);

  /** False when there is no open connection: nothing was sent. */
  send(frame: ClientFrame): boolean {
    if (this.#status !== 'open') return false;
    this.#socket?.send(JSON.stringify(frame));
    return true;
  }

  sendBinary(frame: Uint8Array<ArrayBuffer>): boolean {
    if (this.#status !== 'open') return false;
    this.#socket?.send(frame);
    return true;
  }

  /** Sends a request and resolves with its reply's data; rejects with RefusedError. */
  async request(frame: OmitEach<Request, 'req'>): Promise<Record<string, unknown>> {
    const req = this.#nextRequest++;
    if (!this.send({ ...frame, req })) throw new RefusedError('not-connected');
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(req)?.reject(new RefusedError('not-connected')), REQUEST_WITHIN_MS);
      this.#pending.set(req, {
        resolve: (data) => (clearTimeout(timer), resolve(data)),
        reject: (error) => (clearTimeout(timer), reject(error)),
      });
    });
  }

  /** Try at once instead of waiting (the person pressed "try again", the tab became visible). */
  retryNow(): void {
    if (this.#status === 'waiting') this.#connect();
  }

  close(): void {
    removeEventListener('online', this.#online);
    this.#drop(1000);
    this.#become('stopped');
  }

  #connect(first: WebSocket | null = null): void {
    this.#drop();
    this.#become('connecting');
    const socket = first && first.readyState <= WebSocket.OPEN ? first : new WebSocket(this.#url);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      socket.send(JSON.stringify(this.#hello()));
      this.#listenForSilence();
    };
    if (socket.readyState === WebSocket.OPEN)
      queueMicrotask(() => socket === this.#socket && socket.onopen?.(new Event('open')));
    socket.onmessage = ({ data }) => this.#receive(data as string | ArrayBuffer);
    socket.onclose = ({ code }) => this.#closed(code);
    this.#listenForSilence();
  }

  #receive(data: string | ArrayBuffer): void {
    this.#listenForSilence();
    if (typeof data !== 'string') return this.#events.emit('binary', data);
    const frame = JSON.parse(data) as ServerFrame;
    if (frame.type === 'pong') return;
    if (frame.type === 'welcome') {
      this.#failures = 0;
      this.#closeCode = null;
      this.#status = 'open';
      this.#events.emit('frame', frame);
      this.#events.emit('status', 'open');
      return;
    }
    if (frame.type === 'reply') return this.#settle(frame.req)?.resolve(frame.data);
    if (frame.type === 'refused' && frame.req !== undefined) {
      return this.#settle(frame.req)?.reject(new RefusedError(frame.reason));
    }
    this.#events.emit('frame', frame);
  }

  #settle(req: number): { resolve(data: Record<string, unknown>): void; reject(error: Error): void } | undefined {
    const pending = this.#pending.get(req);
    this.#pending.delete(req);
    return pending;
  }

  #listenForSilence(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      if (this.#status === 'open') this.send({ type: 'ping' });
      this.#silence = setTimeout(() => this.#closed(1006), PONG_WITHIN_MS);
    }, QUIET_BEFORE_PING_MS);
  }

  #closed(code: number): void {
    this.#drop();
    this.#closeCode = code;
    if (!mayReconnect(code)) return this.#become('stopped');
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
    // A restarted server must not be met by all of its shoppers in the same instant.
    this.#retry = setTimeout(() => this.#connect(), wait * (0.5 + Math.random() / 2));
    this.#become('waiting');
  }

  /** `code` 1000: we mean to leave. Without one it is a connection that is given up for the next. */
  #drop(code?: number): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(code);
    }
    for (const req of this.#pending.keys()) this.#settle(req)?.reject(new RefusedError('not-connected'));
  }

  #become(status: ConnectionStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#events.emit('status', status);
  }
}

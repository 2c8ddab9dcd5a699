import { setTimeout as pause } from 'node:timers/promises';
import { createWorker, type types } from 'mediasoup';
import { MEDIA_CODECS } from './codecs.ts';
import type { MediaCallEvents } from './media.ts';
import { countOpenThings, type OpenThings } from './open-things.ts';
import type { Recorder } from './recording/recorder.ts';
import { RouterCall } from './router-call.ts';
import { turnServers, type TurnSettings } from './turn.ts';

export type MediaLog = {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
};

export type Listening = { listenIp: string; announcedAddress: string | undefined; port: number };

/** A worker that lives this long before it dies is replaced at once; others wait, longer each time. */
const STEADY_MS = 10_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

export type MediaWorkerOptions = {
  binary: string;
  listening: Listening;
  turn: TurnSettings | null;
  recorder: Recorder | null;
  log: MediaLog;
  onChange: () => void;
};

type Running = { worker: types.Worker; server: types.WebRtcServer; open: OpenThings };

const NOTHING: OpenThings = { routers: 0, transports: 0, producers: 0, consumers: 0 };

/** One of the node's worker processes, replaced by itself whenever it dies. */
export class MediaWorker {
  readonly #options: MediaWorkerOptions;
  readonly #stop = new AbortController();
  readonly #calls = new Set<RouterCall>();
  #opening = 0;
  readonly #done: Promise<void>;
  #running: Running | null = null;
  #failure: { count: number; reason: string } | null = null;

  constructor(options: MediaWorkerOptions) {
    this.#options = options;
    this.#done = this.#keepRunning();
  }

  get up(): boolean {
    return this.#running !== null;
  }

  /** Calls that are open or being opened, for choosing the least loaded worker. */
  get load(): number {
    return this.#calls.size + this.#opening;
  }

  /** What is open on it, as this process knows. */
  get open(): Readonly<OpenThings> {
    return this.#running?.open ?? NOTHING;
  }

  /** Why it did not come up, and how often in a row; null while it runs or has not been tried yet. */
  get failure(): { count: number; reason: string } | null {
    return this.#failure;
  }

  /** Throws when the worker is not up. */
  async openCall(events: MediaCallEvents): Promise<RouterCall> {
    if (!this.#running) throw new Error('the media worker is not running');
    const { worker, server } = this.#running;
    this.#opening += 1;
    const router = await worker.createRouter({ mediaCodecs: MEDIA_CODECS }).finally(() => (this.#opening -= 1));
    const call = new RouterCall(router, {
      server,
      events,
      log: (what, error) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#options.log.warn({ what, reason }, 'media request');
      },
      iceServers: (member) => turnServers(this.#options.turn, member, Date.now()),
      recorder: this.#options.recorder,
    });
    this.#calls.add(call);
    // Calls of a dead worker stay in the set: they still have to be told.
    router.observer.once('close', () => {
      if (!worker.closed) this.#calls.delete(call);
    });
    return call;
  }

  /** What the worker process itself says is open. */
  async counts(): Promise<{ routers: number; transports: number; producers: number; consumers: number }> {
    const counts = { routers: 0, transports: 0, producers: 0, consumers: 0 };
    if (!this.#running) return counts;
    const dump = await this.#running.worker.dump().catch(() => null);
    counts.routers = dump?.routerIds.length ?? 0;
    const dumps = await Promise.all([...this.#calls].map((call) => call.router.dump().catch(() => null)));
    for (const dump of dumps) {
      counts.transports += dump?.transportIds.length ?? 0;
      counts.producers += dump?.mapProducerIdConsumerIds.length ?? 0;
      counts.consumers += dump?.mapConsumerIdProducerId.length ?? 0;
    }
    return counts;
  }

  /** Resolves when the process has exited. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#running?.worker.close();
    await this.#done;
  }

  async #keepRunning(): Promise<void> {
    const { signal } = this.#stop;
    let quickEnds = 0;
    while (!signal.aborted) {
      const startedAt = performance.now();
      await this.#runOnce();
      if (signal.aborted) return;
      quickEnds = performance.now() - startedAt > STEADY_MS ? 0 : quickEnds + 1;
      // The first replacement is immediate; a worker that keeps dying must not keep the machine busy.
      const wait = quickEnds <= 1 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (quickEnds - 2));
      if (wait > 0) await pause(wait, undefined, { signal }).catch(() => {});
    }
  }

  async #runOnce(): Promise<void> {
    const { log, onChange } = this.#options;
    let worker: types.Worker;
    try {
      worker = await startWorker(this.#options.binary);
    } catch (error) {
      this.#fail(error);
      return;
    }
    const ended = new Promise<void>((resolve) => worker.once('subprocessclose', resolve));
    try {
      if (this.#stop.signal.aborted) return;
      const server = await worker.createWebRtcServer({ listenInfos: listenInfos(this.#options.listening) });
      if (this.#stop.signal.aborted) return;
      this.#running = { worker, server, open: countOpenThings(worker) };
      this.#failure = null;
      onChange();
      await ended;
      if (!this.#stop.signal.aborted) log.warn({ pid: worker.pid }, 'a media worker died and is being replaced');
    } catch (error) {
      this.#fail(error);
    } finally {
      worker.close();
      this.#running = null;
      const lost = [...this.#calls];
      this.#calls.clear();
      // Before anyone is told, so that a call that is opened anew lands on another worker.
      onChange();
      if (!this.#stop.signal.aborted) for (const call of lost) call.lose();
      await ended;
    }
  }

  #fail(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const reason = error instanceof Error ? error.message : String(error);
    this.#failure = { count: (this.#failure?.count ?? 0) + 1, reason };
    this.#options.log.warn({ reason }, 'a media worker did not start');
    this.#options.onChange();
  }
}

/** mediasoup closes its workers at the first SIGTERM of this process; whether and when is for the owner to say. */
async function startWorker(workerBin: string): Promise<types.Worker> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => process.listeners(signal));
  const starting = createWorker({ workerBin, logLevel: 'none' });
  signals.forEach((signal, i) => {
    for (const listener of process.listeners(signal)) {
      if (!before[i]?.includes(listener)) process.removeListener(signal, listener);
    }
  });
  return await starting;
}

function listenInfos({ listenIp, announcedAddress, port }: Listening): types.TransportListenInfo[] {
  const place = { ip: listenIp, ...(announcedAddress && { announcedAddress }), ...(port !== 0 && { port }) };
  return [
    { protocol: 'udp', ...place },
    { protocol: 'tcp', ...place },
  ];
}

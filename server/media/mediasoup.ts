import { availableParallelism } from 'node:os';
import type { MediaStatus } from '../protocol/views.ts';
import type { Media } from './media.ts';
import { MediaWorker, type MediaLog } from './media-worker.ts';
import type { OpenThings } from './open-things.ts';
import type { Recorder } from './recording/recorder.ts';
import type { TurnSettings } from './turn.ts';

type Progress = { step: string; done?: number; total?: number };

export type StartMediaOptions = {
  /** Gets the worker onto this machine, however long that takes; `findWorkerBinary` of worker-binary. */
  findBinary(options: {
    onProgress: (progress: Progress) => void;
    signal: AbortSignal;
  }): Promise<{ ok: true; path: string } | { ok: false; reason: string }>;
  /** One for each core unless given. */
  workers?: number;
  /** The address that the workers bind, for example 0.0.0.0. */
  listenIp: string;
  /** The address or name that browsers are told, where it is another one. */
  announcedAddress?: string;
  /** UDP and TCP port of the first worker, the others take the next ones; 0 for any. */
  port: number;
  /** A relay for networks that block everything else. */
  turn?: TurnSettings | null;
  /** Records calls; null where this node cannot. */
  recorder?: Recorder | null;
  log: MediaLog;
};

/** After so many starts in a row that failed, people are told that calls are not available; it is tried on. */
const FAILURES_TO_SAY = 3;

/** Starts at once with `preparing`; becomes `ready` by itself, and again whenever its workers have died. */
export function startMedia(options: StartMediaOptions): Media {
  const { listenIp, announcedAddress, port, turn = null, recorder = null, log } = options;
  const { workers: wanted = availableParallelism() } = options;
  const stop = new AbortController();
  const listeners = new Set<(status: MediaStatus) => void>();
  const workers: MediaWorker[] = [];
  let status: MediaStatus = { status: 'preparing', step: 'Looking for the media worker.' };

  function setStatus(next: MediaStatus): void {
    if (stop.signal.aborted || JSON.stringify(next) === JSON.stringify(status)) return;
    status = next;
    for (const listener of listeners) listener(next);
  }

  function onWorkerChange(): void {
    if (workers.some((worker) => worker.up)) return setStatus({ status: 'ready' });
    const failure = workers.map((worker) => worker.failure).find((failure) => failure !== null);
    if (failure && failure.count >= FAILURES_TO_SAY) {
      return setStatus({ status: 'unavailable', reason: `The media worker does not start: ${failure.reason}` });
    }
    return setStatus({ status: 'preparing', step: 'Starting the media worker.' });
  }

  async function start(): Promise<void> {
    const onProgress = ({ step, done, total }: Progress) =>
      setStatus({
        status: 'preparing',
        step,
        ...(done !== undefined && { done }),
        ...(total !== undefined && { total }),
      });
    const binary = await options.findBinary({ onProgress, signal: stop.signal });
    if (stop.signal.aborted) return;
    if (!binary.ok) {
      log.warn({ reason: binary.reason }, 'there is no media worker');
      return setStatus({ status: 'unavailable', reason: binary.reason });
    }
    for (let i = 0; i < wanted; i++) {
      const listening = { listenIp, announcedAddress, port: port === 0 ? 0 : port + i };
      workers.push(new MediaWorker({ binary: binary.path, listening, turn, recorder, log, onChange: onWorkerChange }));
    }
    onWorkerChange();
  }

  const started = start().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ reason }, 'media could not be started');
    setStatus({ status: 'unavailable', reason });
  });

  return {
    status: () => status,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async openCall(events) {
      const [least] = workers.filter((worker) => worker.up).toSorted((a, b) => a.load - b.load);
      if (!least) throw new Error('no media worker is ready');
      return await least.openCall(events);
    },
    open() {
      const up = workers.filter((worker) => worker.up);
      const sum = (kind: keyof OpenThings) => up.reduce((total, { open }) => total + open[kind], 0);
      return {
        workers: up.length,
        routers: sum('routers'),
        transports: sum('transports'),
        producers: sum('producers'),
        consumers: sum('consumers'),
      };
    },
    async counts() {
      const up = workers.filter((worker) => worker.up);
      const counts = { workers: up.length, routers: 0, transports: 0, producers: 0, consumers: 0 };
      for (const one of await Promise.all(up.map((worker) => worker.counts()))) {
        counts.routers += one.routers;
        counts.transports += one.transports;
        counts.producers += one.producers;
        counts.consumers += one.consumers;
      }
      return counts;
    },
    async close() {
      stop.abort();
      await started;
      await recorder?.close();
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}

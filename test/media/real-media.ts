import { EventEmitter, once } from 'node:events';
import { observer, type types } from 'mediasoup';
import type { Media, MediaCallEvents } from '../../server/media/media.ts';
import { startMedia, type StartMediaOptions } from '../../server/media/mediasoup.ts';
import { findWorkerBinary } from '../../server/media/worker-binary/index.ts';
import type { ConsumerView, Layers, Quality, MediaSource, Speaking } from '../../server/protocol/media.ts';

const silent = { info: () => {}, warn: () => {} };

/** Real workers on ports of their own; resolves when calls can be opened. */
export async function startRealMedia({
  workers = 1,
  ...options
}: Partial<Pick<StartMediaOptions, 'workers' | 'announcedAddress' | 'port' | 'turn' | 'recorder'>> = {}): Promise<{
  media: Media;
  pids: number[];
}> {
  const pids: number[] = [];
  const noteWorker = (worker: types.Worker) => void pids.push(worker.pid);
  observer.on('newworker', noteWorker);
  const media = startMedia({
    findBinary: findWorkerBinary,
    workers,
    listenIp: '127.0.0.1',
    announcedAddress: '127.0.0.1',
    port: 0,
    log: silent,
    ...options,
  });
  await becomes(media, 'ready');
  const close = media.close.bind(media);
  media.close = async () => {
    observer.off('newworker', noteWorker);
    await close();
  };
  return { media, pids };
}

/** Resolves when the status is, or comes to be, the one that is waited for. */
export async function becomes(media: Media, wanted: 'ready' | 'preparing' | 'unavailable'): Promise<void> {
  if (media.status().status === wanted) return;
  await new Promise<void>((resolve) => {
    const stop = media.onStatus(({ status }) => {
      if (status !== wanted) return;
      stop();
      resolve();
    });
  });
}

export type CallEvent =
  | { type: 'consumer'; member: string; consumer: ConsumerView }
  | { type: 'paused'; member: string; consumer: string; paused: boolean }
  | { type: 'closed'; member: string; consumer: string }
  | { type: 'sources'; member: string; sources: MediaSource[] }
  | { type: 'layers'; member: string; consumer: string; layers: Layers }
  | { type: 'quality'; member: string; participant: string; quality: Quality }
  | { type: 'speaking'; member: string; speaking: Speaking }
  | { type: 'lost' };

type EventOf<T extends CallEvent['type']> = Extract<CallEvent, { type: T }>;

/** Writes down what a call tells its owner, and waits for what is yet to come. */
export class CallRecord {
  readonly seen: CallEvent[] = [];
  readonly #changed = new EventEmitter();

  readonly events: MediaCallEvents = {
    consumer: (member, consumer) => this.#note({ type: 'consumer', member, consumer }),
    consumerPaused: (member, consumer, paused) => this.#note({ type: 'paused', member, consumer, paused }),
    consumerClosed: (member, consumer) => this.#note({ type: 'closed', member, consumer }),
    sources: (member, sources) => this.#note({ type: 'sources', member, sources }),
    consumerLayers: (member, consumer, layers) => this.#note({ type: 'layers', member, consumer, layers }),
    quality: (member, participant, quality) => this.#note({ type: 'quality', member, participant, quality }),
    speaking: (member, speaking) => this.#note({ type: 'speaking', member, speaking }),
    lost: () => this.#note({ type: 'lost' }),
  };

  /** The first event of that type that fits, seen already or yet to come. */
  async next<T extends CallEvent['type']>(type: T, fits: (event: EventOf<T>) => boolean = () => true) {
    const wanted = (event: CallEvent): event is EventOf<T> => event.type === type;
    for (;;) {
      const found = this.seen.filter(wanted).find(fits);
      if (found) return found;
      await once(this.#changed, 'note');
    }
  }

  #note(event: CallEvent): void {
    this.seen.push(event);
    this.#changed.emit('note');
  }
}

const certificate = Array.from({ length: 32 }, (_, i) => (i + 16).toString(16).toUpperCase()).join(':');
export const dtlsParameters = { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: certificate }] };

/** RTP parameters as a browser would send them; `ssrc` has to differ for each on one transport. */
export function opusParameters(ssrc: number): Record<string, unknown> {
  return {
    mid: `a${ssrc}`,
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: 111,
        clockRate: 48_000,
        channels: 2,
        parameters: { useinbandfec: 1, usedtx: 1, minptime: 10 },
        rtcpFeedback: [{ type: 'transport-cc', parameter: '' }],
      },
    ],
    headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 4, encrypt: false, parameters: {} }],
    encodings: [{ ssrc, dtx: true }],
    rtcp: { cname: 'test', reducedSize: true },
    msid: '- track',
  };
}

export function vp8Parameters(ssrc: number): Record<string, unknown> {
  return {
    mid: `v${ssrc}`,
    codecs: [
      {
        mimeType: 'video/VP8',
        payloadType: 96,
        clockRate: 90_000,
        parameters: {},
        rtcpFeedback: [
          { type: 'nack', parameter: '' },
          { type: 'nack', parameter: 'pli' },
        ],
      },
      { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 }, rtcpFeedback: [] },
    ],
    headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 4, encrypt: false, parameters: {} }],
    encodings: [
      { ssrc, rtx: { ssrc: ssrc + 1 }, maxBitrate: 150_000, scalabilityMode: 'L1T3' },
      { ssrc: ssrc + 2, rtx: { ssrc: ssrc + 3 }, maxBitrate: 1_700_000, scalabilityMode: 'L1T3' },
    ],
    rtcp: { cname: 'test', reducedSize: true },
  };
}

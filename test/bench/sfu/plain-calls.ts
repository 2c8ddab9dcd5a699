import { createWorker, type types } from 'mediasoup';
import { MEDIA_CODECS } from '../../../server/media/codecs.ts';
import type { MediaCallEvents } from '../../../server/media/media.ts';
import { RouterCall } from '../../../server/media/router-call.ts';
import { findWorkerBinary } from '../../../server/media/worker-binary/index.ts';
import { AUDIO_LEVEL_ID, type Stream } from './plain-load.ts';

/** A worker, and the calls on it as streams to send; `forwarded` is what it has sent on so far, in bytes. */
export type Side = {
  worker: types.Worker;
  streams: Stream[];
  addCall(members: number): Promise<void>;
  forwarded(): Promise<number>;
  close(): void;
};

const SRTP: types.SrtpCryptoSuite = 'AES_CM_128_HMAC_SHA1_80';
/** Any key will do: nobody reads what is sent on. */
const KEY = Buffer.alloc(30, 7).toString('base64');
const KINDS = ['audio', 'video'] as const;

async function openWorker(): Promise<types.Worker> {
  const binary = await findWorkerBinary();
  if (!binary.ok) throw new Error(binary.reason);
  return await createWorker({ workerBin: binary.path, logLevel: 'none' });
}

/** RTP comes in as it is; what goes out is encrypted, as it is to browsers. */
async function openWays(router: types.Router, sink: number) {
  const listenInfo = { protocol: 'udp', ip: '127.0.0.1' } as const;
  const send = await router.createPlainTransport({ listenInfo, rtcpMux: true, comedia: true });
  const receive = await router.createPlainTransport({
    listenInfo,
    rtcpMux: true,
    enableSrtp: true,
    srtpCryptoSuite: SRTP,
  });
  const srtpParameters = { cryptoSuite: SRTP, keyBase64: KEY };
  await receive.connect({ ip: '127.0.0.1', port: sink, srtpParameters });
  return { send, receive };
}

function rtpOf(kind: 'audio' | 'video', ssrc: number): types.RtpParameters {
  const audio = { mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 };
  const video = { mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 };
  const level = { uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', id: AUDIO_LEVEL_ID } as const;
  return {
    codecs: [kind === 'audio' ? { ...audio, parameters: { useinbandfec: 1, usedtx: 1 } } : video],
    headerExtensions: kind === 'audio' ? [level] : [],
    encodings: [{ ssrc }],
    rtcp: { cname: 'load' },
  };
}

async function sumSent(transports: readonly types.PlainTransport[]): Promise<number> {
  const stats = await Promise.all(transports.map(async (transport) => await transport.getStats()));
  return stats.flat().reduce((sum, { bytesSent }) => sum + bytesSent, 0);
}

/** By the book: a router, transports, producers, consumers, and nothing else. */
export async function openBareSide(sink: number): Promise<Side> {
  const worker = await openWorker();
  const streams: Stream[] = [];
  const receiving: types.PlainTransport[] = [];
  let ssrc = 1_000;
  return {
    worker,
    streams,
    async addCall(members) {
      const router = await worker.createRouter({ mediaCodecs: MEDIA_CODECS });
      const ways = await Promise.all(Array.from({ length: members }, async () => await openWays(router, sink)));
      for (const { send, receive } of ways) {
        receiving.push(receive);
        for (const kind of KINDS) {
          const producer = await send.produce({ kind, rtpParameters: rtpOf(kind, ++ssrc) });
          streams.push({ port: send.tuple.localPort, kind, ssrc });
          for (const other of ways) {
            if (other.send === send) continue;
            const { rtpCapabilities } = router;
            const consumer = await other.receive.consume({ producerId: producer.id, rtpCapabilities, paused: true });
            await consumer.resume();
          }
        }
      }
    },
    forwarded: async () => await sumSent(receiving),
    close: () => worker.close(),
  };
}

/** The same through a call of ours: all of it is real but the transports, which are plain where browsers have WebRTC. */
export async function openOurSide(sink: number): Promise<Side> {
  const worker = await openWorker();
  const streams: Stream[] = [];
  const receiving: types.PlainTransport[] = [];
  let ssrc = 1_000;

  async function addCall(members: number): Promise<void> {
    const router = await worker.createRouter({ mediaCodecs: MEDIA_CODECS });
    const server = await worker.createWebRtcServer({ listenInfos: [{ protocol: 'udp', ip: '127.0.0.1' }] });
    const ports = new Map<string, number>();
    const spare: types.PlainTransport[] = [];
    const nextTransport = async (): Promise<types.PlainTransport> => {
      // A member asks for the way it sends over first, then for the one it receives over.
      const waiting = spare.pop();
      if (waiting) return waiting;
      const { send, receive } = await openWays(router, sink);
      ports.set(send.id, send.tuple.localPort);
      receiving.push(receive);
      spare.push(receive);
      return send;
    };
    let asked = Promise.resolve<unknown>(null);
    const inTurn = async () => {
      const turn = asked.then(nextTransport);
      asked = turn;
      return overlaid(await turn, { iceCandidates: [] });
    };
    const events = new Waiting();
    const call = new RouterCall(overlaid(router, { createWebRtcTransport: inTurn }), {
      server,
      events: events.listeners,
      log: (what, error) => console.warn(what, error),
      iceServers: () => [],
      recorder: null,
    });
    await call.activate();
    const joined: { id: string; transport: string }[] = [];
    for (let member = 0; member < members; member++) {
      const id = `member-${member}`;
      const reply = await call.join(id);
      if (!reply.ok) throw new Error(reply.reason);
      joined.push({ id, transport: reply.join.send.id });
      await call.capable(id, reply.join.rtpCapabilities);
    }
    for (const { id, transport } of joined) {
      for (const kind of KINDS) {
        const source = kind === 'audio' ? 'microphone' : 'camera';
        const rtpParameters = { ...rtpOf(kind, ++ssrc) };
        const made = await call.produce(id, { transport, kind, source, rtpParameters, paused: false });
        if (!made.ok) throw new Error(made.reason);
        streams.push({ port: ports.get(transport) ?? 0, kind, ssrc });
      }
    }
    const consumers = await events.consumers(members * (members - 1) * KINDS.length);
    for (const [consumer, member] of consumers) await call.ready(member, consumer);
  }

  return { worker, streams, addCall, forwarded: async () => await sumSent(receiving), close: () => worker.close() };
}

/** Collects the consumers that a call announces. */
class Waiting {
  readonly #consumers = new Map<string, string>();
  #changed = () => {};
  readonly listeners: MediaCallEvents = {
    consumer: (member, { id }) => {
      this.#consumers.set(id, member);
      this.#changed();
    },
    consumerPaused: () => {},
    consumerClosed: () => {},
    consumerLayers: () => {},
    quality: () => {},
    sources: () => {},
    speaking: () => {},
    lost: () => {},
  };

  async consumers(count: number): Promise<Map<string, string>> {
    while (this.#consumers.size < count) await new Promise<void>((resolve) => (this.#changed = resolve));
    return this.#consumers;
  }
}

/** The thing itself, with some of its properties replaced. */
function overlaid(thing: object, over: Record<string, unknown>): never {
  return new Proxy(thing, {
    get(target, name) {
      if (typeof name === 'string' && Object.hasOwn(over, name)) return over[name];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  }) as never;
}

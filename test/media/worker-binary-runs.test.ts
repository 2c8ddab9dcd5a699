import { once } from 'node:events';
import { createWorker } from 'mediasoup';
import type { Consumer, Producer, Router, RtpCodecCapability, SrtpCryptoSuite, Worker } from 'mediasoup/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findWorkerBinary } from '../../server/media/worker-binary/index.ts';
import { relay } from './worker-binary-relay.ts';

const QUARTER_OF_AN_HOUR = 900_000;
const OPUS: RtpCodecCapability = {
  kind: 'audio',
  mimeType: 'audio/opus',
  preferredPayloadType: 100,
  clockRate: 48_000,
  channels: 2,
};
const SOURCE_SSRC = 1234;
const LISTEN = { protocol: 'udp', ip: '127.0.0.1' } as const;
const PAYLOADS = Array.from({ length: 20 }, (_, index) => `what is said in packet ${index}`);

const workers: Worker[] = [];
let workerBin: string;

// On a machine that has no worker yet, this is the whole build.
beforeAll(async () => {
  const found = await findWorkerBinary();
  if (!found.ok) throw new Error(found.reason);
  workerBin = found.path;
}, QUARTER_OF_AN_HOUR);

afterAll(async () => {
  for (const worker of workers) {
    const gone = once(worker, 'subprocessclose');
    worker.close();
    await gone;
  }
});

async function openRouter(): Promise<{ worker: Worker; router: Router }> {
  const worker = await createWorker({ workerBin, logLevel: 'warn' });
  workers.push(worker);
  return { worker, router: await worker.createRouter({ mediaCodecs: [OPUS] }) };
}

/** A producer that the test feeds with packets. */
async function openSource(router: Router): Promise<Producer> {
  const transport = await router.createDirectTransport();
  return await transport.produce({
    kind: 'audio',
    rtpParameters: {
      codecs: [{ mimeType: 'audio/opus', payloadType: 100, clockRate: 48_000, channels: 2 }],
      encodings: [{ ssrc: SOURCE_SSRC }],
      rtcp: { cname: 'source' },
    },
  });
}

/** Resolves with the payloads of the producer, when as many have come as there are. */
async function receive(router: Router, { id }: Pick<Producer, 'id'>): Promise<{ all: Promise<string[]> }> {
  const transport = await router.createDirectTransport();
  const consumer: Consumer = await transport.consume({ producerId: id, rtpCapabilities: router.rtpCapabilities });
  const payloads: string[] = [];
  const all = new Promise<string[]>((resolve) => {
    consumer.on('rtp', (packet) => {
      payloads.push(packet.subarray(rtpHeaderLength(packet)).toString());
      if (payloads.length === PAYLOADS.length) resolve(payloads);
    });
  });
  return { all };
}

function say(source: Producer): void {
  for (const [index, payload] of PAYLOADS.entries()) {
    const header = Buffer.from([0x80, 100, 0, index, 0, 0, 0, 0, 0, 0, 0, 0]);
    header.writeUInt32BE(index * 960, 4);
    header.writeUInt32BE(SOURCE_SSRC, 8);
    source.send(Buffer.concat([header, Buffer.from(payload)]));
  }
}

/** RFC 3550, section 5.1: twelve bytes, the contributing sources, and the extension where its bit is set. */
function rtpHeaderLength(packet: Buffer): number {
  const fixed = 12 + 4 * ((packet[0] ?? 0) & 0x0f);
  return (packet[0] ?? 0) & 0x10 ? fixed + 4 + 4 * packet.readUInt16BE(fixed + 2) : fixed;
}

/** Resolves at the first sender report, which comes by SRTCP where media comes by SRTP. */
async function senderReport(producer: Producer): Promise<void> {
  await producer.enableTraceEvent(['sr']);
  await new Promise<void>((resolve) => {
    producer.on('trace', ({ type }) => type === 'sr' && resolve());
  });
}

describe('the worker that was found', () => {
  test('runs a WebRtcServer with a UDP and a TCP port, and understands and is understood', async () => {
    const { worker, router } = await openRouter();
    const webRtcServer = await worker.createWebRtcServer({ listenInfos: [LISTEN, { ...LISTEN, protocol: 'tcp' }] });
    const transport = await router.createWebRtcTransport({ webRtcServer });
    expect(transport.iceCandidates.map(({ protocol }) => protocol).toSorted()).toEqual(['tcp', 'udp']);
    expect(await worker.dump()).toMatchObject({ routerIds: [router.id], webRtcServerIds: [webRtcServer.id] });
    expect(await webRtcServer.dump()).toMatchObject({ webRtcTransportIds: [transport.id] });
    expect((await worker.getResourceUsage()).ru_maxrss).toBeGreaterThan(0);
  });

  test('hands packets from a producer to a consumer', async () => {
    const { router } = await openRouter();
    const source = await openSource(router);
    const received = await receive(router, source);
    say(source);
    expect(await received.all).toEqual(PAYLOADS);
  });

  test('does DTLS on either side, and sends encrypted packets and reports to a browser-like peer', async () => {
    const near = await openRouter();
    const far = await openRouter();
    const [nearEnd, farEnd] = await Promise.all(
      [near, far].map(async ({ worker, router }) => {
        const webRtcServer = await worker.createWebRtcServer({ listenInfos: [LISTEN] });
        return await router.createWebRtcTransport({ webRtcServer });
      }),
    );
    if (!nearEnd || !farEnd) throw new Error('two transports were asked for');
    const wire = await relay(nearEnd, farEnd);
    expect([nearEnd.dtlsState, farEnd.dtlsState]).toEqual(['connected', 'connected']);

    const source = await openSource(near.router);
    const sent = await nearEnd.consume({ producerId: source.id, rtpCapabilities: near.router.rtpCapabilities });
    const arrived = await farEnd.produce({ kind: 'audio', rtpParameters: sent.rtpParameters });
    const received = await receive(far.router, arrived);
    const reported = senderReport(arrived);
    say(source);
    expect(await received.all).toEqual(PAYLOADS);
    await reported;
    const onTheWire = Buffer.concat(wire.seen);
    expect(PAYLOADS.some((payload) => onTheWire.includes(payload))).toBe(false);
    wire.close();
    expect([near.worker.died, far.worker.died]).toEqual([false, false]);
  });

  const suites: SrtpCryptoSuite[] = [
    'AEAD_AES_256_GCM',
    'AEAD_AES_128_GCM',
    'AES_CM_128_HMAC_SHA1_80',
    'AES_CM_128_HMAC_SHA1_32',
  ];
  test.concurrent.each(suites)('encrypts and decrypts RTP and RTCP with %s', async (srtpCryptoSuite) => {
    const near = await openRouter();
    const far = await openRouter();
    const options = { listenInfo: LISTEN, rtcpMux: true, enableSrtp: true, srtpCryptoSuite };
    const nearEnd = await near.router.createPlainTransport(options);
    const farEnd = await far.router.createPlainTransport(options);
    for (const [end, other] of [[nearEnd, farEnd] as const, [farEnd, nearEnd] as const]) {
      const { srtpParameters } = other;
      if (!srtpParameters) throw new Error('SRTP was asked for');
      await end.connect({ ip: '127.0.0.1', port: other.tuple.localPort, srtpParameters });
    }

    const source = await openSource(near.router);
    const sent = await nearEnd.consume({ producerId: source.id, rtpCapabilities: near.router.rtpCapabilities });
    const arrived = await farEnd.produce({ kind: 'audio', rtpParameters: sent.rtpParameters });
    const received = await receive(far.router, arrived);
    const reported = senderReport(arrived);
    say(source);
    expect(await received.all).toEqual(PAYLOADS);
    await reported;
  });
});

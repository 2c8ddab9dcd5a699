import { createWorker, type types } from 'mediasoup';
import type { Page } from 'playwright-core';
import type { Chromium } from '../browser/chromium.ts';
import { MEDIA_CODECS } from '../../server/media/codecs.ts';
import { findWorkerBinary } from '../../server/media/worker-binary/index.ts';
import { servePage } from './page-server.ts';

type Bare = {
  transports: Map<string, types.WebRtcTransport>;
  receive?: types.WebRtcTransport;
  can?: types.RtpCapabilities;
};

/** What the bare page sends. */
export type BareFrame =
  | { type: 'answer' }
  | ({ req: number } & (
      | { type: 'capabilities' | 'transport' }
      | { type: 'connect'; transport: string; dtlsParameters: types.DtlsParameters }
      | { type: 'produce'; transport: string; kind: types.MediaKind; rtpParameters: types.RtpParameters }
      | { type: 'capable'; transport: string; rtpCapabilities: types.RtpCapabilities }
      | { type: 'resume'; consumer: string }
    ));

export type BareStage = { open(participant: string): Promise<Page>; close(): Promise<void> };

/** What a server by the book does: mediasoup and a socket, nothing prepared, nothing checked. */
export async function openBareStage(browser: Chromium): Promise<BareStage> {
  const binary = await findWorkerBinary();
  if (!binary.ok) throw new Error(binary.reason);
  const worker = await createWorker({ workerBin: binary.path, logLevel: 'none' });
  const webRtcServer = await worker.createWebRtcServer({
    listenInfos: [
      { protocol: 'udp', ip: '127.0.0.1' },
      { protocol: 'tcp', ip: '127.0.0.1' },
    ],
  });
  const router = await worker.createRouter({ mediaCodecs: MEDIA_CODECS });
  const members = new Map<string, Bare>();
  const producers: { participant: string; producer: types.Producer }[] = [];
  const consumers = new Map<string, types.Consumer>();

  async function consume(member: string, participant: string, producer: types.Producer): Promise<void> {
    const { receive, can } = members.get(member) ?? {};
    if (!receive || !can) return;
    const wanted = receive.consume({ producerId: producer.id, rtpCapabilities: can, paused: true });
    // The stage may be closed before the last one (a voice, say) is there.
    const consumer = await wanted.catch((error: unknown) => {
      if (!worker.closed) throw error;
    });
    if (!consumer) return;
    consumers.set(consumer.id, consumer);
    const { id, kind, rtpParameters } = consumer;
    server.send(member, { type: 'consumer', data: { id, kind, rtpParameters, producerId: producer.id, participant } });
  }

  async function perform(member: string, frame: Exclude<BareFrame, { type: 'answer' }>): Promise<object> {
    const own = members.get(member) ?? { transports: new Map<string, types.WebRtcTransport>() };
    members.set(member, own);
    switch (frame.type) {
      case 'capabilities':
        return router.rtpCapabilities;
      case 'transport': {
        const transport = await router.createWebRtcTransport({
          webRtcServer,
          enableUdp: true,
          enableTcp: true,
          preferUdp: true,
          initialAvailableOutgoingBitrate: 2_000_000,
        });
        own.transports.set(transport.id, transport);
        const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
        return { id, iceParameters, iceCandidates, dtlsParameters };
      }
      case 'connect':
        await own.transports.get(frame.transport)?.connect({ dtlsParameters: frame.dtlsParameters });
        return {};
      case 'produce': {
        const transport = own.transports.get(frame.transport);
        if (!transport) throw new Error('no transport');
        const producer = await transport.produce({ kind: frame.kind, rtpParameters: frame.rtpParameters });
        producers.push({ participant: member, producer });
        for (const other of members.keys()) if (other !== member) void consume(other, member, producer);
        return { id: producer.id };
      }
      case 'capable': {
        const receive = own.transports.get(frame.transport);
        if (receive) own.receive = receive;
        own.can = frame.rtpCapabilities;
        for (const { participant, producer } of producers) {
          if (participant !== member) void consume(member, participant, producer);
        }
        return {};
      }
      case 'resume':
        await consumers.get(frame.consumer)?.resume();
        return {};
      default:
        return frame satisfies never;
    }
  }

  const server = await servePage('bare-mediasoup-page.ts', async (member, frame: BareFrame) => {
    if (frame.type !== 'answer') {
      server.send(member, { type: 'reply', req: frame.req, data: await perform(member, frame) });
      return;
    }
    for (const other of server.participants()) if (other !== member) server.send(other, { type: 'yes' });
  });
  return {
    async open(participant) {
      const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
      const page = await context.newPage();
      await page.goto(server.origin);
      await page.evaluate(async (participant) => await window.bare.connect(participant), participant);
      return page;
    },
    async close() {
      await server.close();
      const ended = new Promise<void>((resolve) => worker.once('subprocessclose', resolve));
      worker.close();
      await ended;
    },
  };
}

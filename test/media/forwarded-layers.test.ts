import { EventEmitter, once } from 'node:events';
import { observer, type types } from 'mediasoup';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MEDIA_CODECS } from '../../server/media/codecs.ts';
import { watchLayers } from '../../server/media/forwarded-layers.ts';
import type { Media } from '../../server/media/media.ts';
import type { Layers } from '../../server/protocol/media.ts';
import { startRealMedia } from './real-media.ts';

/** Each packet is one picture, and so many of them a second. */
const PICTURES_A_SECOND = 50;

let media: Media;
let router: types.Router;
const sending: NodeJS.Timeout[] = [];
beforeAll(async () => {
  const made = once(observer, 'newworker') as Promise<[types.Worker]>;
  ({ media } = await startRealMedia());
  router = await (await made)[0].createRouter({ mediaCodecs: MEDIA_CODECS });
});
afterAll(async () => {
  sending.forEach(clearInterval);
  await media.close();
});

/** What is sent of each size: whole pictures, or what has changed since one that nobody has. */
type Sent = Map<number, 'whole' | 'changes'>;

/** A camera or a screen without a browser, that really sends to a real worker. */
async function source(ssrcs: readonly number[], sent: Sent): Promise<types.Producer> {
  const transport = await router.createDirectTransport();
  const producer = await transport.produce({
    kind: 'video',
    rtpParameters: {
      codecs: [{ mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 }],
      encodings: ssrcs.map((ssrc) => ({ ssrc })),
      rtcp: { cname: 'test' },
    },
  });
  let n = 0;
  const send = (): void => {
    n += 1;
    for (const ssrc of ssrcs) {
      const what = sent.get(ssrc);
      if (!what) continue;
      transport.sendRtcp(senderReport(ssrc, n));
      producer.send(frame(ssrc, n, what === 'whole'));
    }
  };
  sending.push(setInterval(send, 1_000 / PICTURES_A_SECOND));
  return producer;
}

const timestamp = (n: number): number => (n * 90_000) / PICTURES_A_SECOND;

/** RFC 3550 and 7741: the first bytes of a VP8 frame. */
function frame(ssrc: number, n: number, key: boolean): Buffer {
  const packet = Buffer.alloc(40);
  packet.set([0x80, 0x80 | 96]);
  packet.writeUInt16BE(n, 2);
  packet.writeUInt32BE(timestamp(n), 4);
  packet.writeUInt32BE(ssrc, 8);
  packet.set([0x10, key ? 0 : 1], 12);
  return packet;
}

/** Says which moment a timestamp of this size is: without it there is no change from one size to another. */
function senderReport(ssrc: number, n: number): Buffer {
  const report = Buffer.alloc(28);
  report.set([0x80, 200, 0, 6]);
  report.writeUInt32BE(ssrc, 4);
  report.writeUInt32BE(3_900_000_000 + Math.floor(n / PICTURES_A_SECOND), 8);
  report.writeUInt32BE(Math.floor(((n % PICTURES_A_SECOND) / PICTURES_A_SECOND) * 2 ** 32), 12);
  report.writeUInt32BE(timestamp(n), 16);
  report.writeUInt32BE(n, 20);
  return report;
}

/** What is told of a consumer, and a way to wait for the next that is `wanted`. */
async function watched(producer: types.Producer) {
  const receiving = await router.createDirectTransport();
  const consumer = await receiving.consume({
    producerId: producer.id,
    rtpCapabilities: router.rtpCapabilities,
  });
  const told: Layers[] = [];
  const change = new EventEmitter();
  watchLayers(consumer, (layers) => {
    told.push(layers);
    change.emit('told');
  });
  const tells = async (wanted: Layers): Promise<void> => {
    while (told.at(-1)?.forwarded !== wanted.forwarded || told.at(-1)?.sent !== wanted.sent) await once(change, 'told');
  };
  return { consumer, told, tells };
}

describe('promise 11: both sides are told in words when a picture is smaller than it could be', () => {
  test('which of a camera’s sizes goes on, of those that are sent, is told with each change and once; of a screen nothing is', async () => {
    const sent: Sent = new Map([11, 44].map((ssrc) => [ssrc, 'whole']));
    const { consumer, told, tells } = await watched(await source([11, 22, 33], sent));
    const screen = await watched(await source([44], sent));
    const arrives = once(screen.consumer, 'rtp');
    await tells({ forwarded: 0, sent: 1 });
    // Larger ones come, and cannot be begun with yet.
    sent.set(22, 'changes').set(33, 'changes');
    await tells({ forwarded: 0, sent: 3 });
    sent.set(22, 'whole').set(33, 'whole');
    await tells({ forwarded: 2, sent: 3 });
    // Where less is wished for, what is above it is not missed.
    await consumer.setPreferredLayers({ spatialLayer: 1 });
    await tells({ forwarded: 1, sent: 2 });
    await consumer.setPreferredLayers({ spatialLayer: 2 });
    await tells({ forwarded: 2, sent: 3 });
    // The owner's browser has no room for the largest one any longer; then for none.
    sent.delete(33);
    await tells({ forwarded: 1, sent: 2 });
    sent.clear();
    await tells({ forwarded: null, sent: 0 });
    const twice = told.filter((layers, i) => JSON.stringify(layers) === JSON.stringify(told[i + 1]));
    expect(twice).toEqual([]);

    await arrives;
    expect(screen.told).toEqual([]);
  });
});

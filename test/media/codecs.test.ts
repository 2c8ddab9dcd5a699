import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Media, MediaCall } from '../../server/media/media.ts';
import { CallRecord, opusParameters, startRealMedia, vp8Parameters } from './real-media.ts';

let media: Media;
let call: MediaCall;
let record: CallRecord;

beforeAll(async () => void ({ media } = await startRealMedia()));
afterAll(async () => await media.close());
beforeEach(async () => {
  record = new CallRecord();
  call = await media.openCall(record.events);
});
afterEach(() => call.close());

const feedback = [
  { type: 'nack', parameter: '' },
  { type: 'nack', parameter: 'pli' },
  { type: 'ccm', parameter: 'fir' },
  { type: 'goog-remb', parameter: '' },
];
const h264 = (profile: string, mode: number) => ({
  'level-asymmetry-allowed': 1,
  'packetization-mode': mode,
  'profile-level-id': profile,
});

type Codec = [mimeType: string, payloadType: number, parameters: Record<string, unknown>];

/** In Safari's order: high profile first, then the constrained baseline that every other browser has, then the rest. */
const SAFARI: Codec[] = [
  ['video/H264', 96, h264('640c1f', 1)],
  ['video/H264', 98, h264('42e01f', 1)],
  ['video/H264', 100, h264('640c1f', 0)],
  ['video/H264', 102, h264('42e01f', 0)],
  ['video/VP8', 104, {}],
  ['video/VP9', 106, { 'profile-id': 0 }],
];

function capabilities(codecs: Codec[]): Record<string, unknown> {
  const opus = { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2, preferredPayloadType: 111 };
  const retransmitted = codecs.flatMap(([mimeType, preferredPayloadType, parameters]) => [
    { kind: 'video', mimeType, clockRate: 90_000, preferredPayloadType, parameters, rtcpFeedback: feedback },
    {
      kind: 'video',
      mimeType: 'video/rtx',
      clockRate: 90_000,
      preferredPayloadType: preferredPayloadType + 1,
      parameters: { apt: preferredPayloadType },
    },
  ]);
  return { codecs: [opus, ...retransmitted], headerExtensions: [] };
}

/** A camera in that codec, in three sizes, as browsers send it. */
function camera(mimeType: string, parameters: Record<string, unknown>, ssrc: number): Record<string, unknown> {
  const svc = mimeType === 'video/VP9';
  const layer = (n: number) => ({ ssrc: ssrc + 2 * n, rtx: { ssrc: ssrc + 2 * n + 1 }, scalabilityMode: 'L1T3' });
  return {
    ...vp8Parameters(ssrc),
    codecs: [
      { mimeType, payloadType: 96, clockRate: 90_000, parameters, rtcpFeedback: feedback },
      { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 }, rtcpFeedback: [] },
    ],
    encodings: svc ? [{ ...layer(0), scalabilityMode: 'L3T3_KEY' }] : [layer(0), layer(1), layer(2)],
  };
}

async function watched(viewer: Codec[], mimeType: string, parameters: Record<string, unknown>) {
  const ana = await call.join('ana');
  const ben = await call.join('ben');
  if (!ana.ok || !ben.ok) throw new Error('not joined');
  expect(await call.capable('ben', capabilities(viewer))).toEqual({ ok: true });
  const common = { transport: ana.join.send.id, paused: false };
  const rtpParameters = camera(mimeType, parameters, 1_000);
  const made = await call.produce('ana', { ...common, kind: 'video', source: 'camera', rtpParameters });
  const voice = { ...common, kind: 'audio', source: 'microphone', rtpParameters: opusParameters(9_000) } as const;
  await call.produce('ana', voice);
  // The voice comes last: whatever there is of the picture has been said by then.
  await record.next('consumer', ({ consumer }) => consumer.source === 'microphone');
  const seen = record.seen.find((event) => event.type === 'consumer' && event.consumer.source === 'camera');
  return { made, seen: seen?.type === 'consumer' ? seen.consumer : null };
}

describe('promise 13: phones', () => {
  test.each([
    ['video/VP8', {}, 'L3T3'],
    ['video/H264', h264('42e01f', 1), 'L3T3'],
    ['video/VP9', { 'profile-id': 0 }, 'L3T3_KEY'],
  ])('Safari sees a camera in %s, all its sizes', async (mimeType, parameters, scalabilityMode) => {
    const { made, seen } = await watched(SAFARI, mimeType, parameters);
    expect(made).toMatchObject({ ok: true });
    expect(seen?.rtpParameters).toMatchObject({
      codecs: [{ mimeType }, { mimeType: 'video/rtx' }],
      encodings: [{ scalabilityMode }],
    });
  });

  test('a phone that has nothing but H264 sees a Safari camera, whose constrained baseline is the one that is agreed', async () => {
    const phone: Codec[] = [['video/H264', 98, h264('42e01f', 1)]];
    const { seen } = await watched(phone, 'video/H264', h264('42e01f', 1));
    expect(seen?.rtpParameters).toMatchObject({ codecs: [{ parameters: { 'packetization-mode': 1 } }, {}] });
  });

  test('a profile that not everybody can show is not taken', async () => {
    const ana = await call.join('ana');
    if (!ana.ok) throw new Error(ana.reason);
    const rtpParameters = camera('video/H264', h264('640c1f', 1), 1_000);
    const options = {
      transport: ana.join.send.id,
      kind: 'video',
      source: 'camera',
      rtpParameters,
      paused: false,
    } as const;
    expect(await call.produce('ana', options)).toEqual({ ok: false, reason: 'media-refused' });
  });

  test('who cannot show a codec is not sent it, and still hears the voice', async () => {
    const phone: Codec[] = [['video/H264', 98, h264('42e01f', 1)]];
    const { made, seen } = await watched(phone, 'video/VP8', {});
    expect(made).toMatchObject({ ok: true });
    expect(seen).toBeNull();
  });
});

import { observer, type types } from 'mediasoup';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Media, MediaCall } from '../../server/media/media.ts';
import type { JoinReply, MediaSource } from '../../server/protocol/media.ts';
import { becomes, CallRecord, dtlsParameters, opusParameters, startRealMedia, vp8Parameters } from './real-media.ts';

let media: Media;
let pids: number[];
let call: MediaCall;
let record: CallRecord;

/** Every consumer that mediasoup has made, by its id. */
const made = new Map<string, types.Consumer>();

beforeAll(async () => {
  observer.on('newworker', (worker) =>
    worker.observer.on('newrouter', (router) =>
      router.observer.on('newtransport', (transport) =>
        transport.observer.on('newconsumer', (consumer) => made.set(consumer.id, consumer)),
      ),
    ),
  );
  ({ media, pids } = await startRealMedia());
});
afterAll(async () => await media.close());
afterEach(() => call.close());

async function open(): Promise<void> {
  record = new CallRecord();
  call = await media.openCall(record.events);
}

async function join(member: string): Promise<JoinReply> {
  const result = await call.join(member);
  if (!result.ok) throw new Error(result.reason);
  return result.join;
}

async function produce(
  member: string,
  transport: string,
  source: MediaSource,
  { ssrc = 1_000, paused = false } = {},
): Promise<string> {
  const kind = source === 'camera' || source === 'screen' ? 'video' : 'audio';
  const rtpParameters = kind === 'video' ? vp8Parameters(ssrc) : opusParameters(ssrc);
  const result = await call.produce(member, { transport, kind, source, rtpParameters, paused });
  if (!result.ok) throw new Error(result.reason);
  return result.producer;
}

describe('a call', () => {
  test('gives a member transports on UDP and TCP, and codecs for every browser', async () => {
    await open();
    const { send, receive, rtpCapabilities } = await join('ana');
    expect(send.id).not.toBe(receive.id);
    for (const { iceCandidates } of [send, receive]) {
      expect(iceCandidates.map((candidate) => candidate['protocol'])).toEqual(['udp', 'tcp']);
      expect(new Set(iceCandidates.map((candidate) => candidate['address']))).toEqual(new Set(['127.0.0.1']));
    }
    for (const codec of ['audio/opus', 'video/VP8', 'video/H264', 'video/VP9']) {
      expect(rtpCapabilities['codecs']).toContainEqual(expect.objectContaining({ mimeType: codec }));
    }
  });

  test('tells every member that can receive of every source of the others, once, and of its changes', async () => {
    await open();
    const ana = await join('ana');
    const ben = await join('ben');
    const microphone = await produce('ana', ana.send.id, 'microphone', { paused: true });
    await call.capable('ben', ben.rtpCapabilities);
    const camera = await produce('ana', ana.send.id, 'camera', { ssrc: 2_000, paused: true });
    const heard = await record.next('consumer', ({ consumer }) => consumer.source === 'microphone');
    const watched = await record.next('consumer', ({ consumer }) => consumer.source === 'camera');
    expect(heard.member).toBe('ben');
    expect(heard.consumer).toMatchObject({
      participant: 'ana',
      producer: microphone,
      kind: 'audio',
      producerPaused: true,
    });
    expect(watched.consumer).toMatchObject({
      participant: 'ana',
      producer: camera,
      kind: 'video',
      producerPaused: true,
    });

    expect(await call.pause('ana', camera, false)).toEqual({ ok: true });
    expect(await record.next('paused')).toEqual({
      type: 'paused',
      member: 'ben',
      consumer: watched.consumer.id,
      paused: false,
    });
    expect(await record.next('sources')).toEqual({ type: 'sources', member: 'ana', sources: ['camera'] });
    // Said again, as after a lost connection, it is no change.
    expect(await call.pause('ana', camera, false)).toEqual({ ok: true });
    expect(record.seen.filter(({ type }) => type === 'paused')).toHaveLength(1);
    expect(await call.closeProducer('ana', camera)).toEqual({ ok: true });
    expect(await record.next('closed')).toMatchObject({ member: 'ben', consumer: watched.consumer.id });
    expect(await record.next('sources', ({ sources }) => sources.length === 0)).toBeTruthy();
    expect(record.seen.filter(({ type }) => type === 'consumer')).toHaveLength(2);
    // Switched on once more, it is another one.
    const again = await produce('ana', ana.send.id, 'camera', { ssrc: 3_000 });
    expect((await record.next('consumer', ({ consumer }) => consumer.producer === again)).member).toBe('ben');
  });

  test.each(['the member leaves', 'the call ends'])(
    'what is still being made when %s is closed as well, and not counted',
    async (how) => {
      await open();
      const [ana, ben] = [await join('ana'), await join('ben')];
      await produce('ana', ana.send.id, 'microphone');
      const camera = { transport: ben.send.id, kind: 'video', source: 'camera', paused: true } as const;
      const made = call.produce('ben', { ...camera, rtpParameters: vp8Parameters(2_000) });
      const watching = call.capable('ben', ben.rtpCapabilities);
      if (how === 'the member leaves') call.leave('ben');
      else call.close();
      expect(await made).toEqual({ ok: false, reason: 'not-in-call' });
      await watching;
      call.close();
      expect(media.open()).toEqual({ workers: 1, routers: 0, transports: 0, producers: 0, consumers: 0 });
    },
  );

  test('whoever comes later is told how the others are connected; a screen is served before a face', async () => {
    await open();
    const ana = await join('ana');
    const quality = { level: 'poor', reason: 'slow' } as const;
    expect(await call.quality('ana', quality)).toEqual({ ok: true });
    const face = await produce('ana', ana.send.id, 'camera');
    const screen = await produce('ana', ana.send.id, 'screen', { ssrc: 2_000 });
    const ben = await join('ben');
    await call.capable('ben', ben.rtpCapabilities);
    expect(await record.next('quality')).toEqual({ type: 'quality', member: 'ben', participant: 'ana', quality });
    const priorityOf = async (producer: string) => {
      const { consumer } = await record.next('consumer', (event) => event.consumer.producer === producer);
      return made.get(consumer.id)?.priority ?? 0;
    };
    expect(await priorityOf(screen)).toBeGreaterThan(await priorityOf(face));
  });

  test('forwards nothing before the yes, whatever a browser sends, nor to who is not ready; after it at once', async () => {
    await open();
    const ana = await join('ana');
    const ben = await join('ben');
    await call.capable('ben', ben.rtpCapabilities);
    const consumerOf = async (source: MediaSource) => {
      const { consumer } = await record.next('consumer', (event) => event.consumer.source === source);
      return { id: consumer.id, paused: () => made.get(consumer.id)?.paused };
    };
    await produce('ana', ana.send.id, 'microphone');
    const voice = await consumerOf('microphone');
    expect(await call.ready('ben', voice.id)).toEqual({ ok: true });
    expect(voice.paused()).toBe(true);
    await produce('ana', ana.send.id, 'camera', { ssrc: 2_000 });
    const face = await consumerOf('camera');
    await call.activate();
    expect([voice.paused(), face.paused()]).toEqual([false, true]);
    expect(await call.ready('ben', face.id)).toEqual({ ok: true });
    expect(face.paused()).toBe(false);
  });

  test('says what can be received again when it is asked again', async () => {
    await open();
    const ana = await join('ana');
    const ben = await join('ben');
    await produce('ana', ana.send.id, 'microphone');
    await call.capable('ben', ben.rtpCapabilities);
    const first = await record.next('consumer');
    record.seen.length = 0;
    await call.capable('ben', ben.rtpCapabilities);
    expect(record.seen.filter(({ type }) => type === 'consumer')).toEqual([first]);
    expect((await media.counts()).consumers).toBe(1);
  });

  test('closes what a member had when it joins again or leaves', async () => {
    await open();
    const ana = await join('ana');
    const ben = await join('ben');
    await call.capable('ben', ben.rtpCapabilities);
    await produce('ana', ana.send.id, 'microphone');
    const { consumer } = await record.next('consumer');
    const again = await join('ana');
    expect(await record.next('closed')).toMatchObject({ member: 'ben', consumer: consumer.id });
    expect(await record.next('sources', ({ sources }) => sources.length === 0)).toMatchObject({ member: 'ana' });
    expect(await call.restartIce('ana', ana.send.id)).toEqual({ ok: false, reason: 'media-refused' });
    expect(await call.restartIce('ana', again.send.id)).toMatchObject({ ok: true, iceParameters: { iceLite: true } });
    call.leave('ana');
    expect(await media.counts()).toEqual({ workers: 1, routers: 1, transports: 2, producers: 0, consumers: 0 });
    call.close();
    call.close();
    expect(await media.counts()).toEqual({ workers: 1, routers: 0, transports: 0, producers: 0, consumers: 0 });
    expect(await call.join('ana')).toEqual({ ok: false, reason: 'not-in-call' });
  });

  test('of two joins of one member at the same time keeps the later one', async () => {
    await open();
    const [first, second] = await Promise.all([call.join('ana'), call.join('ana')]);
    expect(first).toEqual({ ok: false, reason: 'not-in-call' });
    expect(second).toMatchObject({ ok: true });
    expect((await media.counts()).transports).toBe(2);
    const left = call.join('ben');
    call.leave('ben');
    expect(await left).toEqual({ ok: false, reason: 'not-in-call' });
    expect((await media.counts()).transports).toBe(2);
  });
});

describe('a member that lies', () => {
  test('is refused whoever it says it is and whatever it points at', async () => {
    await open();
    const ana = await join('ana');
    const ben = await join('ben');
    await call.capable('ben', ben.rtpCapabilities);
    const camera = await produce('ana', ana.send.id, 'camera');
    const { consumer } = await record.next('consumer');
    const refused = { ok: false, reason: 'media-refused' };
    expect(await call.connect('ben', ana.send.id, dtlsParameters)).toEqual(refused);
    expect(await call.connect('ben', 'nonsense', dtlsParameters)).toEqual(refused);
    expect(await call.restartIce('ben', ana.receive.id)).toEqual(refused);
    expect(await call.pause('ben', camera, true)).toEqual(refused);
    expect(await call.closeProducer('ben', camera)).toEqual(refused);
    expect(await call.ready('ana', consumer.id)).toEqual(refused);
    expect(await call.ready('ben', 'nonsense')).toEqual(refused);
    const options = { kind: 'video', source: 'camera', rtpParameters: vp8Parameters(9), paused: false } as const;
    expect(await call.produce('ben', { ...options, transport: ana.send.id })).toEqual(refused);
    expect(await call.produce('ben', { ...options, transport: ben.receive.id })).toEqual(refused);
    expect(await call.produce('eve', { ...options, transport: ana.send.id })).toEqual({
      ok: false,
      reason: 'not-in-call',
    });
    expect(await call.ready('ben', consumer.id)).toEqual({ ok: true });
    expect(record.seen.filter(({ type }) => type === 'closed' || type === 'paused')).toEqual([]);
  });

  const bad: Record<string, Record<string, unknown>> = {
    'no codecs': { encodings: [] },
    'an empty object': {},
    'codecs of the other kind': opusParameters(7),
    'an unknown codec': change('codecs', [{ mimeType: 'video/XYZ', payloadType: 96, clockRate: 90_000 }]),
    'text for numbers': change('codecs', [{ mimeType: 'video/VP8', payloadType: '96', clockRate: 'fast' }]),
    'a fractional bitrate': change('encodings', [{ ssrc: 7, maxBitrate: 1.5 }]),
    'a negative SSRC': change('encodings', [{ ssrc: -7 }]),
    'an object for a codec parameter': change('codecs', [
      { mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000, parameters: { a: { b: 1 } } },
    ]),
    'a null encoding': change('encodings', [null]),
    'more encodings than there are layers': change(
      'encodings',
      Array.from({ length: 500 }, (_, ssrc) => ({ ssrc })),
    ),
    'an encoding of an unknown mode': change('encodings', [{ ssrc: 7, scalabilityMode: 'L99T99' }]),
    'an unknown header extension': change('headerExtensions', [{ uri: 'urn:x', id: 1 }]),
    'a header extension without a place': change('headerExtensions', [
      { uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 0.5 },
    ]),
    'a retransmission of nothing': change('codecs', [
      { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 } },
    ]),
    // Codec parameters, names and feedback become lines of SDP: in ffmpeg's, and in the others' browsers.
    'a line break in a codec parameter': codecWith({ parameters: { 'x-a': '1\r\nm=audio 9 RTP/AVP 0' } }),
    'a line break in the name of one': codecWith({ parameters: { 'x\na=candidate': 1 } }),
    'two codec parameters in one': codecWith({ parameters: { 'x-a': '1;apt=97' } }),
    'a line break in its feedback': codecWith({ rtcpFeedback: [{ type: 'nack\r\na=x', parameter: '' }] }),
    'a line break in its stream’s name': change('rtcp', { cname: 'x\r\na=ice-lite' }),
    'a line break in its stream’s id': change('msid', '- track\r\na=ice-lite'),
    'a name of 60,000 letters': { ...vp8Parameters(7), mid: 'm'.repeat(60_000) },
    'a codec parameter of 60,000 letters': codecWith({ parameters: { 'x-a': 'm'.repeat(60_000) } }),
  };

  function codecWith(more: object): Record<string, unknown> {
    return change('codecs', [{ mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000, ...more }]);
  }

  function change(key: string, value: unknown): Record<string, unknown> {
    return { ...vp8Parameters(7), [key]: value };
  }

  test.each(Object.entries(bad))('is refused with %s, and nobody else notices', async (_, rtpParameters) => {
    await open();
    const ana = await join('ana');
    const ben = await join('ben');
    const options = { transport: ana.send.id, kind: 'video', source: 'camera', paused: false } as const;
    expect(await call.produce('ana', { ...options, rtpParameters })).toEqual({ ok: false, reason: 'media-refused' });
    await call.capable('ben', ben.rtpCapabilities);
    await produce('ana', ana.send.id, 'camera');
    expect((await record.next('consumer')).member).toBe('ben');
  });

  test.each([
    ['certificate', { role: 'client', fingerprints: [{ algorithm: 'rot13', value: '00' }] }],
    ['role', { ...dtlsParameters, role: 'queen' }],
    ['list', { fingerprints: 'none' }],
    ['value', { fingerprints: [{ algorithm: 'sha-256', value: 17 }] }],
    ['anything', {}],
  ])('is refused with a wrong %s, and can still connect properly', async (_, wrong) => {
    await open();
    const { send } = await join('ana');
    expect(await call.connect('ana', send.id, wrong)).toEqual({ ok: false, reason: 'media-refused' });
    expect(await call.connect('ana', send.id, dtlsParameters)).toEqual({ ok: true });
    expect(await call.connect('ana', send.id, dtlsParameters)).toEqual({ ok: false, reason: 'media-refused' });
  });

  test.each([
    ['nothing', {}],
    ['no list', { codecs: 'all' }],
    ['codecs without numbers', { codecs: [{ kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 }] }],
    ['a thousand codecs', { codecs: Array.from({ length: 1_000 }, () => ({})) }],
  ])('is refused with %s for what it can receive', async (_, rtpCapabilities) => {
    await open();
    await join('ana');
    expect(await call.capable('ana', rtpCapabilities)).toEqual({ ok: false, reason: 'media-refused' });
  });

  test('gets one producer for each source out of a thousand that it asks for', async () => {
    await open();
    const { send } = await join('ana');
    const results = await Promise.all(
      Array.from({ length: 1_000 }, async (_, i) =>
        call.produce('ana', {
          transport: send.id,
          kind: i % 2 ? 'audio' : 'video',
          source: i % 2 ? 'microphone' : 'camera',
          rtpParameters: i % 2 ? opusParameters(1_000 + i * 10) : vp8Parameters(1_000 + i * 10),
          paused: false,
        }),
      ),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(2);
    expect(results.filter((result) => !result.ok && result.reason === 'too-many')).toHaveLength(998);
    expect((await media.counts()).producers).toBe(2);
  });

  test('cannot fill a call with members', async () => {
    await open();
    const results = await Promise.all(Array.from({ length: 50 }, async (_, i) => call.join(`m${i}`)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(8);
    expect(results.filter((result) => !result.ok && result.reason === 'too-many')).toHaveLength(42);
    expect((await media.counts()).transports).toBe(16);
  });
});

test('a worker that is killed is replaced; its calls are told, and new ones can be opened', async () => {
  await open();
  const ana = await join('ana');
  const killed = pids.at(-1);
  if (!killed) throw new Error('no worker');
  process.kill(killed, 'SIGKILL');
  await record.next('lost');
  expect(await call.connect('ana', ana.send.id, dtlsParameters)).toEqual({ ok: false, reason: 'not-in-call' });
  expect(await call.join('ana')).toEqual({ ok: false, reason: 'not-in-call' });
  await becomes(media, 'ready');
  expect(pids.at(-1)).not.toBe(killed);
  await open();
  await join('ana');
  expect(await media.counts()).toMatchObject({ workers: 1, routers: 1, transports: 2 });
});

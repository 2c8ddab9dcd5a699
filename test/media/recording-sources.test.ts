import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorker, type types } from 'mediasoup';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MEDIA_CODECS } from '../../server/media/codecs.ts';
import type { CallRecording } from '../../server/media/media.ts';
import { assemble } from '../../server/media/recording/assemble.ts';
import { Ffmpeg, findFfmpeg } from '../../server/media/recording/ffmpeg.ts';
import type { LiveSource } from '../../server/media/recording/live-source.ts';
import { Recorder } from '../../server/media/recording/recorder.ts';
import { findWorkerBinary } from '../../server/media/worker-binary/index.ts';
import { freePort } from '../support/network/free-port.ts';
import { probe, writersIn } from './recorded.ts';

const signal = new AbortController().signal;
let worker: types.Worker;
let router: types.Router;
let folder: string;
let failures: Error[];
const recordings: CallRecording[] = [];

beforeAll(async () => {
  const binary = await findWorkerBinary({ onProgress: () => {}, signal });
  if (!binary.ok) throw new Error(binary.reason);
  worker = await createWorker({ workerBin: binary.path, logLevel: 'none' });
});
afterAll(() => worker.close());
beforeEach(async () => {
  router = await worker.createRouter({ mediaCodecs: MEDIA_CODECS });
  folder = mkdtempSync(join(tmpdir(), 'mostrador-recording-'));
  failures = [];
});
afterEach(async () => {
  await Promise.all(recordings.splice(0).map(async (recording) => await recording.stop()));
  router.close();
  rmSync(folder, { recursive: true, force: true });
});

function record(recorder: Recorder, into: string, live: LiveSource[]): void {
  const options = {
    folder: into,
    startedAt: Date.now(),
    personOf: () => ({ side: 'shopper' as const }),
    failed: (error: Error) => failures.push(error),
  };
  recordings.push(recorder.begin(router, options, live));
}

/** Where RTP of whoever sends first is taken. */
async function openDoor(): Promise<types.PlainTransport> {
  return await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1', port: await freePort('127.0.0.1') },
    rtcpMux: true,
    comedia: true,
  });
}

describe('promise 14: recorded only with both yeses: other sources', () => {
  test('a camera in H.264, as Safari sends it, is copied into files that can be played from the first frame to the last', async () => {
    const found = await findFfmpeg({ wanted: true, path: null });
    if (!found.ok) throw new Error(found.reason);
    const door = await openDoor();
    const parameters = { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 };
    const producer = await door.produce({
      kind: 'video',
      rtpParameters: {
        codecs: [{ mimeType: 'video/H264', payloadType: 102, clockRate: 90_000, parameters }],
        encodings: [{ ssrc: 7_777 }],
      },
    });
    const encoded = '-c:v libx264 -profile:v baseline -level 3.1 -pix_fmt yuv420p -tune zerolatency -g 15';
    const sent = `-payload_type 102 -ssrc 7777 -f rtp rtp://127.0.0.1:${door.tuple.localPort}?pkt_size=1200`;
    const camera = spawn(
      found.ffmpeg.path,
      `-v error -re -f lavfi -i testsrc2=size=640x360:rate=15 ${encoded} ${sent}`.split(' '),
      { stdio: 'ignore' },
    );
    const startedAt = Date.now();
    try {
      record(new Recorder(found.ffmpeg), folder, [{ member: 'shopper', source: 'camera', producer }]);
      const written = (): number => (readdirSync(folder).includes('1.mp4') ? statSync(join(folder, '1.mp4')).size : 0);
      await expect.poll(written, { timeout: 30_000 }).toBeGreaterThan(60_000);
      await recordings[0]?.stop();
    } finally {
      camera.kill('SIGKILL');
    }
    expect(failures).toEqual([]);
    const made = await assemble(found.ffmpeg, { folder, seconds: (Date.now() - startedAt) / 1_000, signal });
    expect(made.tracks).toMatchObject([{ file: '1.mp4', mimeType: 'video/H264' }]);
    const { streams, firstKey } = probe(join(folder, '1.mp4'));
    expect(streams).toMatchObject([{ codec_name: 'h264', width: 640, height: 360 }]);
    expect(firstKey).toBe(true);
    expect(probe(join(folder, made.whole)).streams.map(({ codec_name: codec }) => codec)).toEqual(['h264', 'opus']);
    for (const file of ['1.mp4', made.whole]) {
      execFileSync(found.ffmpeg.path, [
        '-v',
        'error',
        '-xerror',
        '-i',
        join(folder, file),
        '-fps_mode',
        'passthrough',
        '-enc_time_base',
        '1:90000',
        '-f',
        'null',
        '-',
      ]);
    }
  });
});

describe('promise 15: bounded', () => {
  test('one call does not use up the writers of all recordings', async () => {
    // Never writes and never ends by itself.
    const idle = join(folder, 'ffmpeg');
    writeFileSync(idle, '#!/bin/bash\nexec -a "ffmpeg $*" sleep 600\n', { mode: 0o755 });
    const recorder = new Recorder(new Ffmpeg(idle));
    const door = await openDoor();
    const live = await Promise.all(
      Array.from({ length: 33 }, async (_, n): Promise<LiveSource> => {
        const codecs = [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }];
        const rtpParameters = { mid: `m${n}`, codecs, encodings: [{ ssrc: 1_000 + n }] };
        const producer = await door.produce({ kind: 'audio', rtpParameters });
        return { member: `shopper.${n}`, source: 'microphone', producer };
      }),
    );
    const [greedy, modest] = ['greedy', 'modest'].map((name) => mkdtempSync(join(folder, `${name}-`)));
    if (!greedy || !modest) throw new Error('no folders');
    record(recorder, greedy, live);
    expect(failures.map(({ message }) => message)).toEqual(['too many sources are being recorded']);
    record(recorder, modest, live.slice(0, 1));
    await expect.poll(() => writersIn(modest)).toHaveLength(1);
    expect(failures).toHaveLength(1);
  });
});

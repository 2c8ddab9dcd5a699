import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Media } from '../../server/media/media.ts';
import { startMedia, type StartMediaOptions } from '../../server/media/mediasoup.ts';
import { findWorkerBinary } from '../../server/media/worker-binary/index.ts';
import type { MediaStatus } from '../../server/protocol/views.ts';
import { becomes, CallRecord, startRealMedia } from './real-media.ts';

let media: Media | undefined;
afterEach(async () => await media?.close());

const start = (options: Partial<StartMediaOptions>): Media =>
  startMedia({
    findBinary: findWorkerBinary,
    workers: 1,
    listenIp: '127.0.0.1',
    port: 0,
    log: { info: () => {}, warn: () => {} },
    ...options,
  });

test('says how far the worker is, and becomes ready by itself', async () => {
  const seen: MediaStatus[] = [];
  const found = await findWorkerBinary();
  media = start({
    async findBinary({ onProgress }) {
      onProgress({ step: 'Building.', done: 1, total: 3 });
      onProgress({ step: 'Building.', done: 1, total: 3 });
      onProgress({ step: 'Building.', done: 2, total: 3 });
      return await Promise.resolve(found);
    },
  });
  expect(media.status()).toMatchObject({ status: 'preparing' });
  await expect(media.openCall(new CallRecord().events)).rejects.toThrow('no media worker');
  media.onStatus((status) => seen.push(status));
  await becomes(media, 'ready');
  expect(media.status()).toEqual({ status: 'ready' });
  expect(seen.at(-1)).toEqual({ status: 'ready' });
  expect(await media.counts()).toEqual({ workers: 1, routers: 0, transports: 0, producers: 0, consumers: 0 });
});

test('without a worker says why', async () => {
  media = start({ findBinary: async () => Promise.resolve({ ok: false, reason: 'Install a compiler.' }) });
  await becomes(media, 'unavailable');
  expect(media.status()).toEqual({ status: 'unavailable', reason: 'Install a compiler.' });
});

test('with its port taken says why, tries on, and comes up when it is free', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  media = start({ port: address.port });
  await becomes(media, 'unavailable');
  expect(media.status()).toMatchObject({ reason: expect.stringMatching(/in use|EADDRINUSE/i) });
  other.close();
  await becomes(media, 'ready');
});

test('spreads calls over its workers: one that dies takes only its own with it', async () => {
  const started = await startRealMedia({ workers: 2 });
  media = started.media;
  // The second worker may come up a little later than the first.
  while ((await media.counts()).workers < 2) await new Promise(setImmediate);
  const records = [new CallRecord(), new CallRecord()];
  const [one, two] = await Promise.all(records.map(async ({ events }) => started.media.openCall(events)));
  const [pid] = started.pids;
  if (!pid || !one || !two) throw new Error('not started');
  process.kill(pid, 'SIGKILL');
  await Promise.race(records.map(async (record) => await record.next('lost')));
  expect(media.status()).toEqual({ status: 'ready' });
  const joins = await Promise.all([one.join('ana'), two.join('ana')]);
  expect(joins.filter(({ ok }) => ok)).toHaveLength(1);
});

test('closes while it is still looking for a worker', async () => {
  media = start({
    findBinary: async ({ signal }) => {
      await once(signal, 'abort');
      return { ok: false, reason: 'stopped' };
    },
  });
  await media.close();
  await media.close();
  expect(media.status()).toMatchObject({ status: 'preparing' });
});

test('a worker that dies again and again is started less and less often', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mostrador-worker-'));
  const [path, starts] = [join(folder, 'worker'), join(folder, 'starts')];
  writeFileSync(path, `#!/bin/sh\ndate +%s%3N >> ${starts}\nexit 1\n`, { mode: 0o755 });
  writeFileSync(starts, '');
  const times = () => readFileSync(starts, 'utf8').trim().split('\n').map(Number);
  media = start({ findBinary: async () => Promise.resolve({ ok: true, path }) });
  await expect.poll(() => times().length).toBeGreaterThanOrEqual(4);
  await media.close();
  const pauses = times().flatMap((at, i, all) => (i > 0 ? [at - (all[i - 1] ?? at)] : []));
  expect(pauses[1]).toBeGreaterThan(200);
  expect(pauses[2]).toBeGreaterThan(400);
  rmSync(folder, { recursive: true, force: true });
});

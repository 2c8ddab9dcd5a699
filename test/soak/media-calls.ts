import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../server/config.ts';
import { ThreadedCheck } from '../../server/frames/threaded-check.ts';
import { KeptFiles } from '../../server/files/kept-files.ts';
import { HttpServer } from '../../server/http/server.ts';
import { KeptRecordings } from '../../server/recordings/kept-recordings.ts';
import { openService } from '../../server/service.ts';
import { openSqlite } from '../../server/storage/sqlite.ts';
import { dtlsParameters, opusParameters, startRealMedia, vp8Parameters } from '../media/real-media.ts';
import { agentOverWire, ringOverWire, servedOverWire, takeOverWire, type Caller } from '../support/call-wire.ts';
import { signIn, type Wire } from '../support/wire.ts';

/** Calls before the worker's memory is taken for the first time: its allocator has grown by then. */
const WARM_UP = 100;
const AT_ONCE = 5;
const MORE_THAN_BEFORE = 1.1;

/**
 * Sets calls up and tears them down over the real wire, with the real service and a real media worker in reach of the
 * test: in the end the worker itself says that nothing is open, and its memory is where it was.
 */
export async function soakMediaCalls(calls: number): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mostrador-soak-'));
  const http = new HttpServer();
  const origin = `http://127.0.0.1:${await http.listen('127.0.0.1', 0)}`;
  const storage = await openSqlite({ dir: dataDir });
  const recordings = await KeptRecordings.open({
    storage,
    dir: join(dataDir, 'recordings'),
    availability: { call: 'off', page: false, days: 1 },
    days: 1,
    assemble: null,
    now: Date.now,
    log: { error: console.error },
  });
  const frames = new ThreadedCheck();
  const log = { error: console.error };
  const files = await KeptFiles.open({ storage, dir: join(dataDir, 'files'), bytesMax: 0, now: Date.now, log });
  const { media, pids } = await startRealMedia();
  const service = await openService(
    http,
    { service: origin, replay: origin.replace('127.0.0.1', 'localhost') },
    readConfig({ DATA_DIR: dataDir, CONVERSATIONS_PER_ADDRESS: '1000000' }),
    { storage, media, recordings, frames, files, mail: null, demo: () => new Map(), storageFailed: () => {}, log },
    { dist: dataDir, shopKey: 'demo', enrolment: { email: 'ana@shop.example', name: 'Ana' } },
  );
  try {
    const password = service.installation.enrolled?.password ?? '';
    const cookie = await signIn({ origin, email: 'ana@shop.example', password });
    const run = async (count: number): Promise<void> => {
      for (let done = 0; done < count; done += AT_ONCE) {
        const desk = await agentOverWire({ origin }, cookie);
        for (let n = 0; n < AT_ONCE; n++) await oneCall(origin, desk, n);
        desk.close();
        await desk.closed;
      }
    };
    await run(WARM_UP);
    const before = memoryOf(pids);
    await run(calls);
    const { workers, ...open } = await media.counts();
    if (workers !== 1 || pids.length !== 1) throw new Error('The media worker has died.');
    if (Object.values(open).some((count) => count > 0)) throw new Error(`Left open: ${JSON.stringify(open)}`);
    const after = memoryOf(pids);
    const memory = `its memory ${before} → ${after} kB`;
    if (after > before * MORE_THAN_BEFORE) throw new Error(`The media worker has kept memory: ${memory}`);
    return `${calls} calls over the wire: the worker's dump is empty, ${memory}`;
  } finally {
    await service.close();
    await http.close();
    await media.close();
    await frames.close();
    await recordings.close();
    await storage.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A call in which both sides send voice and picture and receive the other's; every other ends by the shopper. */
async function oneCall(origin: string, desk: Wire, round: number): Promise<void> {
  const people = await servedOverWire({ origin }, desk);
  await ringOverWire(people);
  const { shopper, agent } = people;
  const sides: { who: Caller; send: string; ssrc: number }[] = [];
  for (const [index, who] of [shopper, agent].entries()) {
    const { send, rtpCapabilities } = await who.join();
    await must(who, { type: 'media.capable', rtpCapabilities });
    await must(who, { type: 'media.connect', transport: send.id, dtlsParameters });
    sides.push({ who, send: send.id, ssrc: 10_000 * (index + 1) });
  }
  await takeOverWire(people);
  for (const { who, send: transport, ssrc } of sides) {
    const common = { type: 'media.produce', transport, paused: false } as const;
    const voice = opusParameters(ssrc);
    const picture = vp8Parameters(ssrc + 100);
    await must(who, { ...common, kind: 'audio', source: 'microphone', rtpParameters: voice });
    await must(who, { ...common, kind: 'video', source: 'camera', rtpParameters: picture });
  }
  for (const { who } of sides) {
    const consumers = await who.wire.until(() => {
      const pushed = who.wire.frames.flatMap((frame) =>
        frame.type === 'media.consumer' && frame.call === who.call ? [frame.consumer.id] : [],
      );
      return pushed.length === 2 ? pushed : null;
    });
    for (const consumer of consumers) await must(who, { type: 'media.ready', consumer });
  }
  const { conversation, call } = shopper;
  (round % 2 ? shopper : agent).wire.send({ type: 'call.hangup', conversation, call });
  await shopper.wire.frame('conversation.entries', ({ entries }) => entries.some(({ type }) => type === 'call-ended'));
  agent.wire.send({ type: 'conversation.close', conversation });
  await shopper.wire.frame('conversation.entries', ({ entries }) => entries.some(({ type }) => type === 'closed'));
  shopper.wire.close();
}

async function must(who: Caller, request: Parameters<Caller['ask']>[0]): Promise<void> {
  const answer = await who.ask(request);
  if (typeof answer === 'string') throw new Error(`${request.type}: ${answer}`);
}

/** Resident memory of the workers, in kB. */
function memoryOf(pids: readonly number[]): number {
  const of = (pid: number) => /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return pids.reduce((sum, pid) => sum + Number(of(pid)), 0);
}

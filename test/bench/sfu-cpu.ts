import { setTimeout as pause } from 'node:timers/promises';
import { figure, type Benchmark } from './figure.ts';
import { openBareSide, openOurSide, type Side } from './sfu/plain-calls.ts';
import { PACKETS_PER_SECOND, PlainLoad, Sink } from './sfu/plain-load.ts';

const CALLS = 6;
const MEMBERS = 3;
const ROUNDS = 6;
const SETTLE_MS = 400;
const MEASURE_MS = 2_500;
const CORE_LOAD = 0.8;
/** Calls of two people, until the core is so busy. */
const STEPS = [40, 80, 120, 160, 200, 240];
/** This process sends as much as it should: otherwise it is the sender that is busy. */
const KEEPS_UP = 0.97;

const PACKETS_OF_ONE = PACKETS_PER_SECOND.audio + PACKETS_PER_SECOND.video;

type Slot = { cpuPerPacketUs: number; core: number; forwardedPerPacket: number; packetsPerSecond: number };

/** What a worker's CPU did while this load ran. */
async function measure(load: PlainLoad, side: Side): Promise<Slot> {
  load.start(side.streams);
  await pause(SETTLE_MS);
  const [before, sent, at, forwarded] = [await cpuMs(side), load.sent, performance.now(), await side.forwarded()];
  await pause(MEASURE_MS);
  const [cpu, packets, elapsed] = [(await cpuMs(side)) - before, load.sent - sent, performance.now() - at];
  const bytes = (await side.forwarded()) - forwarded;
  load.stop();
  return {
    cpuPerPacketUs: (cpu * 1000) / packets,
    core: cpu / elapsed,
    forwardedPerPacket: bytes / packets,
    packetsPerSecond: (packets * 1000) / elapsed,
  };
}

async function cpuMs({ worker }: Side): Promise<number> {
  const usage = await worker.getResourceUsage();
  return usage.ru_utime + usage.ru_stime;
}

/** A worker's CPU for each packet, through a call of ours and through bare mediasoup, in turn. */
async function cpuRatio(load: PlainLoad, sink: Sink) {
  const sides = { ours: await openOurSide(sink.port), bare: await openBareSide(sink.port) };
  try {
    for (const side of [sides.ours, sides.bare]) {
      for (let call = 0; call < CALLS; call++) await side.addCall(MEMBERS);
      await measure(load, side);
    }
    const measured = { ours: [] as Slot[], bare: [] as Slot[] };
    for (let round = 0; round < ROUNDS; round++) {
      // Who is first changes, so that a machine that slows down slows both.
      const order = round % 2 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const);
      for (const name of order) measured[name].push(await measure(load, sides[name]));
    }
    const [ours, bare] = [measured.ours, measured.bare].map((slots) => slots.map((slot) => slot.forwardedPerPacket));
    const [a = 0, b = 0] = [ours, bare].map((values) => figure('', '', { ours: values ?? [], bare: null }, '').ours);
    if (!(Math.abs(a / b - 1) < 0.03)) throw new Error(`Not the same work: ${a} and ${b} bytes for each packet.`);
    const cpu = (slots: Slot[]) => slots.map(({ cpuPerPacketUs }) => cpuPerPacketUs);
    return figure(
      'sfu_cpu_ratio',
      'µs',
      { ours: cpu(measured.ours), bare: cpu(measured.bare) },
      `a worker's CPU for each packet that comes in; ${CALLS} calls of ${MEMBERS}, voice and 1.1 Mbit/s each, made-up RTP, SRTP out`,
    );
  } finally {
    sides.ours.close();
    sides.bare.close();
  }
}

async function callsPerCore(load: PlainLoad, sink: Sink) {
  const side = await openOurSide(sink.port);
  try {
    let calls = 0;
    let measuredWith = 0;
    let slot: Slot | null = null;
    for (const step of STEPS) {
      for (; calls < step; calls++) await side.addCall(2);
      const next = await measure(load, side);
      if (next.packetsPerSecond < KEEPS_UP * step * 2 * PACKETS_OF_ONE) break;
      slot = next;
      measuredWith = step;
      if (slot.core >= CORE_LOAD) break;
    }
    if (!slot) throw new Error('This machine cannot send enough.');
    const { core, packetsPerSecond } = slot;
    return figure(
      'calls_per_core',
      'calls',
      { ours: [Math.floor((measuredWith * CORE_LOAD) / core)], bare: null },
      `of two people, voice and 1.1 Mbit/s each way, at 80 % of a core; measured with ${measuredWith} calls, ` +
        `${Math.round(packetsPerSecond).toLocaleString('en')} packets/s in, ${Math.round(core * 100)} % of a core (SRTP out only)`,
    );
  } finally {
    side.close();
  }
}

export const sfuCpuBenchmark: Benchmark = {
  names: ['sfu_cpu_ratio', 'calls_per_core'],
  async run() {
    const sink = await Sink.open();
    const load = await PlainLoad.open();
    try {
      return [await cpuRatio(load, sink), await callsPerCore(load, sink)];
    } finally {
      load.close();
      sink.close();
    }
  },
};

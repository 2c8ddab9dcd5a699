import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer } from '../support/server.ts';
import type { Order, Report } from './chat/crowd.ts';
import { figure, quantile, type Benchmark, type Figure } from './figure.ts';

const GROUPS = 200;
const TABS = 10;
const ROUNDS = 5;
const FLOOD = { do: 'flood', ms: 3_000, window: 8 } as const;
const PACE = { do: 'pace', ms: 5_000, perSecond: 500 } as const;
/** Sockets that are open, and nobody says anything. */
const CROWDS = [500, 1_000, 2_000];

type Counter = { url: string; origin: string; bare: boolean; pid: number; close(): Promise<void> };

function start(file: string): ChildProcess {
  return fork(join(import.meta.dirname, 'chat', file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function ours(): Promise<Counter> {
  const server = await startServer({ CONVERSATIONS_PER_ADDRESS: '1000000', LOG_LEVEL: 'error' });
  const url = `${server.origin.replace('http', 'ws')}/socket`;
  return { url, origin: server.origin, bare: false, pid: server.pid, close: () => server.remove() };
}

async function bare(): Promise<Counter> {
  const child = start('bare-relay.ts');
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const url = `ws://127.0.0.1:${port}/`;
  return { url, origin: 'http://127.0.0.1', bare: true, pid: child.pid ?? 0, close: async () => await end(child) };
}

class Crowd {
  #child = start('crowd.ts');

  async obey(order: Order): Promise<Report> {
    this.#child.send(order);
    const [report] = (await once(this.#child, 'message')) as [Report];
    return report;
  }

  async connect({ url, origin, bare }: Counter, groups: number, tabs: number): Promise<void> {
    await this.obey({ do: 'connect', url, origin, bare, groups, tabs });
  }

  close = async (): Promise<void> => await end(this.#child);
}

/** Resident memory of a process, in kB. */
function residentKb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
}

/** Messages acknowledged a second, and the waits for an acknowledgement at an easy pace. */
async function talk(open: () => Promise<Counter>): Promise<{ perSecond: number[]; waits: number[] }> {
  const counter = await open();
  const crowd = new Crowd();
  await crowd.connect(counter, GROUPS, TABS);
  // The first message of each opens its conversation.
  await crowd.obey({ ...FLOOD, ms: 500 });
  const perSecond: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { acknowledged, seconds } = await crowd.obey(FLOOD);
    perSecond.push(acknowledged / seconds);
  }
  const { waits } = await crowd.obey(PACE);
  await crowd.close();
  await counter.close();
  return { perSecond, waits };
}

async function talking(): Promise<Figure[]> {
  const [here, there] = [await talk(ours), await talk(bare)];
  const sockets = `${GROUPS * TABS} sockets in ${GROUPS} conversations`;
  const at = (q: number): { ours: number[]; bare: number[] } => ({
    ours: [quantile(here.waits, q)],
    bare: [quantile(there.waits, q)],
  });
  return [
    figure(
      'chat_messages_per_s',
      '1/s',
      { ours: here.perSecond, bare: there.perSecond },
      `${sockets}; each durable before its acknowledgement; bare: a ws relay that keeps nothing`,
    ),
    figure('chat_ack_ms_p50', 'ms', at(0.5), `${PACE.perSecond} messages a second, ${sockets}`),
    figure('chat_ack_ms_p99', 'ms', at(0.99), `${PACE.perSecond} messages a second, ${sockets}`),
  ];
}

/** kB of resident memory that each socket adds, from a first few on, for each size of the crowd. */
async function growth(open: () => Promise<Counter>): Promise<number[]> {
  const counter = await open();
  const crowd = new Crowd();
  await crowd.connect(counter, 100, 1);
  const before = residentKb(counter.pid);
  const grown: number[] = [];
  let connected = 0;
  for (const wanted of CROWDS) {
    await crowd.connect(counter, wanted - connected, 1);
    connected = wanted;
    grown.push((residentKb(counter.pid) - before) / wanted);
  }
  await crowd.close();
  await counter.close();
  return grown;
}

async function idling(): Promise<Figure[]> {
  const here: number[][] = [];
  const there: number[][] = [];
  for (let round = 0; round < 3; round++) {
    here.push(await growth(ours));
    there.push(await growth(bare));
  }
  return CROWDS.map((size, index) => {
    const of = (rounds: number[][]): number[] => rounds.map((sizes) => sizes[index] ?? Number.NaN);
    const name = `shopper_idle_kb_${size}`;
    return figure(
      name,
      'kB',
      { ours: of(here), bare: of(there) },
      `memory of each of ${size} connected shoppers, beside bare ws`,
    );
  });
}

export const chatBenchmark: Benchmark = {
  names: ['chat_messages_per_s', 'chat_ack_ms_p50', 'chat_ack_ms_p99'],
  run: talking,
};

export const idleShopperBenchmark: Benchmark = {
  names: CROWDS.map((size) => `shopper_idle_kb_${size}`),
  run: idling,
};

/** Many shoppers in a process of their own, so that what they cost is not counted as the server's. Driven by `process.send`. */
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { PROTOCOL_VERSION } from '../../../server/protocol/limits.ts';

export type Order =
  | { do: 'connect'; url: string; origin: string; bare: boolean; groups: number; tabs: number }
  /** Each group has `window` messages under way at a time, for `ms`. */
  | { do: 'flood'; ms: number; window: number }
  /** So many messages a second over all groups, for `ms`. */
  | { do: 'pace'; ms: number; perSecond: number };
export type Report = { done: Order['do']; acknowledged: number; seconds: number; waits: number[]; received: number };

type Tab = { socket: WebSocket; group: Group };
type Group = { tabs: Tab[]; token: string | null; underWay: Map<string, number> };

const groups: Group[] = [];
let bareRelay = false;
let received = 0;
let onAcknowledged: (group: Group, wait: number) => void = () => {};

process.on('message', (order: Order) => {
  void obey(order).then((report) => process.send?.(report));
});

async function obey(order: Order): Promise<Report> {
  const began = performance.now();
  const waits: number[] = [];
  received = 0;
  if (order.do === 'connect') await connect(order);
  else if (order.do === 'flood') await flood(order, waits);
  else await pace(order, waits);
  const seconds = (performance.now() - began) / 1_000;
  return { done: order.do, acknowledged: waits.length, seconds, waits, received };
}

/** `groups` more groups of so many tabs each. */
async function connect(order: Extract<Order, { do: 'connect' }>): Promise<void> {
  bareRelay = order.bare;
  for (let n = 0; n < order.groups; n++) {
    const group: Group = { tabs: [], token: null, underWay: new Map() };
    const name = String(groups.length);
    // The first tab brings the shopper's token.
    await open(group, order, name);
    await Promise.all(Array.from({ length: order.tabs - 1 }, () => open(group, order, name)));
    groups.push(group);
  }
}

async function open(group: Group, { url, origin, bare }: { url: string; origin: string; bare: boolean }, name: string) {
  const socket = new WebSocket(url, { headers: { origin }, perMessageDeflate: false });
  const tab = { socket, group };
  group.tabs.push(tab);
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => socket.send(bare ? JSON.stringify({ group: name }) : hello(group)));
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.on('message', (data: Buffer) => {
      received += 1;
      const text = data.toString();
      // Parsing each of ten copies would measure this process.
      if (text.startsWith('{"type":"message.ack"')) return acknowledged(group, text);
      if (!text.startsWith('{"type":"welcome"')) return undefined;
      if (!bare) group.token ??= (JSON.parse(text) as { token: string }).token;
      return resolve();
    });
  });
}

function hello({ token }: Group): string {
  const page = { url: 'https://shop.example/', title: 'Shop' };
  const known = token ? { token } : {};
  return JSON.stringify({
    type: 'hello',
    role: 'shopper',
    protocol: PROTOCOL_VERSION,
    shop: 'demo',
    tab: randomUUID(),
    page,
    ...known,
  });
}

function acknowledged(group: Group, text: string): void {
  const id = /"id":"([^"]+)"/.exec(text)?.[1] ?? '';
  const sent = group.underWay.get(id);
  if (sent === undefined) return;
  group.underWay.delete(id);
  onAcknowledged(group, performance.now() - sent);
}

let turn = 0;

function say(group: Group): void {
  const id = randomUUID();
  group.underWay.set(id, performance.now());
  const text = 'Is the blue bowl in stock, and can it go into the dishwasher?';
  const frame = bareRelay ? { type: 'message', id, text } : { type: 'message.send', id, text };
  // Each tab in turn: a person writes slowly, and so does a limit for one socket allow it.
  group.tabs[turn++ % group.tabs.length]?.socket.send(JSON.stringify(frame));
}

async function flood({ ms, window }: { ms: number; window: number }, waits: number[]): Promise<void> {
  const until = performance.now() + ms;
  await new Promise<void>((resolve) => {
    let underWay = groups.length * window;
    onAcknowledged = (group, wait) => {
      waits.push(wait);
      if (performance.now() < until) say(group);
      else if (--underWay === 0) resolve();
    };
    for (const group of groups) for (let n = 0; n < window; n++) say(group);
  });
}

async function pace({ ms, perSecond }: { ms: number; perSecond: number }, waits: number[]): Promise<void> {
  onAcknowledged = (_, wait) => waits.push(wait);
  const began = performance.now();
  let sent = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(perSecond * (ms / 1_000), ((performance.now() - began) / 1_000) * perSecond);
      for (; sent < due; sent++) {
        const group = groups[sent % groups.length];
        if (group) say(group);
      }
      if (performance.now() - began < ms || groups.some(({ underWay }) => underWay.size > 0)) return;
      clearInterval(timer);
      resolve();
    }, 2);
  });
}

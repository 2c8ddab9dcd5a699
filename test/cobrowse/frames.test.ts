import { describe, expect, it, vi } from 'vitest';
import { FrameStream } from '../../client/replay/frame-stream.ts';
import type { CobrowseHeader, CobrowseKind } from '../../server/protocol/cobrowse-frame.ts';
import { encodeCobrowseFrame, readCobrowseHeader } from '../../server/protocol/cobrowse-frame.ts';
import { FrameParts } from '../../server/rooms/frame-parts.ts';
import type { PageEvent } from '../../server/protocol/cobrowse-event.ts';
import { FrameSender } from '../../widget/cobrowse/frame-sender.ts';
import { KnownSheets } from '../../widget/cobrowse/known-sheets.ts';
import { SendWindow } from '../../widget/cobrowse/send-window.ts';
import { Pending } from '../../widget/cobrowse/pending.ts';
import { unpack, type SentFrame } from './support/lab.ts';

const scroll = (id: number, y: number): PageEvent => ({ type: 3, data: { source: 3, id, x: 0, y } });
const say = (value: string): PageEvent => ({
  type: 3,
  data: { source: 0, adds: [], removes: [], attributes: [], texts: [{ id: 7, value }] },
});
/** Does not get smaller. */
const noise = (length: number) => Array.from({ length }, () => Math.random().toString(36).slice(2)).join('');

function sender() {
  const sent: SentFrame[] = [];
  let rooms = 0;
  let wake = () => {};
  let tooLarge = 0;
  const parts = new FrameParts();
  const wire: CobrowseHeader[] = [];
  const memory = new Map<string, string | null>();
  const sheets = new KnownSheets(
    { get: (name) => memory.get(name) ?? null, set: (name, value) => void memory.set(name, value) },
    7,
  );
  const made = new FrameSender(5, sheets, {
    send(bytes) {
      const header = readCobrowseHeader(bytes);
      if (!header) throw new Error('A frame without a header was sent.');
      wire.push(header);
      const assembled = header.seq === 0 ? { frame: bytes } : parts.take(header, bytes);
      if (typeof assembled === 'object' && 'frame' in assembled) sent.push(unpack(Buffer.from(assembled.frame)));
      wake();
    },
    onRoom: () => {
      rooms += 1;
    },
    onTooLarge: () => {
      tooLarge += 1;
    },
  });
  const count = (wanted: number) =>
    new Promise<void>((resolve) => {
      wake = () => sent.length >= wanted && resolve();
      wake();
    });
  return { made, sent, wire, count, rooms: () => rooms, tooLarge: () => tooLarge };
}

describe('the sender of frames', () => {
  it('sends small changes at once and large ones compressed, numbered in order', async () => {
    const { made, sent, count } = sender();
    made.events([say('a')]);
    expect(sent.map(({ seq, encoding, epoch, channel }) => ({ seq, encoding, epoch, channel }))).toEqual([
      { seq: 1, encoding: 'json', epoch: 5, channel: 0 },
    ]);
    made.snapshot([say(noise(4_000))]);
    expect(made.full).toBe(true);
    made.events([say('after')]);
    await count(3);
    expect(sent.map(({ seq, kind, encoding }) => `${seq} ${kind} ${encoding}`)).toEqual([
      '1 events json',
      '2 snapshot deflate-raw',
      '3 events json',
    ]);
    expect(JSON.parse(sent[2]?.text ?? '')).toEqual([say('after')]);
  });

  it('is full when too much is unacknowledged, and says when there is room', () => {
    const { made, rooms } = sender();
    for (let count = 0; count < 64; count += 1) made.events([say('x')]);
    expect(made.full).toBe(true);
    made.acknowledge(0);
    expect([made.full, rooms()]).toEqual([true, 0]);
    made.acknowledge(30);
    expect([made.full, rooms()]).toEqual([false, 1]);
    made.acknowledge(64);
    expect(rooms()).toBe(1);
  });

  it('sends again what is unacknowledged, without a gap, and nothing after it is closed', async () => {
    const { made, sent } = sender();
    for (const word of ['a', 'b', 'c']) made.events([say(word)]);
    made.acknowledge(1);
    made.resend();
    expect(sent.map(({ seq }) => seq)).toEqual([1, 2, 3, 2, 3]);
    made.snapshot([say('late')]);
    made.close();
    made.events([say('d')]);
    made.cursor({ x: 1, y: 1, node: 0, fx: 0, fy: 0 });
    made.resend();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sent).toHaveLength(5);
  });
});

describe('promise 16: large frames and slow networks', () => {
  it('a large frame leaves in parts, no more at a time than may be on its way', async () => {
    const { made, sent, wire, count } = sender();
    made.snapshot([say(noise(40_000))]);
    await vi.waitFor(() => expect(wire.length).toBeGreaterThan(0));
    const onTheWay = wire.length;
    expect(onTheWay).toBeLessThan(20);
    expect(made.full).toBe(true);
    made.cursor({ x: 1, y: 1, node: 0, fx: 0, fy: 0 });
    expect(wire.at(-1)?.kind).toBe('cursor');
    // As the server: each part is acknowledged by the bytes that are here.
    let here = 0;
    for (let part = 0; sent.length < 2 && part < 1_000; part += 1) {
      here = Math.min(here + 4_096, 100_000_000);
      made.acknowledge(0, here);
    }
    await count(2);
    expect(JSON.parse(sent[1]?.text ?? '')).toHaveLength(1);
    expect(wire.length).toBeGreaterThan(onTheWay + 10);
    made.acknowledge(1);
    expect(made.full).toBe(false);
  });

  it('what the server threw away leaves again when a later beat is answered', () => {
    const { made, sent } = sender();
    made.events([say('a')]);
    made.beat(null);
    made.events([say('b')]);
    made.acknowledge(0, 0, 1);
    expect(sent.map(({ kind, seq }) => `${kind} ${seq}`)).toEqual([
      'events 1',
      'beat 0',
      'events 2',
      'events 1',
      'events 2',
    ]);
    made.acknowledge(2);
    made.beat(null);
    made.acknowledge(2, 0, 2);
    expect(sent).toHaveLength(6);
  });

  it('a snapshot gets through although the server understands nothing of what is before it', async () => {
    const { made, sent, count } = sender();
    for (let frame = 0; frame < 12; frame += 1) made.events([say('x'.repeat(4_000))]);
    expect(made.full).toBe(true);
    const before = sent.length;
    made.snapshot([say('whole')]);
    await count(before + 1);
    expect(sent.at(-1)).toMatchObject({ kind: 'snapshot', seq: 13 });
  });

  it('a page that changes thousands of times in an instant is gathered', () => {
    const { made, sent } = sender();
    for (let change = 0; change < 5_000; change += 1) {
      if (!made.full) made.events([say('x')]);
      made.acknowledge(change + 1);
    }
    expect(sent.length).toBeLessThan(400);
  });

  it('a page of more than the server takes is not sent but said', async () => {
    const { made, sent, tooLarge } = sender();
    made.events([say(noise(1_500_000))]);
    await vi.waitFor(() => expect(tooLarge()).toBe(1), { timeout: 20_000 });
    expect(sent).toEqual([]);
  });
});

describe('promise 16: how much may be on its way', () => {
  /** A network that carries `rate` bytes a millisecond and takes `delay` ms each way, with the sender always busy. */
  function busyNetwork(rate: number, delay: number, milliseconds: number) {
    let now = 0;
    const made = new SendWindow(() => now);
    let [freeAt, seq, delivered] = [0, 0, 0];
    const waits: number[] = [];
    const arrivals: { seq: number; at: number }[] = [];
    for (; now < milliseconds; now += 1) {
      for (let next = arrivals[0]; next && next.at + delay <= now; next = arrivals[0]) {
        made.acknowledge(next.seq, 0);
        arrivals.shift();
      }
      while (made.open) {
        const bytes = made.partBytes;
        made.sent((seq += 1), 0, bytes);
        freeAt = Math.max(freeAt, now) + bytes / rate;
        waits.push(freeAt - now);
        delivered += bytes;
        arrivals.push({ seq, at: freeAt + delay });
      }
    }
    return { delivered: delivered / (rate * milliseconds), waits: waits.slice(-50) };
  }

  it('256 kbit/s and 300 ms: most of it is used, and nothing waits long in it', () => {
    const { delivered, waits } = busyNetwork(32, 300, 60_000);
    expect(delivered).toBeGreaterThan(0.6);
    expect(Math.max(...waits)).toBeLessThan(1_000);
  });

  it('50 Mbit/s and 20 ms: grows until all of it is used', () => {
    const { delivered } = busyNetwork(6_250, 20, 10_000);
    expect(delivered).toBeGreaterThan(0.7);
  });
});

describe('what waits for the wire', () => {
  it('keeps changes in order, and of positions and fields the last one, after them', () => {
    const pending = new Pending();
    for (const event of [scroll(1, 10), say('a'), scroll(2, 5), scroll(1, 20), say('b')]) pending.add(event);
    expect(pending.take()).toEqual([say('a'), say('b'), scroll(1, 20), scroll(2, 5)]);
    expect(pending.take()).toEqual([]);
  });

  it('says when a new picture would be shorter', () => {
    const pending = new Pending();
    for (let count = 0; count < 3_000; count += 1) pending.add(scroll(1, count));
    expect(pending.overflown).toBe(false);
    for (let count = 0; count < 2_001; count += 1) pending.add(say('x'));
    expect(pending.overflown).toBe(true);
  });
});

function stream() {
  const seen: string[] = [];
  let wake = () => {};
  const made = new FrameStream({
    onSnapshot: (epoch, payload, fresh) =>
      void seen.push(`${fresh ? 'page' : 'again'} ${epoch} ${JSON.stringify(payload)}`),
    onEvents: (payload) => seen.push(JSON.stringify(payload)),
    onCursor: (payload) => seen.push(`cursor ${JSON.stringify(payload)}`),
    onApplied(epoch, seq) {
      seen.push(`applied ${epoch}.${seq}`);
      wake();
    },
    onGap() {
      seen.push('gap');
      wake();
    },
  });
  const feed = (kind: CobrowseKind, epoch: number, seq: number, payload: unknown, channel = 1) => {
    const body = new TextEncoder().encode(JSON.stringify(payload));
    made.receive(encodeCobrowseFrame({ kind, encoding: 'json', channel, epoch, seq }, body).buffer);
  };
  const until = (last: string) =>
    new Promise<void>((resolve) => {
      wake = () => seen.at(-1) === last && resolve();
      wake();
    });
  return { made, seen, feed, until };
}

describe('the stream of frames in the console', () => {
  it('passes each once and in order', () => {
    const { seen, feed } = stream();
    feed('snapshot', 1, 1, 'p');
    feed('events', 1, 2, 'a');
    feed('events', 1, 2, 'a');
    feed('snapshot', 1, 1, 'p');
    feed('cursor', 1, 0, 'c');
    feed('snapshot', 1, 3, 'q');
    expect(seen).toEqual([
      'page 1 "p"',
      'applied 1.1',
      '"a"',
      'applied 1.2',
      'cursor "c"',
      'again 1 "q"',
      'applied 1.3',
    ]);
  });

  it('asks once for a picture when something is missing, and goes on with it', () => {
    const { seen, feed } = stream();
    feed('events', 1, 4, 'a');
    feed('events', 1, 5, 'b');
    feed('snapshot', 1, 9, 'p');
    feed('events', 1, 11, 'c');
    feed('events', 1, 12, 'd');
    expect(seen).toEqual(['gap', 'page 1 "p"', 'applied 1.9', 'gap']);
  });

  it('knows pages and sessions apart, and leaves out what comes late from an earlier one', () => {
    const { seen, feed } = stream();
    feed('snapshot', 1, 1, 'p');
    feed('snapshot', 2, 1, 'q');
    feed('events', 1, 2, 'late');
    feed('cursor', 1, 0, 'late');
    feed('snapshot', 1, 1, 'another session', 2);
    expect(seen).toEqual([
      'page 1 "p"',
      'applied 1.1',
      'page 2 "q"',
      'applied 2.1',
      'page 1 "another session"',
      'applied 1.1',
    ]);
  });

  it('keeps the order while a large frame is unpacked', async () => {
    const { made, seen, feed, until } = stream();
    const { made: source, sent, count } = sender();
    source.snapshot([say(noise(3_000))]);
    await count(1);
    const first = sent[0];
    expect(first?.encoding).toBe('deflate-raw');
    made.receive(Uint8Array.from(first?.bytes ?? []).buffer);
    feed('events', 5, 2, 'after', 0);
    expect(seen).toEqual([]);
    await until('applied 5.2');
    expect(seen.map((line) => line.slice(0, 12))).toEqual(['page 5 [{"ty', 'applied 5.1', '"after"', 'applied 5.2']);
  });

  it('asks for a picture when a frame cannot be unpacked, and forgets on reset', async () => {
    const { made, seen, feed, until } = stream();
    feed('snapshot', 1, 1, 'p');
    const broken = encodeCobrowseFrame(
      { kind: 'events', encoding: 'deflate-raw', channel: 1, epoch: 1, seq: 2 },
      new Uint8Array([9, 9, 9]),
    );
    made.receive(broken.buffer);
    await until('gap');
    made.reset();
    feed('snapshot', 1, 1, 'p');
    await until('applied 1.1');
    expect(seen.slice(2)).toEqual(['gap', 'page 1 "p"', 'applied 1.1']);
  });
});

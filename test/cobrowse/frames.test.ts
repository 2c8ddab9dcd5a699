import { describe, expect, it } from 'vitest';
import { FrameStream } from '../../client/replay/frame-stream.ts';
import type { CobrowseKind } from '../../server/protocol/cobrowse-frame.ts';
import { encodeCobrowseFrame } from '../../server/protocol/cobrowse-frame.ts';
import type { PageEvent } from '../../server/protocol/cobrowse-event.ts';
import { FrameSender } from '../../widget/cobrowse/frame-sender.ts';
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
  const made = new FrameSender(
    5,
    (frame) => {
      sent.push(unpack(Buffer.from(frame)));
      wake();
    },
    () => {
      rooms += 1;
    },
  );
  const count = (wanted: number) =>
    new Promise<void>((resolve) => {
      wake = () => sent.length >= wanted && resolve();
      wake();
    });
  return { made, sent, count, rooms: () => rooms };
}

describe('the sender of frames', () => {
  it('sends small changes at once and large ones compressed, numbered in order', async () => {
    const { made, sent, count } = sender();
    made.events([say('a')]);
    expect(sent.map(({ seq, encoding, epoch, channel }) => ({ seq, encoding, epoch, channel }))).toEqual([
      { seq: 1, encoding: 'json', epoch: 5, channel: 0 },
    ]);
    made.snapshot(() => [say(noise(4_000))]);
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
    made.snapshot(() => [say('late')]);
    made.close();
    made.events([say('d')]);
    made.cursor({ x: 1, y: 1, node: 0, fx: 0, fy: 0 });
    made.resend();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sent).toHaveLength(5);
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
    onSnapshot: (epoch, payload, fresh) => seen.push(`${fresh ? 'page' : 'again'} ${epoch} ${JSON.stringify(payload)}`),
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
    source.snapshot(() => [say(noise(3_000))]);
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

import { beforeEach, describe, expect, it } from 'vitest';
import { encodeCobrowseFrame, readCobrowseHeader, type CobrowseKind } from '../../server/protocol/cobrowse-frame.ts';
import { CobrowseRelay } from '../../server/rooms/cobrowse-relay.ts';
import type { Socket } from '../../server/rooms/socket.ts';

const CHANNEL = 77;

function frame(kind: CobrowseKind, epoch: number, seq: number, bytes = 10): Uint8Array {
  return encodeCobrowseFrame({ kind, encoding: 'json', channel: 0, epoch, seq }, new Uint8Array(bytes));
}

/** A console's socket that notes what it was sent. */
class Console implements Socket {
  readonly id: string;
  readonly got: string[] = [];
  constructor(id: string) {
    this.id = id;
  }
  send(): void {}
  sendText(): void {}
  close(): void {}
  buffered(): number {
    return 0;
  }
  sendBinary(bytes: Uint8Array): void {
    const header = readCobrowseHeader(bytes);
    this.got.push(`${header?.kind} ${header?.epoch}:${header?.seq}`);
    expect(header?.channel).toBe(CHANNEL);
  }
}

describe('promise 6: the co-browsing stream', () => {
  let acks: string[];
  let asked: number;
  let now: number;
  let relay: CobrowseRelay;

  beforeEach(() => {
    acks = [];
    asked = 0;
    now = 1_000;
    relay = new CobrowseRelay(CHANNEL, {
      acknowledge: (epoch, seq) => acks.push(`${epoch}:${seq}`),
      askSnapshot: () => asked++,
      now: () => now,
    });
  });

  it('acknowledges and relays in order, with its channel', () => {
    const console = new Console('a');
    relay.watch(console);
    relay.receive(frame('snapshot', 5, 1));
    relay.receive(frame('events', 5, 2));
    expect(console.got).toEqual(['snapshot 5:1', 'events 5:2']);
    expect(acks).toEqual(['5:1', '5:2']);
  });

  it('drops what is none of ours', () => {
    expect(relay.receive(new Uint8Array(4))).toBe(false);
    expect(relay.receive(new Uint8Array(40))).toBe(false);
    const forged = encodeCobrowseFrame(
      { kind: 'snapshot', encoding: 'json', channel: 9, epoch: 1, seq: 1 },
      new Uint8Array(3),
    );
    expect(relay.receive(forged)).toBe(false);
  });

  it('takes a repeated frame once and acknowledges it again', () => {
    const console = new Console('a');
    relay.watch(console);
    for (const seq of [1, 2, 2]) relay.receive(frame(seq === 1 ? 'snapshot' : 'events', 5, seq));
    expect(console.got).toEqual(['snapshot 5:1', 'events 5:2']);
    expect(acks).toEqual(['5:1', '5:2', '5:2']);
  });

  it('asks for a snapshot where there is a gap or an epoch without one, and not again at once', () => {
    relay.receive(frame('snapshot', 5, 1));
    relay.receive(frame('events', 5, 3));
    relay.receive(frame('events', 6, 2));
    expect(asked).toBe(1);
    expect(acks).toEqual(['5:1']);
    now += 5_000;
    relay.receive(frame('events', 5, 3));
    expect(asked).toBe(2);
  });

  it('a snapshot makes good for whatever was lost before it', () => {
    relay.receive(frame('snapshot', 5, 1));
    relay.receive(frame('snapshot', 5, 9));
    relay.receive(frame('events', 5, 10));
    expect(acks).toEqual(['5:1', '5:9', '5:10']);
  });

  it('a late joiner gets the snapshot and what followed; one who comes back only the rest', () => {
    relay.receive(frame('snapshot', 5, 1));
    relay.receive(frame('events', 5, 2));
    relay.receive(frame('events', 5, 3));
    const late = new Console('late');
    relay.watch(late);
    expect(late.got).toEqual(['snapshot 5:1', 'events 5:2', 'events 5:3']);
    const back = new Console('back');
    relay.watch(back, { epoch: 5, seq: 2 });
    expect(back.got).toEqual(['events 5:3']);
    const old = new Console('old');
    relay.watch(old, { epoch: 4, seq: 2 });
    expect(old.got).toHaveLength(3);
  });

  it('keeps a bounded log: asks for a new snapshot and begins again with it', () => {
    relay.receive(frame('snapshot', 5, 1));
    for (let seq = 2; seq < 13; seq++) relay.receive(frame('events', 5, seq, 100_000));
    expect(asked).toBe(1);
    relay.receive(frame('snapshot', 5, 13));
    const late = new Console('late');
    relay.watch(late);
    expect(late.got).toEqual(['snapshot 5:13']);
  });

  it('a shopper who never sends the snapshot cannot grow the log without end', () => {
    relay.receive(frame('snapshot', 5, 1));
    for (let seq = 2; seq < 60; seq++) relay.receive(frame('events', 5, seq, 100_000));
    const late = new Console('late');
    relay.watch(late);
    expect(late.got).toEqual([]);
    now += 5_000;
    relay.watch(late);
    expect(asked).toBeGreaterThan(1);
  });

  it('a console that does not keep up gets nothing until the next snapshot', () => {
    const slow = new Console('slow');
    const quick = new Console('quick');
    relay.watch(slow);
    relay.watch(quick);
    relay.receive(frame('snapshot', 5, 1));
    for (let seq = 2; seq <= 5; seq++) {
      relay.receive(frame('events', 5, seq, 900_000));
      relay.applied('quick', 5, seq);
    }
    expect(quick.got).toHaveLength(5);
    expect(slow.got).toEqual(['snapshot 5:1', 'events 5:2', 'events 5:3', 'events 5:4']);
    relay.applied('slow', 5, 4);
    expect(asked).toBeGreaterThan(0);
    relay.receive(frame('snapshot', 5, 6));
    relay.receive(frame('events', 5, 7));
    expect(slow.got.slice(-2)).toEqual(['snapshot 5:6', 'events 5:7']);
  });

  it('the cursor is relayed but neither counted nor kept', () => {
    const console = new Console('a');
    relay.watch(console);
    relay.receive(frame('snapshot', 5, 1));
    relay.receive(frame('cursor', 5, 0));
    relay.receive(frame('cursor', 4, 0));
    expect(console.got).toEqual(['snapshot 5:1', 'cursor 5:0']);
    expect(acks).toEqual(['5:1']);
  });
});

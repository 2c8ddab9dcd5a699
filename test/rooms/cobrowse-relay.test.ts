import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeCobrowseFrame, readCobrowseHeader, type CobrowseKind } from '../../server/protocol/cobrowse-frame.ts';
import type { FrameCheck, Verdict } from '../../server/frames/frame-check.ts';
import { readFrame } from '../../server/frames/read-frame.ts';
import { CobrowseRelay, type CobrowseSource, type SnapshotWish } from '../../server/rooms/cobrowse-relay.ts';
import type { Socket } from '../../server/rooms/socket.ts';

const CHANNEL = 77;

function frame(kind: CobrowseKind, epoch: number, seq: number, bytes = 10): Uint8Array {
  const payload = kind === 'cursor' ? '{"x":1,"y":1}' : '[]'.padEnd(bytes);
  return encodeCobrowseFrame({ kind, encoding: 'json', channel: 0, epoch, seq }, encode(payload));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Reads each frame as the service does, and at once. */
const check: FrameCheck = { check: readFrame, prepare() {} };

/** A console's socket that notes what it was sent. */
class Console implements Socket {
  readonly id: string;
  readonly got: string[] = [];
  bytes = 0;
  first: Uint8Array | null = null;
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
    this.first ??= bytes;
    this.bytes += bytes.byteLength;
    this.got.push(`${header?.kind} ${header?.epoch}:${header?.seq}`);
    expect(header?.channel).toBe(CHANNEL);
  }
}

let acks: string[];
let asked: number;
let wishes: SnapshotWish[];
let refused: string[];
let ended: number;
let ages: string[];
let now: number;
let source: CobrowseSource;
let relay: CobrowseRelay;

beforeEach(() => {
  acks = [];
  asked = 0;
  wishes = [];
  refused = [];
  ended = 0;
  ages = [];
  now = 1_000;
  source = {
    acknowledge: (epoch, seq, { bytes, beat } = {}) =>
      acks.push(`${epoch}:${seq}${bytes ? `+${bytes}` : ''}${beat ? ` beat ${beat}` : ''}`),
    askSnapshot(wish) {
      asked++;
      wishes.push(wish);
    },
    refuse: (reason) => refused.push(reason),
    giveUp: () => (ended += 1),
    tellAge: (socket, ms) => ages.push(`${socket.id} ${ms}`),
    now: () => now,
  };
  relay = new CobrowseRelay(CHANNEL, source, check);
});

describe('promise 6: the co-browsing stream', () => {
  it('acknowledges and relays in order, with its channel', () => {
    const console = new Console('a');
    relay.watch(console);
    relay.receive(frame('snapshot', 5, 1));
    relay.receive(frame('events', 5, 2));
    expect(console.got).toEqual(['snapshot 5:1', 'events 5:2']);
    expect(acks).toEqual(['5:1', '5:2']);
  });

  it('drops what is none of ours', () => {
    expect(relay.receive(new Uint8Array(4))).toBe('bad-frame');
    expect(relay.receive(new Uint8Array(40))).toBe('bad-frame');
    const forged = encodeCobrowseFrame(
      { kind: 'snapshot', encoding: 'json', channel: 9, epoch: 1, seq: 1 },
      new Uint8Array(3),
    );
    expect(relay.receive(forged)).toBe('bad-frame');
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

  it('puts parts together, says how much is here, and relays the whole', () => {
    const console = new Console('a');
    relay.watch(console);
    const part = (seq: number, place: { more?: boolean; continued?: boolean }) =>
      relay.receive(
        encodeCobrowseFrame(
          { kind: 'snapshot', encoding: 'json', channel: 0, epoch: 5, seq, ...place },
          encode((place.continued ? '' : '[]').padEnd(100)),
        ),
      );
    part(1, { more: true });
    part(1, { more: true, continued: true });
    expect(acks).toEqual(['5:0+100', '5:0+200']);
    // The socket was lost: it begins again.
    part(1, { more: true });
    part(1, { more: true, continued: true });
    part(1, { continued: true });
    expect(acks.slice(2)).toEqual(['5:0+100', '5:0+200', '5:1']);
    expect(console.got).toEqual(['snapshot 5:1']);
    expect(console.bytes).toBe(316);
  });

  it('a page larger than any is refused and nothing of it is kept', () => {
    relay.receive(frame('snapshot', 5, 1));
    const part = (seq: number, continued: boolean) =>
      relay.receive(
        encodeCobrowseFrame(
          { kind: 'snapshot', encoding: 'json', channel: 0, epoch: 6, seq, more: true, continued },
          new Uint8Array(1_000_000),
        ),
      );
    const said = Array.from({ length: 10 }, (_, count) => part(1, count > 0));
    expect(said.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => null));
    expect(said[8]).toBe('too-large');
    const late = new Console('late');
    relay.watch(late);
    expect(late.got).toEqual(['snapshot 5:1']);
    // In the smallest parts there are, it does not take more memory either.
    const small = (continued: boolean) =>
      relay.receive(
        encodeCobrowseFrame(
          { kind: 'snapshot', encoding: 'json', channel: 0, epoch: 7, seq: 1, more: true, continued },
          new Uint8Array(1),
        ),
      );
    const answers = new Set(Array.from({ length: 9_000 }, (_, count) => small(count > 0)));
    expect(answers).toContain('too-large');
  });

  it('what comes late from an epoch that is over is dropped', () => {
    const console = new Console('a');
    relay.watch(console);
    relay.receive(frame('snapshot', 5, 1));
    relay.receive(frame('snapshot', 9, 1));
    expect(relay.receive(frame('snapshot', 5, 2))).toBe('old-epoch');
    expect(relay.receive(frame('events', 5, 2))).toBe('old-epoch');
    expect(relay.receive(frame('cursor', 5, 0))).toBe('old-epoch');
    relay.receive(frame('events', 9, 2));
    expect(console.got).toEqual(['snapshot 5:1', 'snapshot 9:1', 'events 9:2']);
  });

  it('a console that is back is sent what it missed if that is little, else a new picture is asked for', () => {
    const slow = new Console('slow');
    relay.receive(frame('snapshot', 5, 1));
    relay.watch(slow);
    relay.receive(frame('events', 5, 2, 200_000));
    now += 3_000;
    for (let seq = 3; seq < 6; seq++) relay.receive(frame('events', 5, seq));
    expect(slow.got).toEqual(['snapshot 5:1', 'events 5:2']);
    relay.applied('slow', 5, 2);
    expect(slow.got.slice(2)).toEqual(['events 5:3', 'events 5:4', 'events 5:5']);
    expect(asked).toBe(0);
    relay.receive(frame('events', 5, 6, 200_000));
    now += 3_000;
    relay.receive(frame('events', 5, 7, 200_000));
    relay.applied('slow', 5, 6);
    expect(asked).toBe(1);
    expect(slow.got.at(-1)).toBe('events 5:6');
    relay.receive(frame('snapshot', 5, 8));
    expect(slow.got.at(-1)).toBe('snapshot 5:8');
  });

  it('a console that never says what it has applied is sent a bounded amount', () => {
    const mute = new Console('mute');
    relay.watch(mute);
    relay.receive(frame('snapshot', 5, 1));
    for (let seq = 2; seq < 20_000; seq++) relay.receive(frame('events', 5, seq));
    expect(mute.got.length).toBeLessThan(2_010);
  });

  it("says how old the picture is by echo alone, whatever the shopper's clock says", () => {
    const console = new Console('a');
    relay.watch(console);
    relay.receive(frame('snapshot', 5, 1));
    const beat = (value: object) =>
      relay.receive(
        encodeCobrowseFrame(
          { kind: 'beat', encoding: 'json', channel: 0, epoch: 5, seq: 0 },
          new TextEncoder().encode(JSON.stringify(value)),
        ),
      );
    relay.applied('a', 5, 1);
    beat({ beat: 1, echo: 0, held: 0, behind: 0 });
    now += 800;
    // 300 ms there, 300 ms back, 200 ms between, and a change has waited for 400 ms.
    beat({ beat: 2, echo: 1, held: 200, behind: 400 });
    relay.receive(frame('events', 5, 2));
    now += 500;
    beat({ beat: 3, echo: 2, held: 500, behind: 0 });
    expect(ages).toEqual(['a 0', 'a 1000', 'a 500']);
    expect(acks).toEqual(['5:1', '5:1 beat 1', '5:1 beat 2', '5:2', '5:2 beat 3']);
    expect(beat({ beat: -1, echo: 'x' })).toBe('bad-frame');
    expect(relay.receive(frame('beat', 5, 0))).toBe('bad-frame');
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

  it('the order is kept while a frame is read elsewhere, a beat is answered after it, and what is none takes with it what follows', async () => {
    const verdicts: ((verdict: Verdict) => void)[] = [];
    const slow: FrameCheck = {
      check: (encoding, payload) =>
        payload.byteLength > 50 ? new Promise((resolve) => verdicts.push(resolve)) : readFrame(encoding, payload),
      prepare() {},
    };
    relay = new CobrowseRelay(CHANNEL, source, slow);
    const console = new Console('a');
    relay.watch(console);
    const settled = async (verdict: Verdict) => {
      verdicts.shift()?.(verdict);
      await Promise.resolve();
      await Promise.resolve();
    };
    const valid: Verdict = { ok: true, content: { brings: [], uses: [] } };
    relay.receive(frame('snapshot', 5, 1, 100));
    relay.receive(frame('events', 5, 2));
    relay.receive(
      encodeCobrowseFrame(
        { kind: 'beat', encoding: 'json', channel: 0, epoch: 5, seq: 0 },
        encode('{"beat":1,"echo":0,"held":0,"behind":0}'),
      ),
    );
    relay.receive(frame('events', 5, 3, 100));
    expect([console.got, acks]).toEqual([[], []]);
    await settled(valid);
    expect(console.got).toEqual(['snapshot 5:1', 'events 5:2']);
    expect(acks).toEqual(['5:1', '5:2', '5:2 beat 1']);
    relay.receive(frame('events', 5, 4));
    await settled({ ok: false, reason: 'bad-frame' });
    expect(console.got).toHaveLength(2);
    expect(refused).toEqual(['bad-frame']);
    expect(wishes.at(-1)).toMatchObject({ anew: true });
    relay.receive(frame('snapshot', 5, 5));
    expect(console.got.at(-1)).toBe('snapshot 5:5');
  });

  it('what waits to be read is bounded', () => {
    const never: FrameCheck = { check: () => new Promise(() => {}), prepare() {} };
    relay = new CobrowseRelay(CHANNEL, source, never);
    const answers = Array.from({ length: 30 }, (_, at) => relay.receive(frame('snapshot', 5, at + 1, 1_000_000)));
    expect(answers).toContain('too-fast');
  });
});

describe('promise 16: stylesheets travel once', () => {
  const sheet = (text: string) => ({ hash: createHash('sha256').update(text).digest('base64url'), text });
  const page = (seq: number, epoch: number, brings: object[], uses: string[]) => {
    const elements = uses.map((hash, at) => ({
      id: at + 2,
      type: 2,
      tagName: 'style',
      attributes: { rr_sheet: hash },
      childNodes: [],
    }));
    const node = { id: 1, type: 0, childNodes: elements };
    const events = [
      ...brings.map((payload) => ({ type: 5, data: { tag: 'sheet', payload } })),
      { type: 2, data: { node, initialOffset: { left: 0, top: 0 } } },
    ];
    const header = { kind: 'snapshot', encoding: 'json', channel: 0, epoch, seq } as const;
    return encodeCobrowseFrame(header, encode(JSON.stringify(events)));
  };

  it('a console that lacks one is given it before the page that refers to it, once', () => {
    const red = sheet('p { color: red }');
    const early = new Console('early');
    relay.watch(early);
    relay.receive(page(1, 5, [red], [red.hash]));
    relay.receive(page(1, 6, [], [red.hash]));
    expect(early.got).toEqual(['snapshot 5:1', 'snapshot 6:1']);
    const late = new Console('late');
    relay.watch(late);
    relay.receive(page(2, 6, [], [red.hash]));
    expect(late.got).toEqual(['sheets 0:0', 'snapshot 6:1', 'snapshot 6:2']);
    const given = inflateRawSync(Buffer.from(late.first ?? []).subarray(16)).toString();
    expect(JSON.parse(given)).toEqual([red]);
  });

  it('one that nobody knows is asked for, and the page that refers to it is shown to nobody meanwhile', () => {
    const red = sheet('p { color: red }');
    const console = new Console('a');
    relay.watch(console);
    relay.receive(page(1, 5, [], [red.hash]));
    // After a restart nothing is known: the tab learns that with the first word.
    expect(wishes.at(-1)).toEqual({ anew: true, forget: 'all' });
    const blue = sheet('p { color: blue }');
    relay.receive(page(2, 5, [blue], [blue.hash]));
    relay.receive(page(3, 5, [], [red.hash, blue.hash]));
    expect(wishes.at(-1)).toEqual({ anew: true, forget: [red.hash] });
    expect(console.got).toEqual(['snapshot 5:2']);
    relay.receive(page(4, 5, [red], [red.hash, blue.hash]));
    expect(console.got).toEqual(['snapshot 5:2', 'snapshot 5:4']);
    expect([refused, ended]).toEqual([[], 0]);
  });

  it('a text that is not what its hash says is refused, and a tab that goes on asking in vain is stopped', () => {
    const poisoned = { hash: sheet('p { color: red }').hash, text: 'p { color: black }' };
    expect(relay.receive(page(1, 5, [poisoned], [poisoned.hash]))).toBe('bad-frame');
    expect(relay.receive(page(1, 5, [], ['../../secret']))).toBe('bad-frame');
    for (let seq = 2; seq < 30; seq += 1) relay.receive(page(seq, 5, [], [poisoned.hash]));
    expect(ended).toBe(1);
  });

  it('the texts of a session are bounded, and a page whose text was dropped is asked for anew', () => {
    const first = sheet(`p { color: red } /*${'x'.repeat(1_900_000)}*/`);
    relay.receive(page(1, 5, [first], [first.hash]));
    for (let seq = 2; seq < 10; seq += 1) {
      const other = sheet(`/*${seq}${'x'.repeat(1_900_000)}*/`);
      relay.receive(page(seq, 5, [other], [other.hash]));
    }
    relay.receive(page(10, 5, [], [first.hash]));
    expect(wishes.at(-1)).toEqual({ anew: true, forget: [first.hash] });
  });
});

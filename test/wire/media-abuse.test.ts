import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { dtlsParameters, opusParameters, vp8Parameters } from '../media/real-media.ts';
import { agentOverWire, Caller, ringOverWire, servedOverWire, takeOverWire } from '../support/call-wire.ts';
import { mediaReady, startServer, workersOf, type TestServer } from '../support/server.ts';
import { shopperWire, signIn, type Wire } from '../support/wire.ts';

let server: TestServer;
let desk: Wire;
/** A call of other people, over which nothing may come. */
let others: Awaited<ReturnType<typeof talking>>;

beforeAll(async () => {
  server = await startServer();
  await mediaReady(server);
  desk = await agentOverWire(server, await signIn(server));
  others = await talking();
}, 60_000);
afterAll(async () => {
  await nobodyNoticed();
  await server.remove();
});

type Ready = { who: Caller; send: string; receive: string; producer: string; consumer: string };

/** A call of this test's own, which ends with it, also where it fails: later ones count what is open. */
async function ownCall(): ReturnType<typeof talking> {
  const own = await talking();
  onTestFinished(async () => await hangUp(own.agent));
  return own;
}

/** A running call on whose two sides microphones are produced and heard. */
async function talking(): Promise<{ shopper: Ready; agent: Ready }> {
  const people = await servedOverWire(server, desk);
  await ringOverWire(people);
  const sides = [people.shopper, people.agent];
  const ready: Ready[] = [];
  for (const who of sides) {
    const { send, receive, rtpCapabilities } = await who.join();
    expect(await who.ask({ type: 'media.capable', rtpCapabilities })).toEqual({});
    ready.push({ who, send: send.id, receive: receive.id, producer: '', consumer: '' });
  }
  await takeOverWire(people);
  for (const [index, side] of ready.entries()) {
    const made = await side.who.ask({
      type: 'media.produce',
      transport: side.send,
      kind: 'audio',
      source: 'microphone',
      rtpParameters: opusParameters(1_000 + index),
      paused: false,
    });
    if (typeof made === 'string') throw new Error(made);
    side.producer = String(made['producer']);
    const other = ready[1 - index];
    const { consumer } = await other!.who.wire.frame(
      'media.consumer',
      ({ call, consumer }) => call === side.who.call && consumer.producer === side.producer,
    );
    other!.consumer = consumer.id;
  }
  return { shopper: ready[0]!, agent: ready[1]! };
}

/** The other call is as it was: its transports and producers answer, and nobody in it was told of a loss. */
async function nobodyNoticed(): Promise<void> {
  for (const { who, send, producer, consumer } of [others.shopper, others.agent]) {
    expect(await who.ask({ type: 'media.restart-ice', transport: send })).toHaveProperty('iceParameters');
    expect(await who.ask({ type: 'media.pause', producer, paused: false })).toEqual({});
    expect(await who.ask({ type: 'media.ready', consumer })).toEqual({});
    const told = who.wire.frames.filter((frame) => 'call' in frame && frame.call === who.call);
    expect(told.filter(({ type }) => type === 'media.lost' || type === 'media.consumer-closed')).toEqual([]);
  }
}

function workerMemory(): number {
  const [pid] = workersOf(server);
  const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(rss);
}

async function hangUp({ who }: Ready): Promise<void> {
  const { conversation, call } = who;
  who.wire.send({ type: 'call.hangup', conversation, call });
  await who.wire.until(() => {
    const state = who.wire.frames.findLast(
      (frame) => frame.type === 'conversation.state' && frame.conversation.id === conversation,
    );
    return state?.type === 'conversation.state' && state.conversation.call === null;
  });
}

describe('promise 11: a call that holds', () => {
  it('what a browser says of its own connection reaches the others, and those alone', async () => {
    const own = await ownCall();
    const { shopper, agent } = own;
    const quality = { level: 'poor', reason: 'lossy' } as const;
    expect(await shopper.who.ask({ type: 'media.quality', ...quality })).toEqual({});
    const told = await agent.who.wire.frame('media.quality', ({ call }) => call === agent.who.call);
    expect(told.quality).toEqual(quality);
    expect(shopper.who.wire.frames.filter(({ type }) => type === 'media.quality')).toEqual([]);
    await hangUp(shopper);
    await nobodyNoticed();
  });
});

describe('promise 15: whatever a browser sends, nobody else notices', () => {
  it('forged transports, producers and consumers, and those of another conversation, are refused', async () => {
    const own = await ownCall();
    const { who, send, receive } = own.shopper;
    const camera = { type: 'media.produce', kind: 'video', source: 'camera', paused: false } as const;
    const rtpParameters = vp8Parameters(5_000);
    const { agent: other } = own;
    const { shopper: stranger } = others;
    for (const transport of ['forged', other.send, stranger.send, receive]) {
      expect(await who.ask({ ...camera, transport, rtpParameters })).toBe('media-refused');
    }
    for (const transport of ['forged', other.receive, stranger.receive]) {
      expect(await who.ask({ type: 'media.connect', transport, dtlsParameters })).toBe('media-refused');
      expect(await who.ask({ type: 'media.restart-ice', transport })).toBe('media-refused');
    }
    for (const producer of ['forged', other.producer, stranger.producer]) {
      expect(await who.ask({ type: 'media.pause', producer, paused: true })).toBe('media-refused');
      expect(await who.ask({ type: 'media.close', producer })).toBe('media-refused');
    }
    for (const consumer of ['forged', other.consumer, stranger.consumer]) {
      expect(await who.ask({ type: 'media.ready', consumer })).toBe('media-refused');
    }
    // The other conversation and its call by name.
    const there = { conversation: stranger.who.conversation, call: stranger.who.call };
    expect(await who.ask({ type: 'media.join' }, there)).toBe('not-yours');
    expect(await who.ask({ type: 'media.join' }, { call: there.call })).toBe('no-call');
    expect(await who.ask({ type: 'media.close', producer: stranger.producer }, there)).toBe('not-yours');
    // The own things still work.
    expect(await who.ask({ ...camera, transport: send, rtpParameters })).toHaveProperty('producer');
    await hangUp(own.shopper);
    await nobodyNoticed();
  });

  it('RTP of a wrong kind, broken DTLS and ICE, and what is not even an object are refused', async () => {
    const own = await ownCall();
    const { who, send } = own.shopper;
    const produce = { type: 'media.produce', transport: send, paused: false } as const;
    const asVideo = { ...produce, kind: 'video', source: 'camera' } as const;
    const asAudio = { ...produce, kind: 'audio', source: 'screen-audio' } as const;
    for (const rtpParameters of [opusParameters(9), {}, { ...vp8Parameters(9), encodings: [{ ssrc: 1.5 }] }]) {
      expect(await who.ask({ ...asVideo, rtpParameters })).toBe('media-refused');
    }
    expect(await who.ask({ ...asAudio, rtpParameters: vp8Parameters(9) })).toBe('media-refused');
    expect(await who.ask({ ...asVideo, kind: 'audio', rtpParameters: opusParameters(9) })).toBe('media-refused');
    expect(await who.ask({ ...asVideo, source: 'microphone', rtpParameters: vp8Parameters(9) })).toBe('media-refused');
    for (const wrong of [{}, { fingerprints: [] }, { role: 'queen', fingerprints: dtlsParameters.fingerprints }]) {
      const answer = await who.ask({ type: 'media.connect', transport: send, dtlsParameters: wrong });
      expect(answer).toBe('media-refused');
    }
    const { conversation, call } = who;
    const ids = { conversation, call, req: 9_999 };
    const bad = () =>
      who.wire.frames.filter((frame) => frame.type === 'refused' && frame.reason === 'bad-frame').length;
    for (const frame of [
      { type: 'media.connect', ...ids, transport: send, dtlsParameters: 'none' },
      {
        type: 'media.produce',
        ...ids,
        transport: send,
        kind: 'smell',
        source: 'camera',
        rtpParameters: {},
        paused: false,
      },
      { type: 'media.restart-ice', ...ids, transport: 7 },
    ]) {
      const before = bad();
      who.wire.sendRaw(JSON.stringify(frame));
      await who.wire.until(() => bad() === before + 1);
    }
    expect(await who.ask({ type: 'media.connect', transport: send, dtlsParameters })).toEqual({});
    await hangUp(own.shopper);
    await nobodyNoticed();
  });

  it('requests before the join, before there is a call, after its end, and of an agent it does not belong to', async () => {
    const people = await servedOverWire(server, desk);
    const { shopper, agent } = people;
    shopper.call = agent.call = 'no-such-call';
    expect(await shopper.ask({ type: 'media.join' })).toBe('no-call');
    await ringOverWire(people);
    const early = { type: 'media.connect', transport: 'early', dtlsParameters } as const;
    expect(await shopper.ask(early)).toBe('not-in-call');
    await shopper.join();
    await takeOverWire(people);
    // The agent, who has not joined, may not use what the shopper has.
    expect(await agent.ask({ type: 'media.capable', rtpCapabilities: {} })).toBe('not-in-call');
    const { conversation, call } = shopper;
    shopper.wire.send({ type: 'call.hangup', conversation, call });
    await agent.wire.frame('conversation.entries', ({ entries }) => entries.some(({ type }) => type === 'call-ended'));
    expect(await shopper.ask({ type: 'media.join' })).toBe('no-call');
    expect(await shopper.ask(early)).toBe('no-call');
    await nobodyNoticed();
  });

  it('a thousand produce: the first is taken, the others are refused, and the worker keeps its memory', async () => {
    const own = await ownCall();
    const { who, send } = own.shopper;
    const before = workerMemory();
    const asked = Array.from({ length: 1_000 }, (_, i) =>
      who.say({
        type: 'media.produce',
        transport: send,
        kind: 'video',
        source: 'camera',
        rtpParameters: vp8Parameters(10_000 + i * 10),
        paused: false,
      }),
    );
    await who.wire.until(() => who.wire.frames.some(({ type }) => type === 'refused'));
    // Beyond so many frames at once one word answers for all that follow.
    const answers = await who.wire.until(() => {
      const answered = who.wire.frames.flatMap((frame) =>
        (frame.type === 'reply' || frame.type === 'refused') && frame.req !== undefined && frame.req >= asked[0]!
          ? [frame.type === 'reply' ? 'taken' : frame.reason]
          : [],
      );
      // The one that is taken is answered by the worker, and so perhaps after those that are refused without it.
      const whole = answered.length >= 300 && answered.includes('too-fast') && answered.includes('taken');
      return whole ? answered : null;
    });
    expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1);
    expect(new Set(answers)).toEqual(new Set(['taken', 'too-many', 'too-fast']));
    await nobodyNoticed();
    expect(workerMemory()).toBeLessThan(before * 1.1);
  });

  it('a thousand joins: too many in too short a time are refused, and none of them is left behind', async () => {
    const own = await ownCall();
    const before = workerMemory();
    const { who } = own.shopper;
    const asked = Array.from({ length: 1_000 }, () => who.say({ type: 'media.join' }));
    const reasons = await who.wire.until(() => {
      const answered = who.wire.frames.flatMap((frame) =>
        frame.type === 'refused' && frame.req !== undefined && frame.req >= asked[0]! ? [frame.reason] : [],
      );
      return answered.includes('too-fast') ? answered : null;
    });
    expect(reasons).toContain('too-fast');
    await nobodyNoticed();
    expect(workerMemory()).toBeLessThan(before * 1.1);
    await hangUp(own.agent);
    const open = async () => ((await (await fetch(`${server.origin}/healthz`)).json()) as { open: object }).open;
    await expect.poll(open).toMatchObject({ routers: 1, transports: 4, producers: 2, consumers: 2 });
  });

  it('a shopper with many tabs does not fill the call while it rings', async () => {
    const people = await servedOverWire(server, desk);
    const { shopper, agent } = people;
    await ringOverWire(people);
    const answers: (string | object)[] = [];
    for (let n = 0; n < 6; n++) {
      const tab = `tab-${n}`;
      const { wire } = await shopperWire(server, { tab, token: shopper.token });
      const more = new Caller(wire, shopper.conversation, { tab, token: shopper.token });
      more.call = shopper.call;
      answers.push(await more.ask({ type: 'media.join' }));
    }
    expect(answers.filter((answer) => answer === 'too-many')).toHaveLength(2);
    await agent.join();
    agent.wire.send({ type: 'call.hangup', conversation: agent.conversation, call: agent.call });
    await nobodyNoticed();
  });
});

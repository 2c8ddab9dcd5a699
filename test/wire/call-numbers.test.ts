import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../server/config.ts';
import type { CallNumbers } from '../../server/protocol/call-numbers.ts';
import { agentOverWire, ringOverWire, servedOverWire, takeOverWire } from '../support/call-wire.ts';
import { mediaReady, startServer, type TestServer } from '../support/server.ts';
import { signIn, type Wire } from '../support/wire.ts';

const TOKEN = 'a-token-for-the-metrics';
let server: TestServer;
let desk: Wire;
beforeAll(async () => {
  server = await startServer({ METRICS_TOKEN: TOKEN });
  await mediaReady(server);
  desk = await agentOverWire(server, await signIn(server));
});
afterAll(async () => await server.remove());

const good: CallNumbers = {
  setUpMs: 300,
  firstFrameMs: 150,
  packetLoss: 0.001,
  freezes: 0,
  freezeMs: 0,
  path: 'udp',
};

async function metric(line: string): Promise<number | undefined> {
  const text = await (await fetch(`${server.origin}/metrics`)).text();
  const found = text.split('\n').find((other) => other.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
}

describe('promise 15: the numbers of each call', () => {
  it('the worst of both sides stands in the record, and in the metrics', async () => {
    const people = await servedOverWire(server, desk);
    await ringOverWire(people);
    await takeOverWire(people);
    const { shopper, agent } = people;
    expect(await shopper.ask({ type: 'call.report', numbers: { ...good, freezes: 2, freezeMs: 900 } })).toEqual({});
    // After a page load its counts begin anew, and the last word on loss counts.
    const late = { ...good, setUpMs: 1_200, firstFrameMs: null, packetLoss: 0.03 };
    expect(await shopper.ask({ type: 'call.report', numbers: late })).toEqual({});
    expect(await agent.ask({ type: 'call.report', numbers: { ...good, setUpMs: 450, path: 'relay' } })).toEqual({});
    expect(await metric('mostrador_calls{status="active"}')).toBe(1);
    const { conversation, call } = shopper;
    shopper.wire.send({ type: 'call.hangup', conversation, call });
    const entries = await agent.wire.until(() =>
      agent.wire.frames
        .flatMap((frame) => (frame.type === 'conversation.entries' ? frame.entries : []))
        .find((entry) => entry.type === 'call-ended'),
    );
    expect(entries).toMatchObject({
      numbers: { setUpMs: 450, firstFrameMs: 150, packetLoss: 0.03, freezes: 2, freezeMs: 900, path: 'relay' },
    });
    expect(await metric('mostrador_calls_total{outcome="ended"}')).toBe(1);
    expect(await metric('mostrador_call_set_up_seconds_sum')).toBeCloseTo(0.45);
    expect(await metric('mostrador_call_first_frame_seconds_count')).toBe(1);
    expect(await metric('mostrador_call_freezes_total')).toBe(2);
    expect(await metric('mostrador_call_paths_total{path="relay"}')).toBe(1);
    expect(await metric('mostrador_calls{status="active"}')).toBe(0);
  });

  it('numbers that cannot be are refused, and who is not in the call changes nothing', async () => {
    const people = await servedOverWire(server, desk);
    const stranger = await servedOverWire(server, desk);
    await ringOverWire(people);
    await takeOverWire(people);
    const { shopper } = people;
    for (const numbers of [
      { ...good, packetLoss: 7 },
      { ...good, freezes: -1 },
      { ...good, path: 'carrier pigeon' },
      { ...good, setUpMs: 'soon' },
    ]) {
      const before = shopper.wire.frames.length;
      shopper.wire.sendRaw(
        JSON.stringify({
          type: 'call.report',
          conversation: shopper.conversation,
          call: shopper.call,
          req: 1,
          numbers,
        }),
      );
      const answer = await shopper.wire.until(() =>
        shopper.wire.frames.slice(before).find(({ type }) => type === 'refused'),
      );
      expect(answer).toMatchObject({ reason: 'bad-frame' });
    }
    const over = { conversation: shopper.conversation, call: shopper.call };
    expect(await stranger.shopper.ask({ type: 'call.report', numbers: good }, over)).toBe('not-yours');
    expect(await stranger.shopper.ask({ type: 'call.report', numbers: good }, { call: shopper.call })).toBe('no-call');
    shopper.wire.send({ type: 'call.hangup', ...over });
    const ended = await shopper.wire.until(() =>
      shopper.wire.frames
        .flatMap((frame) => (frame.type === 'conversation.entries' ? frame.entries : []))
        .find((entry) => entry.type === 'call-ended'),
    );
    expect(ended).not.toHaveProperty('numbers');
  });
});

describe('promise 15: the metrics', () => {
  it('count sockets, messages, workers and what is open on them, and name nobody', async () => {
    const people = await servedOverWire(server, desk);
    await ringOverWire(people);
    await people.shopper.join();
    const text = await (await fetch(`${server.origin}/metrics`)).text();
    expect(text).toMatch(/^mostrador_sockets\{side="agent"\} 1$/m);
    expect(text).toMatch(/^mostrador_sockets\{side="shopper"\} \d+$/m);
    expect(text).toMatch(/^mostrador_messages_total\{side="shopper"\} [1-9]/m);
    expect(text).toMatch(/^mostrador_media_open\{kind="workers"\} 1$/m);
    expect(text).toMatch(/^mostrador_media_open\{kind="transports"\} 2$/m);
    expect(text).toMatch(/^mostrador_calls\{status="ringing"\} 1$/m);
    expect(text).toMatch(/^process_resident_memory_bytes /m);
    expect(text).not.toContain(people.shopper.conversation);
    expect(text).not.toContain('Ana');
  });

  it.each([
    ['from this machine', {}, 200],
    ['with the token, through a proxy', { authorization: `Bearer ${TOKEN}`, 'x-forwarded-for': '192.0.2.7' }, 200],
    ['through a proxy without it', { 'x-forwarded-for': '192.0.2.7' }, 403],
    ['with a wrong token', { authorization: 'Bearer a-token-for-the-metricz' }, 403],
    ['with no token at all', { authorization: 'Bearer ', 'x-forwarded-for': '192.0.2.7' }, 403],
  ])('are read %s: %o → %i', async (_, headers, status) => {
    expect((await fetch(`${server.origin}/metrics`, { headers })).status).toBe(status);
    // Anybody may know whether the service is ready; how much runs, those alone who may read the metrics.
    const health = await fetch(`${server.origin}/healthz`, { headers });
    expect(health.status).toBe(200);
    const said = (await health.json()) as Record<string, unknown>;
    expect(Object.keys(said)).toEqual(status === 200 ? ['status', 'media', 'open'] : ['status', 'media']);
  });

  it('are behind a token that is said nowhere, not even where it is wrong', () => {
    const read = (): unknown => readConfig({ METRICS_TOKEN: 'too-short' });
    expect(read).toThrow(/METRICS_TOKEN=…: must be at least 16/);
    expect(read).not.toThrow(/too-short/);
  });

  it('are not read under a name that a page of a stranger has given to this machine', async () => {
    const { port } = new URL(server.origin);
    const { request } = await import('node:http');
    const status = await new Promise((resolve) =>
      request(
        { host: '127.0.0.1', port, path: '/metrics', headers: { host: `stranger.example:${port}` } },
        (response) => resolve(response.resume().statusCode),
      ).end(),
    );
    expect(status).toBe(403);
  });
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentOverWire, ringOverWire, servedOverWire, takeOverWire, type Caller } from '../support/call-wire.ts';
import { mediaReady, startServer, type TestServer } from '../support/server.ts';
import { startWithTeam, type Credentials } from '../support/team.ts';
import { agentWire, signIn, type Wire } from '../support/wire.ts';

let server: TestServer;
let as: Record<string, Credentials>;
let cookie: string;
let desk: Wire;
beforeAll(async () => {
  const team = [{ name: 'Luis' }, { name: 'Zoe', shop: 'other' }];
  ({ server, as } = await startWithTeam(team));
  await mediaReady(server);
  cookie = await signIn(server);
  desk = await agentOverWire(server, cookie);
});
afterAll(async () => await server.remove());

async function cookieOf(name: string): Promise<string> {
  return await signIn(server, as[name]?.email, as[name]?.password);
}

async function inCall(): Promise<{ shopper: Caller; agent: Caller }> {
  const people = await servedOverWire(server, desk);
  await ringOverWire(people);
  await takeOverWire(people);
  return people;
}

/** Asked for, allowed, and stopped in the same breath; the address under which it is served. */
async function recordedForAnInstant({ shopper, agent }: { shopper: Caller; agent: Caller }): Promise<string> {
  const { conversation, wire } = shopper;
  agent.wire.send({ type: 'recording.ask', conversation });
  await wire.frame('conversation.state', (frame) => frame.conversation.recording.status === 'asked');
  wire.send({ type: 'recording.answer', conversation, yes: true });
  wire.send({ type: 'recording.stop', conversation });
  const entry = await wire.until(() =>
    wire.frames
      .flatMap((frame) => (frame.type === 'conversation.entries' ? frame.entries : []))
      .find((other) => other.type === 'recording-stopped'),
  );
  return `${server.origin}/api/conversations/${conversation}/recordings/${entry?.recording}`;
}

describe('promise 14: recorded only with both yeses', () => {
  it('one that is stopped while it begins does not run on', async () => {
    const address = await recordedForAnInstant(await inCall());
    const status = async () => (await (await fetch(address, { headers: { cookie } })).json()) as { status: string };
    await expect.poll(status, { timeout: 20_000 }).toMatchObject({ status: 'ready' });
  });

  it('is for the shop’s agents alone, and is deleted by its agent, from our own pages', async () => {
    const address = await recordedForAnInstant(await inCall());
    const [luis, zoe] = [await cookieOf('Luis'), await cookieOf('Zoe')];
    const get = async (headers: Record<string, string>, path = '') =>
      (await fetch(`${address}${path}`, { headers })).status;
    await expect.poll(() => get({ cookie }, '/sound'), { timeout: 20_000 }).toBe(200);
    for (const path of ['', '/sound', '/whole']) {
      expect(await get({}, path)).toBe(401);
      expect(await get({ cookie: zoe }, path)).toBe(404);
      expect(await get({ cookie: luis }, path)).toBe(200);
    }
    const elsewhere = address.replace(/conversations\/[^/]+/, 'conversations/another');
    expect((await fetch(elsewhere, { headers: { cookie } })).status).toBe(404);
    for (const file of ['1.json', '..%2f..%2fmostrador.sqlite', 'sound.webm', '0']) {
      expect(await get({ cookie }, `/${file}`)).toBe(404);
    }
    const erase = async (headers: Record<string, string>) =>
      (await fetch(address, { method: 'DELETE', headers })).status;
    expect(await erase({ cookie })).toBe(403);
    expect(await erase({ cookie, origin: 'https://stranger.example' })).toBe(403);
    expect(await erase({ origin: server.origin })).toBe(401);
    expect(await erase({ cookie: zoe, origin: server.origin })).toBe(404);
    expect(await erase({ cookie: luis, origin: server.origin })).toBe(403);
    expect(await get({ cookie })).toBe(200);
    expect(await erase({ cookie, origin: server.origin })).toBe(204);
    expect(await get({ cookie })).toBe(404);
  });

  it.each([
    ['there is no ffmpeg', { FFMPEG_BIN: '/nowhere/ffmpeg' }, 'no-ffmpeg'],
    ['the operator does not want it', { RECORDING: '0' }, 'off'],
  ])('is off and says so where %s', async (_, env, reason) => {
    const other = await startServer(env);
    try {
      await mediaReady(other);
      const { wire, welcome } = await agentWire(other, await signIn(other));
      expect(welcome.recording).toMatchObject({ call: reason, page: reason !== 'off' });
      const people = await servedOverWire(other, wire);
      await ringOverWire(people);
      await takeOverWire(people);
      wire.send({ type: 'recording.ask', conversation: people.agent.conversation });
      expect(await wire.frame('refused')).toMatchObject({ of: 'recording.ask' });
      expect(existsSync(join(other.dataDir, 'recordings'))).toBe(false);
    } finally {
      await other.remove();
    }
  });
});

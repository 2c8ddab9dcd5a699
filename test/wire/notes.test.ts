import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntryBody } from '../../server/protocol/entry.ts';
import type { TestServer } from '../support/server.ts';
import { startWithTeam } from '../support/team.ts';
import { agentWire, shopperWire, signIn, type Wire } from '../support/wire.ts';

let server: TestServer;
let ana: string;
let zoe: string;
let stranger: string;
beforeAll(async () => {
  const team = [
    { name: 'Zoe', role: 'supervisor' as const },
    { name: 'Eve', role: 'admin' as const, shop: 'elsewhere' },
  ];
  const started = await startWithTeam(team);
  server = started.server;
  const as = async (name: string): Promise<string> =>
    await signIn(server, started.as[name]?.email, started.as[name]?.password);
  [ana, zoe, stranger] = [await signIn(server), await as('Zoe'), await as('Eve')];
});
afterAll(async () => await server.remove());

async function write(wire: Wire, text: string, conversation?: string): Promise<string> {
  const id = randomUUID();
  wire.send({ type: 'message.send', id, text, ...(conversation && { conversation }) });
  return (await wire.frame('message.ack', (ack) => ack.id === id)).conversation;
}

async function note(wire: Wire, conversation: string, text: string): Promise<number> {
  const id = randomUUID();
  wire.send({ type: 'note.send', id, conversation, text });
  return (await wire.frame('message.ack', (ack) => ack.id === id)).seq;
}

/** A shopper who has written and was answered by Ana. */
async function conversation(token?: string) {
  const { wire: shopper, welcome } = await shopperWire(server, token ? { token } : {});
  const id = await write(shopper, 'hello');
  const { wire: agent } = await agentWire(server, ana);
  agent.send({ type: 'conversation.accept', conversation: id });
  await shopper.frame('conversation.state', (frame) => frame.conversation.status === 'active');
  return { shopper, agent, id, token: welcome.token };
}

function entriesOf(wire: Wire) {
  return wire.frames.flatMap((frame) => (frame.type === 'conversation.entries' ? frame.entries : []));
}

const has = (wire: Wire, type: EntryBody['type']) => () => entriesOf(wire).find((entry) => entry.type === type);

async function close({ shopper, agent, id }: { shopper: Wire; agent: Wire; id: string }): Promise<void> {
  agent.send({ type: 'conversation.close', conversation: id });
  await shopper.frame('conversation.state', (frame) => frame.conversation.status === 'closed');
}

async function get(path: string, cookie?: string): Promise<Response> {
  return await fetch(server.origin + path, { headers: cookie ? { cookie } : {} });
}

describe('promise 22: a note among agents on the wire', () => {
  it('reaches every agent who follows, and no byte of it a shopper, live or afterwards', async () => {
    const { shopper, agent, id, token } = await conversation();
    const { wire: supervisor } = await agentWire(server, zoe);
    supervisor.send({ type: 'conversation.open', conversation: id, after: 0 });
    await supervisor.until(has(supervisor, 'accepted'));
    const second = await shopperWire(server, { token });
    const seq = await note(agent, id, 'XYZZY paid twice');
    await note(supervisor, id, 'XYZZY offer a voucher');
    await agent.until(() => entriesOf(agent).find((entry) => entry.type === 'note' && entry.whisper));
    await supervisor.until(() => entriesOf(supervisor).find((entry) => entry.seq === seq));
    await write(agent, 'One moment', id);
    await shopper.until(() => entriesOf(shopper).find((entry) => entry.type === 'message' && entry.seq > 2));
    // Who comes back, from the beginning and from the middle, and who asks again.
    const again = await shopperWire(server, { token });
    const middle = await shopperWire(server, { token, seen: { conversation: id, seq } });
    middle.wire.send({ type: 'conversation.open', conversation: id, after: 1 });
    await server.stop();
    server = await server.restart();
    const after = await shopperWire(server, { token });
    const wires = [shopper, second.wire, again.wire, middle.wire, after.wire];
    await after.wire.until(() => entriesOf(after.wire).find((entry) => entry.seq === 5));
    expect(entriesOf(after.wire).map((entry) => [entry.seq, entry.type])).toEqual([
      [1, 'message'],
      [2, 'accepted'],
      [3, 'hidden'],
      [4, 'hidden'],
      [5, 'message'],
    ]);
    for (const wire of wires) {
      expect(JSON.stringify(wire.frames) + wire.binary.join('')).not.toMatch(/XYZZY|whisper|"note"/);
    }
    for (const hidden of entriesOf(after.wire).filter(({ type }) => type === 'hidden')) {
      expect(Object.keys(hidden).toSorted()).toEqual(['at', 'seq', 'type']);
    }
  });

  it('is not a shopper’s to write, and repeated it is stored once', async () => {
    const { shopper, agent, id } = await conversation();
    shopper.send({ type: 'note.send', id: 'n1', conversation: id, text: 'me too' });
    expect(await shopper.frame('refused')).toMatchObject({ of: 'note.send', reason: 'not-yours', id: 'n1' });
    for (let time = 0; time < 2; time++) agent.send({ type: 'note.send', id: 'n2', conversation: id, text: 'once' });
    await agent.until(() => agent.frames.filter((frame) => frame.type === 'message.ack').length === 2);
    await write(agent, 'after', id);
    await shopper.until(() => entriesOf(shopper).find((entry) => entry.type === 'message' && entry.text === 'after'));
    expect(entriesOf(shopper).filter(({ type }) => type === 'hidden')).toHaveLength(1);
  });
});

describe('promise 22: what a shopper wrote before', () => {
  it('is listed and read by agents of the shop alone', async () => {
    const first = await conversation();
    await note(first.agent, first.id, 'a regular');
    await close(first);
    first.shopper.send({ type: 'conversation.rate', conversation: first.id, rating: 4, comment: '' });
    await first.shopper.frame('conversation.state', (frame) => frame.conversation.rating === 4);
    const { id } = await conversation(first.token);
    const listed = await get(`/api/conversations/${id}/earlier`, ana);
    expect(await listed.json()).toMatchObject({
      conversations: [{ id: first.id, rating: 4, agent: { name: 'Ana' }, preview: { text: 'hello' } }],
    });
    const read = (await (await get(`/api/conversations/${first.id}/entries?after=1`, ana)).json()) as {
      entries: EntryBody[];
    };
    expect(read.entries.map(({ type }) => type)).toEqual(['accepted', 'note', 'closed', 'rated']);
    for (const path of [`/api/conversations/${id}/earlier`, `/api/conversations/${first.id}/entries`]) {
      expect((await get(path)).status).toBe(401);
      expect((await get(path, stranger)).status).toBe(404);
    }
    expect((await get(`/api/conversations/${first.id}/entries?after=x`, ana)).status).toBe(400);
  });
});

describe('promise 24: how it was, on the wire', () => {
  it('is the shopper’s to say, once, from 1 to 5, when it is over', async () => {
    const it = await conversation();
    const { shopper, agent, id, token } = it;
    const refused = (reason: string) => shopper.frame('refused', (frame) => frame.reason === reason);
    shopper.send({ type: 'conversation.rate', conversation: id, rating: 5, comment: '' });
    await refused('still-open');
    await close(it);
    agent.send({ type: 'conversation.rate', conversation: id, rating: 5, comment: '' });
    await agent.frame('refused', (frame) => frame.reason === 'not-yours');
    for (const rating of [0, 6, 2.5]) {
      shopper.sendRaw(JSON.stringify({ type: 'conversation.rate', conversation: id, rating, comment: '' }));
    }
    shopper.sendRaw(
      JSON.stringify({ type: 'conversation.rate', conversation: id, rating: 1, comment: 'x'.repeat(1_001) }),
    );
    await shopper.until(
      () => shopper.frames.filter((f) => f.type === 'refused' && f.reason === 'bad-frame').length === 4,
    );
    shopper.send({ type: 'conversation.rate', conversation: id, rating: 2, comment: ' Slow. ' });
    await agent.until(() => entriesOf(agent).find((entry) => entry.type === 'rated' && entry.comment === 'Slow.'));
    await shopper.until(has(shopper, 'rated'));
    shopper.send({ type: 'conversation.rate', conversation: id, rating: 5, comment: 'Changed my mind' });
    await refused('rated-already');
    await server.stop();
    server = await server.restart();
    const back = await shopperWire(server, { token });
    expect(back.welcome).toMatchObject({ conversation: { id, rating: 2 }, help: { rating: true } });
    back.wire.send({ type: 'conversation.rate', conversation: id, rating: 5, comment: '' });
    await back.wire.frame('refused', (frame) => frame.reason === 'rated-already');
    const { wire: stranger } = await shopperWire(server);
    stranger.send({ type: 'conversation.rate', conversation: id, rating: 1, comment: '' });
    await stranger.frame('refused', (frame) => frame.reason === 'no-conversation');
  });
});

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOSE } from '../../server/protocol/close-codes.ts';
import { encodeCobrowseFrame, readCobrowseHeader, type CobrowseKind } from '../../server/protocol/cobrowse-frame.ts';
import type { TestServer } from '../support/server.ts';
import { startWithTeam, type Credentials } from '../support/team.ts';
import { agentWire, shopperWire, signIn, type Wire } from '../support/wire.ts';

let server: TestServer;
let cookie: string;
let team: Record<string, Credentials>;
beforeAll(async () => {
  const members = [{ name: 'Luis' }, { name: 'Stranger', shop: 'elsewhere' }];
  ({ server, as: team } = await startWithTeam(members));
  cookie = await signIn(server);
});
afterAll(async () => await server.remove());

function frame(kind: CobrowseKind, seq: number, body: Uint8Array | string, epoch = 5, part = {}): Uint8Array {
  const payload = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return encodeCobrowseFrame({ kind, encoding: 'json', channel: 0, epoch, seq, ...part }, payload);
}

/** Compressed, as large frames are. */
function packed(kind: CobrowseKind, seq: number, body: Uint8Array | string): Uint8Array {
  return encodeCobrowseFrame({ kind, encoding: 'deflate-raw', channel: 0, epoch: 5, seq }, deflateRawSync(body));
}

const SCROLLED = JSON.stringify([{ type: 3, data: { source: 3, id: 1, x: 0, y: 9 } }]);

const seen = (wire: Wire): string[] =>
  wire.binary.map((bytes) => {
    const header = readCobrowseHeader(bytes);
    return `${header?.kind} ${header?.epoch}:${header?.seq}`;
  });

type Looking = { shopper: Wire; agent: Wire; conversation: string; tab: string; token: string };

/** A shopper who has said yes, and an agent who looks. */
async function looking(): Promise<Looking> {
  const tab = randomUUID();
  const { wire: shopper, welcome } = await shopperWire(server, { tab });
  shopper.send({ type: 'message.send', id: randomUUID(), text: 'hello' });
  const { conversation } = await shopper.frame('message.ack');
  const { wire: agent } = await agentWire(server, cookie);
  agent.send({ type: 'conversation.accept', conversation });
  await shopper.frame('conversation.state', (state) => state.conversation.agent !== null);
  shopper.send({ type: 'cobrowse.answer', conversation, yes: true });
  await agent.frame('conversation.state', (state) => state.conversation.cobrowse.status === 'on');
  agent.send({ type: 'cobrowse.watch', conversation });
  await shopper.frame('cobrowse.snapshot');
  shopper.sendRaw(frame('snapshot', 1, '[]'));
  await agent.until(() => agent.binary.length === 1);
  return { shopper, agent, conversation, tab, token: welcome.token };
}

async function colleague(name: string): Promise<Wire> {
  const { email = '', password = '' } = team[name] ?? {};
  return (await agentWire(server, await signIn(server, email, password))).wire;
}

/** Megabytes of memory that the server's process has. */
function residentMegabytes(): number {
  const pages = Number(readFileSync(`/proc/${server.pid}/statm`, 'utf8').split(' ')[1]);
  return (pages * 4_096) / 1_000_000;
}

describe('promise 16: who may look and point', () => {
  it('a colleague who is not in the call: refused, nobody is named, nothing is moved', async () => {
    const { shopper, agent, conversation } = await looking();
    const luis = await colleague('Luis');
    luis.send({ type: 'conversation.open', conversation, after: 0 });
    await luis.frame('conversation.state');
    luis.send({ type: 'cobrowse.watch', conversation });
    expect(await luis.frame('refused')).toMatchObject({ of: 'cobrowse.watch', reason: 'not-yours' });
    luis.send({ type: 'cobrowse.pointer', conversation, epoch: 5, node: 4, fx: 0, fy: 0 });
    const refused = await luis.frame('refused', ({ of }) => of === 'cobrowse.pointer');
    expect(refused.reason).toBe('not-yours');
    luis.send({ type: 'cobrowse.highlight', conversation, epoch: 5, node: 4, tag: 'p' });
    expect((await luis.frame('refused', ({ of }) => of === 'cobrowse.highlight')).reason).toBe('not-yours');
    // What the agent of the conversation points at arrives, and is all that has.
    agent.send({ type: 'cobrowse.pointer', conversation, epoch: 5, node: 9, fx: 0.5, fy: 0.5 });
    const pointers = await shopper.frame('cobrowse.pointer');
    expect(pointers).toMatchObject({ node: 9, by: expect.any(String), agent: expect.any(String) });
    expect(shopper.frames.filter(({ type }) => /^cobrowse\.(?:pointer|highlight)$/.test(type))).toHaveLength(1);
    expect(luis.binary).toEqual([]);
    const [last] = shopper.frames.flatMap((each) => (each.type === 'conversation.state' ? [each] : [])).slice(-1);
    const { cobrowse } = last?.conversation ?? {};
    expect(cobrowse?.status === 'on' && cobrowse.watchers.map(({ name }) => name)).not.toContain('Luis');
  });

  it('an agent of another shop: there is no such conversation', async () => {
    const { shopper, agent, conversation } = await looking();
    const stranger = await colleague('Stranger');
    stranger.send({ type: 'conversation.open', conversation, after: 0 });
    stranger.send({ type: 'cobrowse.watch', conversation });
    stranger.send({ type: 'cobrowse.pointer', conversation, epoch: 5, node: 4, fx: 0, fy: 0 });
    stranger.send({ type: 'cobrowse.highlight', conversation, epoch: 5, node: 4, tag: 'p' });
    await stranger.until(() => stranger.frames.filter(({ type }) => type === 'refused').length === 4);
    const reasons = stranger.frames.flatMap((each) => (each.type === 'refused' ? [each.reason] : []));
    expect(new Set(reasons)).toEqual(new Set(['no-conversation']));
    agent.send({ type: 'cobrowse.pointer', conversation, epoch: 5, node: 9, fx: 0, fy: 0 });
    await shopper.frame('cobrowse.pointer');
    expect(shopper.frames.filter(({ type }) => /^cobrowse\.(?:pointer|highlight)$/.test(type))).toHaveLength(1);
  });

  it('an old epoch is refused, and so is pointing without looking or after the stop', async () => {
    const { shopper, agent, conversation } = await looking();
    agent.send({ type: 'cobrowse.highlight', conversation, epoch: 4, node: 9, tag: 'p' });
    expect((await agent.frame('refused')).reason).toBe('old-epoch');
    const { wire: second } = await agentWire(server, cookie);
    second.send({ type: 'cobrowse.pointer', conversation, epoch: 5, node: 9, fx: 0, fy: 0 });
    expect((await second.frame('refused')).reason).toBe('no-conversation');
    second.send({ type: 'conversation.open', conversation, after: 0 });
    second.send({ type: 'cobrowse.pointer', conversation, epoch: 5, node: 9, fx: 0, fy: 0 });
    expect((await second.frame('refused', ({ reason }) => reason !== 'no-conversation')).reason).toBe('not-yours');
    shopper.send({ type: 'cobrowse.stop', conversation });
    await agent.frame('conversation.state', (state) => state.conversation.cobrowse.status === 'off');
    agent.send({ type: 'cobrowse.pointer', conversation, epoch: 5, node: 9, fx: 0, fy: 0 });
    expect((await agent.frame('refused', ({ reason }) => reason !== 'old-epoch')).reason).toBe('not-sharing');
    expect(shopper.frames.filter(({ type }) => /^cobrowse\.(?:pointer|highlight)$/.test(type))).toEqual([]);
  });

  it('a second console gets the picture from what the server keeps: the shopper is not asked again', async () => {
    const { shopper, conversation } = await looking();
    shopper.sendRaw(frame('events', 2, SCROLLED));
    const { wire: second } = await agentWire(server, cookie);
    second.send({ type: 'conversation.open', conversation, after: 0 });
    second.send({ type: 'cobrowse.watch', conversation });
    await second.until(() => second.binary.length === 2);
    expect(seen(second)).toEqual(['snapshot 5:1', 'events 5:2']);
    expect(shopper.frames.filter(({ type }) => type === 'cobrowse.snapshot')).toHaveLength(1);
  });
});

describe('promise 16: always there', () => {
  it('the tab in view is the one that is taken from, under the same yes', async () => {
    const { shopper, agent, conversation, token } = await looking();
    const { wire: other } = await shopperWire(server, { tab: randomUUID(), token });
    await other.frame('conversation.state');
    other.sendRaw(frame('snapshot', 1, '[]', 77));
    expect((await other.frame('refused')).reason).toBe('not-sharing');
    other.send({ type: 'cobrowse.here', conversation });
    await agent.frame('conversation.state', ({ conversation: { cobrowse } }) => cobrowse.status === 'on');
    other.sendRaw(frame('snapshot', 1, '[]', 78));
    await agent.until(() => seen(agent).includes('snapshot 78:1'));
    shopper.sendRaw(frame('events', 2, SCROLLED));
    expect((await shopper.frame('refused')).reason).toBe('not-sharing');
    expect(seen(agent)).toEqual(['snapshot 5:1', 'snapshot 78:1']);
  });

  it('the age of the picture is said to who looks, by echo', async () => {
    const { shopper, agent } = await looking();
    shopper.sendRaw(frame('beat', 0, JSON.stringify({ beat: 1, echo: 0, held: 0, behind: 1_500 })));
    expect((await agent.frame('cobrowse.age')).ms).toBeGreaterThanOrEqual(1_500);
    expect(await shopper.frame('cobrowse.ack', ({ beat }) => beat === 1)).toMatchObject({ epoch: 5, seq: 1 });
  });
});

describe('promise 16: bounded, whatever either side does', () => {
  it('a snapshot of 200 MB in one message closes the socket unread; in parts it is refused by name; memory stays', async () => {
    const { agent, conversation, tab, token, shopper } = await looking();
    const before = residentMegabytes();
    const part = new Uint8Array(500_000);
    for (let count = 0; count < 20; count += 1) {
      shopper.sendRaw(frame('snapshot', 2, part, 5, { more: true, continued: count > 0 }));
    }
    expect(await shopper.frame('refused')).toMatchObject({ of: 'frame', reason: 'too-large' });
    shopper.sendRaw(new Uint8Array(200_000_000));
    // The sender may still be writing when the answer comes.
    expect([1009, 1006]).toContain(await shopper.closed);
    expect(residentMegabytes() - before).toBeLessThan(150);
    // The conversation goes on, and so does the picture.
    const { wire: back } = await shopperWire(server, { tab, token });
    back.sendRaw(frame('snapshot', 2, '[]'));
    await agent.until(() => seen(agent).includes('snapshot 5:2'));
    back.send({ type: 'message.send', id: randomUUID(), conversation, text: 'still here' });
    await back.frame('message.ack');
  });

  it('what cannot be read reaches nobody; a tab that goes on is stopped in words, and other sessions notice nothing', async () => {
    const [hostile, other] = [await looking(), await looking()];
    const before = residentMegabytes();
    const bomb = packed('snapshot', 2, Buffer.alloc(200_000_000, 32));
    expect(bomb.byteLength).toBeLessThan(300_000);
    const unreadable: [Uint8Array, string][] = [
      [bomb, 'too-large'],
      [packed('snapshot', 2, '[]').subarray(0, -2), 'bad-frame'],
      [packed('events', 2, `[${'{},'.repeat(2_000_000)}1]`), 'too-large'],
      [frame('events', 2, '[{"type":3,"data":{"source":3,"id":-4,"x":0,"y":9}}]'), 'bad-frame'],
      [frame('events', 2, '[{"type":3,"data":{"source":2,"type":99,"id":4,"x":0,"y":9}}]'), 'bad-frame'],
    ];
    const asked = () => hostile.shopper.frames.filter((each) => each.type === 'cobrowse.snapshot' && each.anew).length;
    const refusals = () => hostile.shopper.frames.filter(({ type }) => type === 'refused');
    for (const [at, [bytes, reason]] of unreadable.entries()) {
      hostile.shopper.sendRaw(bytes);
      if (at === unreadable.length - 1) break;
      await hostile.shopper.until(() => asked() === at + 1 && refusals().length === at + 1);
      expect(refusals().at(-1)).toMatchObject({ reason });
      other.shopper.sendRaw(frame('events', at + 2, SCROLLED));
      await other.agent.until(() => seen(other.agent).includes(`events 5:${at + 2}`));
    }
    const { conversation } = hostile;
    const ended = await hostile.agent.frame('conversation.entries', ({ entries }) =>
      entries.some(({ type }) => type === 'cobrowse-stopped'),
    );
    expect(ended.entries.at(-1)).toMatchObject({ by: null, why: 'unreadable' });
    expect(seen(hostile.agent)).toEqual(['snapshot 5:1']);
    expect(residentMegabytes() - before).toBeLessThan(200);
    // It can be begun again.
    hostile.agent.send({ type: 'cobrowse.ask', conversation });
    await hostile.shopper.frame('conversation.state', (state) => state.conversation.cobrowse.status === 'asked');
  });

  it('a flood of events is refused, then closed for good; a console that acknowledges nothing costs nothing', async () => {
    const { shopper, agent, conversation } = await looking();
    const before = residentMegabytes();
    for (let seq = 2; seq < 100_000; seq += 1) shopper.sendRaw(frame('events', seq, SCROLLED));
    expect(await shopper.closed).toBe(CLOSE.flood);
    expect(shopper.frames.find(({ type }) => type === 'refused')).toMatchObject({ reason: 'too-fast' });
    expect(residentMegabytes() - before).toBeLessThan(150);
    agent.send({ type: 'message.send', id: randomUUID(), conversation, text: 'the others notice nothing' });
    await agent.frame('message.ack');
  });
});

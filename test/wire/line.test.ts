import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServerFrame } from '../../server/protocol/from-server.ts';
import { CLOSE } from '../../server/protocol/close-codes.ts';
import { DEFAULT_SETTINGS } from '../../server/protocol/settings.ts';
import type { TestServer } from '../support/server.ts';
import { settle } from '../support/settle.ts';
import { startWithTeam, type Credentials } from '../support/team.ts';
import { agentWire, shopperWire, signIn, type Wire } from '../support/wire.ts';

let server: TestServer;
let as: Record<string, Credentials>;
let admin: string;
const open: Wire[] = [];

beforeAll(async () => {
  const team = [
    { name: 'Luis', topics: ['kitchen'], capacity: 1 },
    { name: 'Eva', capacity: 1 },
  ];
  ({ server, as } = await startWithTeam(team));
  admin = await signIn(server);
  const topic = (id: string, paths: string[]) => ({ id, name: { en: id }, hours: null, paths });
  await settle(server, admin, 'topics', [topic('kitchen', ['/kitchen']), topic('garden', [])]);
});
// Nobody who is asked is given up before a test says so, however slow the machine is.
beforeEach(async () => await answerWithin(600));
afterAll(async () => await server.remove());
afterEach(async () => {
  // Whoever still waits would be asked for in the next test.
  const { wire, welcome } = await agentWire(server, admin);
  for (const { id } of welcome.conversations) {
    wire.send({ type: 'conversation.accept', conversation: id });
    wire.send({ type: 'conversation.close', conversation: id });
  }
  // Frames are handled in their order.
  wire.send({ type: 'ping' });
  await wire.frame('pong');
  const all = [...open.splice(0), wire];
  for (const each of all) each.close();
  await Promise.all(all.map((each) => each.closed));
});

/** How long an agent is asked before the next one is. */
async function answerWithin(offerSeconds: number): Promise<void> {
  await settle(server, admin, 'routing', { ...DEFAULT_SETTINGS.routing, offerSeconds, graceSeconds: 5 });
}

async function agent(name: string): Promise<Wire & { me: string }> {
  const { wire, welcome } = await agentWire(server, await signIn(server, as[name]?.email, as[name]?.password));
  open.push(wire);
  return Object.assign(wire, { me: welcome.you.id });
}

async function shopper(topic?: string | null): Promise<{ wire: Wire; conversation: string; token: string }> {
  const { wire, welcome } = await shopperWire(server);
  open.push(wire);
  wire.send({ type: 'message.send', id: randomUUID(), text: 'Hello', ...(topic === undefined ? {} : { topic }) });
  const { conversation } = await wire.frame('message.ack');
  return { wire, conversation, token: welcome.token };
}

/** Waits until that agent is asked for the conversation, as this wire sees it; also where that was over before we looked. */
async function asked(wire: Wire, conversation: string, agent: string): Promise<void> {
  const isAsked = (frame: ServerFrame): boolean =>
    'line' in frame &&
    frame.line.offers.some((offer) => offer.conversation === conversation && offer.agent.id === agent);
  await wire.until(() => wire.frames.some(isAsked));
}

describe('promise 21: an honest line', () => {
  it('two agents, three shoppers: by topic and room, the next agent when one does not answer, places told as they move', async () => {
    const luis = await agent('Luis');
    const first = await shopper('kitchen');
    await asked(luis, first.conversation, luis.me);
    const second = await shopper('kitchen');
    const third = await shopper('garden');
    const eva = await agent('Eva');
    // Eva has room for one: the longest waiting whom nobody is asked for.
    await asked(eva, second.conversation, eva.me);
    expect((await second.wire.frame('queue.place')).place).toEqual({ ahead: 1, minutes: null, long: false });
    expect((await third.wire.frame('queue.place')).place).toMatchObject({ ahead: 0 });
    eva.send({ type: 'conversation.accept', conversation: second.conversation });
    luis.send({ type: 'conversation.pass', conversation: first.conversation });
    await second.wire.frame('conversation.state', ({ conversation }) => conversation.agent?.id === eva.me);
    // Eva is done, and the one that Luis has passed is the longest waiting.
    await answerWithin(5);
    eva.send({ type: 'conversation.close', conversation: second.conversation });
    await asked(eva, first.conversation, eva.me);
    // Nobody answers for five seconds: it is the garden's turn, which Luis knows nothing of.
    await asked(eva, third.conversation, eva.me);
    // By hand it is anybody's, beyond topic and room.
    luis.send({ type: 'conversation.accept', conversation: third.conversation });
    await third.wire.frame('conversation.state', ({ conversation }) => conversation.agent?.id === luis.me);
    // An agent whose socket is lost beyond the grace: the shopper reads it, and is first again.
    luis.close();
    const { entries } = await third.wire.frame('conversation.entries', (frame) =>
      frame.entries.some(({ type }) => type === 'returned'),
    );
    expect(entries[0]).toMatchObject({ type: 'returned', from: { name: 'Luis' }, reason: 'lost' });
    await third.wire.frame('conversation.state', ({ conversation }) => conversation.status === 'waiting');
  });

  it('a hand-over: the colleague is asked and reads the note, the shopper never does', async () => {
    const [luis, eva] = [await agent('Luis'), await agent('Eva')];
    const { wire, conversation } = await shopper();
    luis.send({ type: 'conversation.accept', conversation });
    await wire.frame('conversation.state', (frame) => frame.conversation.agent?.id === luis.me);
    const offer = (note: string) =>
      luis.send({ type: 'conversation.hand-over', conversation, to: { kind: 'agent', agent: eva.me }, note });
    offer('First try');
    const isAsked = await eva.frame('conversation.summary', ({ summary }) => summary.handOver !== null);
    expect(isAsked.summary.handOver).toMatchObject({ to: { id: eva.me }, by: { id: luis.me }, note: 'First try' });
    eva.send({ type: 'conversation.pass', conversation });
    await luis.until(() => {
      const last = luis.frames.findLast((frame) => frame.type === 'conversation.summary');
      return last?.type === 'conversation.summary' && last.summary.handOver === null;
    });
    offer('Sounds like a refund');
    await eva.frame('conversation.summary', ({ summary }) => summary.handOver?.note === 'Sounds like a refund');
    eva.send({ type: 'conversation.accept', conversation });
    await wire.frame('conversation.state', (frame) => frame.conversation.agent?.id === eva.me);
    const { summary } = await eva.frame('conversation.summary', (frame) => frame.summary.note !== null);
    expect(summary.note).toMatchObject({ text: 'Sounds like a refund', by: { id: luis.me } });
    eva.send({
      type: 'conversation.hand-over',
      conversation,
      to: { kind: 'topic', topic: 'garden' },
      note: 'Knows roses',
    });
    await wire.frame('conversation.entries', ({ entries }) => entries.some(({ type }) => type === 'returned'));
    await eva.frame('conversation.summary', (frame) => frame.summary.note?.text === 'Knows roses');
    expect(JSON.stringify(wire.frames)).not.toMatch(/First try|refund|roses/);
  });

  it('presence: seen by colleagues, kept over a reload, and who is busy is not asked', async () => {
    const [luis, eva] = [await agent('Luis'), await agent('Eva')];
    const sees = async (presence: string): Promise<unknown> =>
      await luis.until(() => {
        const last = luis.frames.findLast((frame) => frame.type === 'team');
        return last?.type === 'team' && last.team.some(({ id, presence: is }) => id === eva.me && is === presence);
      });
    eva.send({ type: 'agent.presence', presence: 'busy' });
    await sees('busy');
    const { conversation } = await shopper();
    await asked(luis, conversation, luis.me);
    eva.send({ type: 'agent.idle', idle: true });
    await sees('away');
    // What takes its time comes before: the reload is over within the grace.
    const cookie = await signIn(server, as['Eva']?.email, as['Eva']?.password);
    eva.close();
    await eva.closed;
    const again = await agentWire(server, cookie);
    open.push(again.wire);
    expect(again.welcome.presence).toBe('busy');
    again.wire.send({ type: 'agent.presence', presence: 'available' });
    await sees('available');
  });

  it('a restart keeps who waits, in order, and what was said', async () => {
    const [one, two] = [await shopper('garden'), await shopper('garden')];
    await server.kill();
    server = { ...(await server.restart()), email: server.email, password: server.password };
    const { wire, welcome } = await agentWire(server, admin);
    open.push(wire);
    expect(welcome.conversations.map(({ id }) => id)).toEqual([one.conversation, two.conversation]);
    await asked(wire, one.conversation, welcome.you.id);
    const back = await shopperWire(server, { token: two.token });
    open.push(back.wire);
    expect(await back.wire.frame('queue.place')).toMatchObject({ conversation: two.conversation, place: { ahead: 1 } });
    expect(back.welcome.conversation?.topic).toBe('garden');
  });

  it('frames that are forged, foreign or nonsense are refused, and change nothing', async () => {
    const [luis, eva] = [await agent('Luis'), await agent('Eva')];
    const { wire, conversation } = await shopper('no-such-topic');
    luis.send({ type: 'conversation.accept', conversation });
    const { conversation: view } = await wire.frame('conversation.state', (frame) => frame.conversation.agent !== null);
    expect(view.topic).toBeNull();
    // A shopper is no agent.
    wire.send({ type: 'conversation.topic', conversation, topic: 'garden' });
    wire.send({ type: 'conversation.pass', conversation });
    wire.send({ type: 'agent.presence', presence: 'away' });
    wire.send({ type: 'conversation.hand-over', conversation, to: { kind: 'topic', topic: null } });
    await wire.until(() => wire.frames.filter(({ type }) => type === 'refused').length === 4);
    const refusals = wire.frames.flatMap((frame) => (frame.type === 'refused' ? [frame.reason] : []));
    expect(new Set(refusals)).toEqual(new Set(['not-yours']));
    // It is not Eva's; the topic does not exist; a note has its limits.
    eva.send({ type: 'conversation.open', conversation, after: 0 });
    eva.send({ type: 'conversation.hand-over', conversation, to: { kind: 'agent', agent: eva.me } });
    expect(await eva.frame('refused')).toMatchObject({ of: 'conversation.hand-over', reason: 'not-yours' });
    luis.send({ type: 'conversation.topic', conversation, topic: 'nonsense' });
    expect(await luis.frame('refused')).toMatchObject({ reason: 'unknown-topic' });
    luis.sendRaw(
      JSON.stringify({
        type: 'conversation.hand-over',
        conversation,
        to: { kind: 'topic', topic: null },
        note: 'x'.repeat(1_001),
      }),
    );
    luis.sendRaw(JSON.stringify({ type: 'agent.presence', presence: 'asleep' }));
    await luis.until(
      () => luis.frames.filter((frame) => frame.type === 'refused' && frame.reason === 'bad-frame').length === 2,
    );
    const { welcome } = await agentWire(server, admin);
    expect(welcome.conversations.find(({ id }) => id === conversation)).toMatchObject({
      agent: { id: luis.me },
      topic: null,
      handOver: null,
      note: null,
    });
  });
});

describe('promise 20: hours and topics, before anybody writes', () => {
  it('the page is told whether the shop is open and attended, and of each change', async () => {
    const closed = { zone: 'Europe/Madrid', weekly: Array.from({ length: 7 }, () => []), exceptions: {} };
    const { wire, welcome } = await shopperWire(server, {
      page: { url: `${server.origin}/kitchen/knives`, title: 'Knives' },
    });
    open.push(wire);
    expect(welcome.shop.attendance).toMatchObject({ open: true, until: null });
    expect(welcome.shop.attendance.topics.map(({ id }) => id)).toEqual(['kitchen', 'garden']);
    await settle(server, admin, 'hours', closed);
    await wire.frame('attendance', ({ attendance }) => !attendance.open && attendance.until === null);
    const view = await (await fetch(`${server.origin}/api/shops/demo`, { headers: { Origin: server.origin } })).json();
    expect(view).toMatchObject({ attendance: { open: false, topics: [{ open: false }, { open: false }] } });
    const luis = await agent('Luis');
    await wire.frame('attendance', ({ attendance }) => attendance.staffed && attendance.topics[0]?.staffed === true);
    // Closed is no dead end, and the page says what it is about.
    wire.send({ type: 'message.send', id: randomUUID(), text: 'Do you sharpen knives?' });
    const { conversation } = await wire.frame('conversation.state');
    expect(conversation).toMatchObject({ status: 'waiting', topic: 'kitchen' });
    await settle(server, admin, 'hours', null);
    luis.close();
    expect(await luis.closed).not.toBe(CLOSE.failed);
  });
});

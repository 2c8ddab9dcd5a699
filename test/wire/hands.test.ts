import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCobrowseFrame } from '../../server/protocol/cobrowse-frame.ts';
import type { ClientFrame } from '../../server/protocol/from-client.ts';
import type { HandsDeed } from '../../server/protocol/hands.ts';
import type { TestServer } from '../support/server.ts';
import { startWithTeam, type Credentials } from '../support/team.ts';
import { agentWire, shopperWire, signIn, type Wire } from '../support/wire.ts';

let server: TestServer;
let cookie: string;
let team: Record<string, Credentials>;
beforeAll(async () => {
  const members = [
    { name: 'Eva', role: 'supervisor' as const },
    { name: 'Stranger', shop: 'elsewhere' },
  ];
  ({ server, as: team } = await startWithTeam(members));
  cookie = await signIn(server);
});
afterAll(async () => await server.remove());

const at = { node: 9, fx: 0.5, fy: 0.5, tag: 'button', hash: 'abc' };
const click: HandsDeed = { kind: 'click', at };

type Together = { shopper: Wire; agent: Wire; conversation: string; token: string; tab: string };

/** Both look at the page; `helps`: the shopper has said yes to the hands as well. */
async function together(helps: boolean): Promise<Together> {
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
  shopper.sendRaw(
    encodeCobrowseFrame({ kind: 'snapshot', encoding: 'json', channel: 0, epoch: 5, seq: 1 }, Buffer.from('[]')),
  );
  await agent.until(() => agent.binary.length === 1);
  if (helps) {
    agent.send({ type: 'hands.ask', conversation });
    await shopper.frame('conversation.state', (state) => state.conversation.hands.status === 'asked');
    shopper.send({ type: 'hands.answer', conversation, yes: true });
    await agent.frame('conversation.state', (state) => state.conversation.hands.status === 'on');
  }
  return { shopper, agent, conversation, token: welcome.token, tab };
}

async function signedIn(name: string): Promise<Wire> {
  const { email = '', password = '' } = team[name] ?? {};
  return (await agentWire(server, await signIn(server, email, password))).wire;
}

const act = (conversation: string, deed: HandsDeed, epoch = 5, number = 1): ClientFrame => ({
  type: 'hands.act',
  conversation,
  epoch,
  act: number,
  deed,
});
const refusalsOf = ({ frames }: Wire): string[] =>
  frames.flatMap((each) => (each.type === 'refused' ? [`${each.of}: ${each.reason}`] : []));
const handsNow = ({ frames }: Wire): string | undefined =>
  frames.findLast((each) => each.type === 'conversation.state')?.conversation.hands.status;
const orders = ({ frames }: Wire) => frames.flatMap((each) => (each.type === 'hands.act' ? [each] : []));
const said = ({ frames }: Wire): string[] =>
  frames.flatMap((each) => (each.type === 'conversation.entries' ? each.entries : [])).map(({ type }) => type);

describe('promise 27: helping hands on the wire', () => {
  it('an order reaches the tab that is looked at with the name of the agent; what came of it is told and recorded', async () => {
    const { shopper, agent, conversation } = await together(true);
    agent.send(act(conversation, click, 5, 41));
    const order = await shopper.frame('hands.act');
    expect(order).toMatchObject({ deed: click, epoch: 5, agent: 'Ana', by: expect.any(String) });
    expect(order.origins).toContain(server.origin);
    shopper.send({ type: 'hands.busy', conversation, on: true });
    expect((await agent.frame('hands.busy')).on).toBe(true);
    shopper.send({ type: 'hands.acted', conversation, act: order.act, outcome: 'done', did: 'clicked', what: 'Lamps' });
    expect(await agent.frame('hands.acted')).toMatchObject({ act: 41, outcome: 'done' });
    for (const wire of [shopper, agent]) {
      await wire.frame('conversation.entries', ({ entries }) =>
        entries.some((entry) => entry.type === 'hands-acted' && entry.did === 'clicked' && entry.what === 'Lamps'),
      );
    }
    // What nobody asked for, or a second time, or of another kind than was asked for, is not in the record.
    shopper.send({ type: 'hands.acted', conversation, act: order.act, outcome: 'done', did: 'clicked', what: 'Again' });
    shopper.send({ type: 'hands.acted', conversation, act: 999, outcome: 'done', did: 'filled', what: 'Forged' });
    await shopper.until(() => refusalsOf(shopper).length === 2);
    agent.send(act(conversation, { kind: 'back' }, 5, 42));
    const back = await shopper.frame('hands.act', ({ deed }) => deed.kind === 'back');
    shopper.send({ type: 'hands.acted', conversation, act: back.act, outcome: 'done', did: 'filled', what: '' });
    await agent.frame('conversation.entries', ({ entries }) =>
      entries.some((entry) => entry.type === 'hands-acted' && entry.did === 'went-back'),
    );
    expect(said(agent).filter((type) => type === 'hands-acted')).toHaveLength(2);
  });

  it('without the yes, after the stop, for an old page or a field that cannot be: refused by name, nothing arrives', async () => {
    const { shopper, agent, conversation } = await together(false);
    agent.send(act(conversation, click));
    await agent.until(() => refusalsOf(agent).includes('hands.act: no-hands'));
    agent.send({ type: 'hands.ask', conversation });
    await shopper.frame('conversation.state', (state) => state.conversation.hands.status === 'asked');
    agent.send({ type: 'hands.answer', conversation, yes: true });
    await agent.until(() => refusalsOf(agent).includes('hands.answer: not-yours'));
    shopper.send({ type: 'hands.answer', conversation, yes: true });
    await agent.frame('conversation.state', (state) => state.conversation.hands.status === 'on');
    agent.send(act(conversation, click, 4));
    await agent.until(() => refusalsOf(agent).includes('hands.act: old-epoch'));
    agent.send(act(conversation, { kind: 'fill', at, text: 'into a button' }));
    agent.send(act(conversation, { kind: 'choose', at: { ...at, tag: 'input' }, option: 0, text: '' }));
    await agent.until(() => refusalsOf(agent).filter((each) => each === 'hands.act: not-allowed').length === 2);
    // Of a kind that does not exist, too long, or not at a place: no frame of ours.
    const fill = { kind: 'fill', at: { ...at, tag: 'input' } };
    for (const deed of [
      { kind: 'submit', at },
      { ...fill, text: 'x'.repeat(1_001) },
      { ...click, at: { node: -1 } },
    ]) {
      agent.sendRaw(JSON.stringify({ type: 'hands.act', conversation, epoch: 5, act: 1, deed }));
    }
    await agent.until(() => refusalsOf(agent).filter((each) => each === 'frame: bad-frame').length === 3);
    shopper.send({ type: 'hands.stop', conversation });
    // They were off before as well.
    await agent.until(() => handsNow(agent) === 'off');
    const before = refusalsOf(agent).length;
    agent.send(act(conversation, click));
    await agent.until(() => refusalsOf(agent).length > before);
    expect(refusalsOf(agent).at(-1)).toBe('hands.act: no-hands');
    expect(orders(shopper)).toEqual([]);
  });

  it('a supervisor who looks, an agent who does not, and one of another shop: refused, nothing arrives', async () => {
    const { shopper, conversation } = await together(true);
    const eva = await signedIn('Eva');
    eva.send({ type: 'conversation.open', conversation, after: 0 });
    eva.send({ type: 'cobrowse.watch', conversation });
    await eva.until(() => eva.binary.length === 1);
    eva.send(act(conversation, click));
    eva.send({ type: 'hands.stop', conversation });
    await eva.until(() => refusalsOf(eva).length === 2);
    expect(refusalsOf(eva)).toEqual(['hands.act: not-yours', 'hands.stop: not-yours']);
    // Ana's other tab does not look.
    const { wire: second } = await agentWire(server, cookie);
    second.send({ type: 'conversation.open', conversation, after: 0 });
    second.send(act(conversation, click));
    expect((await second.frame('refused')).reason).toBe('not-yours');
    const stranger = await signedIn('Stranger');
    stranger.send({ type: 'conversation.open', conversation, after: 0 });
    stranger.send(act(conversation, click));
    await stranger.until(() => refusalsOf(stranger).length === 2);
    expect(refusalsOf(stranger)).toEqual(['conversation.open: no-conversation', 'hands.act: no-conversation']);
    expect(orders(shopper)).toEqual([]);
  });

  it('a flood is refused by name and does not arrive; another tab of the shopper cannot answer for the page', async () => {
    const { shopper, agent, conversation, token } = await together(true);
    for (let number = 0; number < 300; number += 1) agent.send(act(conversation, click, 5, number));
    await agent.until(() => refusalsOf(agent).includes('hands.act: too-fast'));
    agent.send({ type: 'message.send', id: randomUUID(), conversation, text: 'after the flood' });
    await shopper.frame('conversation.entries', ({ entries }) => entries.some((entry) => entry.type === 'message'));
    expect(orders(shopper).length).toBeLessThan(100);
    const { wire: other } = await shopperWire(server, { tab: randomUUID(), token });
    await other.frame('conversation.state');
    other.send({ type: 'hands.acted', conversation, act: 1, outcome: 'done' });
    expect((await other.frame('refused')).reason).toBe('not-sharing');
  });

  it('goes on over a page load of the shopper and a kill -9 of the server, and the yes is not asked for again', async () => {
    const { shopper, agent, conversation, token, tab } = await together(true);
    shopper.close();
    await shopper.closed;
    await server.kill();
    await agent.closed;
    server = await server.restart();
    const { welcome } = await shopperWire(server, { tab, token });
    expect(welcome.conversation?.id).toBe(conversation);
    expect(welcome.conversation?.hands).toMatchObject({ status: 'on', agent: { name: 'Ana' } });
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOSE, mayReconnect } from '../../server/protocol/close-codes.ts';
import { PROTOCOL_VERSION } from '../../server/protocol/limits.ts';
import type { TestServer } from '../support/server.ts';
import { startWithTeam } from '../support/team.ts';
import { agentWire, openWire, shopperHello, shopperWire, signIn, type Wire } from '../support/wire.ts';

let server: TestServer;
let cookie: string;
let stranger: string;
beforeAll(async () => {
  const started = await startWithTeam([{ name: 'Zoe', role: 'admin', shop: 'elsewhere' }]);
  server = started.server;
  cookie = await signIn(server);
  stranger = await signIn(server, started.as['Zoe']?.email, started.as['Zoe']?.password);
});
afterAll(async () => await server.remove());

/** A shopper who has written, and an agent who has accepted. */
async function conversation(): Promise<{ shopper: Wire; agent: Wire; id: string; token: string }> {
  const { wire: shopper, welcome } = await shopperWire(server);
  const first = randomUUID();
  shopper.send({ type: 'message.send', id: first, text: 'hello' });
  const { conversation: id } = await shopper.frame('message.ack', (ack) => ack.id === first);
  const { wire: agent } = await agentWire(server, cookie);
  agent.send({ type: 'conversation.accept', conversation: id });
  await shopper.frame('conversation.state', (frame) => frame.conversation.status === 'active');
  return { shopper, agent, id, token: welcome.token };
}

function texts(wire: Wire): string[] {
  return wire.frames
    .flatMap((frame) => (frame.type === 'conversation.entries' ? frame.entries : []))
    .flatMap((entry) => (entry.type === 'message' ? [entry.text] : []));
}

describe('promise 3: chat on the wire', () => {
  it('messages go both ways, in order', async () => {
    const { shopper, agent, id } = await conversation();
    shopper.send({ type: 'message.send', id: randomUUID(), text: 'one' });
    await agent.until(() => texts(agent).includes('one'));
    agent.send({ type: 'message.send', id: randomUUID(), conversation: id, text: 'two' });
    await shopper.until(() => texts(shopper).includes('two'));
    expect(texts(shopper)).toEqual(['hello', 'one', 'two']);
    await agent.until(() => texts(agent).includes('two'));
    expect(texts(agent)).toEqual(['hello', 'one', 'two']);
  });

  it('a repeated id is acknowledged again and stored once', async () => {
    const { shopper, agent } = await conversation();
    const id = randomUUID();
    shopper.send({ type: 'message.send', id, text: 'once' });
    const ack = await shopper.frame('message.ack', (frame) => frame.id === id);
    shopper.send({ type: 'message.send', id, text: 'once' });
    await shopper.until(
      () => shopper.frames.filter((frame) => frame.type === 'message.ack' && frame.id === id).length === 2,
    );
    await agent.until(() => texts(agent).includes('once'));
    expect(texts(shopper).filter((text) => text === 'once')).toHaveLength(1);
    expect(shopper.frames.filter((frame) => frame.type === 'message.ack').at(-1)).toEqual(ack);
  });

  it('a repeated id is not sent again into a new conversation after its own was closed', async () => {
    const { shopper, agent, id, token } = await conversation();
    const message = randomUUID();
    shopper.send({ type: 'message.send', id: message, text: 'last words' });
    const ack = await shopper.frame('message.ack', (frame) => frame.id === message);
    agent.send({ type: 'conversation.close', conversation: id });
    await shopper.frame('conversation.state', (frame) => frame.conversation.status === 'closed');
    shopper.close();
    const { wire } = await shopperWire(server, { token });
    wire.send({ type: 'message.send', id: message, text: 'last words' });
    expect(await wire.frame('message.ack')).toEqual(ack);
    wire.send({ type: 'message.send', id: randomUUID(), text: 'something new' });
    const next = await wire.frame('message.ack', (frame) => frame.id !== message);
    expect(next.conversation).not.toBe(id);
  });

  it('who comes back says what it has and gets the rest, in order, once', async () => {
    const { shopper, agent, id, token } = await conversation();
    shopper.close();
    for (let n = 0; n < 450; n++) {
      agent.send({ type: 'message.send', id: randomUUID(), conversation: id, text: `n${n}` });
    }
    await agent.until(() => texts(agent).includes('n449'));
    const { wire } = await shopperWire(server, { token, seen: { conversation: id, seq: 2 } });
    await wire.until(() => texts(wire).includes('n449'));
    expect(texts(wire)).toEqual(Array.from({ length: 450 }, (_, n) => `n${n}`));
  });

  it('two tabs that write their first words at once share one conversation', async () => {
    const { wire: one, welcome } = await shopperWire(server);
    const { wire: two } = await shopperWire(server, { token: welcome.token });
    one.send({ type: 'message.send', id: randomUUID(), text: 'from one' });
    two.send({ type: 'message.send', id: randomUUID(), text: 'from two' });
    await one.until(() => texts(one).length === 2);
    await two.until(() => texts(two).length === 2);
    expect(texts(one).toSorted()).toEqual(['from one', 'from two']);
    expect(texts(one)).toEqual(texts(two));
  });

  it('typing, delivered and read reach the other side', async () => {
    const { shopper, agent, id } = await conversation();
    shopper.send({ type: 'message.typing', conversation: id, on: true });
    expect(await agent.frame('message.typing')).toMatchObject({ side: 'shopper', on: true });
    agent.send({ type: 'message.receipt', conversation: id, delivered: 2, read: 1 });
    await shopper.frame('conversation.state', ({ conversation: { receipts } }) => receipts.agent.read === 1);
  });

  it.each([
    ['', 'message-empty'],
    ['   \n', 'message-empty'],
    ['x'.repeat(4_001), 'message-too-long'],
  ] as const)('refuses a bad text with a reason (%#), and opens no conversation for it', async (text, reason) => {
    const { wire } = await shopperWire(server);
    const id = randomUUID();
    wire.send({ type: 'message.send', id, text });
    expect(await wire.frame('refused')).toEqual({ type: 'refused', of: 'message.send', reason, id });
    wire.send({ type: 'message.typing', conversation: 'none', on: true });
    await wire.frame('refused', (frame) => frame.reason === 'no-conversation');
  });

  it('a foreign conversation is refused to shoppers and to agents of other shops alike', async () => {
    const { id } = await conversation();
    const { shopper } = await conversation();
    shopper.send({ type: 'message.send', id: randomUUID(), conversation: id, text: 'let me in' });
    await shopper.frame('refused', (frame) => frame.reason === 'not-yours');
    shopper.send({ type: 'conversation.open', conversation: id, after: 0 });
    await shopper.until(() => shopper.frames.filter((frame) => frame.type === 'refused').length === 2);
    const { wire: agent } = await agentWire(server, cookie);
    agent.send({ type: 'conversation.open', conversation: randomUUID(), after: 0 });
    expect(await agent.frame('refused')).toMatchObject({ reason: 'no-conversation' });
    const { wire: foreign } = await agentWire(server, stranger);
    foreign.send({ type: 'conversation.open', conversation: id, after: 0 });
    foreign.send({ type: 'conversation.accept', conversation: id });
    foreign.send({ type: 'conversation.close', conversation: id });
    foreign.send({ type: 'message.send', id: randomUUID(), conversation: id, text: 'let me in' });
    const refusals = (): string[] =>
      foreign.frames.flatMap((frame) => (frame.type === 'refused' ? [frame.reason] : []));
    await foreign.until(() => refusals().length === 4);
    expect(new Set(refusals())).toEqual(new Set(['no-conversation']));
    expect(foreign.frames.some(({ type }) => type === 'conversation.entries')).toBe(false);
  });
});

describe('the wire: what is not understood', () => {
  it.each(['no json', '{}', '{"type":"message.send"}', '[1]', '"x"', '{"type":"fly"}'])(
    '%s is refused with a type',
    async (raw) => {
      const { wire } = await shopperWire(server);
      wire.sendRaw(raw);
      expect(await wire.frame('refused')).toMatchObject({ reason: 'bad-frame' });
    },
  );

  it('an oversized frame is refused', async () => {
    const { wire } = await shopperWire(server);
    wire.sendRaw(JSON.stringify({ type: 'message.send', id: 'x', text: 'x'.repeat(70_000) }));
    expect(await wire.frame('refused')).toMatchObject({ reason: 'too-large' });
  });

  it('again and again: the socket is closed with a code that says do not retry', async () => {
    const { wire } = await shopperWire(server);
    for (let n = 0; n < 20; n++) wire.sendRaw('nonsense');
    const code = await wire.closed;
    expect(code).toBe(CLOSE.badFrames);
    expect(mayReconnect(code)).toBe(false);
  });

  it('a flood is told so once and then closed', async () => {
    const { wire } = await shopperWire(server);
    for (let n = 0; n < 4_000; n++) wire.send({ type: 'ping' });
    expect(await wire.closed).toBe(CLOSE.flood);
    expect(wire.frames.filter((frame) => frame.type === 'refused')).toHaveLength(1);
  });

  it.each([
    ['another version', { protocol: PROTOCOL_VERSION + 1 }, CLOSE.version],
    ['an unknown shop', { shop: 'nobody' }, CLOSE.forbidden],
  ])('%s is turned away', async (_, options, code) => {
    const wire = await openWire(server);
    wire.send(shopperHello(options));
    expect(await wire.closed).toBe(code);
    expect(wire.frames[0]?.type).toBe('refused');
  });

  it('the same tab that connects again replaces its older socket', async () => {
    const tab = randomUUID();
    const { wire: older, welcome } = await shopperWire(server, { tab });
    await shopperWire(server, { tab, token: welcome.token });
    expect(await older.closed).toBe(CLOSE.replaced);
  });

  it('a forged token is a stranger', async () => {
    const { token } = await conversation();
    const [shopper] = token.split('.');
    const { welcome } = await shopperWire(server, { token: `${shopper}.${'A'.repeat(43)}` });
    expect(welcome.conversation).toBeNull();
    expect(welcome.token).not.toContain(shopper);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { agentWire, shopperWire, signIn } from '../support/wire.ts';

let server: TestServer;
beforeAll(async () => (server = await startServer()));
afterAll(async () => await server.remove());

describe('promise 18: a product in the chat', () => {
  it('goes to the shopper and stays in the record; only the shop’s own, and only from an agent', async () => {
    const { wire: shopper } = await shopperWire(server);
    shopper.send({ type: 'message.send', id: randomUUID(), text: 'hello' });
    const { conversation } = await shopper.frame('message.ack');
    const { wire: agent } = await agentWire(server, await signIn(server));
    agent.send({ type: 'conversation.accept', conversation });
    await shopper.frame('conversation.state', (frame) => frame.conversation.status === 'active');

    const product = { name: 'Vase', price: '€39', image: 'https://cdn.example/v.png', url: `${server.origin}/demo/` };
    const say = (more: object): string => {
      const id = randomUUID();
      agent.send({ type: 'message.send', id, conversation, text: 'Vase', ...more });
      return id;
    };
    const fine = say({ product });
    const entries = await shopper.frame('conversation.entries', (frame) =>
      frame.entries.some((entry) => entry.type === 'message' && entry.id === fine),
    );
    expect(entries.entries).toMatchObject([{ type: 'message', text: 'Vase', product }]);

    const elsewhere = say({ product: { ...product, url: 'https://other.example/' } });
    expect(await agent.frame('refused', ({ id }) => id === elsewhere)).toMatchObject({ reason: 'product-elsewhere' });
    say({ product: { ...product, url: 'javascript:alert(1)' } });
    expect(await agent.frame('refused', ({ id }) => id === undefined)).toMatchObject({ reason: 'bad-frame' });

    const own = randomUUID();
    shopper.send({ type: 'message.send', id: own, text: 'Vase', product });
    expect(await shopper.frame('refused', ({ id }) => id === own)).toMatchObject({ reason: 'not-yours' });

    agent.send({ type: 'conversation.open', conversation, after: 0 });
    const again = await agent.frame('conversation.entries', ({ entries: all }) => all.length >= 3 && all[0]?.seq === 1);
    expect(again.entries.filter((entry) => entry.type === 'message' && entry.product)).toHaveLength(1);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { openWire, shopperHello, shopperWire, type Wire } from '../support/wire.ts';

const SHOP = 'https://shop.example';
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ SHOP_ORIGINS: SHOP });
});
afterAll(async () => await server.remove());

/** A shopper's page on the shop's own origin, with a conversation, and a pass that it was given. */
async function pageWithPass(): Promise<{ page: Wire; conversation: string; token: string; pass: string }> {
  const page = await openWire(server, { origin: SHOP });
  page.send(shopperHello());
  const welcome = await page.frame('welcome');
  page.send({ type: 'message.send', id: randomUUID(), text: 'hello' });
  const { conversation } = await page.frame('message.ack');
  page.send({ type: 'call.pass', conversation, call: 'call', req: 1 });
  const { data } = await page.frame('reply');
  return { page, conversation, token: welcome.role === 'shopper' ? welcome.token : '', pass: String(data['pass']) };
}

/** The call's own window: a page of the service, without a page of the shop. */
async function windowWith(pass: string, from: string, origin = server.origin): Promise<Wire> {
  const { page: _, ...hello } = shopperHello() as Extract<ReturnType<typeof shopperHello>, { role: 'shopper' }>;
  const wire = await openWire(server, { origin });
  wire.send({ ...hello, pass: { pass, from } });
  return wire;
}

describe('promise 11: a call that holds, in a window of its own', () => {
  it('a pass lets the window in as the same shopper, once', async () => {
    const { conversation, token, pass } = await pageWithPass();
    const window = await windowWith(pass, SHOP);
    const welcome = await window.frame('welcome');
    expect(welcome).toMatchObject({ role: 'shopper', token, conversation: { id: conversation } });
    const second = await windowWith(pass, SHOP);
    expect((await second.frame('refused')).reason).toBe('forbidden-origin');
    expect(await second.closed).toBe(4403);
  });

  it("a pass that another page handed on is refused, and so is one that comes from a stranger's origin", async () => {
    const stolen = await pageWithPass();
    const stranger = await windowWith(stolen.pass, 'https://stranger.example');
    expect((await stranger.frame('refused')).reason).toBe('forbidden-origin');
    const late = await windowWith(stolen.pass, SHOP);
    expect((await late.frame('refused')).reason).toBe('forbidden-origin');
    const { pass } = await pageWithPass();
    const elsewhere = await windowWith(pass, SHOP, 'https://stranger.example');
    expect((await elsewhere.frame('refused')).reason).toBe('forbidden-origin');
  });

  it('nobody without a pass or a token is let in without a page of the shop', async () => {
    const { page: _, ...hello } = shopperHello() as Extract<ReturnType<typeof shopperHello>, { role: 'shopper' }>;
    for (const origin of [server.origin, SHOP]) {
      const wire = await openWire(server, { origin });
      wire.send(hello);
      expect(await wire.closed).toBe(4403);
    }
  });

  it('the window comes back with its token, and says nothing of a page', async () => {
    const { token, page } = await pageWithPass();
    const { page: _, ...hello } = shopperHello({ token }) as Extract<
      ReturnType<typeof shopperHello>,
      { role: 'shopper' }
    >;
    const wire = await openWire(server, { origin: server.origin });
    wire.send(hello);
    await wire.frame('welcome');
    const { conversation } = await wire.frame('conversation.state');
    expect(conversation.shopper.page).toMatchObject({ url: 'https://shop.example/' });
    page.close();
  });

  it('one shopper does not make the passes of the others void', async () => {
    const { page, conversation, pass } = await pageWithPass();
    for (let req = 2; req < 60; req++) page.send({ type: 'call.pass', conversation, call: 'call', req });
    await page.until(() => page.frames.some((frame) => frame.type === 'refused' && frame.reason === 'too-fast'));
    const window = await windowWith(pass, SHOP);
    await window.frame('welcome');
  });

  it('a pass is for shoppers who have a conversation', async () => {
    const { wire } = await shopperWire(server);
    wire.send({ type: 'call.pass', conversation: 'c', call: 'call', req: 7 });
    expect(await wire.frame('refused')).toMatchObject({ reason: 'no-conversation', req: 7 });
    wire.close();
  });
});

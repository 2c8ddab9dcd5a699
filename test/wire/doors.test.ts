import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOSE } from '../../server/protocol/close-codes.ts';
import { PROTOCOL_VERSION } from '../../server/protocol/limits.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { agentWire, openWire, shopperHello, shopperWire, signIn } from '../support/wire.ts';

let server: TestServer;
beforeAll(async () => (server = await startServer()));
afterAll(async () => await server.remove());

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(server.origin + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: server.origin, ...headers },
    body: JSON.stringify(body),
  });
}

describe('promise 1: only the origins that a shop allows', () => {
  it('REST: the shop for its own origin, a reason for all others', async () => {
    const ask = async (origin: string, key = 'demo'): Promise<Response> =>
      await fetch(`${server.origin}/api/shops/${key}`, { headers: { Origin: origin } });
    const own = await ask(server.origin);
    expect(own.status).toBe(200);
    expect(own.headers.get('access-control-allow-origin')).toBe(server.origin);
    expect(await (await ask('https://elsewhere.example')).json()).toEqual({ reason: 'forbidden-origin' });
    expect(await (await ask(server.origin, 'nobody')).json()).toEqual({ reason: 'unknown-shop' });
  });

  it('REST: whether a page in a frame is the shop’s as well, for its own origins alone', async () => {
    const ask = async (origin: string, other: string): Promise<unknown> =>
      await (
        await fetch(`${server.origin}/api/shops/demo/together?with=${encodeURIComponent(other)}`, {
          headers: { Origin: origin },
        })
      ).json();
    expect(await ask(server.origin, server.origin)).toEqual({ allowed: true });
    expect(await ask(server.origin, 'https://elsewhere.example')).toEqual({ allowed: false });
    expect(await ask(server.origin, 'null')).toEqual({ allowed: false });
    expect(await ask('https://elsewhere.example', server.origin)).toEqual({ reason: 'forbidden-origin' });
  });

  it('socket: a foreign origin is turned away for good', async () => {
    const wire = await openWire(server, { origin: 'https://elsewhere.example' });
    wire.send(shopperHello());
    expect(await wire.closed).toBe(CLOSE.forbidden);
  });
});

describe('promise 4: signing in', () => {
  it('the cookie is HttpOnly and SameSite=Strict, and stands for the agent', async () => {
    const response = await post('/api/agent/sign-in', { email: server.email.toUpperCase(), password: server.password });
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    const me = await fetch(`${server.origin}/api/agent/me`, { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(await me.json()).toMatchObject({ you: { email: server.email, role: 'admin' } });
  });

  it('a wrong password and an unknown address get the same answer', async () => {
    const wrong = await post('/api/agent/sign-in', { email: 'one@shop.example', password: 'x' });
    expect(wrong.status).toBe(401);
    expect(await wrong.json()).toEqual({ reason: 'wrong-password' });
    const right = await post('/api/agent/sign-in', { email: server.email, password: 'x' });
    expect(await right.json()).toEqual({ reason: 'wrong-password' });
  });

  it('a request that another site made the browser send is refused', async () => {
    const body = { email: server.email, password: server.password };
    expect((await post('/api/agent/sign-in', body, { Origin: 'https://evil.example' })).status).toBe(403);
    expect((await fetch(`${server.origin}/api/agent/sign-out`, { method: 'POST' })).status).toBe(403);
    const cookie = await signIn(server);
    const wire = await openWire(server, { cookie, origin: 'https://evil.example' });
    wire.send({ type: 'hello', role: 'agent', protocol: PROTOCOL_VERSION, tab: 'x' });
    expect(await wire.closed).toBe(CLOSE.forbidden);
  });

  it('without a sign-in there is no socket, and signing out closes those that are open', async () => {
    const stranger = await openWire(server);
    stranger.send({ type: 'hello', role: 'agent', protocol: PROTOCOL_VERSION, tab: 'x' });
    expect(await stranger.closed).toBe(CLOSE.signedOut);
    const cookie = await signIn(server);
    const { wire } = await agentWire(server, cookie);
    expect((await post('/api/agent/sign-out', {}, { cookie })).status).toBe(204);
    expect(await wire.closed).toBe(CLOSE.signedOut);
    expect((await fetch(`${server.origin}/api/agent/me`, { headers: { cookie } })).status).toBe(401);
  });

  it('attempts are limited, for one account and with the time to wait', async () => {
    let response = await post('/api/agent/sign-in', { email: 'victim@shop.example', password: 'x' });
    for (let n = 0; n < 9 && response.status !== 429; n++) {
      response = await post('/api/agent/sign-in', { email: 'victim@shop.example', password: `${n}` });
    }
    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({ reason: 'too-many-attempts', retryAfter: expect.any(Number) });
    await signIn(server);
  });

  it.each([null, 'x', [], { email: 1 }, { email: 'x' }])('nonsense (%j) is a clear refusal', async (body) => {
    expect((await post('/api/agent/sign-in', body)).status).toBe(400);
  });
});

describe('the replay frame has an origin of its own', () => {
  it('serves the replay there and nothing else, and the console nowhere else', async () => {
    const replay = server.origin.replace('127.0.0.1', 'localhost');
    expect((await fetch(`${replay}/replay/`)).status).toBe(200);
    expect((await fetch(`${server.origin}/replay/`)).status).toBe(404);
    expect((await fetch(`${replay}/api/agent/me`)).status).toBe(404);
    const console = await fetch(`${replay}/console/`, { redirect: 'manual' });
    expect(console.headers.get('location')).toBe(`${server.origin}/console/`);
    const policy = (await fetch(`${replay}/replay/`)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("connect-src 'none'");
  });

  it('paths cannot climb out of the served folders', async () => {
    for (const path of [
      '/widget/../../package.json',
      '/console/%2e%2e/%2e%2e/package.json',
      '/widget/..%2f..%2fpackage.json',
    ]) {
      const response = await fetch(server.origin + path);
      expect(await response.text()).not.toContain('"mostrador"');
    }
  });
});

describe('what strangers may not do', () => {
  it('a client that resets in the middle of an upgrade ends nothing', async () => {
    const { port } = new URL(server.origin);
    for (const path of ['/nope', '/socket', '/']) {
      const socket = connect({ host: '127.0.0.1', port: Number(port) });
      await once(socket, 'connect');
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
      );
      socket.resetAndDestroy();
      await once(socket, 'close');
    }
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
  });

  it('a body that is no sign-in is not read to its end', async () => {
    const response = await post('/api/agent/sign-in', { email: 'x'.repeat(100_000), password: 'x' });
    expect(response.status).toBe(413);
  });

  it.each(['/console/%E0%A4%A', '/demo/%ff', '/widget/%'])('a path that is none (%s) is not found', async (path) => {
    expect((await fetch(server.origin + path)).status).toBe(404);
  });

  it('an agent who signs out is not heard any more, even where the other end does not close', async () => {
    const cookie = await signIn(server);
    const { wire } = await agentWire(server, cookie);
    const { wire: shopper } = await shopperWire(server);
    shopper.send({ type: 'message.send', id: 'first-words', text: 'hello' });
    const { conversation } = await shopper.frame('message.ack');
    const signedOut = post('/api/agent/sign-out', {}, { cookie });
    await signedOut;
    wire.send({ type: 'conversation.accept', conversation });
    await wire.closed;
    shopper.send({ type: 'message.send', id: 'second-words', text: 'anybody?' });
    await shopper.frame('message.ack', (ack) => ack.id === 'second-words');
    expect(shopper.frames.some((frame) => frame.type === 'conversation.state' && frame.conversation.agent)).toBe(false);
  });

  it('binary frames of a tab that has not said yes are refused, once, and a flood of them ends the socket', async () => {
    const { wire } = await shopperWire(server);
    for (let n = 0; n < 2_500; n++) wire.sendRaw(new Uint8Array(20));
    expect(await wire.closed).toBe(CLOSE.flood);
    expect(wire.frames.filter((frame) => frame.type === 'refused')).toHaveLength(1);
  });

  it('a shopper has a bounded number of tabs', async () => {
    const { wire: first, welcome } = await shopperWire(server);
    for (let n = 0; n < 30; n++) await shopperWire(server, { token: welcome.token });
    expect(await first.closed).toBe(CLOSE.flood);
  });

  it('one address opens a bounded number of conversations', async () => {
    const small = await startServer({ CONVERSATIONS_PER_ADDRESS: '3' });
    try {
      for (let n = 0; n < 4; n++) {
        const { wire } = await shopperWire(small);
        wire.send({ type: 'message.send', id: `m${n}`, text: 'hello' });
        if (n < 3) await wire.frame('message.ack');
        else expect(await wire.frame('refused')).toMatchObject({ of: 'message.send', reason: 'too-fast', id: 'm3' });
      }
    } finally {
      await small.remove();
    }
  });

  it('a new password ends the sign-ins of the old one', async () => {
    const cookie = await signIn(server);
    await server.stop();
    server = await server.restart(['--agent', server.email]);
    expect((await fetch(`${server.origin}/api/agent/me`, { headers: { cookie } })).status).toBe(401);
    await signIn(server);
  });

  it('a colleague is added at a start, and takes what nobody has taken', async () => {
    const ana = await agentWire(server, await signIn(server));
    await server.stop();
    const { password } = server;
    const withLuis = await server.restart(['--agent', 'luis@shop.example', '--name', 'Luis']);
    server = { ...withLuis, password, email: 'admin@localhost' };
    await ana.wire.closed;
    const luis = await agentWire(server, await signIn(server, 'luis@shop.example', withLuis.password));
    expect(luis.welcome.you).toMatchObject({ name: 'Luis', role: 'agent' });
    const cookie = await signIn(server);
    const audit = await (await fetch(`${server.origin}/api/settings/audit`, { headers: { cookie } })).json();
    expect(audit.lines[0]).toMatchObject({ action: 'team.added', after: { name: 'Luis' } });
    const again = await agentWire(server, cookie);
    const { wire: shopper } = await shopperWire(server);
    shopper.send({ type: 'message.send', id: 'for-two', text: 'hello' });
    const { conversation } = await shopper.frame('message.ack');
    luis.wire.send({ type: 'conversation.accept', conversation });
    await shopper.frame('conversation.state', (frame) => frame.conversation.agent?.name === 'Luis');
    again.wire.send({ type: 'conversation.accept', conversation });
    expect(await again.wire.frame('refused')).toMatchObject({ reason: 'taken' });
  });
});

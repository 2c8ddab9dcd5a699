import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { agentOverWire, Caller, ringOverWire, servedOverWire, takeOverWire } from '../support/call-wire.ts';
import { mediaReady, startServer, type TestServer } from '../support/server.ts';
import { shopperWire, signIn, type Wire } from '../support/wire.ts';

let server: TestServer;
afterEach(async () => {
  await server.kill();
  await server.remove();
});

async function calling(drainSeconds: number) {
  server = await startServer({ DRAIN_SECONDS: String(drainSeconds) });
  await mediaReady(server);
  const desk = await agentOverWire(server, await signIn(server));
  const people = await servedOverWire(server, desk);
  await ringOverWire(people);
  await takeOverWire(people);
  return { ...people, desk };
}

async function toldOfDraining(wire: Wire): Promise<number> {
  const { media } = await wire.frame('media.status', ({ media }) => media.status === 'draining');
  return media.status === 'draining' ? media.until : 0;
}

describe('promise 11: a restart that waits for calls', () => {
  it('no new calls, the running one is told and goes on, also over a page load; then it ends with 0', async () => {
    const { shopper, desk } = await calling(60);
    const waiting = await servedOverWire(server, desk);
    const stopped = server.stop();
    for (const wire of [shopper.wire, desk]) {
      const until = await toldOfDraining(wire);
      expect(until - Date.now()).toBeGreaterThan(30_000);
    }
    const health = await fetch(`${server.origin}/healthz`);
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ status: 'draining', media: { status: 'draining' } });

    desk.send({ type: 'call.propose', conversation: waiting.shopper.conversation, video: true });
    expect(await desk.frame('refused', ({ of }) => of === 'call.propose')).toMatchObject({ reason: 'draining' });
    waiting.shopper.wire.send({ type: 'message.send', id: 'still', text: 'I can still write' });
    await waiting.shopper.wire.frame('message.ack', ({ id }) => id === 'still');

    // The tab that is in the call loads another page: it is let in, told, and joins.
    const tab = randomUUID();
    const before = await shopperWire(server, { tab });
    expect(before.welcome.media).toMatchObject({ status: 'draining' });
    const { iceServers, send } = await shopper.join();
    expect(iceServers).toEqual([]);
    expect(send.id).not.toBe('');

    const { conversation, call } = shopper;
    shopper.wire.send({ type: 'call.hangup', conversation, call });
    expect(await stopped).toBe(0);
    expect(await shopper.wire.closed).toBe(4000);
    expect(await desk.closed).toBe(4000);
  });

  it('the tab of a running call comes back while the service waits', async () => {
    const { shopper, desk } = await calling(60);
    const { tab, token } = shopper;
    const stopped = server.stop();
    await toldOfDraining(desk);
    shopper.wire.close();
    const { wire, welcome } = await shopperWire(server, { tab, token });
    expect(welcome.conversation?.call).toMatchObject({ id: shopper.call, status: 'active' });
    const again = new Caller(wire, shopper.conversation, { tab, token });
    again.call = shopper.call;
    await again.join();
    wire.send({ type: 'call.hangup', conversation: shopper.conversation, call: shopper.call });
    expect(await stopped).toBe(0);
  });

  it('a call that does not end is not waited for longer than DRAIN_SECONDS; its people are asked to come again', async () => {
    const { shopper, desk } = await calling(1);
    expect(await server.stop()).toBe(0);
    expect(await shopper.wire.closed).toBe(4000);
    expect(await desk.closed).toBe(4000);
    server = await server.restart();
    const { welcome } = await shopperWire(server, { tab: shopper.tab, token: shopper.token });
    expect(welcome.conversation?.call).toMatchObject({ id: shopper.call, status: 'active' });
  });

  it('a call whose people are all gone is not waited for', async () => {
    const { shopper, desk } = await calling(60);
    shopper.wire.close();
    desk.close();
    await Promise.all([shopper.wire.closed, desk.closed]);
    expect(await server.stop()).toBe(0);
  });
});

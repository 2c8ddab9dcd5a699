import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { agentWire, shopperWire, signIn } from '../support/wire.ts';

let server: TestServer;
let cache: string;
beforeAll(async () => {
  // A machine that has no worker yet and must build one, the slow way.
  cache = mkdtempSync(join(tmpdir(), 'mostrador-cache-'));
  server = await startServer({
    XDG_CACHE_HOME: cache,
    MEDIASOUP_WORKER_BIN: '',
    MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD: 'true',
  });
});
afterAll(async () => {
  await server.remove();
  rmSync(cache, { recursive: true, force: true });
});

describe('promise 9: while the media worker is being built', () => {
  it('chat and co-browsing serve at once, and the call step says that it is being prepared', async () => {
    const { wire: shopper, welcome } = await shopperWire(server);
    expect(welcome.media.status).toBe('preparing');
    shopper.send({ type: 'message.send', id: 'm1', text: 'hello' });
    const { conversation } = await shopper.frame('message.ack');
    const { wire: agent } = await agentWire(server, await signIn(server));
    agent.send({ type: 'conversation.accept', conversation });
    await shopper.frame('conversation.state', (frame) => frame.conversation.status === 'active');
    shopper.send({ type: 'call.propose', conversation, video: true });
    expect(await shopper.frame('refused')).toMatchObject({ of: 'call.propose', reason: 'media-preparing' });
    shopper.send({ type: 'cobrowse.answer', conversation, yes: true });
    await agent.frame('conversation.state', (frame) => frame.conversation.cobrowse.status === 'on');
  });

  it('how far it is reaches those who wait', async () => {
    const { wire } = await shopperWire(server);
    const told = await wire.frame('media.status', ({ media }) => media.status === 'preparing' && Boolean(media.total));
    expect(told.media).toMatchObject({ status: 'preparing', step: expect.any(String), total: expect.any(Number) });
  });

  it('a stop in the middle of the build ends it, with 0', async () => {
    expect(await server.stop()).toBe(0);
  });
});

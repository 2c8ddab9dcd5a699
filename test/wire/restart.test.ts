import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { agentWire, openWire, shopperWire, signIn } from '../support/wire.ts';

let server: TestServer;
beforeAll(async () => (server = await startServer()));
afterAll(async () => await server.remove());

describe('promise 9: start and stop', () => {
  it('is ready by itself, and says so at /healthz', async () => {
    const health = await fetch(`${server.origin}/healthz`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: 'ready' });
  });

  it('prints the three links and a password once; a second start finds everything', async () => {
    expect(server.output()).toMatch(/\/demo\//);
    expect(server.output()).toMatch(/shown only this once/);
    expect(await server.stop()).toBe(0);
    server = await server.restart();
    expect(server.output()).not.toContain(server.password);
    await signIn(server);
  });

  it('SIGTERM asks everybody to come again and ends with 0', async () => {
    const { wire } = await shopperWire(server);
    const stopped = server.stop();
    expect(await wire.closed).toBe(4000);
    expect(await stopped).toBe(0);
    server = await server.restart();
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'npm start hands %s on: the server drains and npm ends with 0',
    async (signal) => {
      const port = new URL(server.origin).port;
      await server.stop();
      const env = { ...process.env, DATA_DIR: server.dataDir, PORT: port, MEDIA_PORT: '0', MEDIA_WORKERS: '1' };
      const npm = spawn('npm', ['start'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(npm, 'exit');
      await new Promise<void>((resolve) =>
        npm.stdout.on('data', (chunk) => String(chunk).includes('Sign in') && resolve()),
      );
      npm.kill(signal);
      expect(await ended).toEqual([0, null]);
      server = await server.restart();
    },
  );

  it('a second process on the same data gets a clear error', async () => {
    const again = spawnSync(process.execPath, ['server/main.ts'], {
      env: { ...process.env, DATA_DIR: server.dataDir, PORT: '0', MEDIA_PORT: '0' },
      encoding: 'utf8',
      timeout: 100_000,
    });
    expect(again.status).toBe(1);
    expect(again.stderr).toMatch(/in use/);
  });

  it.each([
    [{ PORT: 'abc' }, /PORT=abc/],
    [{ PUBLIC_URL: 'nonsense' }, /PUBLIC_URL/],
    [{ PUBLIC_URL: 'https://support.example.com' }, /REPLAY_ORIGIN/],
  ])('bad settings (%j) are named', async (env, message) => {
    const failed = spawnSync(process.execPath, ['server/main.ts'], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: 100_000,
    });
    expect(failed.status).toBe(1);
    expect(failed.stderr).toMatch(message);
    expect(failed.stderr).not.toMatch(/at .*\.ts/);
  });
});

describe('promise 3: nothing acknowledged is lost', () => {
  it('what was acknowledged before a kill -9 is there after it; steps go on', async () => {
    const { wire: shopper, welcome } = await shopperWire(server);
    for (let n = 0; n < 50; n++) shopper.send({ type: 'message.send', id: `m${n}`, text: `${n}` });
    await shopper.until(() => shopper.frames.filter((frame) => frame.type === 'message.ack').length >= 25);
    await server.kill();
    const acknowledged = shopper.frames.flatMap((frame) => (frame.type === 'message.ack' ? [frame.id] : []));
    server = await server.restart();
    const { wire, welcome: again } = await shopperWire(server, { token: welcome.token });
    expect(again.conversation?.status).toBe('waiting');
    const stored = await wire.until(() => {
      const entries = wire.frames.flatMap((frame) => (frame.type === 'conversation.entries' ? frame.entries : []));
      const ids = entries.flatMap((entry) => (entry.type === 'message' ? [entry.id] : []));
      return acknowledged.every((id) => ids.includes(id)) ? ids : null;
    });
    expect(new Set(stored).size).toBe(stored.length);
    expect(stored).toEqual(Array.from({ length: stored.length }, (_, n) => `m${n}`));
  });

  it('a running call and co-browsing are still on after a kill -9', async () => {
    const tab = randomUUID();
    const { wire: shopper, welcome } = await shopperWire(server, { tab });
    shopper.send({ type: 'message.send', id: randomUUID(), text: 'hello' });
    const { conversation } = await shopper.frame('message.ack');
    const { wire: agent } = await agentWire(server, await signIn(server));
    agent.send({ type: 'conversation.accept', conversation });
    await shopper.frame('conversation.state', (frame) => frame.conversation.status === 'active');
    await expect.poll(async () => (await (await fetch(`${server.origin}/healthz`)).json()).media.status).toBe('ready');
    agent.send({ type: 'call.propose', conversation, video: true });
    const ringing = await shopper.frame('conversation.state', (frame) => frame.conversation.call !== null);
    const call = ringing.conversation.call?.id ?? '';
    shopper.send({ type: 'call.answer', conversation, call, yes: true });
    shopper.send({ type: 'cobrowse.answer', conversation, yes: true });
    await agent.frame('conversation.entries', (frame) =>
      frame.entries.some((entry) => entry.type === 'cobrowse-started'),
    );
    await server.kill();
    server = await server.restart();
    const { welcome: again } = await shopperWire(server, { tab, token: welcome.token });
    expect(again.conversation?.call).toMatchObject({ id: call, status: 'active' });
    expect(again.conversation?.cobrowse).toMatchObject({ status: 'on', tab });
    const stranger = await openWire(server);
    stranger.close();
  });
});

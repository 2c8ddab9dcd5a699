import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Hono } from 'hono';
import { sessionId, signedInAgent } from '../../server/http/agent-auth.ts';
import { HttpServer } from '../../server/http/server.ts';
import { SocketDoor } from '../../server/http/socket-door.ts';
import { CLOSE } from '../../server/protocol/close-codes.ts';
import { PROTOCOL_VERSION } from '../../server/protocol/limits.ts';
import { Sockets } from '../../server/rooms/socket.ts';
import { openWire, type Wire } from '../support/wire.ts';
import { openHouse, type House } from './house.ts';

let house: House;
let http: HttpServer;
let origin: string;
let door: SocketDoor;
let now = Date.now();
/** What happens while somebody is looked up. */
let meanwhile: () => Promise<void>;
const log = { error: () => {} };

beforeEach(async () => {
  house = await openHouse();
  await house.join('ana', 'supervisor');
  now = Date.now();
  meanwhile = async () => {};
  http = new HttpServer();
  origin = `http://127.0.0.1:${await http.listen('127.0.0.1', 0)}`;
  door = new SocketDoor({
    reception: {
      async receive(socket, _, { cookie }) {
        const found = await signedInAgent(house.storage, cookie, now);
        await meanwhile();
        if (!found) return { reason: 'signed-out', code: CLOSE.signedOut };
        const session = { handle: () => {}, handleBinary: () => null, left: () => {} };
        const { agent, session: agentSession, until } = found;
        const start = (): void => socket.send({ type: 'pong' });
        return { session, tab: `${agent.id}/tab`, agentSession, until, start };
      },
    },
    sockets: new Sockets(),
    cookieName: 'mostrador',
    trustProxy: false,
    now: () => now,
    pingMs: 500,
    log,
  });
  http.serve(new Hono(), door);
});
afterEach(async () => {
  door.close();
  await http.close();
  await house.close();
});

async function ana(): Promise<Wire> {
  const wire = await openWire({ origin }, { cookie: 'mostrador=ana' });
  wire.send({ type: 'hello', role: 'agent', protocol: PROTOCOL_VERSION, tab: 'tab' });
  return wire;
}

describe('promise 4: a socket lives no longer than the sign-in that opened it', () => {
  it('nor does one that was being let in when it ended', async () => {
    meanwhile = async () => {
      meanwhile = async () => {};
      await house.storage.deleteAgentSessions('ana', now);
      door.endAgent('ana', CLOSE.signedOut);
    };
    expect(await (await ana()).closed).toBe(CLOSE.signedOut);
  });

  it('also where it ends by itself', async () => {
    const wire = await ana();
    await wire.frame('pong');
    const session = await house.storage.agentSession(sessionId('ana'), now);
    now = session?.expiresAt ?? 0;
    expect(await wire.closed).toBe(CLOSE.signedOut);
  });

  it('who may do other things now comes again', async () => {
    const wire = await ana();
    await wire.frame('pong');
    door.endAgent('ana', CLOSE.changed);
    expect(await wire.closed).toBe(CLOSE.changed);
  });
});

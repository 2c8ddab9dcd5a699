import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentAuth, signedInAgent } from '../../server/http/agent-auth.ts';
import { hashPassword } from '../../server/http/password.ts';
import { teamRoutes } from '../../server/http/team.ts';
import type { Agent, Storage } from '../../server/storage/storage.ts';
import { openHouse, ORIGIN, PASSWORD, serve, type House } from './house.ts';

let house: House;
const changed: string[] = [];
beforeEach(async () => {
  house = await openHouse();
  changed.length = 0;
});
afterEach(async () => await house.close());

type Ask = (who: string, method: string, path: string, body?: object) => Promise<number>;

function team(): Ask {
  const app = teamRoutes({
    storage: house.storage,
    serviceOrigin: ORIGIN,
    now: Date.now,
    newId: randomUUID,
    agentSignedOut: () => {},
    agentChanged: (agent) => changed.push(agent),
    teamChanged: () => {},
  });
  return async (who, method, path, body) => {
    const headers = { origin: ORIGIN, cookie: `mostrador=${who}`, 'content-type': 'application/json' };
    return (await app.request(path, { method, headers, ...(body && { body: JSON.stringify(body) }) })).status;
  };
}

const member = (id: string, role: Agent['role'], name = id) => ({
  email: `${id}@shop.example`,
  name,
  role,
  topics: null,
  capacity: null,
});

describe('promise 20: two admins at once', () => {
  it('who demote each other leave one: the second is none any more', async () => {
    await house.join('ana', 'admin');
    await house.join('luis', 'admin');
    const ask = team();
    const answers = await Promise.all([
      ask('ana', 'PUT', '/luis', member('luis', 'agent')),
      ask('luis', 'PUT', '/ana', member('ana', 'agent')),
    ]);
    expect(answers).toEqual([200, 403]);
    expect((await house.storage.agents(house.shop)).map(({ id, role }) => [id, role])).toEqual([
      ['ana', 'admin'],
      ['luis', 'agent'],
    ]);
  });

  it('who remove somebody and change them: whoever was first is not undone by what the other one saw before', async () => {
    await house.join('ana', 'admin');
    await house.join('luis', 'admin');
    await house.join('zoe', 'supervisor');
    const ask = team();
    await Promise.all([
      ask('ana', 'POST', '/zoe/password'),
      ask('luis', 'PUT', '/zoe', member('zoe', 'agent')),
      ask('ana', 'DELETE', '/zoe'),
    ]);
    expect(await house.storage.agentById('zoe')).toMatchObject({ role: 'agent', active: false });
    const same = await Promise.all([
      ask('ana', 'POST', '/', member('new', 'agent')),
      ask('luis', 'POST', '/', member('new', 'agent')),
    ]);
    expect(same).toEqual([201, 409]);
  });

  it('whose role or name is another one now comes again; other changes disturb nobody', async () => {
    await house.join('ana', 'admin');
    await house.join('zoe', 'supervisor');
    const ask = team();
    await ask('ana', 'PUT', '/zoe', { ...member('zoe', 'supervisor'), capacity: 3 });
    expect(changed).toEqual([]);
    await ask('ana', 'PUT', '/zoe', member('zoe', 'agent'));
    await ask('ana', 'PUT', '/zoe', member('zoe', 'agent', 'Zoé'));
    expect(changed).toEqual(['zoe', 'zoe']);
  });
});

describe('promise 4: a sign-in', () => {
  it('with a password that became another one while it was compared is none', async () => {
    await house.join('ana', 'agent');
    const { storage } = house;
    const read = Promise.withResolvers<void>();
    // What the sign-in has read is old from here on.
    const watched: Storage = {
      ...storage,
      async agentByEmail(email) {
        const agent = await storage.agentByEmail(email);
        const next = { ...(agent as Agent), passwordHash: await hashPassword('another one') };
        await storage.saveAgent(next);
        await storage.deleteAgentSessions('ana', Date.now());
        read.resolve();
        return agent;
      },
    };
    const auth = { serviceOrigin: ORIGIN, trustProxy: false, now: Date.now, signedOut: () => {} };
    const served = await serve(agentAuth({ storage: watched, ...auth }));
    const response = await fetch(`${served.url}/sign-in`, {
      method: 'POST',
      headers: { origin: ORIGIN, 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ana@shop.example', password: PASSWORD }),
    });
    await read.promise;
    expect(response.status).toBe(401);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await signedInAgent(storage, 'ana', Date.now())).toBeNull();
    await served.close();
  });
});

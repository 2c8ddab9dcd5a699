import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOSE } from '../../server/protocol/close-codes.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../server/protocol/settings.ts';
import type { TeamMember } from '../../server/protocol/views.ts';
import type { TestServer } from '../support/server.ts';
import { startWithTeam } from '../support/team.ts';
import { agentWire, signIn } from '../support/wire.ts';

let server: TestServer;
let admin: string;
let luis: string;
let stranger: string;
beforeAll(async () => {
  const team = [{ name: 'Luis' }, { name: 'Zoe', role: 'admin' as const, shop: 'elsewhere' }];
  const started = await startWithTeam(team);
  server = started.server;
  admin = await signIn(server);
  const as = async (name: string): Promise<string> =>
    await signIn(server, started.as[name]?.email, started.as[name]?.password);
  luis = await as('Luis');
  stranger = await as('Zoe');
});
afterAll(async () => await server.remove());

/** Whatever an answer may hold. */
type Body = {
  values: Settings;
  versions: Record<string, number>;
  lines: { action: string; subject: string }[];
  team: TeamMember[];
  member: TeamMember;
  password: string;
};

async function ask(
  cookie: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Body }> {
  const response = await fetch(server.origin + path, {
    method,
    headers: { 'Content-Type': 'application/json', Origin: server.origin, cookie },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null };
}

const put = async (cookie: string, section: string, value: unknown, version: number) =>
  await ask(cookie, 'PUT', `/api/settings/${section}`, { value, version });

const WEEK = Array.from({ length: 7 }, () => [{ from: 540, to: 1_080 }]);

describe('promise 20: what a shop settles', () => {
  it('every agent reads it, admins alone change it, and each change is in the audit', async () => {
    expect((await ask(luis, 'GET', '/api/settings')).body.values).toEqual(DEFAULT_SETTINGS);
    const hours = { zone: 'Europe/Madrid', weekly: WEEK, exceptions: { '2026-12-25': [] } };
    expect(await put(luis, 'hours', hours, 0)).toMatchObject({ status: 403, body: { reason: 'not-yours' } });
    expect(await put(admin, 'hours', hours, 0)).toEqual({ status: 200, body: { version: 1 } });
    expect((await ask(luis, 'GET', '/api/settings')).body).toMatchObject({ values: { hours }, versions: { hours: 1 } });
    const { body } = await ask(admin, 'GET', '/api/settings/audit');
    expect(body.lines[0]).toMatchObject({ action: 'settings.changed', subject: 'hours', before: null, after: hours });
    expect((await ask(luis, 'GET', '/api/settings/audit')).status).toBe(403);
    // Another shop has its own.
    expect((await ask(stranger, 'GET', '/api/settings')).body.values.hours).toBeNull();
    expect((await ask(stranger, 'GET', '/api/settings/audit')).body.lines).toEqual([]);
  });

  it('who has seen an older version overwrites nothing', async () => {
    expect((await put(admin, 'satisfaction', { ask: false }, 0)).status).toBe(200);
    expect(await put(admin, 'satisfaction', { ask: true }, 0)).toEqual({
      status: 409,
      body: { ok: false, reason: 'changed-meanwhile' },
    });
  });

  it.each([
    [
      'a time zone that does not exist',
      'hours',
      { zone: 'Mars/Olympus', weekly: WEEK, exceptions: {} },
      'unknown-zone',
    ],
    [
      'hours that overlap',
      'hours',
      {
        zone: 'UTC',
        weekly: WEEK.with(1, [
          { from: 60, to: 120 },
          { from: 90, to: 180 },
        ]),
        exceptions: {},
      },
      'overlap',
    ],
    [
      'hours that end before they start',
      'hours',
      { zone: 'UTC', weekly: WEEK.with(2, [{ from: 600, to: 540 }]), exceptions: {} },
      'ends-before-start',
    ],
    ['six days', 'hours', { zone: 'UTC', weekly: WEEK.slice(1), exceptions: {} }, 'shape'],
    [
      'two topics of one id',
      'topics',
      [1, 2].map(() => ({ id: 'a', name: { en: 'A' }, hours: null, paths: [] })),
      'twice',
    ],
    ['a topic without a name', 'topics', [{ id: 'a', name: {}, hours: null, paths: [] }], 'nameless'],
    [
      'a script as a channel',
      'routing',
      { ...DEFAULT_SETTINGS.routing, channels: [{ label: 'x', url: 'javascript:alert(1)' }] },
      'shape',
    ],
  ])('%s is refused in words, and nothing of it is kept', async (_, section, value, reason) => {
    const before = (await ask(admin, 'GET', '/api/settings')).body;
    const refused = await put(admin, section, value, before.versions[section] ?? 0);
    expect(refused).toMatchObject({ status: 422, body: { reason: 'senseless', problem: { reason } } });
    expect((await ask(admin, 'GET', '/api/settings')).body).toEqual(before);
  });

  it('sections that do not exist, nonsense and foreign pages change nothing', async () => {
    expect((await put(admin, '__proto__', {}, 0)).status).toBe(404);
    expect((await ask(admin, 'PUT', '/api/settings/topics', 'x')).status).toBe(400);
    const foreign = await fetch(`${server.origin}/api/settings/topics`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', Origin: 'https://evil.example', cookie: admin },
      body: JSON.stringify({ value: [], version: 0 }),
    });
    expect(foreign.status).toBe(403);
  });
});

describe('promise 20: the team', () => {
  const bea = { email: 'bea@shop.example', name: 'Bea', role: 'agent', topics: ['kitchen'], capacity: 4 };

  it('an admin adds, changes, gives a new password and takes out; who is out is signed out at once', async () => {
    const added = await ask(admin, 'POST', '/api/team', bea);
    expect(added).toMatchObject({
      status: 201,
      body: { member: { ...bea, active: true }, password: expect.any(String) },
    });
    const { id } = added.body.member;
    const cookie = await signIn(server, bea.email, added.body.password);
    const first = await agentWire(server, cookie);
    const promoted = { ...bea, name: 'Bea P.', role: 'supervisor' };
    expect((await ask(admin, 'PUT', `/api/team/${id}`, promoted)).body.member.name).toBe('Bea P.');
    // What she may do now holds at once, in a socket of its own.
    expect(await first.wire.closed).toBe(CLOSE.changed);
    const { wire, welcome } = await agentWire(server, cookie);
    expect(welcome.you).toMatchObject({ name: 'Bea P.', role: 'supervisor' });
    const { password } = (await ask(admin, 'POST', `/api/team/${id}/password`)).body;
    expect(await wire.closed).toBe(CLOSE.signedOut);
    await signIn(server, bea.email, password);
    expect((await ask(admin, 'DELETE', `/api/team/${id}`)).status).toBe(204);
    await expect(signIn(server, bea.email, password)).rejects.toThrow('401');
    const lines = (await ask(admin, 'GET', '/api/settings/audit')).body.lines.filter(({ subject }) => subject === id);
    expect(lines.map(({ action }) => action)).toEqual([
      'team.removed',
      'team.new-password',
      'team.changed',
      'team.added',
    ]);
    expect(JSON.stringify(lines)).not.toContain('argon2');
  });

  it('nobody else may, the last admin stays, an address is used once, and another shop has another team', async () => {
    expect((await ask(luis, 'POST', '/api/team', bea)).status).toBe(403);
    const { team } = (await ask(luis, 'GET', '/api/team')).body;
    const me = team.find(({ email }) => email === server.email);
    expect((await ask(admin, 'DELETE', `/api/team/${me?.id}`)).body).toEqual({ reason: 'last-admin' });

    expect((await ask(admin, 'PUT', `/api/team/${me?.id}`, { ...me, role: 'agent' })).status).toBe(409);
    expect((await ask(admin, 'POST', '/api/team', { ...bea, email: server.email.toUpperCase() })).status).toBe(409);
    expect((await ask(admin, 'POST', '/api/team', { ...bea, email: 'nobody' })).status).toBe(400);
    expect((await ask(stranger, 'DELETE', `/api/team/${me?.id}`)).status).toBe(404);
    expect((await ask(stranger, 'GET', '/api/team')).body.team.map(({ name }) => name)).toEqual(['Zoe']);
  });
});

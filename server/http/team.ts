import { randomUUID } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as v from 'valibot';
import type { TeamMember } from '../protocol/views.ts';
import type { Agent } from '../storage/storage.ts';
import { oneByOne } from './one-by-one.ts';
import { hashPassword, newPassword } from './password.ts';
import { signedIn, type SignedInOptions } from './signed-in.ts';

const BODY_MAX = 16 * 1024;
const TEAM_MAX = 500;

const Member = v.object({
  email: v.pipe(v.string(), v.trim(), v.maxLength(254), v.regex(/^[^\s@]+@[^\s@]+$/)),
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80)),
  role: v.picklist(['agent', 'supervisor', 'admin']),
  topics: v.nullable(v.pipe(v.array(v.pipe(v.string(), v.maxLength(64))), v.maxLength(50))),
  capacity: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(100))),
});

export type TeamRoutesOptions = SignedInOptions & {
  newId: () => string;
  /** The sign-ins of an agent have ended: their sockets are to be closed. */
  agentSignedOut: (agent: string) => void;
  /** Who they are or what they may do is another now: their sockets are to come again. */
  agentChanged: (agent: string) => void;
  /** Somebody's name, role, topics or capacity is another one now. */
  teamChanged: (shop: string) => void;
};

/** `/api/team`: who answers for the shop. Read by its agents, changed by its admins. */
export function teamRoutes(options: TeamRoutesOptions): Hono {
  const { storage, now, newId, agentSignedOut, agentChanged, teamChanged } = options;
  const app = new Hono();
  app.use(bodyLimit({ maxSize: BODY_MAX, onError: (c) => c.json({ reason: 'too-large' }, 413) }));
  app.use(oneByOne());

  async function changed(by: Agent, action: string, before: Agent | null, after: Agent | null): Promise<void> {
    const subject = (after ?? before)?.id ?? '';
    const shown = { before: before && teamMember(before), after: after && teamMember(after) };
    const { id, name, shop } = by;
    await storage.appendAudit({ id: newId(), shop, at: now(), by: { id, name }, action, subject, ...shown });
    teamChanged(shop);
  }

  /** One of the asking admin's shop; to another shop's they do not exist. */
  async function wanted(c: Context): Promise<{ admin: Agent; member: Agent } | Response> {
    const admin = await signedIn(c, options, 'admin');
    if (admin instanceof Response) return admin;
    const member = await storage.agentById(c.req.param('id') ?? '');
    return member?.shop === admin.shop ? { admin, member } : c.json({ reason: 'unknown' }, 404);
  }

  async function isLastAdmin(member: Agent): Promise<boolean> {
    const team = await storage.agents(member.shop);
    return !team.some(({ id, role, active }) => id !== member.id && role === 'admin' && active);
  }

  app.get('/', async (c) => {
    const agent = await signedIn(c, options);
    if (agent instanceof Response) return agent;
    const team = await storage.agents(agent.shop);
    return c.json({ team: team.map(teamMember) });
  });

  app.post('/', async (c) => {
    const admin = await signedIn(c, options, 'admin');
    if (admin instanceof Response) return admin;
    const parsed = v.safeParse(Member, await c.req.json().catch(() => null));
    if (!parsed.success) return c.json({ reason: 'bad-frame' }, 400);
    if (await storage.agentByEmail(parsed.output.email)) return c.json({ reason: 'taken' }, 409);
    if ((await storage.agents(admin.shop)).length >= TEAM_MAX) return c.json({ reason: 'too-many' }, 409);
    const password = newPassword();
    const passwordHash = await hashPassword(password);
    const member: Agent = { ...parsed.output, id: randomUUID(), shop: admin.shop, passwordHash, active: true };
    await storage.saveAgent(member);
    await changed(admin, 'team.added', null, member);
    return c.json({ member: teamMember(member), password }, 201);
  });

  app.put('/:id', async (c) => {
    const found = await wanted(c);
    if (found instanceof Response) return found;
    const parsed = v.safeParse(Member, await c.req.json().catch(() => null));
    if (!parsed.success) return c.json({ reason: 'bad-frame' }, 400);
    const { admin, member } = found;
    const namesake = await storage.agentByEmail(parsed.output.email);
    if (namesake && namesake.id !== member.id) return c.json({ reason: 'taken' }, 409);
    const demoted = member.role === 'admin' && parsed.output.role !== 'admin';
    if (demoted && (await isLastAdmin(member))) return c.json({ reason: 'last-admin' }, 409);
    const next = { ...member, ...parsed.output };
    await storage.saveAgent(next);
    await changed(admin, 'team.changed', member, next);
    if (next.role !== member.role || next.name !== member.name) agentChanged(member.id);
    return c.json({ member: teamMember(next) });
  });

  /** A new password, shown once; every sign-in that the old one began has ended. */
  app.post('/:id/password', async (c) => {
    const found = await wanted(c);
    if (found instanceof Response) return found;
    const { admin, member } = found;
    const password = newPassword();
    const next = { ...member, passwordHash: await hashPassword(password), active: true };
    await storage.saveAgent(next);
    await signOut(member);
    await changed(admin, 'team.new-password', member, next);
    return c.json({ password });
  });

  /** Out of the team: what they wrote stays, with their name. */
  app.delete('/:id', async (c) => {
    const found = await wanted(c);
    if (found instanceof Response) return found;
    const { admin, member } = found;
    if (member.role === 'admin' && (await isLastAdmin(member))) return c.json({ reason: 'last-admin' }, 409);
    const gone = { ...member, active: false };
    await storage.saveAgent(gone);
    await signOut(member);
    await changed(admin, 'team.removed', member, gone);
    return c.body(null, 204);
  });

  async function signOut({ id }: Agent): Promise<void> {
    await storage.deleteAgentSessions(id, now());
    agentSignedOut(id);
  }

  return app;
}

export function teamMember({ id, email, name, role, topics, capacity, active }: Agent): TeamMember {
  return { id, email, name, role, topics, capacity, active };
}

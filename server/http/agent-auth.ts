import { createHash, randomBytes } from 'node:crypto';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import * as v from 'valibot';
import type { AgentView } from '../protocol/views.ts';
import type { Agent, Storage } from '../storage/storage.ts';
import { clientAddress } from './client-address.ts';
import { hashPassword, verifyPassword } from './password.ts';

const SESSION_DAYS = 14;
const SESSION_MS = SESSION_DAYS * 24 * 60 * 60 * 1000;
const BODY_MAX = 16 * 1024;
/** From one address to one account: what a person who mistypes needs. */
const ATTEMPTS_PER_PAIR = 8;
const ATTEMPTS_PER_ADDRESS = 40;
/** From everywhere to one account: a stranger must not be able to lock an agent out by eight guesses. */
const ATTEMPTS_PER_ACCOUNT = 200;
const ATTEMPT_WINDOW_SECONDS = 15 * 60;

const SignIn = v.object({
  email: v.pipe(v.string(), v.maxLength(254)),
  password: v.pipe(v.string(), v.maxLength(1_000)),
});

export type AgentAuthOptions = {
  storage: Storage;
  serviceOrigin: string;
  trustProxy: boolean;
  now: () => number;
  /** A session ended: its sockets are to be closed. */
  signedOut: (session: string) => void;
};

/** The name of the session cookie; over HTTPS with the prefix that keeps other hosts from setting it. */
export function cookieName(serviceOrigin: string): string {
  return serviceOrigin.startsWith('https:') ? '__Host-mostrador' : 'mostrador';
}

/** What storage knows a session's cookie by. */
export function sessionId(cookie: string): string {
  return createHash('sha256').update(cookie).digest('base64url');
}

export function agentView({ id, name, email, role }: Agent): AgentView {
  return { id, name, email, role };
}

/** The agent who is signed in by this cookie value, and the session; null when nobody is. */
export async function signedInAgent(
  storage: Storage,
  cookie: string | undefined,
  now: number,
): Promise<{ agent: Agent; session: string; until: number } | null> {
  if (!cookie) return null;
  const session = await storage.agentSession(sessionId(cookie), now);
  const agent = session && (await storage.agentById(session.agent));
  return session && agent?.active ? { agent, session: session.id, until: session.expiresAt } : null;
}

/** `/api/agent`: sign-in, sign-out, who am I. */
export function agentAuth({ storage, serviceOrigin, trustProxy, now, signedOut }: AgentAuthOptions): Hono {
  const name = cookieName(serviceOrigin);
  const secure = serviceOrigin.startsWith('https:');
  const limiter = (points: number): RateLimiterMemory =>
    new RateLimiterMemory({ points, duration: ATTEMPT_WINDOW_SECONDS });
  const perAddress = limiter(ATTEMPTS_PER_ADDRESS);
  const perPair = limiter(ATTEMPTS_PER_PAIR);
  const perAccount = limiter(ATTEMPTS_PER_ACCOUNT);
  // Compared against when there is no such agent, so that the time taken does not tell who exists.
  const nobody = hashPassword(randomBytes(16).toString('hex'));

  const app = new Hono();

  app.use(async (c, next) => {
    // A foreign page can make a browser send the cookie's request, but not with our origin on it.
    if (c.req.method !== 'GET' && c.req.header('origin') !== serviceOrigin) {
      return c.json({ reason: 'forbidden-origin' }, 403);
    }
    c.header('Cache-Control', 'no-store');
    return await next();
  });
  app.use(bodyLimit({ maxSize: BODY_MAX, onError: (c) => c.json({ reason: 'too-large' }, 413) }));

  app.post('/sign-in', async (c) => {
    const parsed = v.safeParse(SignIn, await c.req.json().catch(() => null));
    if (!parsed.success) return c.json({ reason: 'bad-frame' }, 400);
    const { email, password } = parsed.output;
    const account = email.normalize('NFC').toLowerCase();
    const from = { forwarded: c.req.header('x-forwarded-for'), remote: getConnInfo(c).remote.address };
    const address = clientAddress(from, trustProxy);
    const wait = await attempt(account, address);
    if (wait > 0) return c.json({ reason: 'too-many-attempts', retryAfter: wait }, 429);
    const agent = await storage.agentByEmail(email);
    const right = await verifyPassword(password, agent?.passwordHash ?? (await nobody));
    if (!agent?.active || !right) return c.json({ reason: 'wrong-password' }, 401);
    await perPair.delete(`${address} ${account}`);
    const cookie = randomBytes(32).toString('base64url');
    await storage.saveAgentSession({ id: sessionId(cookie), agent: agent.id, expiresAt: now() + SESSION_MS });
    // While it was compared the password may have become another one, which has ended the sign-ins that there were then.
    const since = await storage.agentById(agent.id);
    if (!since?.active || since.passwordHash !== agent.passwordHash) {
      await storage.deleteAgentSession(sessionId(cookie));
      return c.json({ reason: 'wrong-password' }, 401);
    }
    setCookie(c, name, cookie, { httpOnly: true, sameSite: 'Strict', path: '/', secure, maxAge: SESSION_MS / 1000 });
    return c.json({ you: agentView(agent) });
  });

  app.post('/sign-out', async (c) => {
    const cookie = getCookie(c, name);
    if (cookie) {
      await storage.deleteAgentSession(sessionId(cookie));
      signedOut(sessionId(cookie));
    }
    deleteCookie(c, name, { path: '/', secure });
    return c.body(null, 204);
  });

  app.get('/me', async (c) => {
    const found = await signedInAgent(storage, getCookie(c, name), now());
    return found ? c.json({ you: agentView(found.agent) }) : c.json({ reason: 'signed-out' }, 401);
  });

  /** Counts an attempt. Seconds to wait; 0: go on. An attempt that one limit refuses is not counted by the next. */
  async function attempt(account: string, address: string): Promise<number> {
    try {
      await perAddress.consume(address);
      await perPair.consume(`${address} ${account}`);
      await perAccount.consume(account);
      return 0;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return Math.ceil(refusal.msBeforeNext / 1000);
      throw refusal;
    }
  }

  return app;
}

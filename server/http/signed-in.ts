import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Agent, Storage } from '../storage/storage.ts';
import { cookieName, signedInAgent } from './agent-auth.ts';

export type SignedInOptions = { storage: Storage; serviceOrigin: string; now: () => number };

/**
 * The agent who asks, or the answer to who may not: 401 without a sign-in; 403 for a change that comes from a page of
 * somebody else, and for an agent below `role`. Nothing of it is cached.
 */
export async function signedIn(
  c: Context,
  { storage, serviceOrigin, now }: SignedInOptions,
  role: Agent['role'] = 'agent',
): Promise<Agent | Response> {
  c.header('Cache-Control', 'no-store');
  // A foreign page can make a browser send the cookie's request, but not with our origin on it.
  if (!['GET', 'HEAD'].includes(c.req.method) && c.req.header('origin') !== serviceOrigin) {
    return c.json({ reason: 'forbidden-origin' }, 403);
  }
  const found = await signedInAgent(storage, getCookie(c, cookieName(serviceOrigin)), now());
  if (!found) return c.json({ reason: 'signed-out' }, 401);
  const ranks = ['agent', 'supervisor', 'admin'];
  return ranks.indexOf(found.agent.role) >= ranks.indexOf(role) ? found.agent : c.json({ reason: 'not-yours' }, 403);
}

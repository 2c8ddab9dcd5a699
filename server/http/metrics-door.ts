import { timingSafeEqual } from 'node:crypto';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/**
 * Whether this request may read the metrics: with the token, or from this machine itself. A proxy in front makes every
 * request come from this machine; it hands on the `Host` that was asked for, and names the client.
 */
export function mayReadMetrics(c: Context, token: string | null): boolean {
  const given = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
  if (token !== null && given !== undefined) return sameText(given, token);
  if (c.req.header('x-forwarded-for') ?? c.req.header('forwarded')) return false;
  const host = c.req.header('host')?.replace(/:\d+$/, '') ?? '';
  return isLoopback(host) && isLoopback(getConnInfo(c).remote.address ?? '');
}

function isLoopback(name: string): boolean {
  return /^(localhost|\[?::1\]?|(::ffff:)?127(\.\d{1,3}){3})$/.test(name);
}

function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

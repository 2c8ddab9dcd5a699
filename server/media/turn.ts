import { createHash, createHmac } from 'node:crypto';
import type { IceServer } from '../protocol/media.ts';

/** A TURN server that shares a secret with this service (coturn's `use-auth-secret`). */
export type TurnSettings = Readonly<{
  /** `turn:` and `turns:` addresses of it, tried side by side. */
  urls: readonly string[];
  secret: string;
  /** How long credentials are good for; a call that goes on longer is given new ones. */
  ttlSeconds: number;
}>;

/**
 * Short-lived credentials for one member, by the scheme of "A REST API For Access To TURN Services"
 * (draft-uberti-behave-turn-rest): the name says when it ends, the password is its HMAC-SHA1 in base64.
 * `now` in milliseconds.
 */
export function turnServers(turn: TurnSettings | null, member: string, now: number): IceServer[] {
  if (!turn) return [];
  // Quotas of the relay are by name; a whole id has no business in its log.
  const name = createHash('sha256').update(member).digest('base64url').slice(0, 12);
  const username = `${Math.floor(now / 1000) + turn.ttlSeconds}:${name}`;
  const credential = createHmac('sha1', turn.secret).update(username).digest('base64');
  return [{ urls: [...turn.urls], username, credential }];
}

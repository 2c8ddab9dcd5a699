/**
 * In a page that is shown in a frame of another one, after the shopper's yes there: records this page for the one around, which
 * takes it into its own picture. A module of its own, at /inside/.
 */
import { isId } from '../../../server/protocol/cobrowse-read/read-value.ts';
import { followShop, rules } from '../rules.ts';
import { PageInside } from './page-inside.ts';
import { isTogether } from './together.ts';
import type { Invitation } from './words.ts';

export type Asked = {
  from: string;
  port: MessagePort | undefined;
  origin: string;
  key: string;
  settings: DOMStringMap;
  invitation: unknown;
};

let current: PageInside | null = null;

/** Records only for a page of the same shop. What both script tags say holds: the stricter of the two. */
export async function record({ from, port, origin, key, settings, invitation }: Asked): Promise<void> {
  const { first, maskText, queries } = invitation as Partial<Invitation>;
  if (!port || !isId(first)) return;
  if (!(await isTogether(origin, key, from).catch(() => false))) {
    port.close();
    return;
  }
  current?.close();
  followShop(settings);
  rules.maskText ||= maskText !== false;
  rules.queries = rules.queries.filter((name) => Array.isArray(queries) && queries.includes(name));
  current = new PageInside(port, first, { key, allowed: (other) => isTogether(origin, key, other) });
}

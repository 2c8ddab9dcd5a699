import { Hono } from 'hono';
import { signedIn, type SignedInOptions } from './signed-in.ts';

const PAGE = 40;
const QUERY_MAX = 300;

/** `/api/search?q&before`: messages and notes of the shop with these words, the newest first, for its agents alone. */
export function searchRoutes(options: SignedInOptions): Hono {
  const app = new Hono();
  app.get('/', async (c) => {
    const agent = await signedIn(c, options);
    if (agent instanceof Response) return agent;
    const { q = '', before = String(Number.MAX_SAFE_INTEGER) } = c.req.query();
    if (q.length > QUERY_MAX || !/^\d+$/.test(before) || !Number.isSafeInteger(Number(before))) {
      return c.json({ reason: 'bad-frame' }, 400);
    }
    // One more than is shown says whether there are more.
    const hits = await options.storage.search(agent.shop, q, { before: Number(before), limit: PAGE + 1 });
    return c.json({ hits: hits.slice(0, PAGE), more: hits.length > PAGE });
  });
  return app;
}

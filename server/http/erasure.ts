import { Hono, type Context } from 'hono';
import type { Erasures } from '../rooms/erasures.ts';
import type { Agent, ConversationLine } from '../storage/storage.ts';
import { signedIn, type SignedInOptions } from './signed-in.ts';

/** `/api/conversations/:id/shopper`: what there is of the shopper, and the end of all of it; for the shop's admins alone. */
export function erasureRoutes({ erasures, ...options }: SignedInOptions & { erasures: Erasures }): Hono {
  const app = new Hono();

  /** To another shop's admin it does not exist. */
  async function wanted(c: Context): Promise<{ admin: Agent; line: ConversationLine } | Response> {
    const admin = await signedIn(c, options, 'admin');
    if (admin instanceof Response) return admin;
    const line = await options.storage.conversation(c.req.param('id') ?? '');
    return line?.shop === admin.shop ? { admin, line } : c.json({ reason: 'unknown' }, 404);
  }

  app.get('/:id/shopper', async (c) => {
    const found = await wanted(c);
    if (found instanceof Response) return found;
    return c.json(await erasures.traces(found.line));
  });

  app.delete('/:id/shopper', async (c) => {
    const found = await wanted(c);
    if (found instanceof Response) return found;
    const { id, name } = found.admin;
    const { shop, shopper } = found.line;
    const done = await erasures.erase({ shop, shopper }, { id, name });
    return done ? c.body(null, 204) : c.json({ status: 'begun' }, 202);
  });

  return app;
}

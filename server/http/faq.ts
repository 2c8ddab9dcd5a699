import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as v from 'valibot';
import { FaqChange, FaqOrder } from '../protocol/faq.ts';
import type { Faq, FaqRefusal } from '../rooms/faq.ts';
import type { Agent } from '../storage/storage.ts';
import { signedIn, type SignedInOptions } from './signed-in.ts';

const BODY_MAX = 64 * 1024;
const STATUS = { unknown: 404, 'changed-meanwhile': 409, 'too-many': 409, 'too-large': 413 } as const satisfies Record<
  FaqRefusal,
  number
>;

/** `/api/faq`: what is often asked, read by the shop's agents, written by its admins. */
export function faqRoutes({ faq, ...options }: SignedInOptions & { faq: Faq }): Hono {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: BODY_MAX, onError: (c) => c.json({ reason: 'too-large' }, 413) }));
  const person = ({ id, name }: Agent): { id: string; name: string } => ({ id, name });

  app.get('/', async (c) => {
    const agent = await signedIn(c, options);
    if (agent instanceof Response) return agent;
    return c.json({ articles: await faq.of(agent.shop) });
  });

  app.on(['POST', 'PUT'], ['/', '/:id'], async (c, next) => {
    const id = c.req.param('id') ?? null;
    if (id === 'order') return await next();
    if ((c.req.method === 'POST') !== (id === null)) return c.json({ reason: 'unknown' }, 404);
    const admin = await signedIn(c, options, 'admin');
    if (admin instanceof Response) return admin;
    const change = v.safeParse(FaqChange, await c.req.json().catch(() => null));
    if (!change.success) return c.json({ reason: 'bad-frame' }, 400);
    const { article, over } = change.output;
    const saved = await faq.save(admin.shop, id, article, over, person(admin));
    return saved.ok ? c.json({ article: saved.article }, id ? 200 : 201) : c.json(saved, STATUS[saved.reason]);
  });

  app.put('/order', async (c) => {
    const admin = await signedIn(c, options, 'admin');
    if (admin instanceof Response) return admin;
    const order = v.safeParse(FaqOrder, await c.req.json().catch(() => null));
    if (!order.success) return c.json({ reason: 'bad-frame' }, 400);
    await faq.order(admin.shop, order.output.ids, person(admin));
    return c.json({ articles: await faq.of(admin.shop) });
  });

  app.delete('/:id', async (c) => {
    const admin = await signedIn(c, options, 'admin');
    if (admin instanceof Response) return admin;
    const removed = await faq.remove(admin.shop, c.req.param('id'), person(admin));
    return removed ? c.body(null, 204) : c.json({ reason: 'unknown' }, 404);
  });

  return app;
}

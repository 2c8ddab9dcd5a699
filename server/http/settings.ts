import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as v from 'valibot';
import { isSettingName, SETTINGS } from '../protocol/settings.ts';
import type { ShopSettings } from '../rooms/shop-settings.ts';
import type { AuditLine, Storage } from '../storage/storage.ts';
import { signedIn, type SignedInOptions } from './signed-in.ts';

const BODY_MAX = 512 * 1024;
const AUDIT_PAGE = 50;

const Change = v.object({ version: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), value: v.unknown() });

/** `/api/settings`: read by the shop's agents, changed by its admins, over the version that they saw. */
export function settingRoutes({ settings, ...options }: SignedInOptions & { settings: ShopSettings }): Hono {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: BODY_MAX, onError: (c) => c.json({ reason: 'too-large' }, 413) }));

  app.get('/', async (c) => {
    const agent = await signedIn(c, options);
    if (agent instanceof Response) return agent;
    return c.json(await settings.versioned(agent.shop));
  });

  app.put('/:section', async (c) => {
    const agent = await signedIn(c, options, 'admin');
    if (agent instanceof Response) return agent;
    const section = c.req.param('section');
    if (!isSettingName(section)) return c.json({ reason: 'unknown' }, 404);
    const change = v.safeParse(Change, await c.req.json().catch(() => null));
    if (!change.success) return c.json({ reason: 'bad-frame' }, 400);
    const parsed = v.safeParse(SETTINGS[section], change.output.value);
    if (!parsed.success) {
      const problems = parsed.issues.map((issue) => ({ at: v.getDotPath(issue) ?? '', message: issue.message }));
      return c.json({ reason: 'senseless', problem: { reason: 'shape', problems } }, 422);
    }
    const { id, name } = agent;
    const saved = await settings.save(agent.shop, section, parsed.output, change.output.version, { id, name });
    if (saved.ok) return c.json({ version: saved.version });
    return c.json(saved, saved.reason === 'changed-meanwhile' ? 409 : 422);
  });

  app.get('/audit', async (c) => {
    const agent = await signedIn(c, options, 'admin');
    if (agent instanceof Response) return agent;
    const before = Number(c.req.query('before') ?? Number.MAX_SAFE_INTEGER);
    if (!Number.isSafeInteger(before)) return c.json({ reason: 'bad-frame' }, 400);
    return c.json({ lines: await auditPage(options.storage, agent.shop, before) });
  });

  return app;
}

/** The newest lines before a time. They end with a whole millisecond, so the last one's time is where the next page begins. */
async function auditPage(storage: Storage, shop: string, before: number): Promise<AuditLine[]> {
  const lines = await storage.audit(shop, { at: before }, AUDIT_PAGE);
  for (let last = lines.at(-1); last; last = lines.at(-1)) {
    const [next] = await storage.audit(shop, last, 1);
    if (next?.at !== last.at) break;
    lines.push(next);
  }
  return lines;
}

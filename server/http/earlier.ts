import { Hono, type Context } from 'hono';
import { ENTRIES_PER_FRAME } from '../protocol/limits.ts';
import type { EarlierConversation } from '../protocol/views.ts';
import type { Agent, ConversationLine } from '../storage/storage.ts';
import { signedIn, type SignedInOptions } from './signed-in.ts';

/** As many as somebody reads before they answer. */
const EARLIER_MAX = 30;

/** `/api/conversations/:id/earlier` and `/entries`: what a shopper wrote before, for signed-in agents of the shop alone. */
export function earlierRoutes(options: SignedInOptions): Hono {
  const { storage } = options;
  const app = new Hono();

  /** To another shop's agent it does not exist. */
  async function wanted(c: Context): Promise<{ agent: Agent; line: ConversationLine } | Response> {
    const agent = await signedIn(c, options);
    if (agent instanceof Response) return agent;
    const line = await storage.conversation(c.req.param('id') ?? '');
    return line?.shop === agent.shop ? { agent, line } : c.json({ reason: 'unknown' }, 404);
  }

  app.get('/:id/earlier', async (c) => {
    const found = await wanted(c);
    if (found instanceof Response) return found;
    const { shop, shopper, id, openedAt } = found.line;
    const lines = await storage.conversationsOfShopper(shop, shopper, EARLIER_MAX + 1);
    const earlier = lines.filter((line) => line.id !== id && line.openedAt <= openedAt).slice(0, EARLIER_MAX);
    return c.json({ conversations: earlier.map(earlierConversation) });
  });

  app.get('/:id/entries', async (c) => {
    const found = await wanted(c);
    if (found instanceof Response) return found;
    const after = Number(c.req.query('after') ?? 0);
    if (!Number.isSafeInteger(after)) return c.json({ reason: 'bad-frame' }, 400);
    const entries = await storage.entriesAfter(found.line.id, after, ENTRIES_PER_FRAME);
    return c.json({ entries });
  });

  return app;
}

function earlierConversation({ id, openedAt, agent, preview, rating }: ConversationLine): EarlierConversation {
  return { id, openedAt, agent, preview, rating: rating?.value ?? null };
}

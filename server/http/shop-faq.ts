import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import * as v from 'valibot';
import { FaqAnswer } from '../protocol/faq.ts';
import type { Faq } from '../rooms/faq.ts';
import type { Shop, Storage } from '../storage/storage.ts';
import { clientAddress } from './client-address.ts';
import { askingOrigin, isAllowed } from './origins.ts';
import type { ShopperTokens } from './shopper-token.ts';

const BODY_MAX = 1024;
/** Answers from one address in ten minutes: an office full of shoppers, not a machine. */
const ANSWERS_PER_ADDRESS = 200;
const TEN_MINUTES = 600;

export type ShopFaqOptions = {
  storage: Pick<Storage, 'shopByKey'>;
  faq: Faq;
  tokens: ShopperTokens;
  serviceOrigin: string;
  trustProxy: boolean;
};

/** `/api/shops/:key/faq`: what a shop's pages are given of it. Only what is published, and only on the shop's own origins. */
export function shopFaqRoutes({ storage, faq, tokens, serviceOrigin, trustProxy }: ShopFaqOptions): Hono {
  const app = new Hono();
  const limiter = new RateLimiterMemory({ points: ANSWERS_PER_ADDRESS, duration: TEN_MINUTES });

  async function shopFor(c: Context): Promise<Shop | Response> {
    const asking = askingOrigin(c.req.raw.headers, serviceOrigin);
    if (asking) c.header('Access-Control-Allow-Origin', asking);
    c.header('Vary', 'Origin');
    const shop = await storage.shopByKey(c.req.param('key') ?? '');
    if (!shop) return c.json({ reason: 'unknown-shop' }, 404);
    return isAllowed(shop, asking) ? shop : c.json({ reason: 'forbidden-origin' }, 403);
  }

  app.get('/:key/faq', async (c) => {
    c.header('Cache-Control', 'no-cache');
    const shop = await shopFor(c);
    if (shop instanceof Response) return shop;
    const { json, etag } = await faq.published(shop.id, c.req.query('locale') === 'es' ? 'es' : 'en');
    c.header('ETag', etag);
    if (c.req.header('if-none-match') === etag) return c.body(null, 304);
    return c.body(json, 200, { 'Content-Type': 'application/json' });
  });

  // A page of another origin asks first whether it may send JSON.
  app.options('/:key/faq/:article/answers', async (c) => {
    c.header('Access-Control-Allow-Methods', 'POST');
    c.header('Access-Control-Allow-Headers', 'Content-Type');
    const shop = await shopFor(c);
    return shop instanceof Response ? shop : c.body(null, 204);
  });

  app.post(
    '/:key/faq/:article/answers',
    bodyLimit({ maxSize: BODY_MAX, onError: (c) => c.json({ reason: 'too-large' }, 413) }),
    async (c) => {
      c.header('Cache-Control', 'no-store');
      const shop = await shopFor(c);
      if (shop instanceof Response) return shop;
      const parsed = v.safeParse(FaqAnswer, await c.req.json().catch(() => null));
      if (!parsed.success) return c.json({ reason: 'bad-frame' }, 400);
      const { token, locale, helped } = parsed.output;
      const shopper = tokens.verify(shop.id, token);
      if (!shopper) return c.json({ reason: 'not-yours' }, 403);
      const from = { forwarded: c.req.header('x-forwarded-for'), remote: getConnInfo(c).remote.address };
      const slowly = await limiter.consume(clientAddress(from, trustProxy)).then(
        () => true,
        () => false,
      );
      if (!slowly) return c.json({ reason: 'too-fast' }, 429);
      return c.json({
        counted: await faq.answer(shop.id, { article: c.req.param('article'), locale, shopper, helped }),
      });
    },
  );

  return app;
}

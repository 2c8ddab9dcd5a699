import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import * as v from 'valibot';
import type { Destination, Files, Uploader } from '../files/files.ts';
import type { Refusal } from '../protocol/refusals.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { ShopSettings } from '../rooms/shop-settings.ts';
import type { Agent, FileRecord } from '../storage/storage.ts';
import { clientAddress } from './client-address.ts';
import { attachment } from './content-disposition.ts';
import { askingOrigin, isAllowed } from './origins.ts';
import type { ShopperTokens } from './shopper-token.ts';
import { signedIn, type SignedInOptions } from './signed-in.ts';

const ANNOUNCEMENT_MAX = 8 * 1024;
/** From one network address in ten minutes, of shoppers: a shop's whole office may sit behind one. */
const UPLOADS_PER_ADDRESS = 120;
const MEGABYTES_PER_ADDRESS = 512;
const TEN_MINUTES = 600;
/** Browsers ask again whether a page may upload after so many seconds. */
const PREFLIGHT_SECONDS = 600;
/** Browsers of ours send half of it at once. */
const DRAINED_MAX = 8 * 1024 * 1024;
/** What a browser only ever draws. Anything else is bytes to be saved, whatever it is. */
const PICTURES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif']);

const STATUS = {
  'file-type': 415,
  'file-too-large': 413,
  'file-empty': 422,
  'file-false': 422,
  'file-gone': 404,
  'files-full': 507,
  'too-many': 429,
  'too-fast': 429,
} as const;

const Announcement = v.object({
  name: v.pipe(v.string(), v.maxLength(2_000)),
  type: v.pipe(v.string(), v.maxLength(200)),
  bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** An agent's only. */
  conversation: v.optional(v.pipe(v.string(), v.maxLength(64))),
});

export type FileRoutesOptions = SignedInOptions & {
  files: Files;
  settings: ShopSettings;
  rooms: Pick<Rooms, 'byId'>;
  tokens: ShopperTokens;
  trustProxy: boolean;
  newId: () => string;
};

/** Who asks, and what they may. */
type Visitor = {
  by: Uploader;
  destination(conversation: string | undefined): Promise<Destination | Refusal>;
  maySee(file: FileRecord): boolean;
  /** Null: never what was sent. */
  agent: Agent | null;
};

/** `/api/files`: for the shop's signed-in agents. */
export function agentFileRoutes(options: FileRoutesOptions): Hono {
  const { rooms } = options;
  return fileRoutes(options, async (c) => {
    const agent = await signedIn(c, options);
    if (agent instanceof Response) return agent;
    const { id, shop } = agent;
    return {
      by: { side: 'agent', shop, agent: id },
      agent,
      maySee: (file) => file.shop === shop && (file.seq !== null || file.uploader === id),
      async destination(conversation) {
        const room = conversation === undefined ? null : await rooms.byId(conversation);
        if (room?.shop !== shop) return 'no-conversation';
        if (room.status === 'closed') return 'closed';
        return room.view.agent?.id === id ? { shopper: room.shopper, conversation: room.id } : 'not-yours';
      },
    };
  });
}

/** `/api/shops/:key/files`: for the shop's pages, with the shopper's token as bearer. */
export function shopperFileRoutes(options: FileRoutesOptions): Hono {
  const { storage, tokens, serviceOrigin } = options;
  const app = new Hono();

  app.use(async (c, next) => {
    c.header('Vary', 'Origin');
    c.header('Cache-Control', 'no-store');
    const asking = askingOrigin(c.req.raw.headers, serviceOrigin);
    if (asking) c.header('Access-Control-Allow-Origin', asking);
    const shop = await storage.shopByKey(c.req.param('key') ?? '');
    if (!shop) return c.json({ reason: 'unknown-shop' }, 404);
    if (!isAllowed(shop, asking)) return c.json({ reason: 'forbidden-origin' }, 403);
    if (c.req.method !== 'OPTIONS') return await next();
    return c.body(null, 204, {
      'Access-Control-Allow-Methods': 'GET, POST, PATCH, DELETE',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, Upload-Offset',
      'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
    });
  });

  const routes = fileRoutes(options, async (c) => {
    const shop = await storage.shopByKey(c.req.param('key') ?? '');
    const token = /^Bearer (\S{1,200})$/.exec(c.req.header('authorization') ?? '')?.[1];
    const shopper = shop && token ? tokens.verify(shop.id, token) : null;
    if (!shop || shopper === null) return c.json({ reason: 'signed-out' }, 401);
    return {
      by: { side: 'shopper', shop: shop.id, shopper },
      agent: null,
      maySee: (file) =>
        file.shop === shop.id && file.shopper === shopper && (file.seq !== null || file.uploader === null),
      destination: async () => ({ shopper, conversation: null }),
    };
  });
  return app.route('/', routes);
}

/** An upload: POST announces it, PATCH brings bytes from `Upload-Offset` on, GET `…/upload` says how far it is. */
function fileRoutes(
  { files, settings, storage, rooms, now, newId, trustProxy }: FileRoutesOptions,
  visitorOf: (c: Context) => Promise<Visitor | Response>,
): Hono {
  const app = new Hono();
  const limiter = (points: number): RateLimiterMemory => new RateLimiterMemory({ points, duration: TEN_MINUTES });
  const uploads = limiter(UPLOADS_PER_ADDRESS);
  const megabytes = limiter(MEGABYTES_PER_ADDRESS);

  async function isTooFast(c: Context, bytes: number): Promise<boolean> {
    const from = { forwarded: c.req.header('x-forwarded-for'), remote: getConnInfo(c).remote.address };
    const address = clientAddress(from, trustProxy);
    const taken = [uploads.consume(address), megabytes.consume(address, Math.ceil(bytes / (1024 * 1024)))];
    return (await Promise.allSettled(taken)).some(({ status }) => status === 'rejected');
  }

  app.post(
    '/',
    bodyLimit({ maxSize: ANNOUNCEMENT_MAX, onError: (c) => c.json({ reason: 'too-large' }, 413) }),
    async (c) => {
      const visitor = await visitorOf(c);
      if (visitor instanceof Response) return visitor;
      const announced = v.safeParse(Announcement, await c.req.json().catch(() => null));
      if (!announced.success) return c.json({ reason: 'bad-frame' }, 400);
      const { conversation, ...file } = announced.output;
      const to = await visitor.destination(conversation);
      if (typeof to === 'string') return c.json({ reason: to }, to === 'no-conversation' ? 404 : 403);
      const setting = (await settings.of(visitor.by.shop)).uploads;
      if (!visitor.agent && (await isTooFast(c, Math.min(file.bytes, setting.bytesMax)))) {
        return c.json({ reason: 'too-fast' }, 429);
      }
      const begun = await files.begin(visitor.by, to, file, setting);
      return 'id' in begun ? c.json({ id: begun.id, offset: 0 }, 201) : c.json(begun, STATUS[begun.reason]);
    },
  );

  app.get('/:id/upload', async (c) => {
    const visitor = await visitorOf(c);
    if (visitor instanceof Response) return visitor;
    const progress = await files.progress(visitor.by, c.req.param('id'));
    return progress ? c.json(progress) : c.json({ reason: 'file-gone' }, 404);
  });

  app.patch('/:id/upload', async (c) => {
    const visitor = await visitorOf(c);
    if (visitor instanceof Response) return visitor;
    const offset = /^\d{1,15}$/.exec(c.req.header('upload-offset') ?? '')?.[0];
    if (offset === undefined) return c.json({ reason: 'bad-frame' }, 400);
    const { body } = c.req.raw;
    const appended = await files.append(visitor.by, c.req.param('id'), Number(offset), body);
    await drain(body);
    if ('expected' in appended) return c.json({ offset: appended.expected }, 409);
    return 'reason' in appended ? c.json(appended, STATUS[appended.reason]) : c.json(appended);
  });

  app.get('/:id', async (c) => {
    const visitor = await visitorOf(c);
    if (visitor instanceof Response) return visitor;
    const file = await files.find(c.req.param('id'));
    if (!file || !visitor.maySee(file)) return c.json({ reason: 'file-gone' }, 404);
    const headers = headersOf(file);
    if (c.req.header('if-none-match') === headers.ETag) return c.body(null, 304, headers);
    const whole = { ...headers, 'Content-Length': String(file.bytes) };
    // Nobody would read it, nor close it.
    if (c.req.method === 'HEAD') return c.body(null, 200, whole);
    const content = await files.read(file.id);
    return content ? c.body(content, 200, whole) : c.json({ reason: 'file-gone' }, 404);
  });

  /** Takes back an upload that was not sent; of what was sent, an agent deletes the content. */
  app.delete('/:id', async (c) => {
    const visitor = await visitorOf(c);
    if (visitor instanceof Response) return visitor;
    const id = c.req.param('id');
    if (await files.cancel(visitor.by, id)) return c.body(null, 204);
    const file = await files.find(id);
    if (!file || !visitor.maySee(file)) return c.json({ reason: 'file-gone' }, 404);
    if (!visitor.agent || file.conversation === null) return c.json({ reason: 'not-yours' }, 403);
    const room = await rooms.byId(file.conversation);
    const entitled = visitor.agent.role !== 'agent' || room?.view.agent?.id === visitor.agent.id;
    if (!entitled) return c.json({ reason: 'not-yours' }, 403);
    await files.erase(id);
    await erased(visitor.agent, file);
    room?.dispatch({ type: 'file-deleted', by: { side: 'agent', ...nameOf(visitor.agent) }, file: id });
    return c.body(null, 204);
  });

  async function erased(agent: Agent, { id, shop, conversation, type, bytes }: FileRecord): Promise<void> {
    const what = { action: 'file.deleted', subject: id, before: { conversation, type, bytes }, after: null };
    await storage.appendAudit({ id: newId(), shop, at: now(), by: nameOf(agent), ...what });
  }

  return app;
}

/** Who is still sending reads no answer: what is not wanted any more is let in, up to what an honest browser sends at once. */
async function drain(body: ReadableStream<Uint8Array> | null): Promise<void> {
  if (!body) return;
  const reader = body.getReader();
  let left = DRAINED_MAX;
  while (left > 0) {
    const next = await reader.read().catch(() => null);
    if (!next || next.done) return;
    left -= next.value.byteLength;
  }
  await reader.cancel().catch(() => {});
}

function nameOf({ id, name }: Agent): { id: string; name: string } {
  return { id, name };
}

/** What strangers send is data, whatever is in it: it runs nowhere, and is kept by a browser only for who may ask again. */
function headersOf({ name, type, sha256 }: FileRecord) {
  return {
    'Content-Type': PICTURES.has(type) ? type : 'application/octet-stream',
    'Content-Disposition': attachment(name),
    'Content-Security-Policy': `sandbox; default-src 'none'`,
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'private, no-cache',
    ETag: `"${sha256}"`,
  };
}

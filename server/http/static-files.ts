import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { Hono, type Context, type Handler } from 'hono';
import { getMimeType } from 'hono/utils/mime';

/** A file of the demo shop, made when the server starts. */
export type MadeFile = { body: string | Uint8Array; contentType: string };

const HASHED = /-[A-Za-z0-9_-]{8,}\.\w+$/;
const FOREVER = 'public, max-age=31536000, immutable';

/** One file; browsers ask each time whether it is still the same. */
export function file(path: string, headers: Record<string, string> = {}): Handler {
  return async (c) => await send(c, path, headers);
}

/** Files of a folder below a path; those with a hash in their name may be kept for ever. */
export function folder(dir: string, headers: Record<string, string> = {}): Hono {
  const app = new Hono();
  app.get('*', async (c) => {
    const asked = pathBelow(c);
    if (asked === null) return c.notFound();
    const below = asked === '' ? '' : normalize(asked).replace(/^\/+/, '');
    if (below.startsWith('..') || below.includes('\0') || below.split('/').some((part) => part.startsWith('.'))) {
      return c.notFound();
    }
    return await send(c, join(dir, below === '' || below.endsWith('/') ? `${below}index.html` : below), headers);
  });
  return app;
}

/** What follows the route's own part of the path; null where its escapes are none. */
function pathBelow(c: Context): string | null {
  try {
    return decodeURIComponent(c.req.path.slice(c.req.routePath.length - 1));
  } catch {
    return null;
  }
}

async function send(c: Context, path: string, headers: Record<string, string>): Promise<Response> {
  const body = await readFile(path).catch(() => null);
  if (!body) return await c.notFound();
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  const type = getMimeType(path) ?? 'application/octet-stream';
  const caching = { 'Cache-Control': HASHED.test(path) ? FOREVER : 'no-cache', ETag: tag };
  if (c.req.header('if-none-match') === tag) return c.body(null, 304, { ...headers, ...caching });
  return c.body(body, 200, { ...headers, ...caching, 'Content-Type': type });
}

/** Files that are held in memory; `x` and `x/` find `x/index.html`. */
export function made(files: ReadonlyMap<string, MadeFile>, headers: Record<string, string>): Hono {
  const app = new Hono();
  app.get('*', (c) => {
    const below = pathBelow(c)?.replace(/^\/+/, '');
    if (below === undefined) return c.notFound();
    const name = below === '' || below.endsWith('/') ? `${below}index.html` : below;
    const file = files.get(name);
    if (!file) return c.notFound();
    const body = typeof file.body === 'string' ? file.body : Uint8Array.from(file.body);
    return c.body(body, 200, { ...headers, 'Content-Type': file.contentType, 'Cache-Control': 'no-cache' });
  });
  return app;
}

import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { Hono, type Context } from 'hono';
import type { FileOf, RecordedFile, Recordings } from '../recordings/recordings.ts';
import type { Agent } from '../storage/storage.ts';
import { signedIn, type SignedInOptions } from './signed-in.ts';

export type RecordingRoutesOptions = SignedInOptions & { recordings: Recordings };

const NAMED = ['sound', 'whole', 'page', 'page-index'] as const;

/** `/api/conversations/:conversation/recordings/:id`: for signed-in agents of the shop alone. */
export function recordingRoutes({ recordings, ...options }: RecordingRoutesOptions): Hono {
  const app = new Hono();

  /** To another shop's agent it does not exist. */
  async function allowed(c: Context): Promise<{ agent: Agent; id: string } | Response> {
    const agent = await signedIn(c, options);
    if (agent instanceof Response) return agent;
    const found = await recordings.find(c.req.param('id') ?? '');
    const mine = found?.record.shop === agent.shop;
    if (!mine || found.record.conversation !== c.req.param('conversation')) return c.json({ reason: 'unknown' }, 404);
    return { agent, id: found.record.id };
  }

  app.get('/:conversation/recordings/:id', async (c) => {
    const visitor = await allowed(c);
    if (visitor instanceof Response) return visitor;
    const found = await recordings.find(visitor.id);
    if (!found) return c.json({ reason: 'unknown' }, 404);
    const { status, expiresAt, startedAt } = found.record;
    if (!found.contents) return c.json({ status, expiresAt });
    const { seconds, bytes, tracks, silences, of } = found.contents;
    const shown = tracks.map(({ n, person, kind, at, seconds: length }) => ({ n, person, kind, at, seconds: length }));
    return c.json({ status, expiresAt, startedAt, seconds, bytes, tracks: shown, silences, of });
  });

  // In brackets: one of Hono's routers puts its anchors around the whole.
  app.get('/:conversation/recordings/:id/:file{(?:sound|whole|page-index|page|[0-9]{1,5})}', async (c) => {
    const visitor = await allowed(c);
    if (visitor instanceof Response) return visitor;
    const wanted = c.req.param('file');
    const of: FileOf = NAMED.find((name) => name === wanted) ?? Number(wanted);
    const file = await recordings.file(visitor.id, of);
    return file ? send(c, file, wanted === 'whole') : c.json({ reason: 'unknown' }, 404);
  });

  app.delete('/:conversation/recordings/:id', async (c) => {
    const visitor = await allowed(c);
    if (visitor instanceof Response) return visitor;
    const conversation = await options.storage.conversation(c.req.param('conversation'));
    const entitled = visitor.agent.role !== 'agent' || conversation?.agent?.id === visitor.agent.id;
    if (!entitled) return c.json({ reason: 'not-yours' }, 403);
    await recordings.erase(visitor.id);
    const { id, name, shop } = visitor.agent;
    const change = {
      action: 'recording.deleted',
      subject: visitor.id,
      before: { conversation: conversation?.id ?? null },
    };
    const line = { id: randomUUID(), shop, at: options.now(), by: { id, name }, ...change, after: null };
    await options.storage.appendAudit(line);
    return c.body(null, 204);
  });

  return app;
}

/** A file, or the part of it that a player asks for (RFC 9110, 14.2: one range; others get the whole). */
function send(c: Context, { path, bytes, mimeType, name }: RecordedFile, download: boolean): Response {
  const range = rangeOf(c.req.header('range'), bytes);
  if (range === 'outside') return c.body(null, 416, { 'Content-Range': `bytes */${bytes}` });
  const { from, to } = range ?? { from: 0, to: bytes - 1 };
  const headers = {
    'Content-Type': mimeType,
    'Content-Length': String(to - from + 1),
    'Accept-Ranges': 'bytes',
    // What shoppers said and showed is data, whatever is in it.
    'Content-Security-Policy': `sandbox; default-src 'none'`,
    'Content-Disposition': `${download ? 'attachment' : 'inline'}; filename="${name}"`,
    'Cross-Origin-Resource-Policy': 'same-origin',
    ...(range && { 'Content-Range': `bytes ${from}-${to}/${bytes}` }),
  };
  if (c.req.method === 'HEAD') return c.body(null, range ? 206 : 200, headers);
  const body = Readable.toWeb(createReadStream(path, { start: from, end: to })) as ReadableStream;
  return c.body(body, range ? 206 : 200, headers);
}

function rangeOf(header: string | undefined, bytes: number): { from: number; to: number } | 'outside' | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const to = first === '' || last === '' ? bytes - 1 : Math.min(bytes - 1, Number(last));
  return from > to ? 'outside' : { from, to };
}

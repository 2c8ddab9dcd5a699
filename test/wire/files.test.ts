import { randomUUID } from 'node:crypto';
import { globSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileView } from '../../server/protocol/file.ts';
import { DEFAULT_SETTINGS } from '../../server/protocol/settings.ts';
import { HTML, png, SVG, ZIP } from '../files/samples.ts';
import type { TestServer } from '../support/server.ts';
import { settle } from '../support/settle.ts';
import { startWithTeam, type Credentials } from '../support/team.ts';
import { agentWire, shopperWire, signIn, type Wire } from '../support/wire.ts';

let server: TestServer;
let as: Record<string, Credentials>;
let ana: Asker;
let luis: Asker;
let zoe: Asker;
let desk: Wire;
beforeAll(async () => {
  ({ server, as } = await startWithTeam([{ name: 'Luis' }, { name: 'Zoe', shop: 'elsewhere' }]));
  const agent = async (cookie: string): Promise<Asker> => ({ path: '/api/files', headers: { cookie } });
  ana = await agent(await signIn(server));
  luis = await agent(await signIn(server, as['Luis']?.email, as['Luis']?.password));
  zoe = await agent(await signIn(server, as['Zoe']?.email, as['Zoe']?.password));
  ({ wire: desk } = await agentWire(server, ana.headers['cookie'] ?? ''));
});
afterAll(async () => await server.remove());

/** Who asks: by which address, and how they prove who they are. */
type Asker = { path: string; headers: Record<string, string> };
type Answer = {
  status: number;
  body: { id: string; offset: number; reason: string; bytesMax: number; file: FileView };
  headers: Headers;
};

async function ask(
  who: Asker,
  method: string,
  path: string,
  body?: object | Buffer,
  more: Record<string, string> = {},
): Promise<Answer> {
  const json = body && !Buffer.isBuffer(body);
  const response = await fetch(`${server.origin}${who.path}${path}`, {
    method,
    headers: {
      Origin: server.origin,
      ...(json ? { 'Content-Type': 'application/json' } : {}),
      ...who.headers,
      ...more,
    },
    ...(body ? { body: json ? JSON.stringify(body) : (body as Buffer<ArrayBuffer>) } : {}),
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text, headers: response.headers };
}

type Shopper = Asker & { wire: Wire; token: string };

async function aShopper(token?: string): Promise<Shopper> {
  const { wire, welcome } = await shopperWire(server, token ? { token } : {});
  return {
    wire,
    token: welcome.token,
    path: '/api/shops/demo/files',
    headers: { Authorization: `Bearer ${welcome.token}` },
  };
}

/** A shopper whose conversation Ana has taken. */
async function served(): Promise<{ shopper: Shopper; conversation: string }> {
  const shopper = await aShopper();
  shopper.wire.send({ type: 'message.send', id: randomUUID(), text: 'hello' });
  const { conversation } = await shopper.wire.frame('message.ack');
  desk.send({ type: 'conversation.accept', conversation });
  await shopper.wire.frame('conversation.state', (frame) => frame.conversation.status === 'active');
  return { shopper, conversation };
}

const announce = async (who: Asker, bytes: number, more: object = {}): Promise<Answer> =>
  await ask(who, 'POST', '', { name: 'a.png', type: 'image/png', bytes, ...more });
const patch = async (who: Asker, id: string, offset: number, body: Buffer): Promise<Answer> =>
  await ask(who, 'PATCH', `/${id}/upload`, body, { 'Upload-Offset': String(offset) });

async function uploaded(who: Asker, content: Buffer, more: object = {}): Promise<Answer> {
  const { body } = await announce(who, content.length, more);
  return await patch(who, body.id, 0, content);
}

/** What became of a message: `ok` or why it was refused. */
async function outcome(
  wire: Wire,
  frame: { file: string; conversation?: string; id?: string; text?: string },
): Promise<string> {
  const id = frame.id ?? randomUUID();
  wire.send({ type: 'message.send', text: '', ...frame, id });
  return await wire.until(() => {
    const answer = wire.frames.findLast((other) => 'id' in other && other.id === id);
    return answer?.type === 'refused' ? answer.reason : answer?.type === 'message.ack' ? 'ok' : null;
  });
}

/** Begins to send, and is cut off after `bytes`, once the server has them. */
async function cutOff(who: Asker, id: string, content: Buffer, bytes: number): Promise<void> {
  const { hostname, port } = new URL(server.origin);
  const headers = { Origin: server.origin, ...who.headers, 'Upload-Offset': '0', 'Content-Length': content.length };
  const sending = request({ hostname, port, method: 'PATCH', path: `${who.path}/${id}/upload`, headers });
  sending.on('error', () => {});
  sending.write(content.subarray(0, bytes));
  await expect.poll(async () => (await ask(who, 'GET', `/${id}/upload`)).body.offset).toBe(bytes);
  await new Promise((resolve) => sending.once('close', resolve).destroy());
}

const contents = (): string[] => globSync('files/*/*', { cwd: server.dataDir });

describe('promise 23: files in a conversation', () => {
  it('go both ways with a message, are its people’s alone, and run nowhere', async () => {
    const { shopper, conversation } = await served();
    const picture = png(64, 48);
    const { file } = (await uploaded(shopper, picture, { name: '../../Ñandú "1".png' })).body;
    expect(file).toMatchObject({ name: 'Ñandú _1_.png', width: 64, height: 48, bytes: picture.length });
    expect(await outcome(shopper.wire, { file: file.id })).toBe('ok');
    const { summary } = await desk.frame('conversation.summary', (frame) => frame.summary.preview?.file !== undefined);
    expect(summary.preview).toEqual({ side: 'shopper', text: '', file: file.name });
    const own = (await uploaded(ana, Buffer.from('a;b'), { name: 'x.csv', type: 'text/csv', conversation })).body.file;
    expect(await outcome(desk, { file: own.id, conversation, text: 'Here it is' })).toBe('ok');
    const { entries } = await shopper.wire.frame('conversation.entries', (frame) =>
      frame.entries.some((entry) => entry.type === 'message' && entry.file?.id === own.id),
    );
    expect(entries).toMatchObject([{ text: 'Here it is', file: { name: 'x.csv', type: 'text/csv', bytes: 3 } }]);

    const answer = await fetch(`${server.origin}${shopper.path}/${file.id}`, {
      headers: { ...shopper.headers, Origin: server.origin },
    });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(picture);
    const header = (name: string) => answer.headers.get(name);
    expect(header('content-disposition')).toBe(
      `attachment; filename="_and_ _1_.png"; filename*=UTF-8''%C3%91and%C3%BA%20_1_.png`,
    );
    expect(header('content-security-policy')).toBe(`sandbox; default-src 'none'`);
    expect(header('x-content-type-options')).toBe('nosniff');
    expect(header('content-type')).toBe('image/png');
    expect(header('cache-control')).toBe('private, no-cache');
    const unchanged = await ask(ana, 'GET', `/${file.id}`, undefined, { 'If-None-Match': header('etag') ?? '' });
    expect(unchanged.status).toBe(304);
    const table = await ask(shopper, 'GET', `/${own.id}`);
    expect(table).toMatchObject({ status: 200, body: 'a;b' });
    expect(table.headers.get('content-type')).toBe('application/octet-stream');

    for (const [who, status] of [
      [ana, 200],
      [luis, 200],
      [zoe, 404],
      [await aShopper(), 404],
      [{ ...shopper, headers: {} }, 401],
      [{ ...shopper, headers: { Authorization: `Bearer ${shopper.token}x` } }, 401],
      [{ ...ana, headers: {} }, 401],
      [{ ...shopper, path: '/api/shops/elsewhere/files' }, 403],
      [{ ...shopper, path: '/api/shops/nobody/files' }, 404],
    ] as const) {
      expect((await ask(who, 'GET', `/${file.id}`)).status).toBe(status);
    }
    expect((await ask(shopper, 'GET', `/${file.id}`, undefined, { Origin: 'https://evil.example' })).status).toBe(403);
    expect((await ask(shopper, 'GET', '/..%2f..%2fmostrador.sqlite')).status).toBe(404);
  });

  it('may be the first message; one goes with one message, of whoever brought it, where it belongs', async () => {
    const shopper = await aShopper();
    const { id } = (await uploaded(shopper, png(2, 2))).body.file;
    const other = await served();
    expect(await outcome(other.shopper.wire, { file: id })).toBe('file-gone');
    expect(await outcome(desk, { file: id, conversation: other.conversation })).toBe('file-gone');
    expect((await ask(ana, 'GET', `/${id}`)).status).toBe(404);
    const message = randomUUID();
    expect(await outcome(shopper.wire, { file: id, id: message })).toBe('ok');
    expect(await outcome(shopper.wire, { file: id })).toBe('file-gone');
    // The acknowledgement was lost: the same message again.
    const again = await aShopper(shopper.token);
    expect(await outcome(again.wire, { file: id, id: message })).toBe('ok');
    expect(await outcome(shopper.wire, { file: randomUUID() })).toBe('file-gone');

    const mine = await served();
    const own = (await uploaded(ana, png(2, 2), { conversation: mine.conversation })).body.file;
    expect(await outcome(desk, { file: own.id, conversation: other.conversation })).toBe('file-gone');
    expect(await announce(luis, 9, { conversation: mine.conversation })).toMatchObject({ status: 403 });
    expect(await announce(zoe, 9, { conversation: mine.conversation })).toMatchObject({ status: 404 });
    expect(await announce(ana, 9)).toMatchObject({ status: 404, body: { reason: 'no-conversation' } });
    expect((await patch(luis, own.id, 0, png(2, 2))).status).toBe(404);
  });

  it('what is wrong is refused in words, and nothing of it stays', async () => {
    const shopper = await aShopper();
    const before = contents();
    const refused = async (answer: Promise<Answer>) => {
      const { status, body } = await answer;
      return [status, body.reason];
    };
    expect(await refused(announce(shopper, 1024 ** 3))).toEqual([413, 'file-too-large']);
    expect((await announce(shopper, 1024 ** 3)).body.bytesMax).toBe(20 * 1024 * 1024);
    expect(await refused(announce(shopper, 9, { type: 'text/html', name: 'a.html' }))).toEqual([415, 'file-type']);
    expect(await refused(announce(shopper, 0))).toEqual([422, 'file-empty']);
    for (const bytes of [-1, 1.5, null, '9', 1e300])
      expect((await announce(shopper, bytes as number)).status).toBe(400);
    expect((await announce(shopper, 9, { name: 'x'.repeat(100_000) })).status).toBe(413);
    expect(await refused(uploaded(shopper, ZIP))).toEqual([422, 'file-false']);
    expect(await refused(uploaded(shopper, HTML, { name: 'a.jpg', type: 'image/jpeg' }))).toEqual([422, 'file-false']);
    const { id } = (await announce(shopper, 100)).body;
    for (const offset of ['', '-1', 'x', '1e3.5']) {
      const strange = await ask(shopper, 'PATCH', `/${id}/upload`, Buffer.alloc(9), { 'Upload-Offset': offset });
      expect([offset, strange.status]).toEqual([offset, 400]);
    }
    expect(await patch(shopper, id, 7, Buffer.alloc(9))).toMatchObject({ status: 409, body: { offset: 0 } });
    expect(await refused(patch(shopper, id, 0, Buffer.alloc(2_000_000)))).toEqual([413, 'file-too-large']);
    const foreign = await ask(
      shopper,
      'POST',
      '',
      { name: 'a', type: '', bytes: 1 },
      { Origin: 'https://evil.example' },
    );
    expect(foreign.status).toBe(403);
    expect(
      (await ask(ana, 'POST', '', { name: 'a', type: '', bytes: 1 }, { Origin: 'https://evil.example' })).status,
    ).toBe(403);
    expect(contents()).toEqual(before);
  });

  it('a shop’s pages may upload by CORS, other pages may not', async () => {
    const preflight = async (origin: string) =>
      await fetch(`${server.origin}/api/shops/demo/files`, {
        method: 'OPTIONS',
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'PATCH',
          'Access-Control-Request-Headers': 'authorization',
        },
      });
    const allowed = await preflight(server.origin);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(server.origin);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('Authorization');
    expect((await preflight('https://evil.example')).status).toBe(403);
  });

  it.each([
    ['image/svg+xml', 'a.svg', SVG],
    ['text/html', 'a.html', HTML],
    ['application/xhtml+xml', 'a.xhtml', Buffer.from('<html xmlns="http://www.w3.org/1999/xhtml"/>')],
    ['text/xml', 'a.xml', Buffer.from('<?xml-stylesheet href="a.xsl"?><a/>')],
    ['text/javascript', 'a.js', Buffer.from('alert(1)')],
  ])('%s, where the shop takes it, is bytes to be saved, for whoever gets it', async (type, name, content) => {
    const { uploads } = DEFAULT_SETTINGS;
    await settle(server, ana.headers['cookie'] ?? '', 'uploads', { ...uploads, types: [...uploads.types, type] });
    const { shopper } = await served();
    const { id } = (await uploaded(shopper, content, { name, type })).body.file;
    expect(await outcome(shopper.wire, { file: id })).toBe('ok');
    const etag = (await ask(ana, 'GET', `/${id}`)).headers.get('etag') ?? '';
    for (const who of [shopper, ana]) {
      const answers = [
        await ask(who, 'GET', `/${id}`),
        await ask(who, 'HEAD', `/${id}`),
        await ask(who, 'GET', `/${id}`, undefined, { 'If-None-Match': etag }),
        // As a page asks for what it would run.
        await ask(who, 'GET', `/${id}`, undefined, { Accept: type, 'Sec-Fetch-Dest': 'script' }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 304, 200]);
      for (const { headers } of answers) {
        expect(headers.get('content-type')).toBe('application/octet-stream');
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('content-disposition')).toBe(`attachment; filename="${name}"; filename*=UTF-8''${name}`);
        expect(headers.get('content-security-policy')).toBe(`sandbox; default-src 'none'`);
        expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      }
      expect(answers[0]?.body).toBe(content.toString());
    }
  });

  it('an agent deletes what was sent: the message stays, its file is gone, the audit knows', async () => {
    const { shopper, conversation } = await served();
    const { id } = (await uploaded(shopper, png(2, 2))).body.file;
    await outcome(shopper.wire, { file: id });
    const erase = async (who: Asker, headers: Record<string, string> = {}) =>
      (await ask(who, 'DELETE', `/${id}`, undefined, headers)).status;
    expect(await erase(shopper)).toBe(403);
    expect(await erase(luis)).toBe(403);
    expect(await erase(zoe)).toBe(404);
    expect(await erase(ana, { Origin: 'https://evil.example' })).toBe(403);
    expect(await erase(ana)).toBe(204);
    const { entries } = await shopper.wire.frame('conversation.entries', (frame) =>
      frame.entries.some(({ type }) => type === 'file-deleted'),
    );
    expect(entries).toMatchObject([{ file: id, by: { side: 'agent', name: 'Ana' } }]);
    for (const who of [ana, shopper]) expect((await ask(who, 'GET', `/${id}`)).status).toBe(404);
    expect(await erase(ana)).toBe(404);
    expect(contents().filter((path) => path.endsWith(id))).toEqual([]);
    const { lines } = (await ask({ ...ana, path: '/api/settings' }, 'GET', '/audit')).body as unknown as {
      lines: { action: string; subject: string; before: object }[];
    };
    expect(lines.filter(({ subject }) => subject === id)).toMatchObject([
      { action: 'file.deleted', before: { conversation, type: 'image/png' } },
    ]);
  });

  it('goes on after a cut connection and after a kill -9 in the middle, and what is given up leaves nothing', async () => {
    const shopper = await aShopper();
    const picture = png(400, 300);
    const { id } = (await announce(shopper, picture.length)).body;
    await cutOff(shopper, id, picture, 200);
    expect(await ask(shopper, 'GET', `/${id}/upload`)).toMatchObject({ status: 200, body: { offset: 200 } });
    const given = (await announce(shopper, 5_000)).body.id;
    await cutOff(shopper, given, Buffer.alloc(5_000), 300);
    const done = (await uploaded(shopper, png(3, 3))).body.file.id;
    await server.kill();
    server = await server.restart();
    const here = await aShopper(shopper.token);
    const { body } = await patch(here, id, 200, picture.subarray(200));
    expect(body.file).toMatchObject({ width: 400, bytes: picture.length });
    expect(await outcome(here.wire, { file: id })).toBe('ok');
    expect(await outcome(here.wire, { file: done })).toBe('ok');
    expect((await ask(here, 'DELETE', `/${given}`)).status).toBe(204);
    expect(contents().filter((path) => path.startsWith('files/parts/'))).toEqual([]);
  });
});

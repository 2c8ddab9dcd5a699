import { randomUUID } from 'node:crypto';
import { globSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCobrowseFrame } from '../../server/protocol/cobrowse-frame.ts';
import type { ReportView } from '../../server/protocol/report.ts';
import { startSmtp, type SmtpHouse } from '../support/mail/smtp-house.ts';
import type { TestServer } from '../support/server.ts';
import { startWithTeam, type Credentials } from '../support/team.ts';
import { agentWire, shopperWire, signIn, type Wire } from '../support/wire.ts';

/** What the shopper who is to be erased writes; nobody else does. */
const WORD = 'quetzalvase';
let smtp: SmtpHouse;
let server: TestServer;
let as: Record<string, Credentials>;
let admin: string;
let agent: string;
beforeAll(async () => {
  smtp = await startSmtp();
  const env = { SMTP_URL: smtp.url, MAIL_FROM: 'help@shop.example', FFMPEG_BIN: '/nowhere/ffmpeg' };
  const team = [{ name: 'Luis' }, { name: 'Zoe', role: 'admin' as const, shop: 'elsewhere' }];
  ({ server, as } = await startWithTeam(team, env));
  admin = await signIn(server);
  agent = await signIn(server, as['Luis']?.email, as['Luis']?.password);
});
afterAll(async () => {
  await server?.remove();
  await smtp?.close();
});

const ask = async (cookie: string, method: string, path: string): Promise<Response> =>
  await fetch(`${server.origin}/api/${path}`, { method, headers: { cookie, origin: server.origin } });

async function say(wire: Wire, text: string, more: object = {}): Promise<string> {
  const id = randomUUID();
  wire.send({ type: 'message.send', id, text, ...more });
  return (await wire.frame('message.ack', (ack) => ack.id === id)).conversation;
}

async function upload(token: string, text: string): Promise<string> {
  const headers = { Origin: server.origin, Authorization: `Bearer ${token}` };
  const door = `${server.origin}/api/shops/demo/files`;
  const body = JSON.stringify({ name: `${WORD}.txt`, type: 'text/plain', bytes: Buffer.byteLength(text) });
  const announced = await fetch(door, {
    method: 'POST',
    headers: {
      ...headers,
      'Content-Type': 'application/json',
    },
    body,
  });
  const { id } = (await announced.json()) as { id: string };
  const sent = await fetch(`${door}/${id}/upload`, {
    method: 'PATCH',
    headers: {
      ...headers,
      'Upload-Offset': '0',
    },
    body: text,
  });
  expect(sent.ok).toBe(true);
  return id;
}

/** Files of the data folder in which the word stands. */
const traces = (): string[] =>
  globSync('**/*', { cwd: server.dataDir, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path, 'latin1').toLowerCase().includes(WORD));

/** Somebody in two conversations: one is closed and said how it was, one is a ticket that is looked at and recorded. */
async function somebody(ana: Wire): Promise<{ shopper: Wire; token: string; conversations: string[] }> {
  const { wire: shopper, welcome } = await shopperWire(server);
  const { token } = welcome;
  const first = await say(shopper, `Do you have a ${WORD}?`);
  ana.send({ type: 'conversation.accept', conversation: first });
  await shopper.frame('conversation.state', (state) => state.conversation.agent !== null);
  ana.send({ type: 'conversation.close', conversation: first });
  await shopper.frame('conversation.state', (state) => state.conversation.status === 'closed');
  shopper.send({ type: 'conversation.rate', conversation: first, rating: 5, comment: WORD });
  await shopper.frame('conversation.state', (state) => state.conversation.rating === 5);

  const file = await upload(token, `The ${WORD} of my mother`);
  const second = await say(shopper, '', { file, ticket: { email: `${WORD}@home.example`, name: WORD } });
  await upload(token, `Not sent: ${WORD}`);
  await smtp.mail(({ to }) => to?.[0]?.address === `${WORD}@home.example`);
  ana.send({ type: 'conversation.accept', conversation: second });
  await shopper.frame('conversation.state', ({ conversation: view }) => view.id === second && view.agent !== null);
  ana.send({ type: 'note.send', id: randomUUID(), conversation: second, text: `Wants a ${WORD}` });
  shopper.send({ type: 'cobrowse.answer', conversation: second, yes: true });
  await shopper.frame('conversation.state', (state) => state.conversation.cobrowse.status === 'on');
  ana.send({ type: 'recording.ask', conversation: second });
  await shopper.frame('conversation.state', (state) => state.conversation.recording.status === 'asked');
  shopper.send({ type: 'recording.answer', conversation: second, yes: true });
  await expect.poll(() => globSync('recordings/*/*/page.frames', { cwd: server.dataDir })).toHaveLength(1);
  const page = [
    { type: 4, data: { href: `https://shop.example/${WORD}`, width: 1000, height: 700, scrollbar: 0 } },
    { type: 2, data: { node: { type: 0, id: 1, childNodes: [] }, initialOffset: { left: 0, top: 0 } } },
  ];
  const payload = new TextEncoder().encode(JSON.stringify(page));
  const header = { kind: 'snapshot', encoding: 'json', channel: 0, epoch: 5, seq: 1 } as const;
  shopper.sendRaw(encodeCobrowseFrame(header, payload));
  await shopper.frame('cobrowse.ack', ({ seq }) => seq === 1);
  return { shopper, token, conversations: [first, second] };
}

async function figures(): Promise<ReportView> {
  const day = new Date().toISOString().slice(0, 10);
  return (await (await ask(admin, 'GET', `reports?from=${day}&to=${day}`)).json()) as ReportView;
}

describe('promise 28: a shopper can be erased', () => {
  it('everywhere, from conversations to recordings that still run; figures of nobody stay, and who wanted it', async () => {
    const { wire: ana } = await agentWire(server, admin);
    const { wire: other } = await shopperWire(server);
    const others = await say(other, 'Do you have a teapot?');
    const { shopper, token, conversations } = await somebody(ana);
    const [first = '', second = ''] = conversations;
    const before = await figures();
    expect(traces().length).toBeGreaterThan(2);

    expect((await ask(agent, 'DELETE', `conversations/${first}/shopper`)).status).toBe(403);
    const zoe = await signIn(server, as['Zoe']?.email, as['Zoe']?.password);
    expect((await ask(zoe, 'DELETE', `conversations/${first}/shopper`)).status).toBe(404);
    const counted = await (await ask(admin, 'GET', `conversations/${first}/shopper`)).json();
    expect(counted).toEqual({ conversations: 2, files: 2, recordings: 1, mails: 1 });
    expect((await ask(admin, 'DELETE', `conversations/${first}/shopper`)).status).toBe(204);

    expect(traces()).toEqual([]);
    expect(globSync('files/*/*', { cwd: server.dataDir })).toEqual([]);
    expect(globSync('recordings/*/*', { cwd: server.dataDir })).toEqual([]);
    for (const path of [`conversations/${first}/entries`, `conversations/${second}/shopper`]) {
      expect((await ask(admin, 'GET', path)).status).toBe(404);
    }
    expect(await (await ask(admin, 'GET', `search?q=${WORD}`)).json()).toEqual({ hits: [], more: false });
    expect((await figures()).total).toEqual(before.total);
    const { lines } = (await (await ask(admin, 'GET', 'settings/audit')).json()) as { lines: object[] };
    expect(lines[0]).toMatchObject({ action: 'shopper.erased', by: { name: 'Ana' }, before: counted, after: null });

    // Everybody who had something of it before their eyes is told.
    for (const conversation of conversations) {
      await ana.frame('conversation.erased', (frame) => frame.conversation === conversation);
      await shopper.frame('conversation.erased', (frame) => frame.conversation === conversation);
    }
    const last = ana.frames.findLast((frame) => frame.type === 'conversation.summary' && frame.summary.id === second);
    expect(last).toMatchObject({ summary: { status: 'closed', preview: null, ticket: null, note: null } });
    expect(await shopper.closed).toBe(4003);
    const { wire: back, welcome } = await shopperWire(server, { token });
    expect(welcome.conversation).toBeNull();
    // Whoever writes again begins anew, and others are as they were.
    expect(conversations).not.toContain(await say(back, 'Good morning'));
    expect((await shopperWire(server)).welcome.conversation).toBeNull();
    expect(await say(other, 'And cups?')).toBe(others);
    expect((await ask(admin, 'GET', `conversations/${others}/entries`)).status).toBe(200);
    for (const wire of [ana, other, back]) wire.close();
  });

  it('a kill -9 in the middle of it: the rest goes with the next start', async () => {
    const { wire: ana } = await agentWire(server, admin);
    const { shopper, token, conversations } = await somebody(ana);
    for (let more = 0; more < 12; more++) await say(shopper, '', { file: await upload(token, `${more} ${WORD}`) });
    const files = globSync('files/??', { cwd: server.dataDir }).map((name) => join(server.dataDir, name));
    const gone = new Promise<void>((resolve) => {
      for (const folder of files) watch(folder, { persistent: false }, () => resolve());
    });
    const erasing = ask(admin, 'DELETE', `conversations/${conversations[0]}/shopper`).catch(() => null);
    await gone;
    await server.kill();
    await erasing;
    const { email, password } = server;
    server = { ...(await server.restart()), email, password };
    expect(traces()).toEqual([]);
    expect((await ask(admin, 'GET', `conversations/${conversations[1]}/shopper`)).status).toBe(404);
    expect((await shopperWire(server, { token })).welcome.conversation).toBeNull();
  });
});

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../server/http/password.ts';
import type { ReportView, TicketAgesView } from '../../server/protocol/report.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../server/protocol/settings.ts';
import { openPostgres } from '../../server/storage/postgres.ts';
import type { AuditLine, SearchHit } from '../../server/storage/storage.ts';
import { aShop, anAgent } from '../storage/samples.ts';
import { databaseOn, startPostgres, type PostgresServer } from '../support/postgres.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { agentWire, shopperWire, signIn, type Wire } from '../support/wire.ts';

let postgres: PostgresServer;
let server: TestServer;
let admin: string;
let stranger: string;
const open: Wire[] = [];
beforeAll(async () => {
  postgres = await startPostgres();
  const url = await databaseOn(postgres.url, 'service');
  const zoe = { email: 'zoe@elsewhere.example', password: 'a shop of the tests' };
  const storage = await openPostgres({ url });
  const elsewhere = aShop();
  await storage.saveShop(elsewhere);
  const passwordHash = await hashPassword(zoe.password);
  await storage.saveAgent(anAgent(elsewhere.id, { email: zoe.email, role: 'admin', passwordHash }));
  await storage.close();
  server = await startServer({ DATABASE_URL: url });
  admin = await signIn(server);
  stranger = await signIn(server, zoe.email, zoe.password);
});
afterAll(async () => {
  for (const wire of open) wire.close();
  await server?.remove();
  await postgres?.remove();
});

type Shopper = { wire: Wire; token: string };

async function shopper(token?: string): Promise<Shopper> {
  const { wire, welcome } = await shopperWire(server, token ? { token } : {});
  open.push(wire);
  return { wire, token: welcome.token };
}

async function desk(): Promise<Wire> {
  const { wire } = await agentWire(server, admin);
  open.push(wire);
  return wire;
}

/** Writes, and says in which conversation, once it is acknowledged. */
async function write(wire: Wire, text: string, more: object = {}): Promise<string> {
  const id = randomUUID();
  wire.send({ type: 'message.send', id, text, ...more });
  return (await wire.frame('message.ack', (ack) => ack.id === id)).conversation;
}

const textsOf = (wire: Wire): string[] =>
  wire.frames
    .flatMap((frame) => (frame.type === 'conversation.entries' ? frame.entries : []))
    .flatMap((entry) => (entry.type === 'message' ? [entry.text] : []));

const ask = async (cookie: string, path: string, body?: object): Promise<Response> =>
  await fetch(`${server.origin}/api/${path}`, {
    headers: { cookie, Origin: server.origin, 'Content-Type': 'application/json' },
    ...(body && { method: 'PUT', body: JSON.stringify(body) }),
  });
const read = async <Body>(cookie: string, path: string): Promise<Body> =>
  (await (await ask(cookie, path)).json()) as Body;

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const AROUND = `from=${day(-1)}&to=${day(1)}`;

describe('promises 7 and 26: the whole service on a PostgreSQL', () => {
  it('a chat goes both ways, is rated, and is all there after a kill -9', async () => {
    const { wire, token } = await shopper();
    const conversation = await write(wire, 'Der Lámpara-Schirm ist 日本 \u0000 gerissen');
    const agent = await desk();
    agent.send({ type: 'conversation.accept', conversation });
    await write(agent, 'We send a new lámpara', { conversation });
    const note = randomUUID();
    agent.send({ type: 'note.send', id: note, conversation, text: 'The second lámpara this year' });
    await agent.frame('message.ack', ({ id }) => id === note);
    agent.send({ type: 'conversation.close', conversation });
    await wire.frame('conversation.state', (frame) => frame.conversation.status === 'closed');
    wire.send({ type: 'conversation.rate', conversation, rating: 4, comment: 'Quick.' });
    await wire.frame('conversation.state', (frame) => frame.conversation.rating === 4);
    await server.kill();
    server = await server.restart();
    const back = await shopper(token);
    await back.wire.until(() => textsOf(back.wire).length === 2);
    expect(textsOf(back.wire)).toEqual(['Der Lámpara-Schirm ist 日本 \u0000 gerissen', 'We send a new lámpara']);
  });

  it('it is found by its words, by this shop alone', async () => {
    const found = async (cookie: string, query: string) => {
      const { hits } = await read<{ hits: SearchHit[] }>(cookie, `search?${query}`);
      return hits.map(({ from, status, text }) => [from, status, text]);
    };
    expect(await found(admin, 'q=LAMPARA')).toEqual([
      ['agent', 'closed', 'The second lámpara this year'],
      ['agent', 'closed', 'We send a new lámpara'],
      ['shopper', 'closed', expect.stringContaining('Lámpara-Schirm')],
    ]);
    expect(await found(stranger, 'q=LAMPARA')).toEqual([]);
  });

  it('a ticket is left, taken and solved, and counted by its age as long as it is open', async () => {
    const { wire } = await shopper();
    const conversation = await write(wire, 'Is it in stock?', { ticket: { email: 'eva@home.example' } });
    await wire.frame('conversation.state', (frame) => frame.conversation.ticket?.state === 'open');
    const tickets = async (cookie: string) => (await read<TicketAgesView>(cookie, 'reports/tickets')).total;
    expect(await tickets(admin)).toMatchObject({ tickets: 1, byAge: [1, 0, 0, 0, 0], pending: 0 });
    expect(await tickets(stranger)).toMatchObject({ tickets: 0 });
    const agent = await desk();
    agent.send({ type: 'conversation.accept', conversation });
    await write(agent, 'From Tuesday on.', { conversation });
    agent.send({ type: 'ticket.state', conversation, state: 'solved' });
    await agent.frame('conversation.summary', ({ summary }) => summary.ticket?.state === 'solved');
    expect(await tickets(admin)).toMatchObject({ tickets: 0 });
  });

  it('a report counts both, also as a table; another shop’s counts nothing', async () => {
    const { total, topics } = await read<ReportView>(admin, `reports?${AROUND}`);
    // Whoever left a ticket did not wait in the line.
    expect(total).toMatchObject({ conversations: 2, waited: { count: 1 }, firstAnswer: { count: 2 } });
    expect(topics['']?.ratings).toEqual([0, 0, 0, 1, 0]);
    const rows = (await (await ask(admin, `reports.csv?${AROUND}&by=agents`)).text()).split('\r\n');
    expect(rows).toEqual([expect.stringMatching(/^agent,name,/), expect.stringMatching(/,Ana,2,0,.*,0,0,0,1,0$/), '']);
    expect((await read<ReportView>(stranger, `reports?${AROUND}`)).total.conversations).toBe(0);
  });

  it('settings are saved over the version that was seen, with who changed what', async () => {
    const save = async (value: Settings['satisfaction'], version: number): Promise<number> =>
      (await ask(admin, 'settings/satisfaction', { value, version })).status;
    expect(await save({ ask: false }, 0)).toBe(200);
    expect(await save({ ask: true }, 0)).toBe(409);
    expect(await save({ ask: true }, 1)).toBe(200);
    const audit = async (cookie: string, query = ''): Promise<AuditLine[]> =>
      (await read<{ lines: AuditLine[] }>(cookie, `settings/audit${query}`)).lines;
    const lines = await audit(admin);
    // Below them are the articles of the first start.
    expect(lines.slice(0, 2)).toMatchObject([
      { action: 'settings.changed', subject: 'satisfaction', before: { ask: false }, after: { ask: true } },
      { by: { name: 'Ana' }, before: DEFAULT_SETTINGS.satisfaction, after: { ask: false } },
    ]);
    expect(await audit(admin, `?before=${lines[0]?.at}`)).toEqual(lines.slice(1));
    expect(await audit(stranger)).toEqual([]);
  });

  it('all of it stays where DATABASE_URL says', async () => {
    expect(await server.stop()).toBe(0);
    expect(existsSync(join(server.dataDir, 'mostrador.sqlite'))).toBe(false);
    server = await server.restart();
    const { total } = await read<ReportView>(admin, `reports?${AROUND}`);
    expect(total.conversations).toBe(2);
  });
});

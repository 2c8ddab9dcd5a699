import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportView, TicketAgesView } from '../../server/protocol/report.ts';
import type { SearchHit } from '../../server/storage/storage.ts';
import type { TestServer } from '../support/server.ts';
import { settle } from '../support/settle.ts';
import { startWithTeam } from '../support/team.ts';
import { agentWire, shopperWire, signIn, type Wire } from '../support/wire.ts';

let server: TestServer;
let admin: string;
let luis: string;
let stranger: string;
const open: Wire[] = [];

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const AROUND = `from=${day(-1)}&to=${day(1)}`;

beforeAll(async () => {
  const team = [{ name: 'Luis' }, { name: 'Zoe', role: 'admin' as const, shop: 'elsewhere' }];
  const started = await startWithTeam(team);
  server = started.server;
  admin = await signIn(server);
  luis = await signIn(server, started.as['Luis']?.email, started.as['Luis']?.password);
  stranger = await signIn(server, started.as['Zoe']?.email, started.as['Zoe']?.password);
  const name = { en: '=HYPERLINK("https://evil.example"), lamps' };
  await settle(server, admin, 'topics', [{ id: 'lamps', name, hours: null, paths: [] }]);
  // One of Luis's with an answer, about lamps; one of Ana's without; one that nobody took.
  await conversation('The shade of the Lámpara is torn', luis, { topic: 'lamps', answer: 'We send a new lámpara' });
  await conversation('Where is my parcel?', admin, {});
  await conversation('Hello?', null, {});
}, 60_000);
afterAll(async () => {
  for (const wire of open) wire.close();
  await server.remove();
});

async function conversation(
  text: string,
  by: string | null,
  { topic, answer }: { topic?: string; answer?: string },
): Promise<void> {
  const { wire } = await shopperWire(server);
  open.push(wire);
  wire.send({ type: 'message.send', id: randomUUID(), text, ...(topic && { topic }) });
  const { conversation: id } = await wire.frame('message.ack');
  if (!by) return;
  const { wire: agent } = await agentWire(server, by);
  open.push(agent);
  agent.send({ type: 'conversation.accept', conversation: id });
  if (answer) {
    agent.send({ type: 'message.send', conversation: id, id: randomUUID(), text: answer });
    await agent.frame('message.ack');
  }
  agent.send({ type: 'conversation.close', conversation: id });
  await agent.frame('conversation.summary', ({ summary }) => summary.id === id && summary.status === 'closed');
}

const get = async (cookie: string, path: string): Promise<Response> =>
  await fetch(`${server.origin}${path}`, { headers: { cookie } });
const read = async <Body>(cookie: string, path: string): Promise<Body> => {
  const response = await get(cookie, path);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return (await response.json()) as Body;
};
const report = async (cookie: string): Promise<ReportView> => await read<ReportView>(cookie, `/api/reports?${AROUND}`);

describe('promise 26: reports', () => {
  it('count what really happened; an agent sees their own, another shop its own', async () => {
    const all = await report(admin);
    expect(all.scope).toBe('shop');
    expect(all.total).toMatchObject({ conversations: 3, missed: 0, waited: { count: 2 }, firstAnswer: { count: 1 } });
    expect(all.total.open).toMatchObject({ count: 2 });
    expect(all.topics['lamps']).toMatchObject({ conversations: 1, firstAnswer: { count: 1 } });
    expect(Object.entries(all.agents).map(([id, line]) => [all.names.agents[id] ?? '', line.conversations])).toEqual(
      expect.arrayContaining([
        ['', 1],
        ['Ana', 1],
        ['Luis', 1],
      ]),
    );
    const own = await report(luis);
    expect(own).toMatchObject({ scope: 'own', total: { conversations: 1, firstAnswer: { count: 1 } } });
    expect(Object.keys(own.agents)).toHaveLength(1);
    expect((await report(stranger)).total.conversations).toBe(0);
  });

  it('come as a table that no spreadsheet runs', async () => {
    const response = await get(admin, `/api/reports.csv?${AROUND}&by=topics`);
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="report-topics-/);
    const lines = (await response.text()).split('\r\n');
    expect(lines[0]).toMatch(/^topic,name,conversations,missed,wait_median_s/);
    expect(lines.find((line) => line.startsWith('lamps,'))).toMatch(
      /^lamps,"'=HYPERLINK\(""https:\/\/evil\.example""\), lamps",1,0,/,
    );
    expect(lines.at(-1)).toBe('');
    expect((await get(admin, `/api/reports.csv?${AROUND}&by=shoppers`)).status).toBe(400);
  });

  it('open tickets by age, agent and topic: what is late, whose turn it is; as a table too', async () => {
    const left = async (text: string, topic?: string): Promise<string> => {
      const { wire } = await shopperWire(server);
      open.push(wire);
      const ticket = { email: 'eva@home.example' };
      wire.send({ type: 'message.send', id: randomUUID(), text, ticket, ...(topic && { topic }) });
      return (await wire.frame('message.ack')).conversation;
    };
    await left('Is it broken?');
    const his = await left('Is it in stock?', 'lamps');
    const { wire: agent } = await agentWire(server, luis);
    open.push(agent);
    agent.send({ type: 'conversation.accept', conversation: his });
    agent.send({ type: 'ticket.state', conversation: his, state: 'pending' });
    await agent.frame('conversation.summary', ({ summary }) => summary.ticket?.state === 'pending');
    const ages = await read<TicketAgesView>(admin, '/api/reports/tickets');
    const young = [1, 0, 0, 0, 0];
    expect(ages).toMatchObject({ scope: 'shop', total: { tickets: 2, byAge: [2, 0, 0, 0, 0], pending: 1, late: 0 } });
    expect(ages.agents['']).toMatchObject({ tickets: 1, byAge: young, pending: 0 });
    expect(ages.topics['lamps']).toMatchObject({ tickets: 1, byAge: young, pending: 1 });
    const own = await read<TicketAgesView>(luis, '/api/reports/tickets');
    expect(own).toMatchObject({ scope: 'own', total: { tickets: 1 } });
    expect(Object.entries(own.agents).map(([id, { tickets }]) => [own.names.agents[id], tickets])).toEqual([
      ['Luis', 1],
    ]);
    expect((await read<TicketAgesView>(stranger, '/api/reports/tickets')).total.tickets).toBe(0);
    expect((await get('', '/api/reports/tickets')).status).toBe(401);

    const table = await get(admin, '/api/reports/tickets.csv?by=topics');
    expect(table.headers.get('content-disposition')).toBe('attachment; filename="tickets-topics.csv"');
    const lines = (await table.text()).split('\r\n');
    expect(lines[0]).toBe(
      'topic,name,open_tickets,under_1_d,1_to_3_d,3_to_7_d,7_to_30_d,over_30_d,waiting_for_shopper,late,oldest_s',
    );
    expect(lines.find((line) => line.startsWith('lamps,'))).toMatch(/,1,1,0,0,0,0,1,0,\d+$/);
    expect((await get(admin, '/api/reports/tickets.csv?by=days')).status).toBe(400);
    expect((await get('', '/api/reports/tickets.csv')).status).toBe(401);
  });

  it.each([
    ['no range', ''],
    ['a day that does not exist', 'from=2026-02-30&to=2026-03-01'],
    ['the wrong way round', 'from=2026-03-02&to=2026-03-01'],
    ['more than two years', 'from=2020-01-01&to=2026-03-01'],
  ])('%s is refused', async (_, query) => {
    expect((await get(admin, `/api/reports?${query}`)).status).toBe(400);
    expect((await get('', `/api/reports?${AROUND}`)).status).toBe(401);
  });
});

describe('promise 22: search', () => {
  const find = async (cookie: string, query: string): Promise<{ hits: SearchHit[]; more: boolean }> =>
    await read(cookie, `/api/search?${query}`);

  it('finds what was written in all conversations of the shop, the newest first, and goes on from there', async () => {
    const { hits, more } = await find(luis, 'q=LAMPARA');
    expect(hits.map(({ text, from, status }) => [text, from, status])).toEqual([
      ['We send a new lámpara', 'agent', 'closed'],
      ['The shade of the Lámpara is torn', 'shopper', 'closed'],
    ]);
    expect(more).toBe(false);
    const older = await find(luis, `q=lampara&before=${hits[0]?.id}`);
    expect(older.hits.map(({ id }) => id)).toEqual([hits[1]?.id]);
  });

  it('nobody else finds anything, and nonsense is refused', async () => {
    expect((await find(stranger, 'q=lampara')).hits).toEqual([]);
    expect((await get('', '/api/search?q=lampara')).status).toBe(401);
    for (const query of [`q=${'x'.repeat(301)}`, 'q=x&before=-1', 'q=x&before=1e9', 'q=x&before=soon']) {
      expect((await get(luis, `/api/search?${query}`)).status).toBe(400);
    }
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportView, TicketAgesView } from '../../server/protocol/report.ts';
import { openSqlite } from '../../server/storage/sqlite.ts';
import type { Agent, ConversationRecord, SearchHit } from '../../server/storage/storage.ts';
import { aConversation } from '../storage/samples.ts';
import type { TestServer } from '../support/server.ts';
import { settle } from '../support/settle.ts';
import { startWithTeam } from '../support/team.ts';
import { agentWire, shopperWire, signIn, type Wire } from '../support/wire.ts';

let server: TestServer;
let admin: string;
let luis: string;
let stranger: string;
let team: Agent[];
const open: Wire[] = [];

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const AROUND = `from=${day(-1)}&to=${day(1)}`;

beforeAll(async () => {
  const started = await startWithTeam([{ name: 'Luis' }, { name: 'Zoe', role: 'admin', shop: 'elsewhere' }]);
  server = started.server;
  await march();
  admin = await signIn(server);
  luis = await signIn(server, started.as['Luis']?.email, started.as['Luis']?.password);
  stranger = await signIn(server, started.as['Zoe']?.email, started.as['Zoe']?.password);
  const name = { en: '=HYPERLINK("https://evil.example"), lamps' };
  await settle(server, admin, 'topics', [{ id: 'lamps', name, hours: null, paths: [] }]);
  const always = Array.from({ length: 7 }, () => [{ from: 0, to: 1_440 }]);
  await settle(server, admin, 'hours', { zone: 'Europe/Madrid', weekly: always, exceptions: {} });
  // One of Luis's with an answer, about lamps; one of Ana's without; one that nobody took.
  await conversation('The shade of the Lámpara is torn', luis, {
    topic: 'lamps',
    answer: 'We send a new lámpara',
    rating: 4,
  });
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
  { topic, answer, rating }: { topic?: string; answer?: string; rating?: number },
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
  if (!rating) return;
  wire.send({ type: 'conversation.rate', conversation: id, rating, comment: '' });
  await wire.frame('conversation.state', (frame) => frame.conversation.rating === rating);
}

/** Two days in March, as the record keeps what happened. */
async function march(): Promise<void> {
  await server.stop();
  const storage = await openSqlite({ dir: server.dataDir });
  const shop = (await storage.shopByKey('demo'))?.id ?? '';
  team = await storage.agents(shop);
  const [ana, luis] = ['Ana', 'Luis'].map(byName);
  const calls = { calls: 2, callSeconds: 65, cobrowses: 1 };
  const happened: [string, Partial<ConversationRecord>, Partial<ConversationRecord['facts']>, number][] = [
    [
      '2026-03-02T08:30:00Z',
      { agent: luis, topic: 'lamps', estimateMs: 10_000, rating: { value: 4, comment: null } },
      { firstWaitMs: 4_000, firstAnswerMs: 9_000, ...calls },
      60_000,
    ],
    [
      '2026-03-02T08:45:00Z',
      { agent: luis, topic: 'lamps', estimateMs: 11_000, rating: { value: 4, comment: null } },
      { firstWaitMs: 12_000, firstAnswerMs: 20_000 },
      90_000,
    ],
    // On the shop's wall it is the next day.
    [
      '2026-03-02T23:15:00Z',
      { agent: luis, topic: 'lamps', estimateMs: 10_040, rating: { value: 5, comment: null } },
      { firstWaitMs: 30_000, firstAnswerMs: 45_250 },
      120_000,
    ],
    ['2026-03-03T08:59:00Z', { agent: ana, rating: { value: 1, comment: null } }, { firstWaitMs: 1_000 }, 30_000],
    ['2026-03-03T09:00:00Z', { topic: 'lamps', estimateMs: 5_000 }, { missed: true }, 7_000],
  ];
  for (const [at, said, facts, lasted] of happened) {
    const openedAt = Date.parse(at);
    const record = aConversation(shop, { status: 'closed', openedAt, lastAt: openedAt + lasted, ...said });
    await storage.append({ ...record, facts: { ...record.facts, closedAt: openedAt + lasted, ...facts } }, []);
  }
  await storage.close();
  server = await server.restart();
}

function byName(name: string): { id: string; name: string } {
  const agent = team.find((each) => each.name === name);
  return agent ? { id: agent.id, name } : expect.fail(`There is no ${name}`);
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
    // How satisfied they were, by topic and by agent.
    expect(all.topics['lamps']).toMatchObject({
      conversations: 1,
      firstAnswer: { count: 1 },
      ratings: [0, 0, 0, 1, 0],
    });
    expect(all.topics['']).toMatchObject({ conversations: 2, ratings: [0, 0, 0, 0, 0] });
    expect(all.agents[byName('Luis').id]?.ratings).toEqual([0, 0, 0, 1, 0]);
    expect(all.agents[byName('Ana').id]?.ratings).toEqual([0, 0, 0, 0, 0]);
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

  const MARCH = 'from=2026-03-02&to=2026-03-03';
  const COLUMNS =
    'conversations,missed,wait_median_s,wait_p90_s,first_answer_median_s,first_answer_p90_s,open_median_s,open_p90_s,' +
    'estimate_error_median_s,estimate_error_p90_s,calls,call_s,cobrowses,rated_1,rated_2,rated_3,rated_4,rated_5';
  const table = async (cookie: string, by: string): Promise<string[]> => {
    const response = await get(cookie, `/api/reports.csv?${MARCH}&by=${by}`);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="report-${by}-2026-03-02-2026-03-03.csv"`,
    );
    return (await response.text()).split('\r\n');
  };

  it('come as tables by day, hour, agent and topic, on the shop’s wall, with how wrong the expected waits were', async () => {
    expect(await table(admin, 'days')).toEqual([
      `day,${COLUMNS}`,
      '2026-03-02,2,0,12,12,20,20,90,90,6,6,2,65,1,0,0,0,2,0',
      '2026-03-03,3,1,30,30,45.3,45.3,30,120,20,20,0,0,0,1,0,0,0,1',
      '',
    ]);
    expect(await table(admin, 'hours')).toEqual([
      `hour,${COLUMNS}`,
      '0,1,0,30,30,45.3,45.3,120,120,20,20,0,0,0,0,0,0,0,1',
      '9,3,0,4,12,20,20,60,90,6,6,2,65,1,1,0,0,2,0',
      '10,1,1,,,,,7,7,,,0,0,0,0,0,0,0,0',
      '',
    ]);
    const his = `${byName('Luis').id},Luis,3,0,12,30,20,45.3,90,120,6,20,2,65,1,0,0,0,2,1`;
    const [head, ...agents] = await table(admin, 'agents');
    expect(head).toBe(`agent,name,${COLUMNS}`);
    expect(agents.toSorted()).toEqual(
      [
        '',
        his,
        `${byName('Ana').id},Ana,1,0,1,1,,,30,30,,,0,0,0,1,0,0,0,0`,
        ',,1,1,,,,,7,7,,,0,0,0,0,0,0,0,0',
      ].toSorted(),
    );
    const topics = await table(admin, 'topics');
    expect(topics.map((row) => row.split(',').slice(-18).join(','))).toEqual([
      COLUMNS,
      '1,0,1,1,,,30,30,,,0,0,0,1,0,0,0,0',
      '4,1,12,30,20,45.3,90,120,6,20,2,65,1,0,0,0,2,1',
      '',
    ]);
    // An agent reads what they had themselves.
    expect(await table(luis, 'agents')).toEqual([`agent,name,${COLUMNS}`, his, '']);
  });

  it('are the shop’s alone: another shop’s admin reads nothing of it in any of them, and nobody else gets one', async () => {
    for (const [by, key] of [
      ['days', 'day'],
      ['hours', 'hour'],
      ['agents', 'agent,name'],
      ['topics', 'topic,name'],
    ] as const) {
      expect(await table(stranger, by)).toEqual([`${key},${COLUMNS}`, '']);
      expect((await get('', `/api/reports.csv?${MARCH}&by=${by}`)).status).toBe(401);
    }
    const theirs = await read<ReportView>(stranger, `/api/reports?${MARCH}`);
    expect(theirs).toMatchObject({ total: { conversations: 0 }, days: {}, hours: {}, agents: {}, topics: {} });
    expect(Object.values(theirs.names.agents)).toEqual(['Zoe']);
    expect(theirs.names.topics).toEqual({});
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
    const theirs = await read<TicketAgesView>(stranger, '/api/reports/tickets');
    expect(theirs).toMatchObject({ total: { tickets: 0 }, agents: {}, topics: {} });
    for (const by of ['agents', 'topics']) {
      const empty = await get(stranger, `/api/reports/tickets.csv?by=${by}`);
      expect((await empty.text()).split('\r\n').slice(1)).toEqual(['']);
    }
    expect((await get('', '/api/reports/tickets')).status).toBe(401);
    const { wire: foreign, welcome } = await agentWire(server, stranger);
    open.push(foreign);
    expect(JSON.stringify(welcome)).not.toContain(his);
    foreign.send({ type: 'ticket.state', conversation: his, state: 'solved' });
    await foreign.frame('refused', ({ reason }) => reason === 'no-conversation');

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

  it('of the last days end with the day on the shop’s wall, wherever who asks for them is', async () => {
    const weekly = Array.from({ length: 7 }, () => [{ from: 0, to: 1_440 }]);
    // At every moment it is another day in one of these than it is in the other.
    for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Madrid']) {
      await settle(server, admin, 'hours', { zone, weekly, exceptions: {} });
      const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: zone });
      const today = wall.format(Date.now());
      const last = await read<ReportView>(admin, '/api/reports?days=1');
      expect([today, wall.format(Date.now())]).toContain(last.to);
      expect(last).toMatchObject({ from: last.to, zone, scope: 'shop' });
      const week = await get(admin, '/api/reports.csv?days=7&by=days');
      const from = new Date(Date.parse(last.to) - 6 * 86_400_000).toISOString().slice(0, 10);
      expect(week.headers.get('content-disposition')).toContain(`report-days-${from}-${last.to}.csv`);
    }
  });

  it.each([
    ['no range', ''],
    ['no day', 'days=0'],
    ['what is no number of days', 'days=a few'],
    ['the last three years', 'days=1095'],
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
    const { wire, welcome } = await shopperWire(server);
    open.push(wire);
    const headers = { authorization: `Bearer ${welcome.token}` };
    for (const path of ['search?q=lampara', `reports?${AROUND}`, `reports.csv?${AROUND}`, 'reports/tickets']) {
      expect((await fetch(`${server.origin}/api/${path}`, { headers })).status).toBe(401);
    }
    for (const query of [`q=${'x'.repeat(301)}`, 'q=x&before=-1', 'q=x&before=1e9', 'q=x&before=soon']) {
      expect((await get(luis, `/api/search?${query}`)).status).toBe(400);
    }
  });
});

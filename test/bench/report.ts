import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import { databaseOn, startPostgres } from '../support/postgres.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { signIn } from '../support/wire.ts';
import { figure, type Benchmark, type Figure } from './figure.ts';

const CONVERSATIONS = 100_000;
const MESSAGES_EACH = 10;
const DAYS = 730;
const ROUNDS = 9;
const BEGIN = Date.parse('2024-03-01T00:00:00Z');
const RANGE = 'from=2024-03-01&to=2026-02-28';

/** What stands in a FROM for a table with the numbers from 1 on, as `n`. */
type Series = (to: number, name: string) => string;

/** Everything is made of `n`, so that both engines have the same. */
function filling(series: Series): string[] {
  const at = `(${BEGIN} + (n - 1) * ${Math.floor((DAYS * 86_400_000) / CONVERSATIONS)})`;
  const columns = [
    ['id', `'c' || n`],
    ['shop', `(select id from shops where key = 'demo')`],
    ['shopper', `'s' || (n % 30000)`],
    ['status', `'closed'`],
    ['agent_id', `case when n % 12 = 0 then null else 'agent-' || (n % 50) end`],
    ['agent_name', `case when n % 12 = 0 then null else 'Agent ' || (n % 50) end`],
    ['opened_at', at],
    ['last_at', `${at} + 900000`],
    ['last_seq', String(MESSAGES_EACH)],
    ['shopper_delivered', '0'],
    ['shopper_read', '0'],
    ['agent_delivered', '0'],
    ['agent_read', '0'],
    ['steps', `'{}'`],
    ['unread', '0'],
    ['topic', `case when n % 9 = 0 then null else 'topic-' || (n % 9) end`],
    ['waiting_since', at],
    ['first_wait_ms', `case when n % 12 = 0 then null else (n * 7919) % 600000 end`],
    ['estimate_ms', `(n * 104729) % 600000`],
    ['first_answer_ms', `case when n % 12 = 0 then null else (n * 7907) % 700000 end`],
    ['closed_at', `${at} + (n * 6007) % 3600000`],
    ['missed', `case when n % 12 = 0 then 1 else 0 end`],
    ['calls', `case when n % 20 = 1 then 1 else 0 end`],
    ['call_seconds', `case when n % 20 = 1 then n % 900 else 0 end`],
    ['cobrowses', `case when n % 15 = 1 then 1 else 0 end`],
    ['rating', `case when n % 5 = 0 then n % 25 / 5 + 1 else null end`],
  ];
  const names = columns.map(([name]) => name).join(', ');
  const values = columns.map(([, value]) => value).join(', ');
  return [
    `insert into conversations (${names}) select ${values} from ${series(CONVERSATIONS, 'each')}`,
    `insert into entries (conversation, seq, at, type, side, message_id, body)
      select 'c' || each.n, line.n, ${BEGIN} + line.n, 'message', 'shopper', 'm' || line.n,
        '{"type":"message","id":"m' || line.n || '","from":{"side":"shopper"},"text":"Is it still there?"}'
      from ${series(CONVERSATIONS, 'each')}, ${series(MESSAGES_EACH, 'line')}`,
  ];
}

/** How long each round takes, which says of how many conversations it was. The first finds cold caches and code that has not been compiled. */
async function timesOf(round: () => number | Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count <= ROUNDS; count++) {
    const began = performance.now();
    const conversations = await round();
    if (count > 0) times.push(performance.now() - began);
    if (conversations !== CONVERSATIONS) throw new Error(`There were ${conversations} conversations`);
  }
  return times;
}

/** The report of two years over HTTP, each time anew. */
async function measured(server: TestServer): Promise<number[]> {
  const cookie = await signIn(server);
  return await timesOf(async () => {
    const response = await fetch(`${server.origin}/api/reports?${RANGE}`, { headers: { cookie } });
    const { total } = (await response.json()) as { total: { conversations: number } };
    return total.conversations;
  });
}

/** The same facts as the engine's own client gives them, a row each, and nothing done with them. */
const ROWS = `select opened_at, topic, agent_id, first_wait_ms, estimate_ms, first_answer_ms, closed_at, missed, calls,
  call_seconds, cobrowses, rating from conversations`;

type Times = { ours: number[]; bare: number[] };

async function onSqlite(): Promise<Times> {
  const first = await startServer({ LOG_LEVEL: 'error' });
  await first.stop();
  const database = new DatabaseSync(join(first.dataDir, 'mostrador.sqlite'));
  const series: Series = (to, name) =>
    `(with recursive up(n) as (select 1 union all select n + 1 from up where n < ${to}) select n from up) as ${name}`;
  for (const statement of filling(series)) database.exec(statement);
  const rows = database.prepare(ROWS);
  const bare = await timesOf(() => rows.all().length);
  database.close();
  const server = await first.restart();
  const times = await measured({ ...server, email: first.email, password: first.password });
  await server.remove();
  return { ours: times, bare };
}

async function onPostgres(): Promise<Times> {
  const postgres = await startPostgres();
  const url = await databaseOn(postgres.url, 'report');
  const server = await startServer({ LOG_LEVEL: 'error', DATABASE_URL: url });
  const client = new Client({ connectionString: url });
  await client.connect();
  const series: Series = (to, name) => `generate_series(1::bigint, ${to}) as ${name}(n)`;
  for (const statement of [...filling(series), 'analyze']) await client.query(statement);
  const bare = await timesOf(async () => (await client.query(ROWS)).rows.length);
  await client.end();
  const times = await measured(server);
  await server.remove();
  await postgres.remove();
  return { ours: times, bare };
}

async function reporting(): Promise<Figure[]> {
  const messages = CONVERSATIONS * MESSAGES_EACH;
  const over = `two years of ${CONVERSATIONS} conversations with ${messages} messages, over HTTP`;
  const [sqlite, postgres] = [await onSqlite(), await onPostgres()];
  return [
    figure('report_ms', 'ms', sqlite, `${over}, on SQLite; beside its own client reading these rows; budget 300`),
    figure(
      'report_postgres_ms',
      'ms',
      postgres,
      `${over}, on PostgreSQL; beside its own client reading these rows; budget 300`,
    ),
  ];
}

export const reportBenchmark: Benchmark = { names: ['report_ms', 'report_postgres_ms'], run: reporting };

import { sql } from 'kysely';
import { allRows, firstRow, type Executor } from './executor.ts';
import type { Engine } from './migrations.ts';
import { prepare } from './prepared.ts';
import type { ReportedFact, Storage } from './storage.ts';
import type { Queries } from './tables.ts';

/** Conversations that are read at a time: a few milliseconds of the one thread that SQLite has; PostgreSQL is a way off. */
const CHUNK: Record<Engine, number> = { sqlite: 2_000, postgres: 4_000 };
/** What `endsField` knows. */
const FIELD = '\t';
const ROW = '\n';
const COLUMNS = (
  'opened_at topic agent_id first_wait_ms estimate_ms first_answer_ms closed_at ' +
  'missed calls call_seconds cobrowses rating'
).split(' ');

/**
 * Facts leave the engine as one text for each chunk: a row each of a hundred thousand would cost both threads more than
 * all the rest of a report.
 */
export function reportsOver(
  executor: Executor,
  queries: Queries,
  engine: Engine,
): Pick<Storage, 'facts' | 'openTickets'> {
  // What is null is the empty text to it.
  const row = sql`concat(${sql.join(
    COLUMNS.map((column) => sql.ref(column)),
    sql`, ${sql.lit(FIELD)}, `,
  )})`;
  const joined = sql.raw(engine === 'sqlite' ? 'group_concat' : 'string_agg');
  const chunk = prepare((wanted: { shop: string; from: number; to: number }) =>
    queries
      .selectFrom('conversations')
      .select(sql<string | null>`${joined}(${row}, ${sql.lit(ROW)})`.as('facts'))
      .where('shop', '=', wanted.shop)
      .where('opened_at', '>=', wanted.from)
      .where('opened_at', '<', wanted.to),
  );
  // Out of the index alone.
  const boundary = prepare((wanted: { shop: string; from: number; to: number }) =>
    queries
      .selectFrom('conversations')
      .select('opened_at')
      .where('shop', '=', wanted.shop)
      .where('opened_at', '>', wanted.from)
      .where('opened_at', '<', wanted.to)
      .orderBy('opened_at')
      .limit(1)
      .offset(sql.lit(CHUNK[engine])),
  );
  const tickets = prepare((wanted: { shop: string }) =>
    queries
      .selectFrom('conversations')
      .select(['topic', 'agent_id', 'ticket_since', 'ticket_state', 'ticket_due', 'opened_at'])
      .where('shop', '=', wanted.shop)
      // Literal, so that the engine sees that the partial index of what is not over fits.
      .where('status', '<>', sql.lit('closed'))
      .where('status', '=', sql.lit('ticket')),
  );

  return {
    async openTickets(shop) {
      const rows = await allRows(executor, tickets({ shop }));
      return rows.map(({ topic, agent_id: agent, ticket_since: since, ticket_state, ticket_due, opened_at }) => ({
        topic,
        agent,
        since: since ?? opened_at,
        state: ticket_state ?? 'open',
        dueAt: ticket_due,
      }));
    },
    async *facts(shop, from, to) {
      const boundaryAfter = async (start: number): Promise<number> =>
        (await firstRow(executor, boundary({ shop, from: start, to })))?.opened_at ?? to;
      const read = async (start: number, end: number): Promise<string> =>
        (await firstRow(executor, chunk({ shop, from: start, to: end })))?.facts ?? '';
      let start = from;
      let end = await boundaryAfter(start);
      let reading = read(start, end);
      for (;;) {
        // The engine reads the next ones while these are added up.
        const last = end >= to;
        const following = last ? to : await boundaryAfter(end);
        const facts = await reading;
        if (!last) {
          [start, end] = [end, following];
          reading = read(start, end);
          // It is awaited in the next round; whoever stops before it does not wait for it.
          reading.catch(() => {});
        }
        if (facts) yield factsIn(facts);
        if (last) return;
      }
    },
  };
}

function factsIn(text: string): ReportedFact[] {
  const facts: ReportedFact[] = [];
  for (const row = new FieldReader(text); !row.ended;) {
    facts.push({
      openedAt: row.number() ?? 0,
      topic: row.word(),
      agent: row.word(),
      waited: row.number(),
      estimate: row.number(),
      firstAnswer: row.number(),
      closedAt: row.number(),
      missed: row.number() === 1,
      calls: row.number() ?? 0,
      callSeconds: row.number() ?? 0,
      cobrowses: row.number() ?? 0,
      rating: row.number(),
    });
  }
  return facts;
}

/** Field after field, null where one is empty. Nothing is cut into pieces: a large report has more than a million of them. */
class FieldReader {
  #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get ended(): boolean {
    return this.#at >= this.#text.length;
  }

  word(): string | null {
    const begin = this.#at;
    for (; this.#at < this.#text.length; this.#at++) if (endsField(this.#text.charCodeAt(this.#at))) break;
    return this.#text.slice(begin, this.#at++) || null;
  }

  number(): number | null {
    const begin = this.#at;
    let value = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (endsField(code)) break;
      // A sign, or no whole number: seldom.
      value = code < ZERO || code > NINE ? Number.NaN : value * 10 + (code - ZERO);
    }
    const end = this.#at++;
    if (begin === end) return null;
    return Number.isNaN(value) ? Number(this.#text.slice(begin, end)) : value;
  }
}

const [ZERO, NINE] = [48, 57];

/** What separates fields and rows. */
function endsField(code: number): boolean {
  return code === 9 || code === 10;
}

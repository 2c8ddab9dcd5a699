import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { allRows, firstRow, type Executor } from './executor.ts';
import type { Engine } from './migrations.ts';
import { prepare } from './prepared.ts';
import type { ReportedFact, Storage } from './storage.ts';
import type { Queries } from './tables.ts';

/** Conversations that are read at a time: a few milliseconds of the one thread that SQLite has. PostgreSQL is a way off. */
const CHUNK: Record<Engine, number> = { sqlite: 4_000, postgres: 16_000 };

/**
 * Facts leave the engine as one text for each chunk: a row each of a hundred thousand would cost both threads more than
 * all the rest of a report. Each conversation's is in the index already, so that neither its row is read nor a number written out.
 */
export function reportsOver(
  executor: Executor,
  queries: Queries,
  engine: Engine,
): Pick<Storage, 'facts' | 'openTickets'> {
  const joined = sql.raw(engine === 'sqlite' ? 'group_concat' : 'string_agg');
  // With it comes the end of the next one, out of the index alone.
  const chunk = prepare((wanted: { shop: string; from: number; end: number; to: number }) =>
    queries
      .selectFrom('conversations')
      .select((of) => [
        sql<string | null>`${joined}(${sql.ref('facts')}, ${sql.lit('\n')})`.as('facts'),
        of
          .selectFrom('conversations')
          .select('opened_at')
          .where('shop', '=', wanted.shop)
          .where('opened_at', '>', wanted.end)
          .where('opened_at', '<', wanted.to)
          .orderBy('opened_at')
          .limit(1)
          .offset(sql.lit(CHUNK[engine]))
          .as('next'),
      ])
      .where('shop', '=', wanted.shop)
      .where('opened_at', '>=', wanted.from)
      .where('opened_at', '<', wanted.end),
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

  /** The facts of some time, in texts. While one is made use of, the engine reads the next one. */
  async function* chunks(shop: string, from: number, to: number): AsyncGenerator<string, void> {
    const ask = async (start: number, end: number) => await firstRow(executor, chunk({ shop, from: start, end, to }));
    let end = from;
    // An empty one, for the end of the first.
    let asked = ask(from, end);
    for (;;) {
      const read = await asked;
      const last = end >= to;
      if (!last) {
        const start = end;
        end = read?.next ?? to;
        asked = ask(start, end);
        // It is awaited in the next round; whoever stops before it does not wait for it.
        asked.catch(() => {});
        // What the engine is asked leaves with this turn, so that it reads meanwhile.
        await setImmediate();
      }
      if (read?.facts) yield read.facts;
      if (last) return;
    }
  }

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
      // At two places: while the answer of one is on its way, the engine reads at the other; PostgreSQL at both at once.
      const middle = Math.floor((from + to) / 2);
      let lanes = [chunks(shop, from, middle), chunks(shop, middle, to)];
      while (lanes.length > 0) {
        const read = await Promise.all(lanes.map(async (lane) => await lane.next()));
        lanes = lanes.filter((_, at) => read[at]?.done !== true);
        for (const { value } of read) if (value) yield factsIn(value);
      }
    },
  };
}

/** One after the other: a list of them all would outlive each of them, and cost as much as reading them. */
function* factsIn(text: string): Generator<ReportedFact, void> {
  for (const row = new FieldReader(text); !row.ended;) {
    yield {
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
    };
  }
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

import { sql } from 'kysely';
import { firstRow, type Executor } from './executor.ts';
import type { Engine } from './migrations.ts';
import { prepare } from './prepared.ts';
import type { ReportedFact, Storage } from './storage.ts';
import type { Queries } from './tables.ts';

/** Conversations that are read at a time: a few milliseconds of either engine's. */
const CHUNK = 2_000;
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
export function reportsOver(executor: Executor, queries: Queries, engine: Engine): Pick<Storage, 'facts'> {
  const text = (column: string) => sql`coalesce(cast(${sql.ref(column)} as text), '')`;
  const row = sql.join(COLUMNS.map(text), sql` || ${sql.lit(FIELD)} || `);
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
      .offset(sql.lit(CHUNK)),
  );

  return {
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
        if (facts) yield facts.split(ROW).map(factOf);
        if (last) return;
      }
    },
  };
}

function factOf(row: string): ReportedFact {
  const [openedAt, topic, agent, waited, estimate, firstAnswer, closedAt, missed, calls, seconds, cobrowses, rating] =
    row.split(FIELD);
  return {
    openedAt: Number(openedAt),
    topic: topic || null,
    agent: agent || null,
    waited: numberIn(waited),
    estimate: numberIn(estimate),
    firstAnswer: numberIn(firstAnswer),
    closedAt: numberIn(closedAt),
    missed: missed === '1',
    calls: Number(calls),
    callSeconds: Number(seconds),
    cobrowses: Number(cobrowses),
    rating: numberIn(rating),
  };
}

function numberIn(text: string | undefined): number | null {
  return text ? Number(text) : null;
}

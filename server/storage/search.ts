import { sql } from 'kysely';
import type { EntryBody } from '../protocol/entry.ts';
import { foldedWords, searchWords, snippet } from '../protocol/folded-text.ts';
import { allRows, type Executor, type Statement } from './executor.ts';
import { pick, prepare } from './prepared.ts';
import type { Engine } from './migrations.ts';
import type { SearchHit, Storage } from './storage.ts';
import type { Queries, Tables } from './tables.ts';

type SearchRow = Omit<Tables['message_search'], 'id'>;

/** What a search looks through of an entry; null: nothing that somebody wrote. */
export function searchText(body: EntryBody): string | null {
  if (body.type === 'message') return [body.text, body.file?.name].filter(Boolean).join(' ');
  return body.type === 'note' ? body.text : null;
}

/** Makes an entry findable; in one job with the entry itself. */
export function indexOver(queries: Queries): (row: SearchRow) => Statement {
  return prepare((row: SearchRow) =>
    queries.insertInto('message_search').values(pick(row, ['shop', 'conversation', 'seq', 'words'])),
  );
}

export function searchOver(executor: Executor, queries: Queries, engine: Engine): Pick<Storage, 'search'> {
  const found = prepare((wanted: { shop: string; match: string; before: number; limit: number }) => {
    const matching =
      engine === 'sqlite'
        ? queries
            .selectFrom('message_words')
            .innerJoin('message_search', 'message_search.id', 'message_words.rowid')
            .where(sql<boolean>`message_words match ${wanted.match}`)
            // The index itself gives the newest first: nothing is sorted.
            .orderBy('message_words.rowid', 'desc')
        : queries
            .selectFrom('message_search')
            .where(sql<boolean>`to_tsvector('simple', words) @@ to_tsquery('simple', ${wanted.match})`)
            .orderBy('message_search.id', 'desc');
    return matching
      .innerJoin('entries', (join) =>
        join
          .onRef('entries.conversation', '=', 'message_search.conversation')
          .onRef('entries.seq', '=', 'message_search.seq'),
      )
      .innerJoin('conversations', 'conversations.id', 'message_search.conversation')
      .select(['message_search.id as id', 'entries.seq as seq', 'entries.at as at', 'entries.body as body'])
      .select([
        'conversations.id as conversation',
        'conversations.shopper as shopper',
        'conversations.status as status',
      ])
      .select(['conversations.agent_id as agent_id', 'conversations.agent_name as agent_name'])
      .where('message_search.shop', '=', wanted.shop)
      .where('message_search.id', '<', wanted.before)
      .limit(wanted.limit);
  });

  return {
    async search(shop, query, { before = Number.MAX_SAFE_INTEGER, limit }) {
      const words = searchWords(query);
      if (words.length === 0) return [];
      // Words hold letters and digits alone, so neither language can be spoken through them. The last one may be unfinished.
      const match = engine === 'sqlite' ? words.map((word) => `"${word}"*`) : words.map((word) => `'${word}':*`);
      const joined = match.join(engine === 'sqlite' ? ' AND ' : ' & ');
      const rows = await allRows(executor, found({ shop, match: joined, before, limit }));
      return rows.map((row) => hitOf(row, words));
    },
  };
}

type FoundRow = {
  id: number;
  seq: number;
  at: number;
  body: string;
  conversation: string;
  shopper: string;
  status: SearchHit['status'];
  agent_id: string | null;
  agent_name: string | null;
};

function hitOf({ body, agent_id: agentId, agent_name: agentName, ...row }: FoundRow, words: string[]): SearchHit {
  const said: EntryBody = JSON.parse(body);
  const from = said.type === 'message' ? said.from.side : 'agent';
  const agent = agentId === null ? null : { id: agentId, name: agentName ?? '' };
  return { ...row, agent, from, text: snippet(searchText(said) ?? '', words) };
}

const BATCH = 2_000;

/** What was written before there was an index; once for a database. */
export async function indexOldMessages(executor: Executor, queries: Queries): Promise<void> {
  const index = indexOver(queries);
  const ofBatch = prepare((after: { conversation: string; seq: number; limit: number }) =>
    queries
      .selectFrom('entries')
      .innerJoin('conversations', 'conversations.id', 'entries.conversation')
      .select(['entries.conversation as conversation', 'seq', 'body', 'shop'])
      .where('entries.type', '=', 'message')
      .where((row) =>
        row.or([
          row('entries.conversation', '>', after.conversation),
          row.and([row('entries.conversation', '=', after.conversation), row('seq', '>', after.seq)]),
        ]),
      )
      .orderBy('entries.conversation')
      .orderBy('seq')
      .limit(after.limit),
  );
  let last = { conversation: '', seq: 0 };
  for (;;) {
    const rows = await allRows(executor, ofBatch({ ...last, limit: BATCH }));
    const statements = rows.map(({ shop, conversation, seq, body }) =>
      index({ shop, conversation, seq, words: foldedWords(searchText(JSON.parse(body) as EntryBody) ?? '') }),
    );
    if (statements.length > 0) await executor.run(statements);
    const newest = rows.at(-1);
    if (!newest || rows.length < BATCH) return;
    last = newest;
  }
}

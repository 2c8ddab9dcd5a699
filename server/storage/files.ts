import { sql } from 'kysely';
import { allRows, firstRow, type Executor, type Statement } from './executor.ts';
import { excluded, pick, prepare, statement } from './prepared.ts';
import type { FileRecord, Storage } from './storage.ts';
import type { Queries, Tables } from './tables.ts';

type FileRow = Tables['files'];

export function filesOver(
  executor: Executor,
  queries: Queries,
): Pick<
  Storage,
  'saveFile' | 'file' | 'unsentFiles' | 'filesOf' | 'filesOfShopper' | 'liveFileIds' | 'bytesOfFiles' | 'deleteFile'
> {
  const fixed = ['shop', 'shopper', 'conversation', 'uploader', 'name', 'bytes', 'created_at', 'seq'] as const;
  const changing = ['type', 'width', 'height', 'sha256', 'expires_at', 'deleted_at'] as const;
  const save = prepare((row: FileRow) =>
    queries
      .insertInto('files')
      .values(pick(row, ['id', ...fixed, ...changing]))
      .onConflict((conflict) => conflict.column('id').doUpdateSet(excluded(changing))),
  );
  const all = queries.selectFrom('files').selectAll().orderBy('created_at').orderBy('id');
  const byId = prepare((wanted: { id: string }) => all.where('id', '=', wanted.id));
  const unsent = statement(all.where('seq', 'is', null));
  const ofConversation = prepare((wanted: { conversation: string }) =>
    all.where('conversation', '=', wanted.conversation),
  );
  const ofShopper = prepare((wanted: { shop: string; shopper: string }) =>
    all.where('shop', '=', wanted.shop).where('shopper', '=', wanted.shopper),
  );
  const live = queries.selectFrom('files').where('deleted_at', 'is', null);
  const liveIds = statement(live.select('id'));
  // Of bigint PostgreSQL's sum is numeric.
  const bytes = statement(
    live.where('sha256', 'is not', null).select(sql<number>`cast(coalesce(sum(bytes), 0) as bigint)`.as('bytes')),
  );
  const remove = prepare((wanted: { id: string }) => queries.deleteFrom('files').where('id', '=', wanted.id));
  const listed = async (rows: Statement<FileRow>): Promise<FileRecord[]> =>
    (await allRows(executor, rows)).map(recordOf);

  return {
    async saveFile(file) {
      await executor.run([save(rowOf(file))]);
    },
    async file(id) {
      const row = await firstRow(executor, byId({ id }));
      return row && recordOf(row);
    },
    unsentFiles: () => listed(unsent),
    filesOf: (conversation) => listed(ofConversation({ conversation })),
    filesOfShopper: (shop, shopper) => listed(ofShopper({ shop, shopper })),
    liveFileIds: async () => (await allRows(executor, liveIds)).map(({ id }) => id),
    bytesOfFiles: async () => (await firstRow(executor, bytes))?.bytes ?? 0,
    async deleteFile(id) {
      await executor.run([remove({ id })]);
    },
  };
}

/** In one transaction with the message: a file that is in the record can never expire. */
export function sendFileOver(queries: Queries): (sent: { id: string; conversation: string; seq: number }) => Statement {
  return prepare((sent: { id: string; conversation: string; seq: number }) =>
    queries
      .updateTable('files')
      .set({ ...pick(sent, ['conversation', 'seq']), expires_at: sql<null>`null` })
      .where('id', '=', sent.id)
      .where('seq', 'is', null),
  );
}

function rowOf({ createdAt, expiresAt, deletedAt, ...same }: FileRecord): FileRow {
  return { ...same, created_at: createdAt, expires_at: expiresAt, deleted_at: deletedAt };
}

function recordOf({
  created_at: createdAt,
  expires_at: expiresAt,
  deleted_at: deletedAt,
  ...same
}: FileRow): FileRecord {
  return { ...same, createdAt, expiresAt, deletedAt };
}

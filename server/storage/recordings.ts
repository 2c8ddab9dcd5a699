import { allRows, firstRow, type Executor } from './executor.ts';
import { excluded, pick, prepare, statement } from './prepared.ts';
import type { RecordingRecord, Storage } from './storage.ts';
import type { Queries, Tables } from './tables.ts';

type RecordingRow = Tables['recordings'];

export function recordingsOver(
  executor: Executor,
  queries: Queries,
): Pick<
  Storage,
  'saveRecording' | 'recording' | 'recordings' | 'recordingsOf' | 'recordingsOfShopper' | 'deleteRecording'
> {
  const fixed = ['conversation', 'shop', 'shopper', 'started_at'] as const;
  const changing = ['ended_at', 'status', 'expires_at', 'contents'] as const;
  const save = prepare((row: RecordingRow) =>
    queries
      .insertInto('recordings')
      .values(pick(row, ['id', ...fixed, ...changing]))
      .onConflict((conflict) => conflict.column('id').doUpdateSet(excluded(changing))),
  );
  const all = queries.selectFrom('recordings').selectAll().orderBy('started_at').orderBy('id');
  const everyOne = statement(all);
  const byId = prepare((wanted: { id: string }) => all.where('id', '=', wanted.id));
  const ofConversation = prepare((wanted: { conversation: string }) =>
    all.where('conversation', '=', wanted.conversation),
  );
  const ofShopper = prepare((wanted: { shop: string; shopper: string }) =>
    all.where('shop', '=', wanted.shop).where('shopper', '=', wanted.shopper),
  );
  const remove = prepare((wanted: { id: string }) => queries.deleteFrom('recordings').where('id', '=', wanted.id));

  return {
    async saveRecording(recording) {
      await executor.run([save(rowOf(recording))]);
    },
    async recording(id) {
      const row = await firstRow(executor, byId({ id }));
      return row && recordingOf(row);
    },
    recordings: async () => (await allRows(executor, everyOne)).map(recordingOf),
    async recordingsOf(conversation) {
      const rows = await allRows(executor, ofConversation({ conversation }));
      return rows.map(recordingOf);
    },
    async recordingsOfShopper(shop, shopper) {
      const rows = await allRows(executor, ofShopper({ shop, shopper }));
      return rows.map(recordingOf);
    },
    async deleteRecording(id) {
      await executor.run([remove({ id })]);
    },
  };
}

function rowOf({ startedAt, endedAt, expiresAt, contents, ...same }: RecordingRecord): RecordingRow {
  return {
    ...same,
    started_at: startedAt,
    ended_at: endedAt,
    expires_at: expiresAt,
    contents: contents && JSON.stringify(contents),
  };
}

function recordingOf({
  started_at: startedAt,
  ended_at: endedAt,
  expires_at: expiresAt,
  contents,
  ...same
}: RecordingRow): RecordingRecord {
  return { ...same, startedAt, endedAt, expiresAt, contents: contents === null ? null : JSON.parse(contents) };
}

import { allRows, firstRow, type Executor } from './executor.ts';
import { excluded, pick, prepare } from './prepared.ts';
import type { MailRecord, Storage } from './storage.ts';
import type { Queries, Tables } from './tables.ts';

type MailRow = Tables['mails'];

export function mailsOver(
  executor: Executor,
  queries: Queries,
): Pick<Storage, 'saveMail' | 'changeMail' | 'mail' | 'mailsOf' | 'dueMails'> {
  const fixed = ['shop', 'conversation', 'recipient', 'subject', 'text', 'references', 'created_at'] as const;
  const changing = ['attempts', 'next_at', 'sent_at', 'error'] as const;
  const save = prepare((row: MailRow) =>
    queries
      .insertInto('mails')
      .values(pick(row, ['id', ...fixed, ...changing]))
      .onConflict((conflict) => conflict.column('id').doUpdateSet(excluded(changing))),
  );
  const change = prepare((row: MailRow) =>
    queries.updateTable('mails').set(pick(row, changing)).where('id', '=', row.id),
  );
  const byId = prepare((wanted: { id: string }) => queries.selectFrom('mails').selectAll().where('id', '=', wanted.id));
  const ofConversation = prepare((wanted: { conversation: string }) =>
    queries
      .selectFrom('mails')
      .selectAll()
      .where('conversation', '=', wanted.conversation)
      .orderBy('created_at')
      .orderBy('id'),
  );
  const due = prepare((wanted: { now: number; limit: number }) =>
    queries
      .selectFrom('mails')
      .selectAll()
      .where('next_at', 'is not', null)
      .where('next_at', '<=', wanted.now)
      .orderBy('next_at')
      .orderBy('id')
      .limit(wanted.limit),
  );

  return {
    async saveMail(mail) {
      await executor.run([save(rowOf(mail))]);
    },
    async changeMail(mail) {
      await executor.run([change(rowOf(mail))]);
    },
    async mail(id) {
      const row = await firstRow(executor, byId({ id }));
      return row && mailOf(row);
    },
    mailsOf: async (conversation) => (await allRows(executor, ofConversation({ conversation }))).map(mailOf),
    dueMails: async (now, limit) => (await allRows(executor, due({ now, limit }))).map(mailOf),
  };
}

function rowOf({ to, references, createdAt, nextAt, sentAt, ...same }: MailRecord): MailRow {
  const times = { created_at: createdAt, next_at: nextAt, sent_at: sentAt };
  return { ...same, recipient: to, references: JSON.stringify(references), ...times };
}

function mailOf(row: MailRow): MailRecord {
  const { recipient: to, references, created_at: createdAt, next_at: nextAt, sent_at: sentAt, ...same } = row;
  return { ...same, to, references: JSON.parse(references), createdAt, nextAt, sentAt };
}

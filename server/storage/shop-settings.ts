import { allRows, type Executor, type Statement } from './executor.ts';
import { pick, prepare } from './prepared.ts';
import type { AuditLine, Storage } from './storage.ts';
import type { Queries, Tables } from './tables.ts';

type AuditRow = Tables['audit'];

const AUDIT_COLUMNS = ['id', 'shop', 'at', 'agent_id', 'agent_name', 'action', 'subject', 'before', 'after'] as const;

export function shopSettingsOver(
  executor: Executor,
  queries: Queries,
): Pick<Storage, 'settingsOf' | 'saveSetting' | 'appendAudit' | 'audit'> {
  const ofShop = prepare((wanted: { shop: string }) =>
    queries
      .selectFrom('shop_settings')
      .select(['section', 'version', 'value'])
      .where('shop', '=', wanted.shop)
      .orderBy('section'),
  );
  const first = prepare((row: Tables['shop_settings']) =>
    queries
      .insertInto('shop_settings')
      .values(pick(row, ['shop', 'section', 'version', 'value', 'change']))
      .onConflict((conflict) => conflict.columns(['shop', 'section']).doNothing()),
  );
  const next = prepare((row: Tables['shop_settings'] & { over: number }) =>
    queries
      .updateTable('shop_settings')
      .set(pick(row, ['version', 'value', 'change']))
      .where('shop', '=', row.shop)
      .where('section', '=', row.section)
      .where('version', '=', row.over),
  );
  const audited = appendingAudit(queries);
  // Only where the change has won.
  const appendIfKept = prepare((row: AuditRow) =>
    queries
      .insertInto('audit')
      .columns([...AUDIT_COLUMNS])
      .expression(
        queries
          .selectFrom('shop_settings')
          .select((kept) => AUDIT_COLUMNS.map((name) => kept.cast<never>(kept.val(row[name]), TYPES[name]).as(name)))
          .where('change', '=', row.id),
      )
      .returning('id'),
  );
  const before = prepare((wanted: { shop: string; at: number; id: string; limit: number }) =>
    queries
      .selectFrom('audit')
      .selectAll()
      .where('shop', '=', wanted.shop)
      .where((line) => line(line.refTuple('at', 'id'), '<', line.tuple(wanted.at, wanted.id)))
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(wanted.limit),
  );

  return {
    async settingsOf(shop) {
      const rows = await allRows(executor, ofShop({ shop }));
      return rows.map(({ value, ...row }) => ({ ...row, value: JSON.parse(value) as unknown }));
    },
    async saveSetting(section, over, value, change) {
      const { shop, id } = change;
      const row = { shop, section, version: over + 1, value: JSON.stringify(value), change: id };
      const saved = over === 0 ? first(row) : next({ ...row, over });
      const [, kept = []] = await executor.run([saved, appendIfKept(auditRow(change))]);
      return kept.length > 0;
    },
    async appendAudit(line) {
      await executor.run([audited(line)]);
    },
    async audit(shop, { at, id = '' }, limit) {
      const rows = await allRows(executor, before({ shop, at, id, limit }));
      return rows.map(auditOf);
    },
  };
}

/** Makes the statement that appends a line to the audit. */
export function appendingAudit(queries: Queries): (line: AuditLine) => Statement {
  const append = prepare((row: AuditRow) => queries.insertInto('audit').values(pick(row, AUDIT_COLUMNS)));
  return (line) => append(auditRow(line));
}

/** What PostgreSQL cannot tell of a value that stands alone. */
const TYPES: Record<keyof AuditRow, 'text' | 'bigint'> = {
  id: 'text',
  shop: 'text',
  at: 'bigint',
  agent_id: 'text',
  agent_name: 'text',
  action: 'text',
  subject: 'text',
  before: 'text',
  after: 'text',
};

function auditRow({ by, before, after, ...line }: AuditLine): AuditRow {
  return {
    ...line,
    agent_id: by.id,
    agent_name: by.name,
    before: JSON.stringify(before ?? null),
    after: JSON.stringify(after ?? null),
  };
}

function auditOf({ agent_id: id, agent_name: name, before, after, ...line }: AuditRow): AuditLine {
  return { ...line, by: { id, name }, before: JSON.parse(before), after: JSON.parse(after) };
}

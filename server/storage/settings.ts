import { firstRow, type Executor } from './executor.ts';
import { pick, prepare } from './prepared.ts';
import type { Storage } from './storage.ts';
import type { Queries, Tables } from './tables.ts';

export function settingsOver(executor: Executor, queries: Queries): Pick<Storage, 'setting' | 'settle'> {
  const read = prepare((setting: { name: string }) =>
    queries.selectFrom('settings').select('value').where('name', '=', setting.name),
  );
  const keepFirst = prepare((row: Tables['settings']) =>
    queries
      .insertInto('settings')
      .values(pick(row, ['name', 'value']))
      .onConflict((conflict) => conflict.column('name').doNothing()),
  );

  return {
    async setting(name) {
      const row = await firstRow(executor, read({ name }));
      return row?.value ?? null;
    },
    async settle(name, value) {
      await executor.run([keepFirst({ name, value })]);
      const row = await firstRow(executor, read({ name }));
      if (!row) throw new Error(`The setting "${name}" was not kept`);
      return row.value;
    },
  };
}

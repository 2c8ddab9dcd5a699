import { allRows, firstRow, type Executor } from './executor.ts';
import { excluded, pick, prepare, statement } from './prepared.ts';
import type { Shop, Storage } from './storage.ts';
import type { Queries, Tables } from './tables.ts';

type ShopRow = Tables['shops'];

export function shopsOver(
  executor: Executor,
  queries: Queries,
): Pick<Storage, 'saveShop' | 'shopByKey' | 'shopById' | 'shops'> {
  const details = ['key', 'name', 'accent', 'greeting', 'origins'] as const;
  const save = prepare((row: ShopRow) =>
    queries
      .insertInto('shops')
      .values(pick(row, ['id', ...details]))
      .onConflict((conflict) => conflict.column('id').doUpdateSet(excluded(details))),
  );
  const byKey = prepare((shop: { key: string }) => queries.selectFrom('shops').selectAll().where('key', '=', shop.key));
  const byId = prepare((shop: { id: string }) => queries.selectFrom('shops').selectAll().where('id', '=', shop.id));
  const all = statement(queries.selectFrom('shops').selectAll().orderBy('id'));

  return {
    async saveShop(shop) {
      await executor.run([save({ ...shop, origins: JSON.stringify(shop.origins) })]);
    },
    async shopByKey(key) {
      const row = await firstRow(executor, byKey({ key }));
      return row && shopOf(row);
    },
    async shopById(id) {
      const row = await firstRow(executor, byId({ id }));
      return row && shopOf(row);
    },
    async shops() {
      const rows = await allRows(executor, all);
      return rows.map(shopOf);
    },
  };
}

function shopOf(row: ShopRow): Shop {
  return { ...row, origins: JSON.parse(row.origins) };
}

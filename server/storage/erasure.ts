import { sql } from 'kysely';
import { allRows, type Executor } from './executor.ts';
import type { Engine } from './migrations.ts';
import { pick, prepare, statement } from './prepared.ts';
import { appendingAudit } from './shop-settings.ts';
import type { Storage } from './storage.ts';
import type { Queries, Tables } from './tables.ts';

type Somebody = { shop: string; shopper: string };

/** In a place of its own no row can be found by what somebody wrote down of it before. */
const FRESH_ID = { sqlite: sql<string>`lower(hex(randomblob(16)))`, postgres: sql<string>`gen_random_uuid()::text` };

export function erasureOver(
  executor: Executor,
  queries: Queries,
  engine: Engine,
): Pick<Storage, 'beginErasure' | 'erasures' | 'eraseShopper'> {
  const audited = appendingAudit(queries);
  const mark = prepare((row: Tables['erasures']) =>
    queries
      .insertInto('erasures')
      .values(pick(row, ['shop', 'shopper', 'at']))
      .onConflict((conflict) => conflict.columns(['shop', 'shopper']).doNothing()),
  );
  const marked = statement(queries.selectFrom('erasures').select(['shop', 'shopper']).orderBy('at').orderBy('shopper'));
  const unmark = prepare((who: Somebody) =>
    queries.deleteFrom('erasures').where('shop', '=', who.shop).where('shopper', '=', who.shopper),
  );
  const theirs = (who: Somebody) =>
    queries.selectFrom('conversations').select('id').where('shop', '=', who.shop).where('shopper', '=', who.shopper);
  const dropOf = (table: 'message_search' | 'entries' | 'mails') =>
    prepare((who: Somebody) => queries.deleteFrom(table).where('conversation', 'in', theirs(who)));
  const drops = (['message_search', 'entries', 'mails'] as const).map(dropOf);
  const dropAnswers = prepare((who: Somebody) =>
    queries.deleteFrom('faq_answers').where('shop', '=', who.shop).where('shopper', '=', who.shopper),
  );
  // What reports count stays, and the ticket's number, so that no other one gets it. Files and recordings still refer to
  // the id: whose content is not gone yet, the engine refuses this.
  const nobodys = prepare((who: Somebody) =>
    queries
      .updateTable('conversations')
      .set({ id: FRESH_ID[engine], status: sql.lit('closed'), shopper: sql.lit(''), steps: sql.lit('{}') })
      .set({ preview: sql<null>`null`, unread: sql.lit(0), rating_comment: sql<null>`null` })
      .set({ ticket_email: sql<null>`null`, ticket_name: sql<null>`null`, ticket_locale: sql<null>`null` })
      .where('shop', '=', who.shop)
      .where('shopper', '=', who.shopper),
  );

  return {
    async beginErasure({ shop, shopper }, change) {
      await executor.run([mark({ shop, shopper, at: change.at }), audited(change)]);
    },
    erasures: async () => await allRows(executor, marked),
    async eraseShopper(shop, shopper) {
      const who = { shop, shopper };
      await executor.run([...drops.map((drop) => drop(who)), dropAnswers(who), nobodys(who), unmark(who)]);
    },
  };
}

import { allRows, type Executor } from './executor.ts';
import { excluded, pick, prepare } from './prepared.ts';
import { appendingAudit } from './shop-settings.ts';
import type { FaqArticle, Storage } from './storage.ts';
import type { Queries, Tables } from './tables.ts';

type Row = Tables['faq_articles'];

export function faqOver(
  executor: Executor,
  queries: Queries,
): Pick<Storage, 'faqArticles' | 'saveFaqArticle' | 'deleteFaqArticle' | 'orderFaqArticles' | 'countFaqAnswer'> {
  const audited = appendingAudit(queries);
  const ofShop = prepare((wanted: { shop: string }) =>
    queries
      .selectFrom('faq_articles')
      .selectAll()
      .where('shop', '=', wanted.shop)
      .orderBy('position')
      .orderBy('id')
      .orderBy('locale'),
  );
  // What is counted is no part of what somebody writes.
  const written = ['topic', 'title', 'body', 'position', 'published', 'changed_at'] as const;
  const save = prepare((row: Row) =>
    queries
      .insertInto('faq_articles')
      .values(pick(row, ['id', 'shop', 'locale', ...written, 'helped', 'not_helped']))
      .onConflict((conflict) => conflict.columns(['id', 'locale']).doUpdateSet(excluded(written))),
  );
  const dropOlder = prepare((article: { shop: string; id: string; before: number }) =>
    queries
      .deleteFrom('faq_articles')
      .where('shop', '=', article.shop)
      .where('id', '=', article.id)
      .where('changed_at', '<', article.before),
  );
  const drop = prepare((article: { shop: string; id: string }) =>
    queries.deleteFrom('faq_articles').where('shop', '=', article.shop).where('id', '=', article.id),
  );
  const dropAnswers = prepare((article: { shop: string; id: string }) =>
    queries.deleteFrom('faq_answers').where('shop', '=', article.shop).where('article', '=', article.id),
  );
  const place = prepare((article: { shop: string; id: string; position: number }) =>
    queries
      .updateTable('faq_articles')
      .set(pick(article, ['position']))
      .where('shop', '=', article.shop)
      .where('id', '=', article.id),
  );
  const answer = prepare((row: Tables['faq_answers']) =>
    queries
      .insertInto('faq_answers')
      .values(pick(row, ['article', 'shopper', 'shop', 'answer']))
      .onConflict((conflict) => conflict.columns(['article', 'shopper']).doNothing()),
  );
  // Only where this answer is the one that was kept.
  const count = (column: 'helped' | 'not_helped') =>
    prepare((given: Tables['faq_answers'] & { locale: string }) =>
      queries
        .updateTable('faq_articles')
        .set((row) => ({ [column]: row(column, '+', 1) }))
        .where('shop', '=', given.shop)
        .where('id', '=', given.article)
        .where('locale', '=', given.locale)
        .where((row) =>
          row.exists(
            queries
              .selectFrom('faq_answers')
              .select('answer')
              .where('article', '=', given.article)
              .where('shopper', '=', given.shopper)
              .where('answer', '=', given.answer),
          ),
        )
        .returning('id'),
    );
  const counts = { helped: count('helped'), notHelped: count('not_helped') };

  return {
    faqArticles: async (shop) => articlesOf(await allRows(executor, ofShop({ shop }))),
    async saveFaqArticle(shop, article, change) {
      const rows = rowsOf(shop, article);
      const { id, changedAt } = article;
      // A language that is not among them any more is older than the ones just written.
      const saved = rows.map((row) => save(row));
      await executor.run([...saved, dropOlder({ shop, id, before: changedAt }), audited(change)]);
    },
    async deleteFaqArticle(shop, id, change) {
      await executor.run([drop({ shop, id }), dropAnswers({ shop, id }), audited(change)]);
    },
    async orderFaqArticles(shop, ids, change) {
      await executor.run([...ids.map((id, position) => place({ shop, id, position })), audited(change)]);
    },
    async countFaqAnswer({ id, shop, article, locale, shopper, helped }) {
      const row = { article, shopper, shop, answer: id };
      const counted = helped ? counts.helped : counts.notHelped;
      const [, kept = []] = await executor.run([answer(row), counted({ ...row, locale })]);
      return kept.length > 0;
    },
  };
}

function rowsOf(shop: string, { id, topic, position, changedAt, texts }: FaqArticle): Row[] {
  return Object.entries(texts).map(([locale, { title, body, published, helped, notHelped }]) => ({
    id,
    shop,
    topic,
    locale,
    title,
    body,
    position,
    published: published ? 1 : 0,
    helped,
    not_helped: notHelped,
    changed_at: changedAt,
  }));
}

function articlesOf(rows: readonly Row[]): FaqArticle[] {
  const articles = new Map<string, FaqArticle>();
  for (const { id, topic, position, changed_at: changedAt, locale, title, body, ...row } of rows) {
    const article = articles.get(id) ?? { id, topic, position, changedAt, texts: {} };
    const { published, helped, not_helped: notHelped } = row;
    article.texts[locale] = { title, body, published: published === 1, helped, notHelped };
    articles.set(id, article);
  }
  return [...articles.values()];
}

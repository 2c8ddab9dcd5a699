import type { PublicArticle, PublicFaq } from '../../server/protocol/faq.ts';

const SHOWN = 4;

/** A few articles for the page that the shopper is on: those of its topic first, then those of none. */
export function oftenAsked({ articles, topics }: PublicFaq, path: string): PublicArticle[] {
  const topic = topicOf(topics, path);
  const rank = (article: PublicArticle): number => (article.topic === null ? 1 : article.topic === topic ? 0 : 2);
  return articles.toSorted((a, b) => rank(a) - rank(b)).slice(0, SHOWN);
}

/** The topic whose beginning of a path fits best. */
function topicOf(topics: PublicFaq['topics'], path: string): string | null {
  const fitting = topics.flatMap(({ id, paths }) =>
    paths.filter((beginning) => path.startsWith(beginning)).map((beginning) => ({ id, length: beginning.length })),
  );
  return fitting.toSorted((a, b) => b.length - a.length)[0]?.id ?? null;
}

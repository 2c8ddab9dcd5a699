import MiniSearch from 'minisearch';
import type { PublicArticle } from '../../server/protocol/faq.ts';

const SUGGESTIONS = 3;
/** Of the best one's score: what is much worse only fits by accident. */
const NEAR_THE_BEST = 0.4;

/** Words that say nothing about a question, in both languages, as they are compared. */
const SAYS_NOTHING = new Set(
  (
    'a an and are at be can could do does for from had has have hello help hi how i if in is it its like me my need of on or ' +
    'please so that the there this to want was we what when where which who why will with would you your ' +
    'al algo buenas como con cual cuando cuanto de del donde el en es esta este hay hola la las lo los me mi mis necesito no ' +
    'o para pero por porque puedo que quiero se si sin su sus te tengo tiene tu un una unos y ya yo'
  ).split(' '),
);

/** As words are compared: without case and accents. */
export function folded(word: string): string {
  return word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Finds articles by what a shopper writes: beginnings of words, and words with a slip in them. */
export function searchIn(articles: readonly PublicArticle[]): (text: string) => PublicArticle[] {
  const byId = new Map(articles.map((article) => [article.id, article]));
  const index = new MiniSearch<PublicArticle>({
    fields: ['title', 'body'],
    processTerm: (word) => {
      const term = folded(word);
      return term.length > 1 && !SAYS_NOTHING.has(term) ? term : null;
    },
    searchOptions: {
      boost: { title: 3 },
      prefix: (term) => term.length > 2,
      fuzzy: (term) => (term.length > 3 ? 0.25 : false),
      maxFuzzy: 2,
    },
  });
  index.addAll([...articles]);
  return (text) => {
    const found = index.search(text);
    const best = found[0]?.score ?? 0;
    return found
      .filter(({ score }) => score >= best * NEAR_THE_BEST)
      .slice(0, SUGGESTIONS)
      .flatMap(({ id }) => byId.get(String(id)) ?? []);
  };
}

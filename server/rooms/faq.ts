import { createHash } from 'node:crypto';
import { FAQ_ARTICLES_MAX, FAQ_TOTAL_MAX } from '../protocol/faq-limits.ts';
import { FAQ_LOCALES, type FaqDraft, type FaqLocale, type PublicArticle, type PublicFaq } from '../protocol/faq.ts';
import type { AuditLine, FaqArticle, FaqText, Storage } from '../storage/storage.ts';
import type { Person, ShopSettings } from './shop-settings.ts';

export type FaqOptions = {
  storage: Pick<Storage, 'faqArticles' | 'saveFaqArticle' | 'deleteFaqArticle' | 'orderFaqArticles' | 'countFaqAnswer'>;
  settings: Pick<ShopSettings, 'of'>;
  now: () => number;
  newId: () => string;
};

export type FaqRefusal = 'unknown' | 'changed-meanwhile' | 'too-many' | 'too-large';
export type FaqResult = { ok: true; article: FaqArticle } | { ok: false; reason: FaqRefusal };

/** What is often asked, of every shop that somebody asked about: read once and kept. Changes of one shop wait for each other. */
export class Faq {
  #options: FaqOptions;
  #shops = new Map<string, Promise<FaqArticle[]>>();
  #changing = new Map<string, Promise<unknown>>();

  constructor(options: FaqOptions) {
    this.#options = options;
  }

  /** Every article, for those who write them. */
  async of(shop: string): Promise<FaqArticle[]> {
    const known = this.#shops.get(shop);
    if (known) return await known;
    const reading = this.#options.storage.faqArticles(shop);
    this.#shops.set(shop, reading);
    reading.catch(() => this.#shops.delete(shop));
    return await reading;
  }

  /** Whether shoppers have anything to read. */
  async any(shop: string): Promise<boolean> {
    return (await this.of(shop)).some(({ texts }) => Object.values(texts).some(({ published }) => published));
  }

  /** What a shopper reads in a language, where there is one in the other as well. */
  async published(shop: string, locale: FaqLocale): Promise<{ json: string; etag: string }> {
    const articles = (await this.of(shop)).flatMap((article) => publicArticle(article, locale) ?? []);
    const used = new Set(articles.map(({ topic }) => topic));
    const { topics } = await this.#options.settings.of(shop);
    const faq: PublicFaq = {
      articles,
      topics: topics.flatMap(({ id, paths }) => (used.has(id) && paths.length > 0 ? [{ id, paths }] : [])),
    };
    const json = JSON.stringify(faq);
    return { json, etag: `W/"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"` };
  }

  /** `id` null: a new one, after the others. `over`: when what its author saw was changed last. */
  async save(shop: string, id: string | null, draft: FaqDraft, over: number, by: Person): Promise<FaqResult> {
    return await this.#alone(shop, async (): Promise<FaqResult> => {
      const articles = await this.of(shop);
      const before = articles.find((article) => article.id === id) ?? null;
      if (id !== null && !before) return { ok: false, reason: 'unknown' };
      if (before && before.changedAt !== over) return { ok: false, reason: 'changed-meanwhile' };
      if (!before && articles.length >= FAQ_ARTICLES_MAX) return { ok: false, reason: 'too-many' };
      const article: FaqArticle = {
        id: before?.id ?? this.#options.newId(),
        topic: draft.topic,
        position: before?.position ?? Math.max(-1, ...articles.map(({ position }) => position)) + 1,
        changedAt: Math.max(this.#options.now(), (before?.changedAt ?? 0) + 1),
        texts: textsOf(draft, before),
      };
      const others = articles.filter((other) => other.id !== article.id);
      if (sizeOf([...others, article]) > FAQ_TOTAL_MAX) return { ok: false, reason: 'too-large' };
      const change = this.#change(shop, by, before ? 'faq.changed' : 'faq.added', article.id);
      await this.#options.storage.saveFaqArticle(shop, article, { ...change, before, after: article });
      return { ok: true, article };
    });
  }

  /** False: there is none. */
  async remove(shop: string, id: string, by: Person): Promise<boolean> {
    return await this.#alone(shop, async () => {
      const before = (await this.of(shop)).find((article) => article.id === id);
      if (!before) return false;
      const change = this.#change(shop, by, 'faq.removed', id);
      await this.#options.storage.deleteFaqArticle(shop, id, { ...change, before, after: null });
      return true;
    });
  }

  /** Those that are not named follow in the order that they had. */
  async order(shop: string, ids: readonly string[], by: Person): Promise<void> {
    await this.#alone(shop, async () => {
      const before = (await this.of(shop)).map((article) => article.id);
      const named = [...new Set(ids)].filter((id) => before.includes(id));
      const after = [...named, ...before.filter((id) => !named.includes(id))];
      const change = this.#change(shop, by, 'faq.ordered', 'faq');
      await this.#options.storage.orderFaqArticles(shop, after, { ...change, before, after });
    });
  }

  /** Counts whether a published article helped. False: this shopper has said so before, or there is no such article. */
  async answer(
    shop: string,
    answer: { article: string; locale: FaqLocale; shopper: string; helped: boolean },
  ): Promise<boolean> {
    const article = (await this.of(shop)).find(({ id }) => id === answer.article);
    if (!article?.texts[answer.locale]?.published) return false;
    const counted = await this.#options.storage.countFaqAnswer({ ...answer, shop, id: this.#options.newId() });
    // Read again by the next who asks.
    if (counted) this.#shops.delete(shop);
    return counted;
  }

  async #alone<Result>(shop: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#changing.get(shop) ?? Promise.resolve();
    const running = before.then(work).finally(() => this.#shops.delete(shop));
    const settled = running.catch(() => {});
    this.#changing.set(shop, settled);
    try {
      return await running;
    } finally {
      if (this.#changing.get(shop) === settled) this.#changing.delete(shop);
    }
  }

  #change(shop: string, by: Person, action: string, subject: string): Omit<AuditLine, 'before' | 'after'> {
    return { id: this.#options.newId(), shop, at: this.#options.now(), by, action, subject };
  }
}

function textsOf({ texts }: FaqDraft, before: FaqArticle | null): Record<string, FaqText> {
  return Object.fromEntries(
    FAQ_LOCALES.flatMap((locale) => {
      const text = texts[locale];
      if (!text) return [];
      const { helped, notHelped } = before?.texts[locale] ?? { helped: 0, notHelped: 0 };
      return [[locale, { ...text, helped, notHelped }]];
    }),
  );
}

/** In the language where it is published, else in another one. */
function publicArticle({ id, topic, texts }: FaqArticle, wanted: FaqLocale): PublicArticle | null {
  const locale = [wanted, ...FAQ_LOCALES].find((each) => texts[each]?.published);
  const text = locale && texts[locale];
  return text ? { id, topic, locale, title: text.title, body: text.body } : null;
}

/** The most that a shopper could be given. */
function sizeOf(articles: readonly FaqArticle[]): number {
  const sizes = articles.map(({ texts }) =>
    Math.max(0, ...Object.values(texts).map(({ title, body }) => title.length + body.length)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

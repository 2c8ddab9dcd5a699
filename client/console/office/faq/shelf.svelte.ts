import type { FaqDraft, FaqLocale } from '../../../../server/protocol/faq.ts';
import type { Settings } from '../../../../server/protocol/settings.ts';
import { forEachAgent } from '../each-agent.ts';
import {
  deleteArticle,
  orderArticles,
  readArticles,
  readTopics,
  saveArticle,
  type Article,
  type NotSaved,
} from './articles.ts';

export const LOCALES: readonly FaqLocale[] = ['en', 'es'];

export type DraftText = { title: string; body: string; published: boolean };
/** An article while it is written: every language has its fields, also an empty one. */
export type Draft = { topic: string | null; texts: Record<FaqLocale, DraftText> };

/** The id of an article that has not been saved yet. */
export const NEW = 'new';

/**
 * The shop's articles and what is being written on them. It outlives the screen: whoever goes to a shopper in between
 * finds everything as they left it.
 */
class Shelf {
  articles = $state.raw<readonly Article[] | null>(null);
  topics = $state.raw<Settings['topics']>([]);
  failed = $state(false);
  chosen = $state<string | null>(null);
  problem = $state<NotSaved | 'incomplete' | null>(null);
  saved = $state(false);
  busy = $state(false);
  #ordered: Promise<unknown> = Promise.resolve();
  #drafts = $state<Record<string, Draft>>({});

  async load(): Promise<void> {
    const [articles, topics] = await Promise.all([readArticles(), readTopics()]);
    this.failed = articles === null;
    this.articles = articles ?? this.articles;
    this.topics = topics;
  }

  /** What the editor shows, and writes into. */
  draft(id: string): Draft {
    return this.#drafts[id] ?? draftOf(this.article(id));
  }

  article(id: string | null): Article | null {
    return this.articles?.find((article) => article.id === id) ?? null;
  }

  /** Whether something of it is written and not saved. */
  unsaved(id: string): boolean {
    const draft = this.#drafts[id];
    return draft !== undefined && JSON.stringify(draft) !== JSON.stringify(draftOf(this.article(id)));
  }

  get anyUnsaved(): boolean {
    return Object.keys(this.#drafts).some((id) => this.unsaved(id));
  }

  choose(id: string): void {
    this.chosen = id;
    this.problem = null;
    this.saved = false;
  }

  write(id: string, change: (draft: Draft) => Draft): void {
    this.#drafts[id] = change(this.draft(id));
    this.problem = null;
    this.saved = false;
  }

  async discard(id: string): Promise<void> {
    delete this.#drafts[id];
    this.problem = null;
    if (id === NEW) this.chosen = null;
    await this.load();
  }

  async save(id: string): Promise<void> {
    const wanted = wantedOf(this.draft(id));
    if (!wanted) return void (this.problem = 'incomplete');
    this.busy = true;
    const article = this.article(id);
    const result = await saveArticle(article?.id ?? null, wanted, article?.changedAt ?? 0);
    this.busy = false;
    if (typeof result === 'string') return void (this.problem = result);
    delete this.#drafts[id];
    const others = this.articles ?? [];
    this.articles = article ? others.map((other) => (other.id === id ? result : other)) : [...others, result];
    this.choose(result.id);
    this.saved = true;
  }

  async remove(id: string): Promise<void> {
    const problem = await deleteArticle(id);
    if (problem) return void (this.problem = problem);
    delete this.#drafts[id];
    this.articles = this.articles?.filter((article) => article.id !== id) ?? null;
    this.chosen = null;
    this.problem = null;
  }

  async move(id: string, by: -1 | 1): Promise<void> {
    const before = this.articles ?? [];
    const from = before.findIndex((article) => article.id === id);
    const [one, other] = [before[from], before[from + by]];
    if (!one || !other) return;
    const moved = before.with(from, other).with(from + by, one);
    this.articles = moved;
    // In their turn, so that the last order is the one that stays.
    const ordering = this.#ordered.then(async () => await orderArticles(moved.map((article) => article.id)));
    this.#ordered = ordering;
    const result = await ordering;
    // An answer to an order that is no longer shown would put it back.
    if (this.articles !== moved) return;
    if (typeof result !== 'string') return void (this.articles = result);
    this.articles = before;
    this.problem = result;
  }
}

/** One for the page and its agent: what is written stays while screens come and go. */
export let shelf: Shelf;
forEachAgent(() => (shelf = new Shelf()));

export function draftOf(article: Article | null): Draft {
  const text = (locale: FaqLocale): DraftText => {
    const { title = '', body = '', published = true } = article?.texts[locale] ?? {};
    return { title, body, published };
  };
  return { topic: article?.topic ?? null, texts: { en: text('en'), es: text('es') } };
}

/** What can be saved; null: something is missing. */
export function wantedOf({ topic, texts }: Draft): FaqDraft | null {
  const wanted: FaqDraft = { topic, texts: {} };
  for (const locale of LOCALES) {
    const { title, body, published } = texts[locale];
    if (!title.trim() && !body.trim()) continue;
    if (!title.trim() || !body.trim()) return null;
    wanted.texts[locale] = { title: title.trim(), body: body.trim(), published };
  }
  return Object.keys(wanted.texts).length > 0 ? wanted : null;
}

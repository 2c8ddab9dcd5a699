import type { FaqAnswer, PublicArticle, PublicFaq } from '../../server/protocol/faq.ts';
import type { Counter } from '../panel/counter.svelte.ts';
import { oftenAsked } from './often-asked.ts';

/** Fewer letters say nothing yet. */
const SEARCH_FROM = 3;
const REMEMBERED = 100;

/** Articles and the question how it was: what there is for a shopper beside a person, never in place of one. */
export class Help {
  readonly counter: Counter;
  /** The article that is read. */
  article = $state.raw<PublicArticle | null>(null);
  /** Whether it helped: said just now (and what), an earlier time, or not yet. */
  said = $state<boolean | 'before' | null>(null);
  #faq = $state.raw<PublicFaq>({ articles: [], topics: [] });
  #find = $state.raw<((text: string) => PublicArticle[]) | null>(null);
  #loading = false;
  #opener: HTMLElement | null = null;
  #told: readonly string[];
  #dismissed = $state.raw<string | null>(null);

  /** Before anything has been said, or when it is over: then the next message is a first one. */
  readonly before = $derived.by(() => this.counter.view === null && this.counter.pending.length === 0);
  readonly often = $derived.by(() => (this.before ? oftenAsked(this.#faq, location.pathname) : []));
  readonly suggestions = $derived.by(() => {
    const text = this.counter.draft;
    return this.before && text.trim().length >= SEARCH_FROM ? (this.#find?.(text) ?? []) : [];
  });
  /** The conversation that the shopper is asked about. */
  readonly asks = $derived.by(() => {
    const { latest, offers, pending } = this.counter;
    const over = latest?.status === 'closed' && latest.agent && latest.rating === null && pending.length === 0;
    return offers.rating && over && latest.id !== this.#dismissed ? latest : null;
  });

  constructor(counter: Counter) {
    this.counter = counter;
    const { memory } = counter;
    this.#told = (memory.get('helped') ?? '').split(' ').filter(Boolean);
    this.#dismissed = memory.get('rating-later');
    if (counter.offers.articles) void this.#load();
  }

  /** The shopper writes: what they will be found by is loaded with the first word. */
  async wrote(text: string): Promise<void> {
    if (this.#find || this.#loading || text.trim().length < SEARCH_FROM || this.#faq.articles.length === 0) return;
    this.#loading = true;
    try {
      const { searchIn } = await import('./search.ts');
      this.#find = searchIn(this.#faq.articles);
    } catch {
      // The next letter tries again; meanwhile a person answers.
    }
    this.#loading = false;
  }

  read(article: PublicArticle): void {
    const focused = this.counter.host.root.activeElement;
    this.#opener = focused instanceof HTMLElement ? focused : null;
    this.said = this.#told.includes(article.id) ? 'before' : null;
    this.article = article;
  }

  /** Back to where the shopper was. True when there was an article. */
  back(): boolean {
    if (!this.article) return false;
    this.article = null;
    // What was hidden is drawn again in the turn of events that has begun.
    queueMicrotask(() => {
      if (this.#opener?.isConnected) this.#opener.focus();
      else this.counter.wantsFocus = true;
    });
    return true;
  }

  talk(): void {
    this.article = null;
    this.counter.wantsFocus = true;
  }

  /** Told to the shop once; lost where there is no connection, which nobody is troubled with. */
  tell(article: PublicArticle, helped: boolean): void {
    const { host, memory } = this.counter;
    this.said = helped;
    this.#told = [...this.#told, article.id].slice(-REMEMBERED);
    memory.set('helped', this.#told.join(' '));
    const answer: FaqAnswer = { token: memory.get('token') ?? '', locale: article.locale, helped };
    fetch(`${host.origin}/api/shops/${encodeURIComponent(host.shop.key)}/faq/${article.id}/answers`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(answer),
      keepalive: true,
    }).catch(() => {});
  }

  rate(conversation: string, rating: number, comment: string): void {
    if (this.counter.rate(conversation, rating, comment)) this.counter.wantsFocus = true;
  }

  /** Asked once: not again, in none of this browser's tabs. */
  dismiss(conversation: string): void {
    this.#dismissed = conversation;
    this.counter.memory.set('rating-later', conversation);
    this.counter.wantsFocus = true;
  }

  async #load(): Promise<void> {
    const { host } = this.counter;
    try {
      const response = await fetch(
        `${host.origin}/api/shops/${encodeURIComponent(host.shop.key)}/faq?locale=${host.locale}`,
      );
      if (response.ok) this.#faq = (await response.json()) as PublicFaq;
      void this.wrote(this.counter.draft);
    } catch {
      // Without articles the counter is what it was: a person answers.
    }
  }
}

import type { Locale } from '../loader/locale.ts';
import type * as english from './words/compiled/messages/en.js';

type Catalogue = typeof english;
type HelpWords = {
  readonly [K in keyof Catalogue]: object extends Parameters<Catalogue[K]>[0]
    ? () => string
    : (inputs: Parameters<Catalogue[K]>[0]) => string;
};

/** What is said beside the chat, in the shopper's language; there before any of it is drawn. */
export let words: HelpWords;

export async function loadWords(locale: Locale): Promise<void> {
  const catalogue =
    locale === 'es' ? await import('./words/compiled/messages/es.js') : await import('./words/compiled/messages/en.js');
  words = catalogue as unknown as HelpWords;
}

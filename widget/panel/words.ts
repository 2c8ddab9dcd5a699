import type { Locale } from '../loader/locale.ts';
import type { Words } from '../words/words.ts';

/** The sentences of the widget in the shopper's language; there before anything is drawn. */
export let words: Words;
/** For dates and numbers: the page's own region where it has one. */
export let locale = 'en';

export async function loadWords(language: Locale): Promise<void> {
  locale = language;
  const catalogue =
    language === 'es'
      ? await import('../words/compiled/messages/es.js')
      : await import('../words/compiled/messages/en.js');
  words = catalogue as unknown as Words;
}

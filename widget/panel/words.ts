import type { Locale } from '../loader/locale.ts';
import type { Words } from '../words/words.ts';

/** The sentences of the widget in the shopper's language; there before anything is drawn. */
export let words: Words;
/** For times and dates: that language as the browser's owner writes it, such as `en-GB`. */
export let locale = 'en';

/** What the steps say besides (calls, the shown page); there before any of them is drawn. */
export async function loadStepWords(language: Locale): Promise<void> {
  const catalogue =
    language === 'es'
      ? await import('../words/compiled/messages/es.js?steps')
      : await import('../words/compiled/messages/en.js?steps');
  addWords(catalogue);
}

/** What a part that is loaded later says besides. */
export function addWords(catalogue: unknown): void {
  words = { ...words, ...(catalogue as Words) };
}

/** What is said of hours, topics and the line. */
export async function loadLineWords(language: Locale): Promise<void> {
  const catalogue =
    language === 'es'
      ? await import('../words/compiled/messages/es.js?line')
      : await import('../words/compiled/messages/en.js?line');
  words = { ...words, ...(catalogue as unknown as Words) };
}

export async function loadWords(language: Locale): Promise<void> {
  locale = navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language;
  const catalogue =
    language === 'es'
      ? await import('../words/compiled/messages/es.js')
      : await import('../words/compiled/messages/en.js');
  words = catalogue as unknown as Words;
}

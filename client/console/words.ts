type Catalogue = typeof import('../words/compiled/messages/en.js');
type Message<F> = F extends (inputs: infer Inputs) => string
  ? object extends Inputs
    ? (inputs?: Inputs) => string
    : (inputs: Inputs) => string
  : never;

/** The console's words: one language is loaded before anything is shown. */
export type Words = { [Key in keyof Catalogue]: Message<Catalogue[Key]> };

const LANGUAGES = {
  en: () => import('../words/compiled/messages/en.js'),
  es: () => import('../words/compiled/messages/es.js'),
};
type Language = keyof typeof LANGUAGES;

/** The catalogue in use; set once, before the console is mounted. */
export let w: Words;
/** The language in use, for dates and names of languages. */
export let language: Language = 'en';

/** The first wanted language that the console speaks; English otherwise. */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split('-')[0];
    if (base === 'en' || base === 'es') return base;
  }
  return 'en';
}

/** Loads the catalogue for a person's languages, most wanted first (BCP 47 tags). */
export async function loadWords(wanted: readonly string[]): Promise<void> {
  language = chooseLanguage(wanted);
  document.documentElement.lang = language;
  w = (await LANGUAGES[language]()) as Words;
}

export const LOCALES = ['en', 'es'] as const;
export type Locale = (typeof LOCALES)[number];

/**
 * The language of the widget: the page's own where there are words for it, else the first of the browser's, else English.
 * @param page the `lang` of the page, such as `es-MX`; empty where it has none
 */
export function chooseLocale(page: string, browser: readonly string[]): Locale {
  for (const tag of [page, ...browser]) {
    const found = LOCALES.find((locale) => tag.toLowerCase().split('-')[0] === locale);
    if (found) return found;
  }
  return 'en';
}

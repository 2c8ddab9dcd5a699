import { describe, expect, it } from 'vitest';
import { chooseLocale } from '../../widget/loader/locale.ts';

describe('the language of the widget', () => {
  it("is the page's, whatever the browser speaks", () => {
    expect(chooseLocale('es-MX', ['en-GB'])).toBe('es');
    expect(chooseLocale('EN', ['es'])).toBe('en');
  });

  it("is the browser's first that there are words for, where the page has none of them", () => {
    expect(chooseLocale('', ['ca', 'es-ES', 'en'])).toBe('es');
    expect(chooseLocale('de', ['es'])).toBe('es');
  });

  it('is English otherwise', () => {
    expect(chooseLocale('de', ['fr-FR'])).toBe('en');
    expect(chooseLocale('', [])).toBe('en');
  });
});

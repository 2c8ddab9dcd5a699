import type { Slice } from './slice.ts';

/** Rules that are read at once without asking how long it takes. */
const SMALL = 200;

type Reading = { sheet: CSSStyleSheet; at: number; parts: string[] };

/** The text of a page's stylesheets as the browser understands them, read once each, in slices where they are large. */
export class SheetTexts {
  readonly #clean: (css: string, base: string) => string;
  readonly #texts = new WeakMap<CSSStyleSheet, string>();
  readonly #reading: Reading[] = [];

  /** `clean`: what a text passes before anything sees it. */
  constructor(clean: (css: string, base: string) => string) {
    this.#clean = clean;
  }

  /**
   * Null where nothing of it may be read: it is of another origin. Undefined where it is too large to be read at once;
   * then `read` is to be called until it is done.
   */
  text(sheet: CSSStyleSheet): string | null | undefined {
    const known = this.#texts.get(sheet);
    if (known !== undefined) return known;
    const rules = rulesOf(sheet);
    if (!rules) return null;
    if (rules.length <= SMALL) return this.#finish(sheet, rulesText(rules));
    if (!this.#reading.some((reading) => reading.sheet === sheet)) this.#reading.push({ sheet, at: 0, parts: [] });
    return undefined;
  }

  /** Whether there is nothing left to read. `done` is called with each sheet whose text is there now. */
  read(slice: Slice, done: (sheet: CSSStyleSheet) => void): boolean {
    for (;;) {
      const reading = this.#reading[0];
      if (!reading) return true;
      const rules = rulesOf(reading.sheet);
      for (let rule = rules?.[reading.at]; rule; rule = rules?.[reading.at]) {
        if (slice.spent) return false;
        reading.parts.push(ruleText(rule));
        reading.at += 1;
      }
      this.#reading.shift();
      this.#finish(reading.sheet, reading.parts.join(''));
      done(reading.sheet);
    }
  }

  /** It was changed by a script. */
  forget(sheet: CSSStyleSheet): void {
    this.#texts.delete(sheet);
    const at = this.#reading.findIndex((reading) => reading.sheet === sheet);
    if (at >= 0) this.#reading.splice(at, 1);
  }

  #finish(sheet: CSSStyleSheet, text: string): string {
    const clean = this.#clean(text, sheet.href ?? sheet.ownerNode?.baseURI ?? document.baseURI);
    this.#texts.set(sheet, clean);
    return clean;
  }
}

function rulesOf(sheet: CSSStyleSheet): CSSRuleList | null {
  try {
    return sheet.cssRules;
  } catch {
    return null;
  }
}

function rulesText(rules: CSSRuleList): string {
  let text = '';
  for (const rule of rules) text += ruleText(rule);
  return text;
}

function ruleText(rule: CSSRule): string {
  return 'styleSheet' in rule ? importText(rule as CSSImportRule) : rule.cssText;
}

/** What an `@import` brings in, in its place; or the rule itself where that may not be read. */
function importText(rule: CSSImportRule): string {
  const { styleSheet, media, layerName, supportsText } = rule;
  const rules = styleSheet && rulesOf(styleSheet);
  const conditions = media.mediaText;
  if (!rules || !styleSheet) {
    const layer = layerName === null ? '' : layerName === '' ? ' layer' : ` layer(${layerName})`;
    const supports = supportsText ? ` supports(${supportsText})` : '';
    return `@import url(${JSON.stringify(rule.styleSheet?.href ?? rule.href)})${layer}${supports} ${conditions};`;
  }
  let text = absoluteAddresses(rulesText(rules), styleSheet.href ?? rule.href);
  if (layerName !== null) text = `@layer ${layerName} { ${text} }`;
  if (supportsText) text = `@supports ${supportsText} { ${text} }`;
  return conditions ? `@media ${conditions} { ${text} }` : text;
}

const ADDRESS = /url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s]*))\s*\)/g;

/** Relative addresses in CSS are relative to the sheet, and the replay's is another one. */
export function absoluteAddresses(css: string, base: string): string {
  if (!css.includes('url(')) return css;
  return css.replace(ADDRESS, (all, a?: string, b?: string, c?: string) => {
    const address = a ?? b ?? c ?? '';
    if (address === '' || /^(?:data:|blob:|#)/i.test(address) || !URL.canParse(address, base)) return all;
    return `url("${new URL(address, base).href}")`;
  });
}

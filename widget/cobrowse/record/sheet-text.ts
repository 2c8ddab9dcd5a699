import type { Slice } from './slice.ts';

/** Rules that are read at once without asking how long it takes. */
const SMALL = 200;

/** What the large stylesheets of the page before were: such a one is read behind the picture instead of before it. */
export type SheetsBefore = {
  /** Hash of the text that a sheet of this name had, and `learn` is told what it mentions; null where it has to be read. */
  find(name: string, learn: (mentions: string) => void): string | null;
  /** Whether the other end still has the text of a hash. */
  has(hash: string): boolean;
  /** A sheet of this name has this text. */
  note(name: string, text: string): void;
  hash(text: string): Promise<string | null>;
};

/** `name`: the same on the next page, null where it has none · `before`: hash of the text that it is taken for. */
type Reading = { sheet: CSSStyleSheet; at: number; parts: string[]; name: string | null; before: string | null };

/** The text of a page's stylesheets as the browser understands them, read once each, in slices where they are large. */
export class SheetTexts {
  readonly #clean: (css: string, base: string) => string;
  readonly #before: SheetsBefore | undefined;
  readonly #learn: (mentions: string) => void;
  readonly #texts = new WeakMap<CSSStyleSheet, string>();
  readonly #reading: Reading[] = [];

  /** `clean`: what a text passes before anything sees it. */
  constructor(
    clean: (css: string, base: string) => string,
    before: SheetsBefore | undefined,
    learn: (mentions: string) => void,
  ) {
    this.#clean = clean;
    this.#before = before;
    this.#learn = learn;
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
    if (!this.#reading.some((reading) => reading.sheet === sheet)) {
      const name = sheet.href && `${sheet.href} ${rules.length}`;
      const before = name && (this.#before?.find(name, this.#learn) ?? null);
      this.#reading.push({ sheet, at: 0, parts: [], name, before });
    }
    return undefined;
  }

  /** Hash of the text that a sheet has, as long as it has what it had on the page before. Null where that is not known. */
  hashBefore(sheet: CSSStyleSheet): string | null {
    const reading = this.#reading.find((each) => each.sheet === sheet);
    return reading ? this.#stillBefore(reading) : null;
  }

  /**
   * Whether there is nothing left to read; `urgent`: nothing but what was the same before. `done` is called with each sheet
   * whose text is there now, or turns out to be another one.
   */
  read(slice: Slice, done: (sheet: CSSStyleSheet) => void, urgent = false): boolean {
    for (;;) {
      const reading = this.#reading.find((each) => !urgent || this.#stillBefore(each) === null);
      if (!reading) return true;
      const { sheet, parts, name, before } = reading;
      const rules = rulesOf(sheet);
      for (let rule = rules?.[reading.at]; rule; rule = rules?.[reading.at]) {
        if (slice.spent) return false;
        parts.push(ruleText(rule));
        reading.at += 1;
      }
      this.#reading.splice(this.#reading.indexOf(reading), 1);
      const text = this.#finish(sheet, parts.join(''));
      if (name) this.#before?.note(name, text);
      if (before === null) done(sheet);
      else void this.#compare(text, before, () => done(sheet));
    }
  }

  /** It was changed by a script. */
  forget(sheet: CSSStyleSheet): void {
    this.#texts.delete(sheet);
    const at = this.#reading.findIndex((reading) => reading.sheet === sheet);
    if (at >= 0) this.#reading.splice(at, 1);
  }

  /** The other end may have lost it by now. */
  #stillBefore(reading: Reading): string | null {
    if (reading.before !== null && !this.#before?.has(reading.before)) reading.before = null;
    return reading.before;
  }

  async #compare(text: string, before: string, changed: () => void): Promise<void> {
    if ((await this.#before?.hash(text)) !== before) changed();
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

/**
 * The values of `data-*` and other attributes that HTML does not know (`ng-reflect-name`, `hx-vals`) of which a page's own
 * stylesheets speak. Such an attribute may hold anything about a person, but `[data-state="open"]` decides how the page
 * looks: what a stylesheet names is the shop's word and may leave, the rest not.
 */
const SELECTOR = /\[\s*((?!aria-)[a-z]\w*-[\w-]+)\s*(?:([~|^$*]?=)\s*(?:"([^"]*)"|'([^']*)'|([^\]\s]+)))?/gi;
const SHOWN = /\battr\(\s*(data-[\w-]+)/gi;

/** All that is learnt from a text, as a short one from which the same is learnt. */
export function mentionsIn(css: string): string {
  const mentions = [...css.matchAll(SELECTOR), ...css.matchAll(SHOWN)].map(([mention]) => mention);
  return [...new Set(mentions)].join(']');
}

type Mention = { operator: string; value: string };

export class StyleLexicon {
  readonly #mentions = new Map<string, Map<string, Mention>>();
  readonly #shown = new Set<string>();
  #fresh = new Set<string>();

  /** Reads CSS text. */
  learn(css: string): void {
    if (!css.includes('[') && !css.includes('attr(')) return;
    for (const [, name = '', operator = '', a, b, c] of css.matchAll(SELECTOR)) {
      const key = name.toLowerCase();
      const value = a ?? b ?? c ?? '';
      const known = this.#mentions.get(key) ?? new Map<string, Mention>();
      if (value === '' || known.has(operator + value)) continue;
      known.set(operator + value, { operator, value });
      this.#mentions.set(key, known);
      this.#fresh.add(key);
    }
    for (const [, name = ''] of css.matchAll(SHOWN)) {
      const key = name.toLowerCase();
      if (this.#shown.has(key)) continue;
      this.#shown.add(key);
      this.#fresh.add(key);
    }
  }

  /** The names about which something new was learnt since this was asked last. */
  takeFresh(): string[] {
    const names = [...this.#fresh];
    this.#fresh = new Set();
    return names;
  }

  /**
   * As much of an attribute's value as the stylesheets name, so that their selectors go on matching. `text`: what they
   * write on the page with it may be seen.
   */
  allowed(name: string, value: string, text = true): string {
    if (text && this.#shown.has(name)) return value;
    const known = this.#mentions.get(name);
    if (!known) return '';
    if (known.has(`=${value}`)) return value;
    return [...known.values()]
      .filter((mention) => matches(mention, value))
      .map((mention) => mention.value)
      .join(' ');
  }
}

function matches({ operator, value: word }: Mention, value: string): boolean {
  switch (operator) {
    case '~=':
      return value.split(/\s+/).includes(word);
    case '|=':
      return value === word || value.startsWith(`${word}-`);
    case '^=':
      return value.startsWith(word);
    case '$=':
      return value.endsWith(word);
    case '*=':
      return value.includes(word);
    default:
      return false;
  }
}

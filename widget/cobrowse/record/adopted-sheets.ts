import type { AdoptedSheets, RuleChange } from '../../../server/protocol/cobrowse-event.ts';
import { known } from './known-nodes.ts';
import type { SheetTexts } from './sheet-text.ts';

/** Stylesheets that documents and shadow roots have adopted from scripts. */
export class AdoptedSheetsRecorder {
  readonly #texts: SheetTexts;
  readonly #roots = new Set<Document | ShadowRoot>();
  #told = new WeakMap<Document | ShadowRoot, readonly CSSStyleSheet[]>();
  #ids = new Map<CSSStyleSheet, number>();
  #changed = new Set<CSSStyleSheet>();
  #last = 0;

  constructor(texts: SheetTexts) {
    this.#texts = texts;
  }

  /** Nothing is known at the other end any more. */
  begin(): void {
    this.#told = new WeakMap();
    this.#ids.clear();
    this.#changed.clear();
  }

  watch(root: Document | ShadowRoot): void {
    if ('adoptedStyleSheets' in root) this.#roots.add(root);
  }

  /** True where the sheet is one of these. */
  change(sheet: CSSStyleSheet): boolean {
    if (!this.#ids.has(sheet)) return false;
    this.#changed.add(sheet);
    return true;
  }

  /** What has changed. A sheet whose text is yet to be read comes another time. */
  take(): (AdoptedSheets | RuleChange)[] {
    const changes: (AdoptedSheets | RuleChange)[] = [];
    for (const root of this.#roots) {
      const host = 'host' in root ? root.host : root;
      const id = known.getId(host);
      if (id === -1) {
        if (!host.isConnected || root.nodeType === 9) this.#roots.delete(root);
        this.#told.delete(root);
        continue;
      }
      const sheets = root.adoptedStyleSheets;
      const told = this.#told.get(root) ?? [];
      if (sheets.length === told.length && sheets.every((sheet, at) => sheet === told[at])) continue;
      const change = this.#adopt(id, sheets);
      if (!change) continue;
      this.#told.set(root, [...sheets]);
      changes.push(change);
    }
    for (const sheet of this.#changed) {
      const text = this.#texts.text(sheet);
      const styleId = this.#ids.get(sheet);
      if (text === undefined) continue;
      this.#changed.delete(sheet);
      if (styleId !== undefined) changes.push({ source: 8, styleId, replaceSync: text ?? '' });
    }
    return changes;
  }

  #adopt(id: number, sheets: readonly CSSStyleSheet[]): AdoptedSheets | null {
    const texts = sheets.map((sheet) => this.#texts.text(sheet));
    if (texts.includes(undefined)) return null;
    const styles: NonNullable<AdoptedSheets['styles']> = [];
    const styleIds = sheets.map((sheet, at) => {
      const told = this.#ids.get(sheet);
      if (told !== undefined) return told;
      const styleId = known.first + (this.#last += 1);
      this.#ids.set(sheet, styleId);
      styles.push({ styleId, rules: splitRules(sheet, texts[at] ?? '') });
      return styleId;
    });
    return { source: 15, id, styleIds, ...(styles.length > 0 && { styles }) };
  }
}

/** The replayer inserts rules one by one. */
function splitRules(sheet: CSSStyleSheet, text: string): { rule: string; index: number }[] {
  const media = sheet.media.mediaText;
  if (sheet.disabled || text === '') return [];
  // One rule can hold all the others.
  return [{ rule: `@media ${media || 'all'} { ${text} }`, index: 0 }];
}

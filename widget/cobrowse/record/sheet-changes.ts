import { patched } from './patched.ts';

export type SheetHandlers = {
  /** A script has changed a stylesheet's rules. */
  onSheet: (sheet: CSSStyleSheet) => void;
  onShadow: (host: Element) => void;
};

/** What scripts do to stylesheets, and shadow roots attached late: nothing else in the browser tells of them. */
export function watchSheets(view: Window & typeof globalThis, { onSheet, onShadow }: SheetHandlers): () => void {
  const ofSheet = (self: unknown) => onSheet(self as CSSStyleSheet);
  const ofRule = (self: unknown) => {
    const sheet = (self as CSSRule | null)?.parentStyleSheet;
    if (sheet) onSheet(sheet);
  };
  const ofStyle = (self: unknown) => ofRule((self as CSSStyleDeclaration).parentRule);
  const sheets = view.CSSStyleSheet.prototype;
  const undo = [
    ...['insertRule', 'deleteRule', 'addRule', 'removeRule', 'replaceSync'].map((name) =>
      patched(sheets, name, ofSheet),
    ),
    // It is done only in a moment.
    patched(sheets, 'replace', (self) => setTimeout(() => ofSheet(self))),
    ...['insertRule', 'deleteRule'].map((name) => patched(view.CSSGroupingRule?.prototype, name, ofRule)),
    ...['setProperty', 'removeProperty'].map((name) => patched(view.CSSStyleDeclaration.prototype, name, ofStyle)),
    patched(view.Element.prototype, 'attachShadow', (self) => onShadow(self as Element)),
  ];
  return () => undo.forEach((each) => each());
}

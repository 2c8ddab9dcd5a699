import { MASKED_FIELD_RULES } from './masked-field.ts';

/** What the replay adds to the look of a page, in its documents and shadow roots alike. */
export const OWN_RULES = [
  '[data-mostrador-block] { background: repeating-linear-gradient(135deg, #9993 0 8px, #9991 8px 16px) !important; }',
  // Fields of which nothing is recorded look like it, empty or not.
  '[data-mostrador-sealed] { background-image: repeating-linear-gradient(135deg, #9994 0 6px, transparent 6px 12px) !important; }',
  // The replay gives nothing the focus: it would be the agent's.
  '[data-mostrador-focus] { outline: 2px auto -webkit-focus-ring-color !important; }',
  ...MASKED_FIELD_RULES,
];

const sheets = new WeakMap<Window, CSSStyleSheet>();

/** Puts the rules into the shadow root around a node; its own stylesheets stay. */
export function dressShadow(root: Node | null): void {
  if (root?.nodeType !== 11) return;
  const shadow = root as ShadowRoot;
  const view = shadow.ownerDocument.defaultView;
  if (!view) return;
  let sheet = sheets.get(view);
  if (!sheet) {
    // A sheet belongs to the document that it was made for.
    sheet = new view.CSSStyleSheet();
    sheet.replaceSync(OWN_RULES.join('\n'));
    sheets.set(view, sheet);
  }
  if (!shadow.adoptedStyleSheets.includes(sheet)) shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
}

import { scrubAddress, scrubCss, scrubSrcset } from './address.ts';
import type { AttributeValue, Attributes, StyleChange } from '../../server/protocol/cobrowse-event.ts';
import { maskValue, type FieldKind } from './field.ts';
import type { StyleLexicon } from './style-lexicon.ts';

export type AttributeContext = {
  /** Lower case; null where nobody knows the element any more. */
  tag: string | null;
  kind: FieldKind | null;
  masked: boolean;
  /** Content of `meta` elements that decides how the page is laid out. */
  layoutMeta: boolean;
  base: string;
  lexicon: StyleLexicon;
};

/** Handlers, credentials of requests, and whole documents as text. */
const DROPPED = /^(?:on.*|nonce|integrity|crossorigin|srcdoc|ping|autofocus|http-equiv)$/;
const LINKS = /^(?:action|formaction|cite|longdesc)$/;
const RESOURCES = /^(?:src|poster|background|data|rr_src)$/;
/** What may stay on an element whose content is masked: how it looks, not what it says. */
const QUIET =
  /^(?:class|style|id|type|role|dir|lang|hidden|contenteditable|(?:col|row)span|width|height|rows|cols|size|disabled|readonly|required|open|inert|popover|xmlns|d|viewbox|points|transform|[cf]?[xyr][12xy]?|fill.*|stroke.*|opacity|_csstext|rr_(?!src|dataurl).*|data-mostrador-[\w-]*)$/;

/** The attributes of an element as they may leave the browser; new object. */
export function sanitizeAttributes(attributes: Attributes, context: AttributeContext): Attributes {
  const clean: Attributes = {};
  for (const name in attributes) {
    const value = attributes[name];
    if (value === undefined) continue;
    const key = name.toLowerCase();
    if (DROPPED.test(key) || (context.masked && key !== 'value' && !QUIET.test(key))) continue;
    const kept = sanitizeAttribute(key, value, context);
    if (kept !== undefined) clean[name] = kept;
  }
  return clean;
}

function sanitizeAttribute(key: string, value: AttributeValue, context: AttributeContext): AttributeValue | undefined {
  const { tag, base } = context;
  if (value === null) return null;
  if (typeof value === 'object') return sanitizeStyle(value, base);
  if (key === 'selected') return undefined;
  if (typeof value !== 'string') return value;
  if (key === 'style' || key === '_csstext') return scrubCss(value, base);
  if (key === 'value') return tag === null ? '' : maskValue(context.kind, value);
  if (key === 'content') return tag === 'meta' && context.layoutMeta ? value : undefined;
  if (key.startsWith('data-') && !key.startsWith('data-mostrador-')) return context.lexicon.allowed(key, value);
  if (key === 'srcset' || key === 'imagesrcset') return scrubSrcset(value, base);
  if (RESOURCES.test(key)) return scrubAddress(value, 'resource', base);
  if (LINKS.test(key)) return scrubAddress(value, 'link', base);
  if (key === 'href' || key === 'xlink:href') {
    // The replay has no base of its own: everything is made absolute here.
    if (tag === 'base') return undefined;
    return scrubAddress(value, tag === 'a' || tag === 'area' || tag === null ? 'link' : 'resource', base);
  }
  return value;
}

function sanitizeStyle(style: StyleChange, base: string): StyleChange {
  const clean: StyleChange = {};
  for (const property in style) {
    const value = style[property];
    if (typeof value === 'string') clean[property] = scrubCss(value, base);
    else if (Array.isArray(value)) clean[property] = [scrubCss(value[0], base), value[1]];
    else if (value === false) clean[property] = false;
  }
  return clean;
}

import { scrubAddress, scrubCss, scrubSrcset } from './address.ts';
import { byName } from '../../server/protocol/by-name.ts';
import type { AttributeValue, Attributes, StyleChange } from '../../server/protocol/cobrowse-event.ts';
import { maskText, maskValue, type Cover, type FieldKind } from './field.ts';
import type { StyleLexicon } from './style-lexicon.ts';

export type AttributeContext = {
  /** Lower case; null where nobody knows the element any more. */
  tag: string | null;
  kind: FieldKind | null;
  cover: Cover;
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

/** Besides that, where the page's layout stays and its words do not. Addresses have rules of their own. */
const LAYOUT =
  /^(?:rel|media|for|name|checked|multiple|sizes|controls|v?align|border|bgcolor|color|cell\w+|start|offset|d[xy]|preserveaspectratio|aria-(?:hidden|expanded|selected|current|checked|pressed|disabled))$/;
/** Made up by a shop or a framework, like `data-*`: anything may stand in it. Unless a style is called so, as in drawings. */
const MADE_UP = /^(?!aria-|data-mostrador-|x(?:ml|mlns|link):).*[^\w]/;
const isMadeUp = (name: string): boolean => MADE_UP.test(name) && !globalThis.CSS?.supports(name, 'inherit');

/** What a name says of its values. `quiet`: it may stay on an element whose content is masked · `plain`: where words are. */
type Name = {
  key: string;
  use: 'dropped' | 'made-up' | 'resource' | 'link' | 'other';
  quiet: boolean;
  plain: boolean;
};

const readName = byName((name): Name => {
  const key = name.toLowerCase();
  const quiet = QUIET.test(key);
  // What is none of these has a plain name, or is a style.
  const plain = quiet || LAYOUT.test(key) || /^(?!aria).*\W/.test(key);
  return { key, use: useOf(key), quiet, plain };
});

function useOf(key: string): Name['use'] {
  if (DROPPED.test(key)) return 'dropped';
  if (RESOURCES.test(key)) return 'resource';
  if (LINKS.test(key)) return 'link';
  return isMadeUp(key) ? 'made-up' : 'other';
}

/** The attributes of an element as they may leave the browser; new object. */
export function sanitizeAttributes(attributes: Attributes, context: AttributeContext): Attributes {
  const clean: Attributes = {};
  for (const name in attributes) {
    const value = attributes[name];
    if (value === undefined) continue;
    const read = readName(name);
    if (read.use === 'dropped' || (context.cover === 'masked' && !read.quiet && read.key !== 'value')) continue;
    const kept = sanitizeAttribute(read, value, context);
    if (kept !== undefined) clean[name] = kept;
  }
  return clean;
}

function sanitizeAttribute(name: Name, value: AttributeValue, context: AttributeContext): AttributeValue | undefined {
  const { key, use } = name;
  const { tag, base, cover } = context;
  if (value === null) return null;
  if (typeof value === 'object') return sanitizeStyle(value, base);
  if (key === 'selected') return undefined;
  if (typeof value !== 'string') return value;
  if (key === 'style' || key === '_csstext') return scrubCss(value, base);
  if (key === 'value') return tag === null ? '' : maskValue(context.kind, value, cover);
  if (key === 'content') return tag === 'meta' && context.layoutMeta ? value : undefined;
  if (key === 'srcset' || key === 'imagesrcset') return scrubSrcset(value, base);
  if (use === 'resource' || use === 'link') return scrubAddress(value, use, base);
  if (key === 'href' || key === 'xlink:href') {
    // The replay has no base of its own: everything is made absolute here.
    if (tag === 'base') return undefined;
    const leads = tag === 'a' || tag === 'area' || tag === null ? 'link' : 'resource';
    const address = scrubAddress(value, leads, base);
    // Of `mailto:ana@shop.example` the scheme.
    return cover === 'words' && leads === 'link' ? address.replace(/^((?!http|\W)\w*:).*$/is, '$1') : address;
  }
  if (use === 'made-up') return context.lexicon.allowed(key, value, cover !== 'words');
  return name.plain ? value : maskText(value, cover);
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

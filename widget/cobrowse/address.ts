/** Addresses as they may leave the shopper's browser: without what stands in their query, fragment or user part. */
import { closeAddress } from './rules.ts';

/** Parameters that say how a picture, font or stylesheet is to be delivered, and what such a value looks like. */
const SIZE = /^[\d.]{1,8}(?:px|w|h|x[\d.]{1,8})?$/;
const WORD = /^[a-z]{1,12}(?:,[a-z]{1,12}){0,3}$/;
const VERSION = /^(?:[\d.]{1,20}|[0-9a-f]{6,40})$/;
const FAMILY = /^[\w +:@;,.|-]{1,300}$/;
const DELIVERY: Record<string, RegExp> = {
  w: SIZE,
  h: SIZE,
  width: SIZE,
  height: SIZE,
  size: SIZE,
  dpr: SIZE,
  q: SIZE,
  quality: SIZE,
  fit: WORD,
  crop: WORD,
  format: WORD,
  fm: WORD,
  auto: WORD,
  v: VERSION,
  ver: VERSION,
  version: VERSION,
  family: FAMILY,
  display: WORD,
  subset: WORD,
  // The picture behind an image optimizer: a path, or an address without a query.
  url: /^(?:https?:\/)?\/[\w./:%~@+-]{1,300}$/,
};
/** A part of a drawing or font. Of a link it is nobody's business: it may be a key. */
const FRAGMENT = /^#[\w.:-]{0,80}$/;
const PLAIN = /^https?:\/\/[^?#@]*$/i;

/** `link`: where a click would lead; `resource`: what the picture needs to be drawn, so delivery parameters stay. */
export type AddressUse = 'link' | 'resource';

/** `base` makes a relative address absolute: the replay has another address than the page. */
export function scrubAddress(value: string, use: AddressUse, base?: string): string {
  const address = value.trim();
  if (PLAIN.test(address) || address === '') return address;
  const part = (fragment: string) => (use === 'resource' && FRAGMENT.test(fragment) ? fragment : '');
  if (address.startsWith('#')) return part(address) || '#';
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase();
  if (scheme === 'data' || scheme === 'blob') return use === 'link' ? '' : address;
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return /^(?:mailto|tel|sms)$/.test(scheme) ? address.replace(/\?.*$/s, '') : '';
  }
  if (!URL.canParse(address, base)) return address.replace(/[?#].*$/s, '');
  const url = closeAddress(
    new URL(address, base),
    (name, content) => use === 'resource' && DELIVERY[name.toLowerCase()]?.test(content) === true,
  );
  url.hash = part(url.hash);
  return url.href;
}

/** The candidates of a `srcset`. A comma ends one only before white space, as rrweb writes them. */
export function scrubSrcset(value: string, base?: string): string {
  return value
    .split(/,\s+/)
    .map((candidate) => {
      const [address = '', ...descriptors] = candidate.trim().split(/\s+/);
      return [scrubAddress(address, 'resource', base), ...descriptors].join(' ');
    })
    .join(', ');
}

const CSS_ADDRESS = /(url\(\s*)(?:"([^"]*)"|'([^']*)'|([^"')]*))(\s*\))|(@import\s+)(?:"([^"]*)"|'([^']*)')/gi;

/** CSS text with every address in it scrubbed. */
export function scrubCss(css: string, base?: string): string {
  if (!css.includes('?') && !css.includes('@import')) return css;
  return css.replace(
    CSS_ADDRESS,
    (all, open?: string, a?: string, b?: string, c?: string, close?: string, rule?: string, d?: string, e?: string) => {
      const address = a ?? b ?? c ?? d ?? e ?? '';
      if (!address.includes('?') || /^\s*data:/i.test(address)) return all;
      const scrubbed = scrubAddress(address, 'resource', base).replaceAll('"', '%22');
      return rule === undefined ? `${open}"${scrubbed}"${close}` : `${rule}"${scrubbed}"`;
    },
  );
}

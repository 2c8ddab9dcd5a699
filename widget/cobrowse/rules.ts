/** What the shop says on its script tag about what may leave the shopper's browser; known before anything does. */
export const rules: { maskText: boolean; queries: readonly string[] } = { maskText: false, queries: [] };

/** What changes in the page what may be seen of it. */
export const PRIVACY_ATTRIBUTES = [
  'data-mostrador-block',
  'data-mostrador-mask',
  'data-mostrador-unmask',
  'contenteditable',
];

/** `settings`: the `data-*` attributes of the script tag. Whatever `data-mask-text` says, it is there to mask. */
export function followShop({ maskText, queryAllow = '' }: DOMStringMap): void {
  rules.maskText = maskText !== undefined;
  rules.queries = queryAllow.split(/[\s,]+/);
}

/** Takes out of an address who asks and with what: all but the shop's open parameters, and those that are needed. */
export function closeAddress(url: URL, needed?: (name: string, value: string) => boolean): URL {
  url.username = '';
  url.password = '';
  const asked = Array.from(url.searchParams);
  for (const [name, value] of asked) {
    if (!rules.queries.includes(name) && !needed?.(name, value)) url.searchParams.delete(name);
  }
  return url;
}

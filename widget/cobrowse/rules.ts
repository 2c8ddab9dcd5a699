/** What the shop says on its script tag about what may leave the shopper's browser; known before anything does. */
export const rules: { maskText: boolean; queries: readonly string[] } = { maskText: false, queries: [] };

/** What changes in the page what may be seen of it. */
const PRIVACY_ATTRIBUTES = ['data-mostrador-block', 'data-mostrador-mask', 'data-mostrador-unmask', 'contenteditable'];

/** Calls when something else may be seen of the page than before, until the observer is disconnected. */
export function watchPrivacy(changed: () => void): MutationObserver {
  const observer = new MutationObserver((records) => {
    const differs = ({ target, attributeName, oldValue }: MutationRecord) =>
      (target as Element).getAttribute(attributeName ?? '') !== oldValue;
    if (records.some(differs)) changed();
  });
  observer.observe(document, {
    subtree: true,
    attributes: true,
    attributeFilter: PRIVACY_ATTRIBUTES,
    attributeOldValue: true,
  });
  return observer;
}

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

/** What a page says of its products for search engines: JSON-LD and Open Graph. Read by shape, as pages are careless with it. */

/** `price`: the number and the currency's code, as found. */
export type StructuredProduct = {
  name: string;
  price: { amount: string; currency: string } | null;
  image: string | null;
  url: string | null;
};

type Fields = Record<string, unknown>;
/** Deeper than any page nests its lists. */
const DEPTH_MAX = 8;

export function jsonLdProducts(page: Document): StructuredProduct[] {
  return [...page.querySelectorAll('script[type="application/ld+json"]')].flatMap((script) => {
    try {
      return productsIn(JSON.parse(script.textContent ?? ''), 0);
    } catch {
      return [];
    }
  });
}

/** The one product that a page is about; null where it is about none. */
export function openGraphProduct(page: Document): StructuredProduct | null {
  const say = (property: string): string | null =>
    page.querySelector(`meta[property="${property}" i]`)?.getAttribute('content') ?? null;
  const name = say('og:title');
  const amount = say('product:price:amount') ?? say('og:price:amount');
  const about = /product/i.test(say('og:type') ?? '') || amount !== null;
  if (!about || !name) return null;
  const currency = say('product:price:currency') ?? say('og:price:currency') ?? '';
  return { name, price: amount === null ? null : { amount, currency }, image: say('og:image'), url: say('og:url') };
}

function productsIn(value: unknown, depth: number): StructuredProduct[] {
  if (depth > DEPTH_MAX) return [];
  if (Array.isArray(value)) return value.flatMap((each) => productsIn(each, depth + 1));
  if (!isFields(value)) return [];
  if (isOf(value, 'Product') || isOf(value, 'ProductGroup')) {
    const name = text(value['name']);
    if (!name) return [];
    const offer = offerOf(value['offers']);
    const url = text(value['url']) ?? text(value['@id']) ?? offer?.url ?? null;
    return [{ name, price: offer?.price ?? null, image: imageOf(value['image']), url }];
  }
  return ['@graph', 'itemListElement', 'item', 'mainEntity', 'hasPart'].flatMap((key) =>
    productsIn(value[key], depth + 1),
  );
}

function offerOf(value: unknown): { price: StructuredProduct['price']; url: string | null } | null {
  const [first]: unknown[] = Array.isArray(value) ? value : [value];
  if (!isFields(first)) return null;
  const inner = Array.isArray(first['priceSpecification'])
    ? first['priceSpecification'][0]
    : first['priceSpecification'];
  const specified = isFields(inner) ? inner : {};
  const amount = text(first['price']) ?? text(first['lowPrice']) ?? text(specified['price']);
  const currency = text(first['priceCurrency']) ?? text(specified['priceCurrency']) ?? '';
  return { price: amount === null ? null : { amount, currency }, url: text(first['url']) };
}

function imageOf(value: unknown): string | null {
  const [first]: unknown[] = Array.isArray(value) ? value : [value];
  return text(first) ?? (isFields(first) ? (text(first['url']) ?? text(first['contentUrl'])) : null);
}

/** Numbers are often written as such. */
function text(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function isOf(value: Fields, type: string): boolean {
  const types: unknown[] = [value['@type']].flat();
  return types.some((each) => typeof each === 'string' && each.replace(/^.*[/#:]/, '') === type);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

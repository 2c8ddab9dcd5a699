import {
  PRODUCTS_MAX,
  PRODUCT_ADDRESS_MAX,
  PRODUCT_NAME_MAX,
  PRODUCT_PRICE_MAX,
  type Product,
} from '../../../server/protocol/product.ts';
import { scrubAddress } from '../address.ts';
import { BLOCKED, MARKED, MASK, WRITTEN, maskText } from '../field.ts';
import { coverOf, isInside } from '../page-nodes.ts';
import { jsonLdProducts, openGraphProduct, type StructuredProduct } from './structured-data.ts';

export type FoundProduct = Product & { element: Element | null };

const MICRODATA = '[itemscope][itemtype*="schema.org/Product"]';
/** The attribute of ours, for shops that have neither structured data nor a selector. */
const OWN = '[data-mostrador-product]';
const PRICE =
  /(?:[$€£¥₹₽₺₩]|\b[A-Z]{3}\b)\s?\d[\d.,'’ ]*|\d[\d.,'’]*\s?(?:[$€£¥₹₽₺₩]|(?:zł|kr|Ft|Kč|lei)\b|\b[A-Z]{3}\b)/;

/**
 * The products that a page shows, each once: what the shop's selector or our attribute marks, then microdata, JSON-LD and
 * Open Graph. Nothing is taken from parts of the page that are masked or blocked.
 */
export function findProducts(page: Document, selector: string | null): FoundProduct[] {
  const marked = selectAll(page, [selector, OWN, MICRODATA].filter(Boolean).join(','));
  const found = marked.filter((element) => !isPrivate(element) && !isInsideAnother(element, marked)).map(markedProduct);
  const graph = openGraphProduct(page);
  const structured = [...jsonLdProducts(page), ...(graph ? [graph] : [])];
  const single = structured.length === 1 || (graph !== null && structured.length === 2);
  const products = [...found, ...structured.map((product) => structuredProduct(page, product, single))];
  return withoutRepeats(products.filter((product) => product !== null)).slice(0, PRODUCTS_MAX);
}

/** A selector of the shop's that is none must not cost the others. */
function selectAll(page: Document, selectors: string): Element[] {
  try {
    return [...page.querySelectorAll(selectors)];
  } catch {
    return [...page.querySelectorAll(`${OWN},${MICRODATA}`)];
  }
}

function isPrivate(element: Element): boolean {
  return isInside(element, BLOCKED) || coverOf(element) === 'masked';
}

function isInsideAnother(element: Element, all: readonly Element[]): boolean {
  return all.some((other) => other !== element && other.contains(element));
}

function markedProduct(element: Element): FoundProduct | null {
  const part = (...selectors: string[]): Element | null => {
    for (const selector of selectors) {
      const candidates = [...element.querySelectorAll(selector)];
      const visible = candidates.find((candidate) => !isPrivate(candidate) && !candidate.closest('[hidden]'));
      if (visible) return visible;
    }
    return null;
  };
  const link = element.matches('a[href]') ? element : part('a[itemprop~="url"][href]', 'a[href]');
  const image = part('img[itemprop~="image"]', 'img') as HTMLImageElement | null;
  const called = part('[itemprop~="name"]', 'h1,h2,h3,h4,h5,h6', '[class*="name" i],[class*="title" i]');
  const name = valueOf(called) || shown(image?.alt.trim() ?? '', image) || valueOf(link);
  const prices = part('[itemprop~="price"]', '[class*="price" i]');
  const currency = part('[itemprop~="priceCurrency"]')?.getAttribute('content') ?? '';
  const amount = prices?.getAttribute('content') ?? null;
  const price =
    PRICE.exec(openText(prices))?.[0] ??
    (amount === null
      ? PRICE.exec(openText(element))?.[0]
      : shown(written(element.ownerDocument, { amount, currency }), prices));
  return productOf(element, {
    name,
    price: price ?? null,
    image: image?.currentSrc || image?.src || null,
    url: (link as HTMLAnchorElement | null)?.href ?? null,
  });
}

function structuredProduct(page: Document, product: StructuredProduct, single: boolean): FoundProduct | null {
  const url = absolute(product.url, page);
  const element = single ? mainElement(page, product.name) : linkTo(page, url);
  if (element && isPrivate(element)) return null;
  // Only what the page is about may have its own address; the page's own may carry what the shopper searched for.
  const own = single && url === null ? page.querySelector<HTMLLinkElement>('link[rel~="canonical"]')?.href : null;
  return productOf(element, {
    name: shown(product.name, element),
    price: product.price && shown(written(page, product.price), element),
    image: absolute(product.image, page),
    url: url ?? own ?? (single ? `${page.location.origin}${page.location.pathname}` : null),
  });
}

function productOf(element: Element | null, { name, price, image, url }: Product): FoundProduct | null {
  const said = name.replaceAll(/\s+/g, ' ').trim().slice(0, PRODUCT_NAME_MAX);
  if (said === '') return null;
  const cost = price?.replaceAll(/\s+/g, ' ').trim().slice(0, PRODUCT_PRICE_MAX) ?? null;
  return { name: said, price: cost || null, image: address(image, 'resource'), url: address(url, 'link'), element };
}

function address(value: string | null, use: 'link' | 'resource'): string | null {
  const scrubbed = value && /^https?:/i.test(value) ? scrubAddress(value, use) : '';
  return scrubbed !== '' && scrubbed.length <= PRODUCT_ADDRESS_MAX ? scrubbed : null;
}

function absolute(value: string | null, page: Document): string | null {
  return value !== null && URL.canParse(value, page.baseURI) ? new URL(value, page.baseURI).href : null;
}

/** As people of the page's language write it. */
function written(page: Document, { amount, currency }: { amount: string; currency: string }): string {
  const value = Number(amount.replace(/\s/g, '').replace(/,(?=\d{1,2}$)/, '.'));
  if (!Number.isFinite(value) || !/^[a-z]{3}$/i.test(currency)) return `${amount} ${currency}`;
  const options = { style: 'currency', currency } as const;
  try {
    return new Intl.NumberFormat(page.documentElement.lang || undefined, options).format(value);
  } catch {
    return new Intl.NumberFormat(undefined, options).format(value);
  }
}

function valueOf(element: Element | null): string {
  return shown(element?.getAttribute('content')?.trim() ?? '', element) || openText(element).trim();
}

/** What a page says of an element, as it may be seen there. */
function shown(text: string, element: Element | null): string {
  return maskText(text, coverOf(element));
}

/** An element's words without those of its parts that are masked or blocked. */
function openText(element: Element | null): string {
  if (!element) return '';
  if (!element.querySelector(`${BLOCKED},${MARKED},${WRITTEN}`)) return shown(element.textContent ?? '', element);
  let all = '';
  const walker = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    if (text.parentElement && !isPrivate(text.parentElement)) all += shown(text.nodeValue ?? '', text.parentElement);
  }
  return all;
}

function mainElement(page: Document, name: string): Element | null {
  const headings = [...page.querySelectorAll('h1')];
  const called = headings.find((heading) => heading.textContent?.includes(name)) ?? headings[0] ?? null;
  return called?.closest('article,[class*="product" i],main') ?? called;
}

function linkTo(page: Document, url: string | null): Element | null {
  if (url === null) return null;
  const link = [...page.querySelectorAll<HTMLAnchorElement>('a[href]')].find(({ href }) => href === url);
  return link?.closest('li,article,[class*="card" i],[class*="product" i]') ?? link ?? null;
}

/** The first one found of each; a later one fills in what it lacks. */
function withoutRepeats(products: readonly FoundProduct[]): FoundProduct[] {
  const kept: FoundProduct[] = [];
  for (const product of products) {
    const same = kept.find(
      (other) =>
        (product.url !== null && other.url === product.url) ||
        (other.name === product.name && !product.name.includes(MASK)),
    );
    if (!same) kept.push({ ...product });
    else {
      same.price ??= product.price;
      same.image ??= product.image;
      same.url ??= product.url;
      same.element ??= product.element;
    }
  }
  return kept;
}

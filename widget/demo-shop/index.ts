import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { products } from './catalogue.ts';
import { renderPage, type Page, type ShopOptions } from './layout.ts';
import { cartPage, thankYouPage } from './pages/buying.ts';
import { categoryPage } from './pages/category.ts';
import { checkoutPage } from './pages/checkout.ts';
import { homePage } from './pages/home.ts';
import { productPage } from './pages/product.ts';

export type ShopFile = { readonly body: string | Buffer; readonly contentType: string };
export type { ShopOptions };

const assets = join(import.meta.dirname, 'assets');

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Every file of the demo shop by its path below the shop's root; a path ending in a slash means its `index.html`. */
export function renderDemoShop(options: ShopOptions): Map<string, ShopFile> {
  const files = new Map<string, ShopFile>();
  for (const page of pages(options.baseUrl ?? '/demo/')) {
    files.set(page.path, { body: renderPage(page, options), contentType: 'text/html; charset=utf-8' });
  }
  for (const [path, file] of assetFiles()) files.set(path, file);
  files.set('assets/catalogue.js', catalogueModule());
  return files;
}

function pages(baseUrl: string): Page[] {
  return [
    homePage('en'),
    homePage('es'),
    categoryPage(),
    ...products.map((product) => productPage(product, baseUrl)),
    cartPage(),
    checkoutPage(),
    thankYouPage(),
  ];
}

function* assetFiles(): Generator<[string, ShopFile]> {
  for (const entry of readdirSync(assets, { recursive: true, withFileTypes: true })) {
    const contentType = contentTypes[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `assets${file.slice(assets.length).replaceAll('\\', '/')}`;
    yield [path, { body: readFileSync(file), contentType }];
  }
}

/** What the cart and the quick view know of the products, as a module, so that there is one truth for names and prices. */
function catalogueModule(): ShopFile {
  const body = `export const catalogue = new Map(${JSON.stringify(products.map((product) => [product.slug, product]))});\n`;
  return { body, contentType: contentTypes['.js'] ?? '' };
}

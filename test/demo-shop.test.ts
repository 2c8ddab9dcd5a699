import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderDemoShop } from '../widget/demo-shop/index.ts';

const files = renderDemoShop({ shopKey: 'a"key<', widgetUrl: '/widget.js' });
const pages = [...files].flatMap(([path, file]) => (path.endsWith('.html') ? [{ path, text: String(file.body) }] : []));
const productPages = pages.filter(({ path }) => path.startsWith('product/'));

describe('promise 2: the demo shop', () => {
  test('has its pages, among them twelve products', () => {
    const names = pages.map(({ path }) => path).filter((path) => !path.startsWith('product/'));
    expect(names.toSorted()).toEqual([
      'cart.html',
      'category.html',
      'checkout.html',
      'es/index.html',
      'index.html',
      'thank-you.html',
    ]);
    expect(productPages).toHaveLength(12);
  });

  test.each(pages)('$path links only to what the shop serves', ({ path, text }) => {
    const links = [...text.matchAll(/\s(?:href|src|action)="([^"]*)"/g)].map((match) => match[1] ?? '');
    const broken = links.filter(
      (link) => !link.startsWith('#') && link !== '/widget.js' && !files.has(target(path, link)),
    );
    expect(broken).toEqual([]);
  });

  test.each(pages)('$path needs no inline script, style or handler', ({ text }) => {
    const inline = [...text.matchAll(/<script(?![^>]*\ssrc=)[^>]*>/g)].map((match) => match[0]);
    expect(inline.filter((tag) => tag !== '<script type="application/ld+json">')).toEqual([]);
    expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=/i);
  });

  test.each(pages)('$path carries the widget once, its key escaped', ({ text }) => {
    expect(text.split('<script async src="/widget.js" data-shop="a&quot;key&lt;"></script>')).toHaveLength(2);
  });

  test.each(productPages)('$path describes itself to machines', ({ path, text }) => {
    const block = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(text)?.[1] ?? '';
    const data: unknown = JSON.parse(block);
    expect(data).toMatchObject({
      '@type': 'Product',
      name: expect.stringMatching(/./),
      sku: expect.stringMatching(/^CL-/),
      url: `/demo/${path}`,
      image: `/demo/assets/images/${posix.basename(path, '.html')}.svg`,
      offers: {
        price: expect.stringMatching(/^\d+\.\d\d$/),
        priceCurrency: 'EUR',
        availability: expect.stringMatching(/^https:\/\/schema\.org\/(InStock|OutOfStock)$/),
      },
    });
  });

  test('modules and stylesheets refer only to what the shop serves', () => {
    const broken = [...files].flatMap(([path, file]) => {
      if (!/\.(js|css)$/.test(path)) return [];
      const references = [...String(file.body).matchAll(/(?:from |import |url\()'([^']+)'/g)].map(
        (match) => match[1] ?? '',
      );
      return references.filter((reference) => !files.has(target(path, reference)));
    });
    expect(broken).toEqual([]);
  });
});

function target(page: string, link: string): string {
  const path = posix.join(posix.dirname(page), link.replace(/[?#].*$/, ''));
  if (path === '.' || path === './') return 'index.html';
  return path.endsWith('/') ? `${path}index.html` : path;
}

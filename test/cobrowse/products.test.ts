import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Chromium } from '../browser/chromium.ts';
import { readEvents } from '../../server/protocol/cobrowse-read/read-events.ts';
import { bundleScript } from './support/bundle.ts';

let browser: Chromium;
let server: Server;
let origin: string;
let script: string;
let html = '';

beforeAll(async () => {
  script = await bundleScript(join(import.meta.dirname, 'support/find-products-page.ts'));
  server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(html);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  browser = await Chromium.open();
});
afterAll(async () => {
  await browser.close();
  server.close();
});

async function found(
  body: string,
  { head = '', selector = null }: { head?: string; selector?: string | null } = {},
): Promise<object[]> {
  html = `<!doctype html><html lang="en-GB"><head>${head}</head><body>${body}</body></html>`;
  const page: Page = await browser.newPage();
  await page.goto(`${origin}/shop/?q=my+secret`);
  await page.addScriptTag({ content: script, type: 'module' });
  await page.waitForFunction(() => 'foundProducts' in window);
  const products = await page.evaluate((chosen) => window.foundProducts(chosen), selector);
  await page.close();
  return products;
}

const jsonLd = (value: object | string): string =>
  `<script type="application/ld+json">${typeof value === 'string' ? value : JSON.stringify(value)}</script>`;

describe('promise 18: the products of a page are found', () => {
  it('in JSON-LD, however a shop nests it, with the price as people write it', async () => {
    const graph = {
      '@graph': [
        { '@type': 'BreadcrumbList', itemListElement: [{ '@type': 'ListItem', name: 'Home' }] },
        {
          '@type': ['Thing', 'http://schema.org/Product'],
          name: 'Blue vase',
          image: [{ url: '/vase.jpg?w=200&session=abc' }],
          offers: [{ '@type': 'Offer', price: 39, priceCurrency: 'EUR' }],
        },
      ],
    };
    const body = '<main><article id="it"><h1>Blue vase, large</h1></article></main>';
    expect(await found(body, { head: jsonLd(graph) })).toEqual([
      { name: 'Blue vase', price: '€39.00', image: `${origin}/vase.jpg?w=200`, url: `${origin}/shop/`, at: 'it' },
    ]);
  });

  it('in a list of many, each at its own card', async () => {
    const list = {
      '@type': 'ItemList',
      itemListElement: ['one', 'two'].map((name, at) => ({
        '@type': 'ListItem',
        position: at + 1,
        item: { '@type': 'Product', name, url: `/p/${name}`, offers: { lowPrice: '12.5', priceCurrency: 'GBP' } },
      })),
    };
    const body = '<ul><li id="a"><a href="/p/one">One</a></li><li id="b"><div><a href="/p/two">Two</a></div></li></ul>';
    expect(await found(body, { head: jsonLd(list) })).toMatchObject([
      { name: 'one', price: '£12.50', url: `${origin}/p/one`, at: 'a' },
      { name: 'two', price: '£12.50', url: `${origin}/p/two`, at: 'b' },
    ]);
  });

  it('in microdata, in Open Graph, by our attribute and by the shop’s selector', async () => {
    const micro = `<div id="m" itemscope itemtype="https://schema.org/Product"><img itemprop="image" src="/m.png">
      <a itemprop="url" href="/m?id=7"><span itemprop="name">Micro</span></a>
      <span itemprop="offers" itemscope><meta itemprop="priceCurrency" content="USD"><b itemprop="price" content="5">five</b></span></div>`;
    const own = '<div id="o" data-mostrador-product><h3>Own</h3><em>7,50 €</em><a href="/own">Look</a></div>';
    const chosen =
      '<section id="c" class="tile"><img alt="Chosen" src="/c.png"><span class="price">kr</span></section>';
    const graph =
      '<meta property="og:type" content="product"><meta property="og:title" content="Graph"><meta property="product:price:amount" content="9"><meta property="product:price:currency" content="EUR">';
    expect(await found(micro + own + chosen, { head: graph, selector: '.tile' })).toEqual([
      { name: 'Micro', price: 'US$5.00', image: `${origin}/m.png`, url: `${origin}/m`, at: 'm' },
      { name: 'Own', price: '7,50 €', image: null, url: `${origin}/own`, at: 'o' },
      { name: 'Chosen', price: null, image: `${origin}/c.png`, url: null, at: 'c' },
      { name: 'Graph', price: '€9.00', image: null, url: `${origin}/shop/`, at: null },
    ]);
  });

  it('once each, whatever says it twice', async () => {
    const product = { '@type': 'Product', name: 'Twice', url: '/t', image: '/t.png' };
    const body =
      '<div id="t" itemscope itemtype="https://schema.org/Product"><a itemprop="url" href="/t"><b itemprop="name">Twice</b></a></div>';
    expect(await found(body, { head: jsonLd(product) + jsonLd(product) })).toEqual([
      { name: 'Twice', price: null, image: `${origin}/t.png`, url: `${origin}/t`, at: 't' },
    ]);
  });

  it('not in masked or blocked parts, and a broken page finds nothing instead of failing', async () => {
    const secret = (attribute: string) =>
      `<div ${attribute}><div itemscope itemtype="https://schema.org/Product"><b itemprop="name">Secret</b></div></div>`;
    const head = jsonLd('{ not json') + jsonLd({ '@type': 'Product' }) + jsonLd({ '@graph': 'a text' });
    const body = secret('data-mostrador-mask') + secret('data-mostrador-block') + secret('contenteditable');
    expect(await found(body, { head, selector: '((' })).toEqual([]);
  });

  it('without the words of masked and blocked parts inside a product', async () => {
    const body = `<div id="p" data-mostrador-product><h3>Vase <i data-mostrador-mask>for Jane Roe</i></h3>
      <p data-mostrador-block>Your credit: 512,00 €</p><textarea>99,00 €</textarea><em>7,50 €</em></div>`;
    expect(await found(body)).toEqual([{ name: 'Vase', price: '7,50 €', image: null, url: null, at: 'p' }]);
  });
});

describe('promise 19: what is read of products', () => {
  it('is only what a product is: no script address, no endless name, no other fields', () => {
    const products = [
      { name: 'Fine', price: '1', image: 'https://a.example/b.png', url: 'http://a.example/', node: 7, evil: 1 },
      { name: 'Bad addresses', price: 5, image: 'javascript:alert(1)', url: 'data:text/html,x', node: -1 },
      { name: 'x'.repeat(10_000), price: null, image: null, url: null, node: null },
      { name: ' ' },
      'text',
      null,
    ];
    const event = { type: 5, data: { tag: 'products', payload: { products } } };
    const [read] = readEvents([event], { tagOf: () => null, onTooLarge: () => undefined });
    expect(read).toEqual({
      type: 5,
      data: {
        tag: 'products',
        payload: {
          products: [
            { name: 'Fine', price: '1', image: 'https://a.example/b.png', url: 'http://a.example/', node: 7 },
            { name: 'Bad addresses', price: null, image: null, url: null, node: null },
          ],
        },
      },
    });
  });
});

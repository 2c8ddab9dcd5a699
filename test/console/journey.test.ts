import { describe, expect, it } from 'vitest';
import { isWebAddress, readableAddress } from '../../client/console/desk/journey.ts';
import { withPage, type Visit } from '../../server/protocol/journey.ts';
import { withLinks } from '../../client/console/thread/links.ts';

describe("promise 4: the shopper's journey", () => {
  it('grows by every page, not by a page’s later title or a repeated report', () => {
    let visits: readonly Visit[] = [];
    visits = withPage(visits, { url: 'https://shop.example/', title: '' }, 1);
    visits = withPage(visits, { url: 'https://shop.example/', title: 'Home' }, 2);
    visits = withPage(visits, { url: 'https://shop.example/', title: 'Home' }, 3);
    visits = withPage(visits, { url: 'https://shop.example/cart', title: 'Cart' }, 4);
    visits = withPage(visits, null, 5);
    visits = withPage(visits, { url: 'https://shop.example/', title: 'Home' }, 6);
    expect(visits.map(({ title, at }) => [title, at])).toEqual([
      ['Home', 1],
      ['Cart', 4],
      ['Home', 6],
    ]);
  });

  it('shows an address as people read it, and links only to the web', () => {
    expect(readableAddress('https://www.shop.example/a?b=1')).toBe('shop.example/a?b=1');
    expect(readableAddress('https://shop.example/')).toBe('shop.example');
    expect(isWebAddress('https://shop.example/')).toBe(true);
    expect(isWebAddress('javascript:alert(1)')).toBe(false);
    expect(isWebAddress('data:text/html,x')).toBe(false);
  });
});

describe('links in messages', () => {
  it('finds web addresses without the punctuation around them, and loses no character', () => {
    const text = 'See (https://shop.example/a?b=1). Or http://x.example/y, please!';
    const parts = withLinks(text);
    expect(parts.map((part) => part.text).join('')).toBe(text);
    expect(parts.flatMap(({ href }) => href ?? [])).toEqual(['https://shop.example/a?b=1', 'http://x.example/y']);
  });

  it('makes no link of anything else', () => {
    for (const text of ['javascript:alert(1)', 'https://', 'www.shop.example', '<a href="x">']) {
      expect(withLinks(text).every(({ href }) => href === null)).toBe(true);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { splitLinks } from '../../widget/panel/links.ts';

const links = (text: string): string[] => splitLinks(text).flatMap(({ href }) => (href === null ? [] : [href]));

describe('addresses in what people write', () => {
  it('become links, and the sentence around them stays text', () => {
    expect(splitLinks('See https://shop.example/bowl?c=blue.')).toEqual([
      { text: 'See ', href: null },
      { text: 'https://shop.example/bowl?c=blue', href: 'https://shop.example/bowl?c=blue' },
      { text: '.', href: null },
    ]);
  });

  it('keep a bracket that belongs to them and leave the one around them', () => {
    expect(links('(https://a.example/x)')).toEqual(['https://a.example/x']);
    expect(links('https://a.example/Oil_(olive)!')).toEqual(['https://a.example/Oil_(olive)']);
  });

  it('are http and https only', () => {
    expect(links('javascript:alert(1) data:text/html,x ftp://a.example file:///etc/passwd www.a.example')).toEqual([]);
    expect(links('javascript:https://a.example')).toEqual(['https://a.example/']);
  });

  it('lose nothing of the text', () => {
    for (const text of ['', 'no link', 'https://', 'http://a.example http://b.example', '<b>https://a.example</b>']) {
      expect(
        splitLinks(text)
          .map((part) => part.text)
          .join(''),
      ).toBe(text);
    }
  });
});

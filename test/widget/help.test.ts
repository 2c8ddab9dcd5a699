import { describe, expect, it } from 'vitest';
import { readArticle } from '../../client/core/article-text.ts';
import type { PublicArticle } from '../../server/protocol/faq.ts';
import { oftenAsked } from '../../widget/help/often-asked.ts';
import { searchIn } from '../../widget/help/search.ts';

function article(id: string, title: string, body = '', topic: string | null = null): PublicArticle {
  return { id, topic, locale: 'en', title, body };
}

describe('promise 24: an article is found by what a shopper writes', () => {
  const find = searchIn([
    article('delivery', 'How long does delivery take?', 'Between two and four working days.'),
    article('envio', '¿Cuánto tarda el envío?', 'Entre dos y cuatro días.'),
    article('returns', 'Can I send something back?', 'Within 30 days, unused.'),
    article('senal', 'La señal del pedido', 'Una parte del precio.'),
  ]);

  it.each([
    ['delivery', 'delivery'],
    ['when does the delivrey come', 'delivery'],
    ['deliv', 'delivery'],
    ['cuanto tarda mi envio', 'envio'],
    ['ENVÍO', 'envio'],
    ['senal', 'senal'],
    ['I want to send it back', 'returns'],
  ])('%s', (text, id) => expect(find(text)[0]?.id).toBe(id));

  it('what says nothing finds nothing, and there are three at most', () => {
    for (const text of ['', 'how do I', 'hola, ¿qué tal?', '?!', 'xyzzy']) expect(find(text)).toEqual([]);
    const many = searchIn(Array.from({ length: 20 }, (_, n) => article(`${n}`, `Lamp ${n}`)));
    expect(many('lamp')).toHaveLength(3);
  });

  it('those of the page’s topic come first, then those of none', () => {
    const articles = [article('a', 'A', '', 'lamps'), article('b', 'B'), article('c', 'C', '', 'kitchen')];
    const topics = [
      { id: 'lamps', paths: ['/lamps'] },
      { id: 'kitchen', paths: ['/', '/kitchen'] },
    ];
    const ids = (path: string) => oftenAsked({ articles, topics }, path).map(({ id }) => id);
    expect(ids('/lamps/woven')).toEqual(['a', 'b', 'c']);
    expect(ids('/kitchen')).toEqual(['c', 'b', 'a']);
    expect(oftenAsked({ articles: [], topics }, '/')).toEqual([]);
  });
});

describe('promise 24: an article is plain text', () => {
  it('with paragraphs, lists and web addresses, and nothing else', () => {
    const text =
      'One\nTwo\n\n- a\n- b <b>c</b>\nafter\r\n\r\nSee https://shop.example/a. Or [here](https://shop.example/b)!';
    const plain = readArticle(text).map(({ kind, lines }) => [
      kind,
      lines.map((line) => line.map((part) => part.text)),
    ]);
    expect(plain).toEqual([
      ['paragraph', [['One'], ['Two']]],
      ['list', [['a'], ['b <b>c</b>']]],
      ['paragraph', [['after']]],
      ['paragraph', [['See ', 'https://shop.example/a', '. Or ', 'here', '!']]],
    ]);
  });

  it.each(['[x](javascript:alert(1))', 'javascript:alert(1)', '[x](data:text/html,y)', '[x](/relative)', 'http://'])(
    'no link comes of %s',
    (text) => {
      const hrefs = readArticle(text).flatMap(({ lines }) => lines.flatMap((line) => line.map(({ href }) => href)));
      expect(hrefs.filter(Boolean)).toEqual([]);
    },
  );
});

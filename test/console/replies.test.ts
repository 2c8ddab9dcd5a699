import { describe, expect, it } from 'vitest';
import { badged } from '../../client/console/desk/favicon.ts';
import { wantedOf } from '../../client/console/office/faq/shelf.svelte.ts';
import { filledReply, matchingReplies, replyQuery, topicOf } from '../../client/console/thread/replies.ts';
import { timelineOf } from '../../client/console/thread/timeline.ts';

const replies = [
  { id: '1', short: 'hello', text: 'Hello {shopper}', topic: null },
  { id: '2', short: 'help', text: 'How can I help?', topic: 'kitchen' },
  { id: '3', short: 'envío', text: 'Sale mañana', topic: 'lamps' },
];

describe('promise 22: saved replies', () => {
  it.each([
    ['/', 1, ''],
    ['/hel', 4, 'hel'],
    ['Good day. /he', 13, 'he'],
    ['/hel later', 4, 'hel'],
    ['line\n/x', 7, 'x'],
  ])('a slash that begins a word asks for one: %j', (text, cursor, query) => {
    expect(replyQuery(text, cursor)?.query).toBe(query);
  });

  it.each(['24/7', 'and/or', 'https://shop.example/help', '/ ', '//', 'a/'])('%j is only a slash', (text) => {
    expect(replyQuery(text, text.length)).toBeNull();
  });

  it('are filtered as typed, the topic’s first, whatever the accents', () => {
    const shorts = (query: string, topic: string | null = null) =>
      matchingReplies(replies, query, topic).map(({ short }) => short);
    expect(shorts('')).toEqual(['hello', 'envío', 'help']);
    expect(shorts('hel', 'kitchen')).toEqual(['help', 'hello']);
    expect(shorts('ENVIO')).toEqual(['envío']);
    expect(shorts('mañana')).toEqual(['envío']);
    expect(shorts('nothing')).toEqual([]);
  });

  it('say who is who; a name that is not known leaves no hole', () => {
    const names = { shopper: null, agent: 'Ana', shop: 'Casa Lumbre' };
    expect(filledReply('Hello {shopper}, {agent} of {shop}.', names)).toBe('Hello, Ana of Casa Lumbre.');
    expect(filledReply('Hello {shopper}', { ...names, shopper: '$& {agent}' })).toBe('Hello $& {agent}');
    expect(filledReply('{price}', names)).toBe('{price}');
    expect(filledReply('Hello, {shopper}!', names)).toBe('Hello!');
    expect(filledReply('Hello, {shopper}, here is {agent}.', names)).toBe('Hello, here is Ana.');
    expect(filledReply('¡Buenas!\n{shopper}, gracias.', names)).toBe('¡Buenas!\ngracias.');
    const known = { ...names, shopper: 'Eva' };
    expect(filledReply('{shopper}, {agent} of {shop}, {shopper}', known)).toBe('Eva, Ana of Casa Lumbre, Eva');
  });

  it('know the topic: the conversation’s own, otherwise that of the most exact page', () => {
    const topics = [
      { id: 'all', paths: ['/'] },
      { id: 'lamps', paths: ['/lamps', '/lights'] },
    ];
    const about = (topic: string | null, url?: string): string | null =>
      topicOf(
        { topic, shopper: { id: 's', online: true, page: url ? { url, title: '' } : null, locale: null } },
        topics,
      );
    expect(about('vases', 'https://shop.example/lamps/1')).toBe('vases');
    expect(about(null, 'https://shop.example/lamps/1')).toBe('lamps');
    expect(about(null, 'https://shop.example/vases')).toBe('all');
    expect(about(null, 'no address')).toBeNull();
    expect(about(null)).toBeNull();
  });
});

describe('promise 22: what is seen of notes and of who waits', () => {
  it('a note stands in the thread with whose it is, also before it is saved', () => {
    const by = { id: 'zoe', name: 'Zoe' };
    const note = { type: 'note', id: 'n', by, text: 'psst', whisper: true, seq: 1, at: 1 } as const;
    const pending = { id: 'p', text: 'mine', note: true, at: 2, refused: null } as const;
    const seen = (you: string) =>
      timelineOf([note], [pending], { delivered: 0, read: 0 }, you).filter((item) => item.kind === 'note');
    expect(seen('ana')).toMatchObject([
      { text: 'psst', author: 'Zoe', whisper: true, pending: false },
      { text: 'mine', author: null, whisper: false, pending: true },
    ]);
    expect(seen('zoe')[0]).toMatchObject({ author: null, whisper: false });
  });

  it('the tab’s picture counts', () => {
    const icon = 'data:image/svg+xml,%3Csvg%3E%3C/svg%3E';
    expect(badged(icon, 0)).toBe(icon);
    expect(decodeURIComponent(badged(icon, 3))).toMatch(/>3<\/text><\/svg>$/);
    expect(decodeURIComponent(badged(icon, 40))).toContain('>9+</text>');
  });

  it('an article is saved only where both its title and its answer are there', () => {
    const text = { title: 'A', body: 'B', published: true };
    const none = { title: ' ', body: '', published: true };
    expect(wantedOf({ topic: null, texts: { en: text, es: none } })).toEqual({ topic: null, texts: { en: text } });
    expect(wantedOf({ topic: null, texts: { en: text, es: { ...none, body: 'x' } } })).toBeNull();
    expect(wantedOf({ topic: null, texts: { en: none, es: none } })).toBeNull();
  });
});

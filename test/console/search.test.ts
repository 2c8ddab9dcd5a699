import { describe, expect, it } from 'vitest';
import { byConversation, marked, type Hit } from '../../client/console/search/search.ts';

const hit = (id: number, conversation: string): Hit => ({
  id,
  conversation,
  seq: id,
  at: id,
  from: 'shopper',
  text: '',
  shopper: 's',
  status: 'closed',
  agent: null,
});

describe('promise 22: what a search shows', () => {
  it('marks the words that were looked for, however they are written', () => {
    const found = (text: string, query: string): string[] =>
      marked(text, query)
        .filter((part) => part.found)
        .map((part) => part.text);
    expect(found('A Lámpara, two LAMPS.', 'lamp')).toEqual(['Lámpara', 'LAMPS']);
    expect(found('Where is it?', '')).toEqual([]);
    const text = 'cafe\u0301 <b>o</b> Café';
    expect(found(text, 'CAFÉ')).toEqual(['cafe\u0301', 'Café']);
    expect(
      marked(text, 'cafe')
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });

  it('puts the hits of a conversation together, the one with the newest first', () => {
    const groups = byConversation([hit(9, 'b'), hit(8, 'a'), hit(7, 'b')]);
    expect(groups.map((group) => group.map(({ id }) => id))).toEqual([[9, 7], [8]]);
  });
});

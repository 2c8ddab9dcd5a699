import { describe, expect, it } from 'vitest';
import type { Memory } from '../../widget/loader/memory.ts';
import { basketOf, cameFrom } from '../../widget/panel/visit.ts';

describe('promise 22: what the agent sees of a visit', () => {
  it('where somebody came from, without what the address carries, kept over the pages of the shop', () => {
    const kept = new Map<string, string | null>();
    const session: Memory = { get: (name) => kept.get(name) ?? null, set: (name, value) => void kept.set(name, value) };
    const from = (referrer: string) => cameFrom(session, { origin: 'https://shop.example', referrer });
    for (const none of ['', 'https://shop.example/cart', 'about:blank', 'no address'])
      expect(from(none)).toBeUndefined();
    expect(from('https://user:secret@blog.example/vases?mail=eva#x')).toBe('https://blog.example/vases');
    expect(from('https://shop.example/cart')).toBe('https://blog.example/vases');
  });

  it('the basket as the shop tells it; whatever is none of it is left out, and it has an end', () => {
    const vase = { name: ' Vase ', quantity: 2, price: '39,80 €' };
    expect(basketOf({ items: [vase, { name: 'Cup', price: 12 }], total: 51.8 })).toEqual({
      items: [
        { name: 'Vase', quantity: 2, price: '39,80 €' },
        { name: 'Cup', quantity: 1, price: '12' },
      ],
      total: '51.8',
    });
    for (const none of [null, undefined, 'x', {}, { items: 'x' }]) expect(basketOf(none)).toBeNull();
    const odd = basketOf({ items: [null, {}, { name: '' }, { name: 'x'.repeat(999), quantity: -3 }], total: {} });
    expect(odd).toEqual({ items: [{ name: 'x'.repeat(200), quantity: 1, price: null }], total: null });
    expect(basketOf({ items: Array.from({ length: 99 }, () => vase) })?.items).toHaveLength(30);
  });
});

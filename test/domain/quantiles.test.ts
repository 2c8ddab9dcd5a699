import { describe, expect, it } from 'vitest';
import { valuesAt } from '../../server/domain/quantiles.ts';

describe('promise 26: the values at a place', () => {
  const shapes: Record<string, (n: number) => number> = {
    rising: (n) => n,
    falling: (n) => -n,
    'all the same': () => 7,
    'two values': (n) => n % 2,
    'an organ pipe': (n) => Math.abs(500 - n),
    mixed: (n) => (n * 7_919) % 1_009,
  };
  it.each(Object.entries(shapes))('are those of the sorted ones: %s', (_, shape) => {
    for (const count of [1, 2, 3, 10, 1_000]) {
      const values = Float64Array.from({ length: count }, (_, n) => shape(n));
      const places = [0.9, 0.5].map((share) => Math.min(count - 1, Math.floor(share * count)));
      const sorted = values.toSorted();
      expect(valuesAt(values, places)).toEqual(places.map((place) => sorted[place]));
    }
  });
});

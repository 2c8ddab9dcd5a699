import { describe, expect, it } from 'vitest';
import { findShop } from '../../widget/loader/find-shop.ts';

describe('the shop of a script tag', () => {
  it('without a key is not asked for: data-shop is named as missing', async () => {
    // A request to this origin would fail, and say so.
    expect(await findShop('http://127.0.0.1:1', '')).toMatch(/^data-shop is missing/);
    expect(await findShop('http://127.0.0.1:1', 'demo')).toMatch(/could not be reached/);
  });
});

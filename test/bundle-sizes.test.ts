import { beforeAll, describe, expect, it } from 'vitest';
import { buildIfStale } from '../client/build.ts';
import { bundleSizes } from './support/bundle-sizes.ts';

describe('promise 10: what a page pays for', () => {
  beforeAll(async () => void (await buildIfStale(() => {})));

  it('the loader has at most 5 kB, with the panel 35 kB, with call and co-browsing 110 kB, the recorder 26 kB, gzipped', () => {
    const { loader, panel, all, recorder, later, files, tickets, beside, inner, inside } = bundleSizes();
    expect(loader).toBeLessThanOrEqual(5_000);
    expect(panel).toBeLessThanOrEqual(35_000);
    expect(all).toBeLessThanOrEqual(110_000);
    expect(recorder).toBeGreaterThan(10_000);
    expect(recorder).toBeLessThanOrEqual(26_000);
    expect(later).toBeLessThanOrEqual(29_800);
    expect(files).toBeLessThanOrEqual(7_300);
    expect(tickets).toBeLessThanOrEqual(6_000);
    expect(beside).toBeLessThanOrEqual(12_800);
    expect(inner).toBeLessThanOrEqual(7_500);
    expect(inside).toBeLessThanOrEqual(25_500);
  });
});

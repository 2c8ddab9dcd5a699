import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { marksOf, pausesOf } from '../../client/console/recording/marks.ts';
import { loadWords } from '../../client/console/words.ts';
import type { Entry } from '../../server/protocol/entry.ts';
import type { PageIndex } from '../../server/protocol/recorded-page.ts';

// The words say their language to the page.
beforeAll(async () => {
  vi.stubGlobal('document', { documentElement: {} });
  await loadWords(['en']);
});
afterAll(() => vi.unstubAllGlobals());

const startedAt = 1_000_000;
const page: PageIndex = {
  bytes: 0,
  until: 60_000,
  parts: [],
  pages: [
    { at: 300, epoch: 5, address: 'https://shop.example/lamps' },
    { at: 30_000, epoch: 6, address: '' },
  ],
  pointing: [
    { at: 31_000, by: 'agent' },
    { at: 32_500, by: 'agent' },
    { at: 40_000, by: 'shopper' },
  ],
  active: [
    [300, 2_000],
    [30_000, 33_000],
    [39_000, 40_500],
  ],
};
const wrote = (seconds: number, text: string): Entry => ({
  seq: seconds,
  type: 'message',
  id: `m${seconds}`,
  at: startedAt + seconds * 1_000,
  from: { side: 'shopper' },
  text,
});
const recording = { startedAt, seconds: 60, page, of: { call: false, page: true }, silences: [] };
const entries = [wrote(-5, 'Before'), wrote(12, 'Is it this one?'), wrote(70, 'After')];

describe('promise 14: where to jump to in a recording, and what to skip', () => {
  it('pages, messages and pointing, each where it happened; pointing that goes on is one', () => {
    expect(marksOf(recording, entries, 'ana').map(({ at, kind }) => `${kind} ${at}`)).toEqual([
      'page 0',
      'message 12',
      'page 30',
      'pointing 31',
      'pointing 40',
    ]);
  });

  it('a pause is where the page stands still and nobody writes or speaks, with a second left on both sides', () => {
    expect(pausesOf(recording, entries)).toEqual([
      [3, 11],
      [14, 29],
      [34, 38],
      [41.5, 59],
    ]);
    // With a call it is as long as nobody is heard besides.
    const both = { ...recording, of: { call: true, page: true }, silences: [[5, 25] as [number, number]] };
    expect(pausesOf(both, entries)).toEqual([
      [6, 11],
      [14, 24],
    ]);
  });
});

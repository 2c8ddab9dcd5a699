import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stepSentence } from '../../client/console/thread/step-words.ts';
import { timelineOf } from '../../client/console/thread/timeline.ts';
import { loadWords } from '../../client/console/words.ts';
import type { Entry, EntryBody, Person } from '../../server/protocol/entry.ts';

beforeAll(async () => {
  vi.stubGlobal('document', { documentElement: {} });
  await loadWords(['en']);
});
afterAll(() => void vi.unstubAllGlobals());

const luis = { id: 'luis', name: 'Luis' };
const ana = { id: 'ana', name: 'Ana' };
const by: Person = { side: 'agent', ...luis };
const shopper: Person = { side: 'shopper' };

/** What a reader reads of steps that follow each other. */
function read(bodies: readonly EntryBody[], you: string): string[] {
  const entries = bodies.map((body, at): Entry => ({ ...body, seq: at + 1, at: Date.UTC(2026, 4, 4, 12) + at }));
  return timelineOf(entries, [], { delivered: 0, read: 0 }, you).flatMap((item) =>
    item.kind === 'step' ? [stepSentence(item.entry, you, item.keeper)] : [],
  );
}

/** All that an agent can do without saying in the entry, or only in `by`, who it was. */
const DEEDS: EntryBody[] = [
  { type: 'accepted', agent: luis },
  { type: 'call-missed', by, outcome: 'cancelled' },
  { type: 'call-missed', by: shopper, outcome: 'declined' },
  { type: 'cobrowse-started' },
  { type: 'cobrowse-stopped', by },
  { type: 'cobrowse-stopped', by: null },
  { type: 'cobrowse-stopped', by: null, why: 'unreadable' },
  { type: 'screen-started', by },
  { type: 'screen-stopped', by },
  { type: 'closed', by },
];

describe('promise 4: who did it', () => {
  it.each([ana.id, ''])('what a colleague did carries their name, for reader “%s”', (you) => {
    for (const sentence of read(DEEDS, you)) expect(sentence).toMatch(/Luis/);
  });

  it('what the reader did says so', () => {
    for (const sentence of read(DEEDS, luis.id)) expect(sentence).toMatch(/^You /);
  });

  it('it is whoever had it then', () => {
    const steps: EntryBody[] = [
      { type: 'accepted', agent: luis },
      { type: 'cobrowse-started' },
      { type: 'handed-over', from: luis, to: ana },
      { type: 'cobrowse-stopped', by: null },
    ];
    const [, started, , stopped] = read(steps, ana.id);
    expect([started, stopped]).toEqual([
      'Luis is looking at the page together with the shopper',
      'You stopped looking at the page',
    ]);
  });
});

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { auditWords, type Change } from '../../client/console/office/settings/audit-words.ts';
import { usualHours } from '../../client/console/office/settings/week.ts';
import { loadWords } from '../../client/console/words.ts';

beforeAll(async () => {
  vi.stubGlobal('document', { documentElement: {} });
  await loadWords(['en']);
});
afterAll(() => void vi.unstubAllGlobals());

function changes(subject: string, before: unknown, after: unknown): Change[] {
  const by = { id: 'ana', name: 'Ana' };
  return auditWords({ id: '1', at: 0, by, action: 'settings.changed', subject, before, after }).changes;
}

describe('promise 20: what the audit says of opening hours', () => {
  it('a shop that gets hours has them by the week, and was always open', () => {
    const [first, ...days] = changes('hours', null, usualHours());
    expect(first).toEqual({ of: 'Opening hours', before: 'Always open.', after: 'by the week' });
    expect(days.length).toBeGreaterThan(0);
    expect(days.every(({ before, after }) => before === null && after !== null)).toBe(true);
  });

  it('a shop that gives them up is always open, and that is all', () => {
    expect(changes('hours', usualHours(), null)).toEqual([
      { of: 'Opening hours', before: 'by the week', after: 'Always open.' },
    ]);
  });

  it('a topic without hours of its own has those of the shop', () => {
    const lamps = { id: 'lamps', name: { en: 'Lamps' }, paths: [], hours: null };
    const [first] = changes('topics', [lamps], [{ ...lamps, hours: usualHours() }]);
    expect(first).toEqual({ of: 'Lamps: Opening hours', before: 'those of the shop', after: 'by the week' });
    expect(changes('topics', [lamps], [lamps])).toEqual([]);
  });
});

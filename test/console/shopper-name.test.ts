import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { shopperOf } from '../../client/console/ui/shopper-name.ts';
import { loadWords } from '../../client/console/words.ts';

beforeAll(async () => {
  vi.stubGlobal('document', { documentElement: {} });
  await loadWords(['en']);
});
afterAll(() => void vi.unstubAllGlobals());

it('promise 4: a shopper is called as the ticket says, otherwise by a mark of the id', () => {
  const shopper = { id: 'abc-7a71', online: true, page: null, locale: null };
  const ticket = { number: 1, state: 'open', since: 0, email: null, dueAt: null } as const;
  expect(shopperOf({ shopper, ticket: { ...ticket, name: 'Eva' } })).toBe('Eva');
  expect(shopperOf({ shopper, ticket: { ...ticket, name: null } })).toBe('Shopper 7A71');
  expect(shopperOf({ shopper, ticket: null })).toBe('Shopper 7A71');
});

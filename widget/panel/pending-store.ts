import type { PendingMessage, PendingStore } from '../../client/core/thread.ts';
import type { Memory } from '../loader/memory.ts';

/**
 * What was written and not yet acknowledged, shared by the tabs of a browser: each tab writes its own changes and leaves
 * alone what another tab has added since.
 */
export function openPendingStore(local: Memory): PendingStore {
  const known = new Set<string>();
  const read = (): PendingMessage[] => {
    try {
      return JSON.parse(local.get('pending') ?? '[]') as PendingMessage[];
    } catch {
      return [];
    }
  };
  return {
    load() {
      const pending = read();
      for (const { id } of pending) known.add(id);
      return pending;
    },
    save(pending) {
      for (const { id } of pending) known.add(id);
      const all = [...read().filter(({ id }) => !known.has(id)), ...pending];
      local.set('pending', all.length > 0 ? JSON.stringify(all) : null);
    },
  };
}

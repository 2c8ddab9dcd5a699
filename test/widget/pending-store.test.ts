import { describe, expect, it } from 'vitest';
import type { PendingMessage } from '../../client/core/thread.ts';
import type { Memory } from '../../widget/loader/memory.ts';
import { openPendingStore } from '../../widget/panel/pending-store.ts';

function sharedMemory(): Memory {
  const kept = new Map<string, string>();
  return {
    get: (name) => kept.get(name) ?? null,
    set: (name, value) => void (value === null ? kept.delete(name) : kept.set(name, value)),
  };
}

const message = (id: string): PendingMessage => ({ id, text: id, at: 0, refused: null });
const ids = (memory: Memory): string[] =>
  openPendingStore(memory)
    .load()
    .map(({ id }) => id);

describe('messages that wait, in two tabs of one browser', () => {
  it('outlive the page', () => {
    const memory = sharedMemory();
    openPendingStore(memory).save([message('a')]);
    expect(ids(memory)).toEqual(['a']);
  });

  it('are not lost when the other tab writes its own', () => {
    const memory = sharedMemory();
    const [one, two] = [openPendingStore(memory), openPendingStore(memory)];
    one.load();
    two.load();
    one.save([message('a')]);
    two.save([message('b')]);
    two.save([]);
    expect(ids(memory)).toEqual(['a']);
  });

  it('are gone once the tab that knows them has them acknowledged', () => {
    const memory = sharedMemory();
    openPendingStore(memory).save([message('a')]);
    const next = openPendingStore(memory);
    next.load();
    next.save([]);
    expect(ids(memory)).toEqual([]);
    expect(memory.get('pending')).toBeNull();
  });

  it('begin anew where the memory holds nonsense', () => {
    const memory = sharedMemory();
    memory.set('pending', '{"broken');
    expect(ids(memory)).toEqual([]);
  });
});

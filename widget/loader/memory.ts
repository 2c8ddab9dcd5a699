/** What the widget remembers in this browser (`local`) or in this tab over page loads (`session`). */
export type Memory = { get(name: string): string | null; set(name: string, value: string | null): void };

/**
 * Memory of one shop's widget under `mostrador.<shop>.<name>`. Where the browser blocks its storage (private windows,
 * strict settings) it lasts as long as the page.
 */
export function openMemory(kind: 'local' | 'session', shop: string): Memory {
  const here = new Map<string, string | null>();
  const key = (name: string): string => `mostrador.${shop}.${name}`;
  return {
    get(name) {
      const kept = here.get(name);
      if (kept !== undefined) return kept;
      try {
        return storageOf(kind).getItem(key(name));
      } catch {
        return null;
      }
    },
    set(name, value) {
      try {
        if (value === null) storageOf(kind).removeItem(key(name));
        else storageOf(kind).setItem(key(name), value);
        here.delete(name);
      } catch {
        here.set(name, value);
      }
    },
  };
}

function storageOf(kind: 'local' | 'session'): Storage {
  return kind === 'local' ? localStorage : sessionStorage;
}

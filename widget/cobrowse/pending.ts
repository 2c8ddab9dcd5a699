import type { PageEvent } from '../../server/protocol/cobrowse-event.ts';

/** More than this and a new snapshot is the shorter way. */
const EVENTS_MAX = 2_000;

/**
 * Events that wait for room on the wire. What changes the tree waits in order; of what only says how something is now
 * (a scroll position, a field, the selection) the last value is kept, to be applied after the tree.
 */
export class Pending {
  #ordered: PageEvent[] = [];
  readonly #latest = new Map<string, PageEvent>();

  add(event: PageEvent): void {
    const key = stateKey(event);
    if (key === null) this.#ordered.push(event);
    else this.#latest.set(key, event);
  }

  get overflown(): boolean {
    return this.#ordered.length > EVENTS_MAX;
  }

  take(): PageEvent[] {
    const events = [...this.#ordered, ...this.#latest.values()];
    this.clear();
    return events;
  }

  /** What can be shown before that which changes the tree: where the page of this number is, clicks, the window. */
  takeApart(root: number): PageEvent[] {
    const keys = [`3 ${root}`, '2', '4', 'zoom', 'pace'];
    const events = keys.flatMap((key) => this.#latest.get(key) ?? []);
    for (const key of keys) this.#latest.delete(key);
    return events;
  }

  clear(): void {
    this.#ordered = [];
    this.#latest.clear();
  }
}

function stateKey(event: PageEvent): string | null {
  if (event.type === 5) {
    const { tag, payload } = event.data;
    if (tag === 'font') return `${tag} ${payload.key}`;
    return tag === 'popover' || tag === 'picture' ? `${tag} ${payload.id}` : tag;
  }
  if (event.type !== 3) return null;
  const { data } = event;
  switch (data.source) {
    case 2:
    case 4:
    case 14:
      return `${data.source}`;
    case 3:
    case 5:
      return `${data.source} ${data.id}`;
    default:
      return null;
  }
}

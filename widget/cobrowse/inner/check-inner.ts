import type { PageEvent } from '../../../server/protocol/cobrowse-event.ts';
import { readEvents } from '../../../server/protocol/cobrowse-read/read-events.ts';

/** Longer is no page in a frame, in UTF-16 code units. */
const TEXT_MAX = 8_000_000;
/** What a page inside may say: not where the shopper is, what the window is like, or what a stylesheet's hash stands for. */
const CHANGES = new Set([0, 2, 3, 5, 7, 8, 14, 15]);
const NOTES = new Set(['popover', 'focus', 'picker', 'picture', 'font']);
/** Wherever they stand in an event: numbers of nodes and of stylesheets, which are in the same range. */
const NUMBERS = /^(?:id|parentId|nextId|rootId|styleId|styleIds|start|end)$/;

/**
 * What a page inside has sent, as it goes on: events that the server will read, about nodes of its own. Null where anything
 * is another thing. `owns`: whether a number is its own.
 */
export function checkInner(text: string, whole: boolean, owns: (id: number) => boolean): PageEvent[] | null {
  if (text.length > TEXT_MAX) return null;
  try {
    const events: unknown = JSON.parse(text);
    if (!Array.isArray(events) || !isReadable(events)) return null;
    const known = events as PageEvent[];
    const all = known.every((event, at) => (event.type === 2 ? whole && at === 0 : mayBeSaid(event)));
    return all && (!whole || known[0]?.type === 2) && numbersOf(events).every((id) => owns(id)) ? known : null;
  } catch {
    return null;
  }
}

function isReadable(events: unknown[]): boolean {
  let wrong = false;
  // What the page is made of is known to the replay alone; any element may have any attribute.
  const fault = () => (wrong = true);
  const reading = readEvents(events, { tagOf: () => 'p', onTooLarge: fault, onFaults: fault });
  for (let read = reading.next(); !read.done;) read = reading.next();
  return !wrong;
}

function mayBeSaid({ type, data }: PageEvent): boolean {
  if (type === 3) return CHANGES.has(data.source);
  return type === 5 && NOTES.has(data.tag);
}

function numbersOf(events: unknown[]): number[] {
  const numbers: number[] = [];
  // Without recursion: a hostile page may be deeper than the stack.
  const waiting: unknown[] = [events];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const member of value) waiting.push(member);
      continue;
    }
    for (const [name, content] of Object.entries(value as Record<string, unknown>)) {
      // Those of an element are the shop's own words; in a change of the tree it is a list.
      if (name === 'attributes' && !Array.isArray(content)) continue;
      if (NUMBERS.test(name))
        for (const number of [content].flat()) if (typeof number === 'number') numbers.push(number);
      waiting.push(content);
    }
  }
  return numbers;
}

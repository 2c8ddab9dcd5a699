import type { PageEvent } from './cobrowse-event.ts';

/**
 * On the wire a node leaves its number out where it is the one after the node before it, in the order of the document, and
 * an added one what it has in common with the one before: a page that is written anew is numbered in a row, and these
 * numbers are most of what does not compress. What stands at the beginning of an event is always there.
 */
type Loose = { id?: number; childNodes?: unknown };
type LooseAdd = { parentId?: number; nextId?: number | null; node?: Loose };

/** Takes the numbers out, in place: the event is not to be used afterwards. */
export function omitNumbers(event: PageEvent): PageEvent {
  let last = 0;
  const omit = (node: Loose): void => {
    const follows = node.id === last + 1;
    last = node.id ?? last + 1;
    if (follows) delete node.id;
  };
  let before: { parentId?: number | undefined; id?: number | undefined } = {};
  for (const add of addsOf(event)) {
    const { parentId, nextId, node } = add;
    const id = node?.id;
    if (parentId === before.parentId) delete add.parentId;
    if (nextId === before.id) delete add.nextId;
    before = { parentId, id };
    eachNode(node, omit);
  }
  eachNode(treeOf(event), omit);
  return event;
}

/** Puts them back, in place. Whatever else there is stays as it is: nothing is validated yet. */
export function restoreNumbers(payload: unknown): unknown {
  if (!Array.isArray(payload)) return payload;
  for (const event of payload) {
    let last = 0;
    const restore = (node: Loose): void => {
      node.id ??= last + 1;
      last = node.id;
    };
    let before: { parentId?: number | undefined; id?: number | undefined } = {};
    for (const add of addsOf(event)) {
      if (before.parentId !== undefined) add.parentId ??= before.parentId;
      if (before.id !== undefined && add.nextId === undefined) add.nextId = before.id;
      eachNode(add.node, restore);
      before = { parentId: add.parentId, id: add.node?.id };
    }
    eachNode(treeOf(event), restore);
  }
  return payload;
}

function addsOf(event: unknown): LooseAdd[] {
  const { data } = (event ?? {}) as { data?: { adds?: unknown } | null };
  return Array.isArray(data?.adds) ? data.adds.filter((add) => typeof add === 'object' && add !== null) : [];
}

function treeOf(event: unknown): unknown {
  return ((event ?? {}) as { data?: { node?: unknown } | null }).data?.node;
}

function eachNode(tree: unknown, visit: (node: Loose) => void): void {
  // Without recursion: a hostile page may be deeper than the stack.
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (typeof node !== 'object' || node === null) continue;
    visit(node);
    const { childNodes } = node as Loose;
    if (Array.isArray(childNodes)) for (let at = childNodes.length - 1; at >= 0; at -= 1) waiting.push(childNodes[at]);
  }
}

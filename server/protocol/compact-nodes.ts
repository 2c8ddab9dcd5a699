import type { PageEvent, TreeNode } from './cobrowse-event.ts';
import { isId, isRecord, isText } from './cobrowse-read/read-value.ts';

/**
 * How nodes travel: most of a page's text would be the names of their fields. An element is a list of its tag (in front of
 * that a colon where it is one of SVG), its attributes and its children; a text is a string. Whatever has more to say stays
 * an object. A node leaves its number out where it is the one after the node before it, in the order of the document, and
 * an added one what it has in common with the one before: a page that is written anew is numbered in a row.
 */

/** Deeper than what is ever drawn: what is below stays as it is. */
const DEPTH_MAX = 1_000;
/** More than one event may have: that it has is found where it is read. */
const NODES_MAX = 110_000;

/** The event as it travels; new object, nothing of the event is changed. */
export function compact(event: PageEvent): unknown {
  const numbers = { last: 0 };
  if (event.type === 2) return { type: 2, data: { ...event.data, node: compactNode(event.data.node, numbers, 0) } };
  if (event.type !== 3 || event.data.source !== 0) return event;
  let before: { parentId?: number; id?: number } = {};
  const adds = event.data.adds.map(({ parentId, nextId, node }) => {
    const add = {
      parentId: parentId === before.parentId ? undefined : parentId,
      nextId: nextId === before.id ? undefined : nextId,
      node: compactNode(node, numbers, 0),
    };
    before = { parentId, id: node.id };
    return add;
  });
  return { type: 3, data: { ...event.data, adds } };
}

function compactNode(node: TreeNode, numbers: { last: number }, depth: number): unknown {
  if (depth > DEPTH_MAX) return node;
  const id = node.id === numbers.last + 1 ? undefined : node.id;
  numbers.last = node.id;
  const plain = id === undefined && !node.rootId && !node.isShadow && !node.isShadowHost;
  if (node.type === 3) return plain && !node.isStyle ? node.textContent : { ...node, id };
  if (node.type !== 2) {
    if (node.type !== 0) return { ...node, id };
    return { ...node, id, childNodes: node.childNodes.map((child) => compactNode(child, numbers, depth + 1)) };
  }
  if (!plain || node.isCustom)
    return { ...node, id, childNodes: node.childNodes.map((child) => compactNode(child, numbers, depth + 1)) };
  const written: unknown[] = [node.isSVG ? `:${node.tagName}` : node.tagName, node.attributes];
  for (const child of node.childNodes) written.push(compactNode(child, numbers, depth + 1));
  return written;
}

/** `left`: how many nodes are restored yet. */
type Restoring = { last: number; left: number };

/** The events as they were, in place. Whatever else there is stays as it is: nothing is validated yet. */
export function restore(payload: unknown): unknown {
  if (!Array.isArray(payload)) return payload;
  for (const event of payload) {
    const data: unknown = isRecord(event) ? event['data'] : null;
    if (!isRecord(data)) continue;
    const numbers = { last: 0, left: NODES_MAX };
    if (Array.isArray(data['adds'])) restoreAdds(data['adds'], numbers);
    if ('node' in data) data['node'] = restoreNode(data['node'], numbers, 0);
  }
  return payload;
}

function restoreAdds(adds: unknown[], numbers: Restoring): void {
  let before: { parentId?: unknown; id?: unknown } = {};
  for (const add of adds) {
    if (!isRecord(add)) continue;
    if (before.parentId !== undefined) add['parentId'] ??= before.parentId;
    if (before.id !== undefined && add['nextId'] === undefined) add['nextId'] = before.id;
    const node = restoreNode(add['node'], numbers, 0);
    add['node'] = node;
    before = { parentId: add['parentId'], id: isRecord(node) ? node['id'] : undefined };
  }
}

function restoreNode(value: unknown, numbers: Restoring, depth: number): unknown {
  if (depth > DEPTH_MAX || (numbers.left -= 1) < 0) return value;
  if (isText(value)) return { type: 3, id: (numbers.last += 1), textContent: value };
  if (Array.isArray(value)) {
    const [tag, attributes]: unknown[] = value;
    if (!isText(tag)) return value;
    const id = (numbers.last += 1);
    const svg = tag.startsWith(':');
    const childNodes: unknown[] = [];
    for (let at = 2; at < value.length; at += 1) childNodes.push(restoreNode(value[at], numbers, depth + 1));
    const node = { type: 2, id, tagName: svg ? tag.slice(1) : tag, attributes, childNodes };
    return svg ? { ...node, isSVG: true } : node;
  }
  if (!isRecord(value)) return value;
  value['id'] ??= numbers.last + 1;
  // One that is none is found where it is read.
  numbers.last = isId(value['id']) ? value['id'] : Number.NaN;
  const children = value['childNodes'];
  if (Array.isArray(children)) {
    for (let at = 0; at < children.length; at += 1) children[at] = restoreNode(children[at], numbers, depth + 1);
  }
  return value;
}

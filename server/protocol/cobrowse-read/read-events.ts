/**
 * The gate of the server and of the console: what came over the wire becomes events of the types that the replay knows, or
 * nothing. The shopper's browser is not ours, so every field is looked at, and what could act instead of being looked at is left out.
 * (That nothing acts is also held by the sandbox without scripts and by the page's Content-Security-Policy.)
 */
import type { AddedRule, Change, CursorPlace, Note, PageEvent, TreeChange, TreeNode } from '../cobrowse-event.ts';
import {
  PRODUCTS_MAX,
  PRODUCT_ADDRESS_MAX,
  PRODUCT_NAME_MAX,
  PRODUCT_PRICE_MAX,
  type PageProduct,
} from '../product.ts';
import { isSheet } from '../sheets.ts';
import { readAttributes, readNode, type NodeBudget } from './read-node.ts';
import { isId, isNumber, isRecord, isText, list, type Faults, type Fields } from './read-value.ts';

/** Nodes in one frame; a page of 100,000 nodes is the largest that is worth drawing. */
const NODES_MAX = 100_000;
const EVENTS_MAX = 20_000;
/** Different elements of one number in one change. */
const TAGS_MAX = 8;
const VIEWPORT_MAX = 20_000;
const DATA_MAX = 500_000;
const PICTURE = /^data:image\/(?:webp|png|jpeg);base64,[a-z0-9+/=]+$/i;
const FONT = /^data:font\/woff2;base64,[a-z0-9+/=]+$/i;

const NOTES = new Set<unknown>(
  Object.keys({
    page: 0,
    leaving: 0,
    'too-large': 0,
    popover: 0,
    focus: 0,
    picker: 0,
    zoom: 0,
    picture: 0,
    font: 0,
    pace: 0,
    products: 0,
    scheme: 0,
    sheet: 0,
  } satisfies Record<Note['tag'], 0>),
);

/** Lower-case tag of an element that the replay shows. */
export type TagOf = (id: number) => string | null;
type Reading = { budget: NodeBudget; tagOf: TagOf };
export type Page = {
  tagOf: TagOf;
  /** An event has more nodes than can be drawn, and is left out. */
  onTooLarge: () => void;
  /** Something was left out that our own recorder never says. Called when everything is read. */
  onFaults?: (count: number) => void;
};

/**
 * The valid events of a payload, in order; an invalid one is left out, a payload that is no list is empty. Each is read
 * when it is asked for, when those before it are applied.
 */
export function* readEvents(payload: unknown, { tagOf, onTooLarge, onFaults }: Page): Generator<PageEvent> {
  if (!Array.isArray(payload)) {
    onFaults?.(1);
    return;
  }
  const budget = { left: NODES_MAX, spent: false, count: payload.length > EVENTS_MAX ? 1 : 0 };
  for (const value of payload.slice(0, EVENTS_MAX)) {
    const event = readEvent(value, { budget, tagOf });
    if (budget.spent) {
      onTooLarge();
      return;
    }
    if (event) yield event;
    else if (isForged(value)) budget.count += 1;
  }
  if (budget.count > 0) onFaults?.(budget.count);
}

function readEvent(value: unknown, reading: Reading): PageEvent | null {
  if (!isRecord(value) || !isRecord(value['data'])) return null;
  const data = value['data'];
  switch (value['type']) {
    case 2: {
      const node = readNode(data['node'], reading.budget);
      if (node?.type !== 0) return null;
      const offset = isRecord(data['initialOffset']) ? data['initialOffset'] : {};
      return { type: 2, data: { node, initialOffset: { left: number(offset['left']), top: number(offset['top']) } } };
    }
    case 3: {
      const change = readChange(data, reading);
      return change && { type: 3, data: change };
    }
    case 4: {
      const { href, width, height, scrollbar } = data;
      if (!isText(href) || !isLength(width) || !isLength(height)) return null;
      const bar = isNumber(scrollbar) && scrollbar >= 0 && scrollbar < 100 ? scrollbar : 0;
      return { type: 4, data: { href, width, height, scrollbar: bar } };
    }
    case 5: {
      const note = readNote(data);
      return note && { type: 5, data: note };
    }
    default:
      return null;
  }
}

/** Of an event that is left out: whether it is one that our own recorder never writes, whatever the page is like. */
function isForged(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value['data'])) return true;
  const { type, data } = value;
  if (!isRecord(data)) return true;
  switch (type) {
    case 3:
      return data['source'] !== 4;
    case 4:
      return !isText(data['href']) || !isNumber(data['width']) || !isNumber(data['height']);
    case 5: {
      const id = isRecord(data['payload']) ? data['payload']['id'] : null;
      return !NOTES.has(data['tag']) || (id !== undefined && id !== null && !isId(id));
    }
    default:
      return true;
  }
}

function readNote({ tag, payload }: Fields): Note | null {
  if (tag === 'leaving' || tag === 'too-large') return { tag, payload: null };
  if (!isRecord(payload)) return null;
  const { href, id, open, dark, scale, x, y, lively, width, height, data, key } = payload;
  if (tag === 'products')
    return { tag, payload: { products: list(payload['products'], readProduct).slice(0, PRODUCTS_MAX) } };
  if (tag === 'page' && isText(href)) return { tag, payload: { href } };
  if (tag === 'scheme' && typeof dark === 'boolean') return { tag, payload: { dark } };
  if ((tag === 'focus' || tag === 'picker') && (id === null || isId(id))) return { tag, payload: { id } };
  if (
    tag === 'picture' &&
    isId(id) &&
    isLength(width) &&
    isLength(height) &&
    isText(data) &&
    data.length <= DATA_MAX &&
    PICTURE.test(data)
  )
    return { tag, payload: { id, width, height, data } };
  if (tag === 'font' && isText(key) && key.length <= 300 && isText(data) && data.length <= DATA_MAX && FONT.test(data))
    return { tag, payload: { key, data } };
  if (tag === 'sheet') return isSheet(payload) ? { tag, payload: { hash: payload.hash, text: payload.text } } : null;
  if (tag === 'pace' && typeof lively === 'boolean') return { tag, payload: { lively } };
  if (tag === 'zoom' && isNumber(scale) && scale >= 1 && scale <= 10 && isNumber(x) && isNumber(y))
    return { tag, payload: { scale, x, y } };
  if (tag === 'popover' && isId(id) && typeof open === 'boolean') return { tag, payload: { id, open } };
  return null;
}

function readProduct({ name, price, image, url, node }: Fields): PageProduct | null {
  if (!isText(name) || name.trim() === '' || name.length > PRODUCT_NAME_MAX) return null;
  return {
    name,
    price: isText(price) && price.length <= PRODUCT_PRICE_MAX ? price : null,
    image: webAddress(image),
    url: webAddress(url),
    node: isId(node) ? node : null,
  };
}

function webAddress(value: unknown): string | null {
  return isText(value) && value.length <= PRODUCT_ADDRESS_MAX && /^https?:\/\//i.test(value) ? value : null;
}

function readChange(data: Fields, reading: Reading): Change | null {
  const { source, id, x, y } = data;
  switch (source) {
    case 0:
      return readTreeChange(data, reading);
    case 2:
      return data['type'] === 2 && isId(id) && isNumber(x) && isNumber(y) ? { source, type: 2, id, x, y } : null;
    case 3:
      return isId(id) && isNumber(x) && isNumber(y) ? { source, id, x, y } : null;
    case 4: {
      const { width, height } = data;
      return isLength(width) && isLength(height) ? { source, width, height } : null;
    }
    case 5: {
      const { text, isChecked } = data;
      return isId(id) && isText(text) ? { source, id, text, isChecked: isChecked === true } : null;
    }
    case 7:
      return readMedia(data);
    case 8:
      return readRuleChange(data, reading.budget);
    case 13:
      return readDeclaration(data);
    case 14:
      return { source, ranges: list(data['ranges'], readRange) };
    case 15: {
      if (!isId(id)) return null;
      const styles = list(
        data['styles'],
        (style) => {
          const styleId = style['styleId'];
          return isId(styleId) ? { styleId, rules: list(style['rules'], readRule, reading.budget) } : null;
        },
        reading.budget,
      );
      return { source, id, styles, styleIds: numbers(data['styleIds']) };
    }
    default:
      return null;
  }
}

function readTreeChange(data: Fields, { budget, tagOf }: Reading): TreeChange | null {
  const adds = list(
    data['adds'],
    ({ parentId, nextId, node: value }) => {
      const node = isId(parentId) ? readNode(value, budget) : null;
      return node && isId(parentId) ? { parentId, nextId: isId(nextId) ? nextId : null, node } : null;
    },
    budget,
  );
  const added = new Map<number, Set<string>>();
  for (const { node } of adds) noteTags(node, added);
  // Our own recorder gives a number to one node; a few more are somebody's who wants each to be looked up many times.
  for (const { size } of added.values()) if (size > TAGS_MAX) return null;
  // Both the old and the new bearer of a number: whether the new one finds its place shows only later.
  const tagsOf = (id: number) => [...(added.get(id) ?? []), ...[tagOf(id) ?? []].flat()];
  return {
    source: 0,
    // A document anywhere but in a frame would take the place of the whole page.
    adds: adds.filter(({ parentId, node }) => node.type !== 0 || tagsOf(parentId).every((tag) => tag === 'iframe')),
    removes: list(
      data['removes'],
      ({ parentId, id, isShadow }) =>
        isId(parentId) && isId(id) ? { parentId, id, ...(isShadow === true && { isShadow }) } : null,
      budget,
    ),
    texts: list(
      data['texts'],
      ({ id, value }) => (isId(id) && (value === null || isText(value)) ? { id, value } : null),
      budget,
    ),
    attributes: list(
      data['attributes'],
      ({ id, attributes }) => (isId(id) && isRecord(attributes) ? { id, attributes } : null),
      budget,
    ).flatMap(({ id, attributes }) => {
      const tags = tagsOf(id);
      const read = readAttributes(tags, attributes, budget);
      // An element that nobody knows is no fault: it may have gone in this moment.
      return tags.length === 0 ? [] : { id, attributes: read };
    }),
    ...(data['isAttachIframe'] === true && { isAttachIframe: true }),
  };
}

function noteTags(node: TreeNode, tags: Map<number, Set<string>>): void {
  if (node.type === 2) {
    const known = tags.get(node.id);
    if (known) known.add(node.tagName);
    else tags.set(node.id, new Set([node.tagName]));
  }
  if (node.type === 0 || node.type === 2) for (const child of node.childNodes) noteTags(child, tags);
}

function readMedia(data: Fields): Change | null {
  const { id, type, currentTime, playbackRate, loop } = data;
  if (!isId(id) || !isNumber(type) || type < 0 || type > 4) return null;
  return {
    source: 7,
    id,
    type,
    // The agent sees the shop's videos; they do not talk into the call.
    muted: true,
    ...(isNumber(currentTime) && currentTime >= 0 && { currentTime }),
    ...(isNumber(playbackRate) && playbackRate > 0 && playbackRate <= 16 && { playbackRate }),
    ...(typeof loop === 'boolean' && { loop }),
  };
}

function readRuleChange(data: Fields, faults: Faults): Change {
  const { replace, replaceSync } = data;
  return {
    source: 8,
    ...sheetOf(data),
    adds: list(data['adds'], readRule, faults),
    removes: list(data['removes'], ({ index }) => (isIndex(index) ? { index } : null), faults),
    ...(isText(replace) && { replace }),
    ...(isText(replaceSync) && { replaceSync }),
  };
}

function readDeclaration(data: Fields): Change | null {
  const index = numbers(data['index']);
  const { set, remove } = data;
  if (isRecord(set)) {
    const { property, value, priority } = set;
    if (!isText(property) || (value !== null && !isText(value))) return null;
    return { source: 13, ...sheetOf(data), index, set: { property, value, ...(isText(priority) && { priority }) } };
  }
  if (!isRecord(remove) || !isText(remove['property'])) return null;
  return { source: 13, ...sheetOf(data), index, remove: { property: remove['property'] } };
}

function sheetOf({ id, styleId }: Fields): { id?: number; styleId?: number } {
  return { ...(isId(id) && { id }), ...(isId(styleId) && { styleId }) };
}

function readRule({ rule, index }: Fields): AddedRule | null {
  return isText(rule) ? { rule, ...(isIndex(index) && { index }) } : null;
}

function readRange(range: Fields) {
  const { start, startOffset, end, endOffset } = range;
  return isId(start) && isCount(startOffset) && isId(end) && isCount(endOffset)
    ? { start, startOffset, end, endOffset }
    : null;
}

/** Whether a payload is that of a `cursor` frame. */
export function isCursor(value: unknown): boolean {
  return value === null || (isRecord(value) && isNumber(value['x']) && isNumber(value['y']));
}

/** The place of a `cursor` frame; null where it has left the page or is no place at all. */
export function readCursor(value: unknown): CursorPlace {
  if (!isRecord(value)) return null;
  const { x, y, node, fx, fy } = value;
  if (!isNumber(x) || !isNumber(y)) return null;
  if (!isId(node) || !isFraction(fx) || !isFraction(fy)) return { x, y, node: 0, fx: 0, fy: 0 };
  return { x, y, node, fx, fy };
}

function number(value: unknown): number {
  return isNumber(value) ? value : 0;
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.filter(isCount) : [];
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isIndex(value: unknown): value is number | number[] {
  return isCount(value) || (Array.isArray(value) && value.length > 0 && value.every(isCount));
}

function isFraction(value: unknown): value is number {
  return isNumber(value) && value >= 0 && value <= 1;
}

function isLength(value: unknown): value is number {
  return isNumber(value) && value > 0 && value <= VIEWPORT_MAX;
}

import type { Attributes, AttributeValue, ElementNode, StyleChange, TreeNode } from '../cobrowse-event.ts';
import { byName } from '../by-name.ts';
import { isId, isNumber, isRecord, isText, type Faults, type Fields } from './read-value.ts';

/** `spent`: more nodes came than there was room for · `count`: of faults. */
export type NodeBudget = Faults & { left: number; spent: boolean };

/** Deeper than any browser parses a document. */
const DEPTH_MAX = 600;
const TAG = /^[a-z][a-z0-9._-]{0,63}$/;
/** As the recorder writes them. */
const WRITTEN_TAG = /^[a-z][a-z0-9._:-]{0,63}$/;
const CUSTOM_TAG = /^[a-z][a-z0-9._]*-[a-z0-9._-]*$/;
const RESERVED_TAGS = /^(?:annotation-xml|color-profile|font-face(?:-.*)?|missing-glyph)$/;
const SHADOW_HOST = /-|^(?:article|aside|blockquote|body|div|footer|h[1-6]|header|main|nav|p|section|span)$/;
const ATTRIBUTE = /^[a-z_][\w:.@-]{0,127}$/i;
/** Handlers; what loads or leads somewhere by itself; whole documents as text. */
const DROPPED_ATTRIBUTE = /^(?:on.*|srcdoc|http-equiv|autofocus|ping|nonce|is|formaction|action|manifest|download)$/;
const KNOWN_EXTRA =
  /^rr_(?:width|height|scrollLeft|scrollTop|open_mode|src|media(?:State|CurrentTime|PlaybackRate|Muted|Loop|Volume))$/;
const SCRIPT_ADDRESS = /^[^a-z0-9/#?.]*(?:j\s*a\s*v\s*a|v\s*b)\s*s\s*c\s*r\s*i\s*p\s*t\s*:/i;

/** The node and everything below it, or null where it is none that can be drawn. */
export function readNode(value: unknown, budget: NodeBudget, depth = 0): TreeNode | null {
  if (!isRecord(value) || !isId(value['id'])) return fault(budget);
  if (depth > DEPTH_MAX) return null;
  if (budget.left <= 0) {
    budget.spent = true;
    return null;
  }
  budget.left -= 1;
  const node = readContent(value, value['id'], budget, depth);
  if (!node) return null;
  if (isId(value['rootId'])) node.rootId = value['rootId'];
  if (value['isShadow'] === true) node.isShadow = true;
  // The browser throws at a shadow root where none can be, and the rest of the page would be lost with it.
  if (value['isShadowHost'] === true && (node.type !== 2 || SHADOW_HOST.test(node.tagName))) node.isShadowHost = true;
  return node;
}

/** Objects of one shape each, made in one go: there are as many of them as a page has nodes. */
function readContent(value: Fields, id: number, budget: NodeBudget, depth: number): TreeNode | null {
  switch (value['type']) {
    case 0: {
      const childNodes = readChildren(value, budget, depth);
      const quirks = value['compatMode'] === 'BackCompat' && childNodes.length > 0;
      return { type: 0, id, childNodes, ...(quirks && { compatMode: 'BackCompat' }) };
    }
    case 1: {
      const name = text(value['name']);
      const ids = { publicId: text(value['publicId']), systemId: text(value['systemId']) };
      return { type: 1, id, name: TAG.test(name) ? name : 'html', ...ids };
    }
    case 2:
      return readElement(value, id, budget, depth);
    case 3: {
      const textContent = text(value['textContent']);
      return value['isStyle'] === true ? { type: 3, id, textContent, isStyle: true } : { type: 3, id, textContent };
    }
    case 5:
      return { type: 5, id, textContent: '' };
    default:
      return fault(budget);
  }
}

function fault(faults: Faults): null {
  faults.count += 1;
  return null;
}

function readElement(value: Fields, id: number, budget: NodeBudget, depth: number): ElementNode | null {
  const written = text(value['tagName']).toLowerCase();
  const svg = value['isSVG'] === true;
  const tagName = plainTag(written, svg);
  if (!WRITTEN_TAG.test(written) || written === 'script' || !isRecord(value['attributes'])) return fault(budget);
  if (!TAG.test(tagName) || tagName === 'script') return null;
  const attributes = readAttributes([tagName], value['attributes'], budget);
  const childNodes = readChildren(value, budget, depth);
  const node: ElementNode = { type: 2, id, tagName, attributes, childNodes };
  if (svg) node.isSVG = true;
  if (value['isCustom'] === true && CUSTOM_TAG.test(tagName) && !RESERVED_TAGS.test(tagName)) node.isCustom = true;
  return node;
}

function readChildren(value: Fields, budget: NodeBudget, depth: number): TreeNode[] {
  const read: TreeNode[] = [];
  const children = value['childNodes'];
  if (!Array.isArray(children)) return fault(budget) ?? read;
  for (const child of children as unknown[]) {
    const node = readNode(child, budget, depth + 1);
    if (node?.type === 0) fault(budget);
    else if (node) read.push(node);
  }
  return read;
}

/** Without a prefix, which would take a script past rrweb's own check; the content of foreign elements stays. */
function plainTag(tag: string, svg: boolean): string {
  return svg ? tag.replace(/^.*:/, '') : tag.replaceAll(':', '-');
}

/** What an element may have under a name: the name in lower case; null where nothing may. */
const readName = byName((name) => {
  if (!ATTRIBUTE.test(name) || name === '__proto__') return null;
  const key = name.toLowerCase();
  return DROPPED_ATTRIBUTE.test(key) || (name.startsWith('rr_') && !KNOWN_EXTRA.test(name)) ? null : key;
});

/**
 * `tags`: everything that the element could be; what any of them must not have is left out. A name that a page may have and
 * the replay must not is no fault; a value that is none is.
 */
export function readAttributes(tags: readonly string[], attributes: Fields, faults?: Faults): Attributes {
  const clean = bare<AttributeValue>();
  for (const name in attributes) {
    const key = readName(name);
    if (key === null) continue;
    const value = readAttribute(attributes[name]);
    if (value === undefined && faults) fault(faults);
    if (value === undefined || tags.some((tag) => loads(tag, key, value))) continue;
    clean[name] = value;
  }
  // The agent sees the shop's videos; they do not talk into the call.
  if (tags.includes('video') || tags.includes('audio')) {
    clean['muted'] = '';
    clean['rr_mediaMuted'] = true;
  }
  return clean;
}

function readAttribute(value: unknown): AttributeValue | undefined {
  if (value === null || isText(value) || isNumber(value) || typeof value === 'boolean') return value;
  if (!isRecord(value)) return undefined;
  const style: StyleChange = bare<StyleChange[string]>();
  for (const property in value) {
    if (property === '__proto__') continue;
    const part = value[property];
    if (isText(part) || part === false) style[property] = part;
    else if (Array.isArray(part) && isText(part[0]) && isText(part[1])) style[property] = [part[0], part[1]];
  }
  return style;
}

/** Whether the attribute would make a document, a plug-in or a script of something, or change how addresses are read. */
function loads(tag: string, name: string, value: AttributeValue): boolean {
  if (typeof value === 'string' && SCRIPT_ADDRESS.test(value) && name !== 'title' && name !== 'alt') return true;
  if (name === 'target') return value !== '_blank';
  switch (tag) {
    case 'iframe':
    case 'frame':
    case 'embed':
    case 'object':
    case 'portal':
    case 'fencedframe':
      return name === 'src' || name === 'data' || name === 'code' || name === 'codebase';
    case 'base':
      return name === 'href';
    case 'link':
      return name === 'rel' && !(typeof value === 'string' && /^\s*(?:alternate )?stylesheet\s*$/i.test(value));
    default:
      return false;
  }
}

/** rrweb reads it with for…in, which sees what a prototype has. */
function bare<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

function text(value: unknown): string {
  return isText(value) ? value : '';
}

import type { ElementNode, TreeNode } from '../../../server/protocol/cobrowse-event.ts';
import { SHEET_ATTRIBUTE } from '../../../server/protocol/sheets.ts';
import { BLOCKED_ATTRIBUTE } from '../field.ts';
import { known } from './known-nodes.ts';
import type { Slice } from './slice.ts';
import { writeAttributes } from './write-attributes.ts';

const SVG = 'http://www.w3.org/2000/svg';
const TAG = /^[a-z][a-z0-9._:-]{0,63}$/i;
const XHTML = 'http://www.w3.org/1999/xhtml';
/** Documents whose layout is neither the old one nor quite the new one. */
const ALMOST = /^-\/\/W3C\/\/DTD (?:XHTML 1\.0 (?:Frameset|Transitional)|HTML 4\.01 (?:Frameset|Transitional))\/\//i;
const LEAVES = new Set(['style', 'script', 'noscript', 'textarea', 'iframe', 'canvas', 'template']);
/** What stands where a script stands, so that its siblings are the same ones to the page's stylesheets. */
const UNSEEN = { style: 'display: none !important' };

export type WriteContext = {
  slice: Slice;
  /** CSS text of a stylesheet; undefined where it is yet to be read, null where it may not be. */
  sheetText: (sheet: CSSStyleSheet) => string | null | undefined;
  /** Of one that is yet to be read: the hash of a text that the other end has; null where that is not known. */
  sheetHash: (sheet: CSSStyleSheet) => string | null;
  /** Called for each element when it is written, before its children. */
  onElement(element: Element): void;
  /** There was no time for all of a parent's children. */
  onUnfinished(parent: Node): void;
};

/** A node as rrweb's replayer wants it, with as much below it as there is time for. It is known afterwards. */
export function writeNode(node: Node, context: WriteContext): TreeNode {
  const id = known.add(node);
  const written = write(node, id, context);
  const page = node.ownerDocument;
  if (page && (page !== document || known.first > 0)) written.rootId = known.getId(page);
  if (node.parentNode?.nodeType === 11) written.isShadow = true;
  return written;
}

/** Objects of one shape each, made in one go: there are as many of them as a page has nodes. */
function write(node: Node, id: number, context: WriteContext): TreeNode {
  switch (node.nodeType) {
    case 3:
      return { id, type: 3, textContent: node.nodeValue ?? '' };
    case 9: {
      const mode = modeOf(node as Document);
      const childNodes = writeChildren(node, context);
      return { id, type: 0, childNodes, ...(mode && { compatMode: mode }) };
    }
    case 10: {
      const { name, publicId, systemId } = node as DocumentType;
      return { id, type: 1, name, publicId, systemId };
    }
    default:
      return writeElement(node as Element, id, context);
  }
}

function writeElement(element: Element, id: number, context: WriteContext): ElementNode {
  const { localName } = element;
  const written: ElementNode = { id, type: 2, tagName: tagOf(localName), attributes: {}, childNodes: [] };
  if (element.namespaceURI === SVG) written.isSVG = true;
  if (localName === 'script' || localName === 'noscript') {
    written.tagName = 'noscript';
    written.attributes = UNSEEN;
    return written;
  }
  if (element.hasAttribute(BLOCKED_ATTRIBUTE)) {
    written.attributes = boxOf(element);
    return written;
  }
  if (localName.includes('-') && element.ownerDocument.defaultView?.customElements.get(localName)) {
    written.isCustom = true;
  }
  written.attributes = writeAttributes(element);
  if (element === element.ownerDocument.documentElement) writeMode(written, element.ownerDocument);
  if (localName === 'style' || localName === 'link') writeSheet(element as HTMLStyleElement, written, context);
  context.onElement(element);
  if (LEAVES.has(localName)) return written;
  written.childNodes = writeChildren(element, context);
  const { shadowRoot } = element;
  if (shadowRoot) {
    written.isShadowHost = true;
    written.childNodes = [...written.childNodes, ...writeChildren(shadowRoot, context)];
  }
  return written;
}

function writeChildren(parent: Node, context: WriteContext): TreeNode[] {
  const written: TreeNode[] = [];
  const children = childrenOf(parent);
  let done = 0;
  for (const child of children) {
    if (context.slice.spent) {
      context.onUnfinished(parent);
      break;
    }
    written.push(writeNode(child, context));
    done += 1;
  }
  known.setChildren(parent, done === children.length ? children : children.slice(0, done));
  return written;
}

/** The children that are part of the picture. */
export function childrenOf(parent: Node): Node[] {
  const children: Node[] = [];
  if (parent.nodeType === 1 && isLeaf(parent as Element)) return children;
  const head = parent.nodeName === 'HEAD';
  const quirky = parent.nodeType === 9 && modeOf(parent as Document) !== undefined;
  for (let child = parent.firstChild; child; child = child.nextSibling) {
    const { nodeType } = child;
    if (nodeType === 1 ? head && !isSeen(child as Element) : nodeType === 3 ? head : nodeType !== 10 || quirky)
      continue;
    children.push(child);
  }
  return children;
}

/** Whether something in the head has to do with how the page looks or what it is called. */
function isSeen(element: Element): boolean {
  switch (element.localName) {
    case 'title':
    case 'style':
      return true;
    case 'link':
      return /\bstylesheet\b/i.test(element.getAttribute('rel') ?? '');
    case 'meta':
      return /^(?:viewport|theme-color|color-scheme)$/i.test(element.getAttribute('name') ?? '');
    default:
      return false;
  }
}

/** Elements whose content is no nodes of the picture. */
export function isLeaf(element: Element): boolean {
  return LEAVES.has(element.localName) || element.hasAttribute(BLOCKED_ATTRIBUTE);
}

function tagOf(localName: string): string {
  return TAG.test(localName) ? localName.toLowerCase() : 'div';
}

function boxOf(element: Element): ElementNode['attributes'] {
  const { width, height } = element.getBoundingClientRect();
  const name = element.getAttribute('class');
  return { ...(name !== null && { class: name }), rr_width: `${width}px`, rr_height: `${height}px` };
}

function writeSheet(element: HTMLStyleElement, written: ElementNode, { sheetText, sheetHash }: WriteContext): void {
  const { sheet } = element;
  if (!sheet) return;
  const text = sheetText(sheet);
  if (text === null) return;
  delete written.attributes['rel'];
  delete written.attributes['href'];
  const hash = text === undefined ? sheetHash(sheet) : null;
  if (hash) written.attributes[SHEET_ATTRIBUTE] = hash;
  else written.attributes['_cssText'] = text ?? '/**/';
  if (sheet.disabled) written.attributes['media'] = 'not all';
}

/** rrweb's replayer writes the doctype of such a mode itself; it tells the two apart by the name space of `html`. */
function modeOf(page: Document): 'BackCompat' | undefined {
  if (page.compatMode === 'BackCompat') return 'BackCompat';
  const { publicId = '', systemId = '' } = page.doctype ?? {};
  const almost = ALMOST.test(publicId) && (publicId.includes('XHTML') || systemId !== '');
  return almost ? 'BackCompat' : undefined;
}

function writeMode({ attributes }: ElementNode, page: Document): void {
  if (modeOf(page) === undefined) return;
  if (page.compatMode === 'BackCompat') delete attributes['xmlns'];
  else attributes['xmlns'] = XHTML;
}

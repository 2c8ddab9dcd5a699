/**
 * The last gate before the wire: an rrweb event as it may leave the shopper's browser. rrweb masks most of what it
 * records; this covers what it does not reach, and covers again what it does.
 */
import { scrubAddress, scrubCss } from './address.ts';
import type {
  AddedRule,
  Attributes,
  Change,
  ElementNode,
  PageEvent,
  TreeChange,
  TreeNode,
} from '../../server/protocol/cobrowse-event.ts';
import { coverWithin, fieldKind, hides, maskText, maskValue, type Cover, type FieldKind } from './field.ts';
import { sanitizeAttributes } from './sanitize-attributes.ts';
import type { StyleLexicon } from './style-lexicon.ts';

/** What the page knows about the nodes of an event, by rrweb's node id. */
export type NodeKnowledge = {
  base: string;
  /** The document itself: nodes say their document only where it is another one. */
  root: number;
  lexicon: StyleLexicon;
  /** One of our own elements: not part of the picture. */
  own(id: number): boolean;
  /** The node or something around it is blocked or our own. */
  blocked(id: number): boolean;
  cover(id: number): Cover;
  /** Of the whole page, where nothing says otherwise. */
  pageCover: Cover;
  /** Lower-case tag of the element, or of the element around a text; null when unknown. */
  tag(id: number): string | null;
  kind(id: number): FieldKind | null;
};

/** A new event, or null where nothing of it may leave. */
export function sanitize(event: PageEvent, page: NodeKnowledge): PageEvent | null {
  switch (event.type) {
    case 2: {
      const { node, initialOffset } = event.data;
      learnStyles(node, page.lexicon);
      return { type: 2, data: { node: cleanNode(node, { page, parent: null, cover: page.pageCover }), initialOffset } };
    }
    case 3: {
      const data = cleanChange(event.data, page);
      return data && { type: 3, data };
    }
    case 4: {
      const { href, ...size } = event.data;
      return { type: 4, data: { href: scrubPage(href), ...size } };
    }
    case 5: {
      const note = event.data;
      if (note.tag === 'page')
        return { type: 5, data: { tag: 'page', payload: { href: scrubPage(note.payload.href) } } };
      if ('payload' in note && note.payload && 'id' in note.payload) {
        const { id } = note.payload;
        if (id !== null && page.blocked(id)) return null;
        const cover = id === null ? 'open' : page.cover(id);
        if (note.tag === 'picker' && cover === 'masked') return null;
        if (note.tag === 'picture' && hides(cover)) return null;
      }
      return { type: 5, data: note };
    }
    default:
      return null;
  }
}

function scrubPage(href: string): string {
  return scrubAddress(href, 'link').replace(/#.*$/s, '');
}

function cleanChange(change: Change, page: NodeKnowledge): Change | null {
  switch (change.source) {
    case 0:
      return cleanTree(change, page);
    case 2:
    case 3:
    case 7:
      return page.blocked(change.id) ? null : change;
    case 4:
      return change;
    case 5: {
      if (page.blocked(change.id)) return null;
      const kind = page.kind(change.id) ?? 'sealed';
      const cover = page.cover(change.id);
      const text = maskValue(kind, change.text, cover);
      return { source: 5, id: change.id, text, isChecked: change.isChecked && cover !== 'masked' };
    }
    case 8: {
      if (change.id !== undefined && page.blocked(change.id)) return null;
      const { replace, replaceSync } = change;
      return {
        ...change,
        ...(change.adds && { adds: cleanRules(change.adds, page) }),
        ...(replace !== undefined && { replace: cleanCss(replace, page) }),
        ...(replaceSync !== undefined && { replaceSync: cleanCss(replaceSync, page) }),
      };
    }
    case 13: {
      if (change.id !== undefined && page.blocked(change.id)) return null;
      const { set } = change;
      return set ? { ...change, set: { ...set, value: set.value && scrubCss(set.value, page.base) } } : change;
    }
    case 14: {
      // Offsets inside masked text would tell how long it is.
      const hidden = (id: number) => page.blocked(id) || hides(page.cover(id));
      return { source: 14, ranges: change.ranges.filter(({ start, end }) => !hidden(start) && !hidden(end)) };
    }
    case 15: {
      if (page.blocked(change.id)) return null;
      const styles = change.styles?.map(({ styleId, rules }) => ({ styleId, rules: cleanRules(rules, page) }));
      return { ...change, ...(styles && { styles }) };
    }
    default:
      return null;
  }
}

function cleanTree(change: TreeChange, page: NodeKnowledge): TreeChange | null {
  const adds = change.adds.filter(({ parentId }) => !page.blocked(parentId));
  for (const { node } of adds) learnStyles(node, page.lexicon);
  for (const { attributes } of change.attributes) learnAttributes(attributes, page.lexicon);
  const clean: TreeChange = {
    source: 0,
    adds: adds.map(({ parentId, nextId, node }) => ({
      parentId,
      nextId,
      node: cleanNode(node, { page, parent: page.tag(parentId), cover: page.cover(parentId) }),
    })),
    removes: change.removes.filter(({ parentId }) => !page.blocked(parentId)),
    texts: change.texts
      .filter(({ id }) => !page.blocked(id))
      .map(({ id, value }) => ({ id, value: value && cleanText(value, page.tag(id), page.cover(id), page) })),
    attributes: change.attributes
      .filter(({ id }) => !page.blocked(id))
      .map(({ id, attributes }) => ({
        id,
        attributes: sanitizeAttributes(attributes, {
          tag: page.tag(id),
          kind: page.kind(id),
          cover: page.cover(id),
          layoutMeta: false,
          base: page.base,
          lexicon: page.lexicon,
        }),
      }))
      .filter(({ attributes }) => Object.keys(attributes).length > 0),
    ...(change.isAttachIframe && { isAttachIframe: true }),
  };
  const count = clean.adds.length + clean.removes.length + clean.texts.length + clean.attributes.length;
  return count > 0 ? clean : null;
}

type Position = { page: NodeKnowledge; parent: string | null; cover: Cover };

function cleanNode(node: TreeNode, position: Position): TreeNode {
  const clean = cleanContent(node, position);
  if (clean.rootId === position.page.root) delete clean.rootId;
  return clean;
}

function cleanContent(node: TreeNode, { page, parent, cover }: Position): TreeNode {
  switch (node.type) {
    case 0:
      return { ...node, childNodes: node.childNodes.map((child) => cleanNode(child, { page, parent: null, cover })) };
    case 1:
      return { ...node };
    case 3:
      return { ...node, textContent: cleanText(node.textContent, parent, cover, page) };
    case 4:
    case 5:
      return { ...node, textContent: '' };
    default:
      return cleanElement(node, { page, parent, cover });
  }
}

function cleanElement(node: ElementNode, { page, cover }: Position): ElementNode {
  const tag = node.tagName.toLowerCase();
  // It keeps its place among its siblings, so that theirs stay right.
  if (page.own(node.id)) return { ...place(node), attributes: { style: 'display: none !important' } };
  const read = (name: string) => {
    const value = node.attributes[name];
    return typeof value === 'string' ? value : value === true ? '' : null;
  };
  const inside = coverWithin(cover, tag, read);
  // The live field knows what it has been before.
  const kind = page.kind(node.id) === 'sealed' ? 'sealed' : fieldKind(tag, read);
  const attributes = sanitizeAttributes(node.attributes, {
    tag,
    kind,
    cover: inside,
    layoutMeta: /^(?:viewport|theme-color|color-scheme)$/i.test(read('name') ?? ''),
    base: page.base,
    lexicon: page.lexicon,
  });
  // So that the replay can show that there is something which it does not show.
  if (node.attributes['rr_width'] !== undefined) attributes['data-mostrador-block'] = '';
  if (kind === 'sealed' && tag === 'input' && isTyped(read('type'))) attributes['data-mostrador-sealed'] = '';
  return {
    ...node,
    attributes,
    childNodes: node.childNodes.map((child) => cleanNode(child, { page, parent: tag, cover: inside })),
  };
}

function place({ id, rootId, isShadow, tagName }: ElementNode) {
  return { type: 2 as const, id, ...(rootId && { rootId }), ...(isShadow && { isShadow }), tagName, childNodes: [] };
}

function isTyped(type: string | null): boolean {
  return !/^(?:hidden|radio|checkbox|file)$/i.test(type ?? '');
}

function cleanText(text: string, parent: string | null, cover: Cover, page: NodeKnowledge): string {
  if (parent === 'style') return cleanCss(text, page);
  if (parent === 'script') return '';
  return maskText(text, parent === 'noscript' || (parent === 'textarea' && cover !== 'open') ? 'masked' : cover);
}

function cleanCss(css: string, page: NodeKnowledge): string {
  page.lexicon.learn(css);
  return scrubCss(css, page.base);
}

function cleanRules(rules: AddedRule[], page: NodeKnowledge): AddedRule[] {
  return rules.map(({ rule, index }) => ({ rule: cleanCss(rule, page), ...(index !== undefined && { index }) }));
}

/** Before anything of an event is judged: its own stylesheets say which `data-*` values are the shop's words. */
function learnStyles(node: TreeNode, lexicon: StyleLexicon): void {
  if (node.type !== 0 && node.type !== 2) return;
  if (node.type === 2) learnAttributes(node.attributes, lexicon);
  const style = node.type === 2 && node.tagName === 'style';
  for (const child of node.childNodes) {
    if (style && child.type === 3) lexicon.learn(child.textContent);
    else learnStyles(child, lexicon);
  }
}

function learnAttributes(attributes: Attributes, lexicon: StyleLexicon): void {
  const css = attributes['_cssText'];
  if (typeof css === 'string') lexicon.learn(css);
}

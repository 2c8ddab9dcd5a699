import type { Attributes, TreeChange, TreeNode } from '../../../server/protocol/cobrowse-event.ts';
import { known } from './known-nodes.ts';
import { longestRun } from './longest-run.ts';
import type { Slice } from './slice.ts';
import { childrenOf, isLeaf, writeNode, type WriteContext } from './write-node.ts';
import { innerDocument, writeAttribute } from './write-attributes.ts';

export type TreeHandlers = {
  /** Something has changed: `take` has something to say. Called in the microtask of the change. */
  onChange(): void;
  onElement(element: Element): void;
  /** A document or shadow root that has become part of the picture. */
  onRoot(root: Document | ShadowRoot): void;
  sheets: Pick<WriteContext, 'sheetText' | 'sheetHash'>;
};

type Tree = Pick<TreeChange, 'adds' | 'removes' | 'texts' | 'attributes' | 'isAttachIframe'>;

/**
 * The page's tree and what changes in it. Notes only where something has changed; what the change is follows from what
 * the other end has and what is there now. So it does not matter how much later that is asked, or in how many pieces.
 */
export class TreeRecorder {
  readonly #handlers: TreeHandlers;
  readonly #observer = new MutationObserver((records) => {
    this.#note(records);
    if (this.dirty) this.#handlers.onChange();
  });
  readonly #parents = new Set<Node>();
  readonly #attributes = new Map<Element, Set<string>>();
  readonly #texts = new Set<Node>();
  readonly #frames = new Set<HTMLIFrameElement>();
  /** To be written anew as a whole. */
  readonly #stale = new Set<Node>();
  #observed = new WeakSet<Node>();

  constructor(handlers: TreeHandlers) {
    this.#handlers = handlers;
  }

  get dirty(): boolean {
    return this.#parents.size + this.#attributes.size + this.#texts.size + this.#frames.size > 0;
  }

  /** The whole page from nothing. What there is no time for comes with `take`. */
  begin(slice: Slice): TreeNode {
    this.forget();
    this.#observe(document);
    return writeNode(document, this.#context(slice));
  }

  /** What has changed, as far as there is time; asked again as long as `dirty`. Several: a frame's document comes apart. */
  take(slice: Slice): TreeChange[] {
    this.#note(this.#observer.takeRecords());
    const tree: Tree = { adds: [], removes: [], texts: [], attributes: [] };
    for (const parent of this.#parents) this.#takeRemoves(parent, tree);
    for (const parent of this.#parents) {
      if (slice.spent) break;
      this.#takeAdds(parent, tree, slice);
    }
    this.#takeTexts(tree, slice);
    this.#takeAttributes(tree, slice);
    const changes = [tree];
    for (const frame of this.#frames) {
      if (slice.spent) break;
      const inner = this.#takeFrame(frame, slice);
      if (inner) changes.push(inner);
    }
    return changes.filter(isSomething).map((change) => ({ source: 0, ...change }));
  }

  /** An element is to be written anew: its stylesheet or what it is has changed. */
  rewrite(element: Node): void {
    const parent = element.parentNode;
    if (!known.has(element) || !parent) return;
    this.#stale.add(element);
    this.#parents.add(parent);
    this.#handlers.onChange();
  }

  /** The value of an attribute is to be told again. */
  touch(element: Element, attribute: string): void {
    this.#noteAttribute(element, attribute);
    this.#handlers.onChange();
  }

  /** A shadow root was attached, or a frame has another document. */
  look(element: Element): void {
    if (!known.has(element)) return;
    if (element.localName === 'iframe') {
      // What it shows now may be of another origin: then it is a box with a name.
      if (!innerDocument(element as HTMLIFrameElement)) this.rewrite(element);
      else this.#frames.add(element as HTMLIFrameElement);
    } else if (element.shadowRoot && !isLeaf(element)) {
      this.#observe(element.shadowRoot);
      this.#parents.add(element.shadowRoot);
    }
    this.#handlers.onChange();
  }

  /** The other end has nothing any more. What changes meanwhile costs nothing: none of it is known. */
  forget(): void {
    this.#forgetChanges();
    known.clear();
  }

  stop(): void {
    this.#observer.disconnect();
    this.forget();
  }

  #forgetChanges(): void {
    this.#observer.takeRecords();
    for (const set of [this.#parents, this.#attributes, this.#texts, this.#frames, this.#stale]) set.clear();
  }

  #context(slice: Slice): WriteContext {
    return {
      slice,
      ...this.#handlers.sheets,
      onUnfinished: (parent) => this.#parents.add(parent),
      onElement: (element) => {
        this.#attributes.delete(element);
        if (element.localName === 'iframe') this.#frames.add(element as HTMLIFrameElement);
        else if (element.shadowRoot) this.#observe(element.shadowRoot);
        this.#handlers.onElement(element);
      },
    };
  }

  #observe(root: Document | ShadowRoot): void {
    if (this.#observed.has(root)) return;
    this.#observed.add(root);
    this.#observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
    this.#handlers.onRoot(root);
  }

  #note(records: MutationRecord[]): void {
    for (const { type, target, attributeName } of records) {
      if (type === 'attributes') this.#noteAttribute(target as Element, attributeName ?? '');
      else if (type === 'characterData' && known.has(target)) this.#texts.add(target);
      else this.#noteChildren(type === 'characterData' ? target.parentNode : target);
    }
  }

  #noteChildren(parent: Node | null): void {
    if (!parent) return;
    if (parent.nodeName === 'STYLE') this.#rewriteQuietly(parent);
    else if (isKnownParent(parent)) this.#parents.add(parent);
  }

  #rewriteQuietly(element: Node): void {
    if (!known.has(element) || !element.parentNode) return;
    this.#stale.add(element);
    this.#parents.add(element.parentNode);
  }

  #noteAttribute(element: Element, name: string): void {
    if (!known.has(element)) {
      // A stylesheet that was only being preloaded until now.
      if (/^(?:link|meta)$/.test(element.localName)) this.#noteChildren(element.parentNode);
      return;
    }
    if (element.localName === 'link' && /^(?:rel|href|media|disabled)$/.test(name)) this.#rewriteQuietly(element);
    const names = this.#attributes.get(element);
    if (names) names.add(name);
    else this.#attributes.set(element, new Set([name]));
  }

  /** All of them before anything is added: what has moved is forgotten in its old place first. */
  #takeRemoves(parent: Node, { removes }: Tree): void {
    const before = known.children(parent);
    if (before.length === 0 || !isKnownParent(parent)) return;
    const now = new Map(childrenOf(parent).map((child, at) => [child, at]));
    const stays = (child: Node) => now.has(child) && known.has(child) && !this.#stale.has(child);
    const places = before.flatMap((child) => (stays(child) ? (now.get(child) ?? []) : []));
    const run = isAscending(places) ? null : longestRun(places);
    const kept = before.filter((child) => {
      if (stays(child) && (run === null || run.has(now.get(child) ?? -1))) return true;
      const id = known.getId(child);
      if (id !== -1) removes.push({ parentId: idOfParent(parent), id, ...(isShadow(parent) && { isShadow: true }) });
      known.forget(child);
      this.#stale.delete(child);
      return false;
    });
    known.setChildren(parent, kept);
  }

  #takeAdds(parent: Node, { adds }: Tree, slice: Slice): void {
    this.#parents.delete(parent);
    if (!isKnownParent(parent)) return;
    const children = childrenOf(parent);
    const next = nextKnownIds(children);
    const parentId = idOfParent(parent);
    const context = this.#context(slice);
    for (const [at, child] of children.entries()) {
      if (known.has(child)) continue;
      if (slice.spent) {
        this.#parents.add(parent);
        break;
      }
      adds.push({ parentId, nextId: next[at] ?? null, node: writeNode(child, context) });
    }
    known.setChildren(
      parent,
      children.filter((child) => known.has(child)),
    );
  }

  #takeTexts({ texts }: Tree, slice: Slice): void {
    for (const node of this.#texts) {
      if (slice.spent) return;
      this.#texts.delete(node);
      const id = known.getId(node);
      if (id !== -1) texts.push({ id, value: node.nodeValue });
    }
  }

  #takeAttributes({ attributes }: Tree, slice: Slice): void {
    for (const [element, names] of this.#attributes) {
      if (slice.spent) return;
      this.#attributes.delete(element);
      const id = known.getId(element);
      if (id === -1 || isUnseen(element)) continue;
      const changed: Attributes = {};
      for (const name of names) {
        const value = element.getAttribute(name);
        const written = value === null ? null : writeAttribute(element, name, value);
        if (written !== undefined) changed[name] = written;
        if (name === 'open' && value !== null && element.localName === 'dialog')
          changed['rr_open_mode'] = element.matches(':modal') ? 'modal' : 'non-modal';
        if (name === 'data-mostrador-indeterminate')
          changed[name] = (element as HTMLInputElement).indeterminate ? '' : null;
      }
      if (Object.keys(changed).length > 0) attributes.push({ id, attributes: changed });
    }
  }

  #takeFrame(frame: HTMLIFrameElement, slice: Slice): Tree | null {
    this.#frames.delete(frame);
    const parentId = known.getId(frame);
    const page = innerDocument(frame);
    const [before] = known.children(frame);
    if (before) known.forget(before);
    known.setChildren(frame, page ? [page] : []);
    if (parentId === -1 || !page?.documentElement) return null;
    this.#observe(page);
    const node = writeNode(page, this.#context(slice));
    return { adds: [{ parentId, nextId: null, node }], removes: [], texts: [], attributes: [], isAttachIframe: true };
  }
}

function isSomething({ adds, removes, texts, attributes }: Tree): boolean {
  return adds.length + removes.length + texts.length + attributes.length > 0;
}

function isShadow(node: Node): node is ShadowRoot {
  return node.nodeType === 11;
}

function isKnownParent(node: Node): boolean {
  if (isShadow(node)) return known.has(node.host) && !isLeaf(node.host);
  return known.has(node) && !(node.nodeType === 1 && isLeaf(node as Element));
}

function isUnseen({ localName }: Element): boolean {
  return localName === 'script' || localName === 'noscript';
}

function idOfParent(node: Node): number {
  return known.getId(isShadow(node) ? node.host : node);
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0));
}

/** For each child the number of the next one that the other end has; null: it is the last. */
function nextKnownIds(children: readonly Node[]): (number | null)[] {
  const ids: (number | null)[] = [];
  let next: number | null = null;
  for (let at = children.length - 1; at >= 0; at -= 1) {
    ids[at] = next;
    const id = known.getId(children[at] ?? null);
    if (id !== -1) next = id;
  }
  return ids;
}

/** A node keeps its number as long as its page lives, so that what an agent points at stays what it was. */
let numbers = new WeakMap<Node, number>();
let last = 0;

/** What the other end has of the page: which nodes, and which children of each, in order. */
export class KnownNodes {
  readonly #live = new Map<number, Node>();
  #children = new WeakMap<Node, readonly Node[]>();
  /** Numbers begin after it. Anything but 0: this is a page inside another one, whose picture it becomes a part of. */
  first = 0;

  /** A page inside another one gets numbers of which none is one of the page around. */
  numberFrom(first: number): void {
    this.clear();
    numbers = new WeakMap();
    this.first = first;
    last = first;
  }

  get size(): number {
    return this.#live.size;
  }

  /** −1 where the other end does not have it. */
  getId(node: Node | null): number {
    const id = node ? numbers.get(node) : undefined;
    return id !== undefined && this.#live.has(id) ? id : -1;
  }

  getNode(id: number): Node | null {
    return this.#live.get(id) ?? null;
  }

  has(node: Node): boolean {
    return this.getId(node) !== -1;
  }

  add(node: Node): number {
    const id = numbers.get(node) ?? (last += 1);
    numbers.set(node, id);
    this.#live.set(id, node);
    return id;
  }

  children(parent: Node): readonly Node[] {
    return this.#children.get(parent) ?? [];
  }

  setChildren(parent: Node, children: readonly Node[]): void {
    this.#children.set(parent, children);
  }

  /** The node and what is below it, shadow roots included, as the other end has it. */
  forget(node: Node): void {
    const id = numbers.get(node);
    if (id !== undefined) this.#live.delete(id);
    for (const child of this.children(node)) this.forget(child);
    this.#children.delete(node);
    const shadow = (node as Element).shadowRoot;
    if (shadow) this.forget(shadow);
  }

  clear(): void {
    this.#live.clear();
    this.#children = new WeakMap();
  }
}

export const known = new KnownNodes();

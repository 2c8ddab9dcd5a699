import type { Change, Note, PageEvent } from '../../../server/protocol/cobrowse-event.ts';
import { BLOCKED } from '../field.ts';
import { coverOf, elementValue, frameAround, isInside } from '../page-nodes.ts';
import { known } from './known-nodes.ts';

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
type FieldState = { text: string; isChecked: boolean; indeterminate: boolean };
const MEDIA = ['play', 'pause', 'seeked', 'volumechange', 'ratechange'] as const;
/** Fields that are looked at in one go for what scripts have set. */
const FIELDS_AT_ONCE = 300;

export type StateHandlers = {
  tell(event: PageEvent): void;
  /** An attribute that stands for something which is none is to be told again. */
  touch(element: Element, attribute: string): void;
  /** A stylesheet, picture or frame has been loaded. */
  onLoad(element: Element): void;
};

/** What a page is like apart from its tree: fields, scroll positions, selection, focus, popovers, media, clicks. */
export class PageState {
  readonly #handlers: StateHandlers;
  readonly #stop = new AbortController();
  readonly #fields = new Set<Field>();
  readonly #states = new WeakMap<Field, FieldState>();
  /** Elements that were written and may be what an attribute does not say. */
  #fresh: Element[] = [];
  #selected = false;
  #picker: Element | null = null;
  #focused = '';

  constructor(handlers: StateHandlers) {
    this.#handlers = handlers;
    const { signal } = this.#stop;
    const resized = () => this.#change({ source: 4, width: innerWidth, height: innerHeight });
    window.addEventListener('resize', resized, { signal, passive: true });
    window.visualViewport?.addEventListener('resize', () => this.tellZoom(), { signal });
    window.visualViewport?.addEventListener('scroll', () => this.tellZoom(), { signal });
  }

  /** Listens in a document or shadow root: not every event leaves it. */
  watch(root: Document | ShadowRoot): void {
    const { signal } = this.#stop;
    const on = (name: string, listener: (event: Event) => void) =>
      root.addEventListener(name, listener, { capture: true, passive: true, signal });
    on('scroll', ({ target }) => this.tellScroll(target as Element | Document));
    for (const name of ['input', 'change']) on(name, (event) => this.#changed(innermost(event)));
    on('reset', () => setTimeout(() => this.poll()));
    on('toggle', ({ target }) => this.#toggled(target as Element));
    on('load', ({ target }) => this.#handlers.onLoad(target as Element));
    MEDIA.forEach((name, type) => on(name, ({ target }) => this.#played(target as HTMLMediaElement, type)));
    if (root.nodeType !== 9) return;
    on('click', (event) => this.#clicked(event as MouseEvent));
    on('selectionchange', () => this.#select(root as Document));
    for (const name of ['focusin', 'focusout']) on(name, () => queueMicrotask(() => this.tellFocus()));
    for (const name of ['pointerup', 'keyup', 'change', 'focusout']) {
      on(name, (event) => setTimeout(() => this.#picked(innermost(event), event.type)));
    }
  }

  /** An element is written: what it is besides comes with `take`. */
  note(element: Element, whole: boolean): void {
    if (isField(element)) {
      this.#fields.add(element);
      this.#states.set(element, stateOf(element));
    }
    if (whole || element.localName === 'dialog' || element.hasAttribute('popover')) this.#fresh.push(element);
  }

  /** What the elements written lately are besides their attributes, when all of them are written. `again`: not all are. */
  take(again = false): PageEvent[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    const events: PageEvent[] = [];
    const change = (data: Change) => events.push({ type: 3, data });
    for (const element of fresh) {
      const { scrollLeft: x, scrollTop: y } = element;
      const scrolled = (x !== 0 || y !== 0) && element !== document.scrollingElement;
      const dialog = element.localName === 'dialog' && (element as HTMLDialogElement).open;
      const popover = isOpenPopover(element);
      // Of nearly all of a page nothing is to be said.
      const id = scrolled || dialog || popover ? known.getId(element) : -1;
      if (id === -1) continue;
      if (scrolled) change({ source: 3, id, x, y });
      // It may lack what makes it as high as that.
      if (scrolled && again) this.#fresh.push(element);
      if (dialog) {
        const mode = element.matches(':modal') ? 'modal' : 'non-modal';
        const attributes = [{ id, attributes: { open: '', rr_open_mode: mode } }];
        change({ source: 0, adds: [], removes: [], texts: [], attributes });
      }
      if (popover) events.push({ type: 5, data: { tag: 'popover', payload: { id, open: true } } });
    }
    return events;
  }

  /** What scripts have set and no event told. */
  poll(): void {
    let left = FIELDS_AT_ONCE;
    for (const field of this.#fields) {
      if ((left -= 1) < 0) break;
      this.#fields.delete(field);
      if (!known.has(field)) continue;
      this.#check(field);
      // To the end of the queue.
      this.#fields.add(field);
    }
    if (this.#picker && !isPicking(this.#picker)) this.#tellPicker(null);
  }

  /** After a whole page: what goes on is neither in its tree nor in its fields. */
  tellStanding(): void {
    this.#focused = '';
    this.tellFocus();
    if ((window.visualViewport?.scale ?? 1) !== 1) this.tellZoom();
    if (this.#selected) this.#select(document);
    const picker = this.#picker;
    this.#picker = null;
    if (picker && isPicking(picker)) this.#tellPicker(picker);
  }

  tellFocus(): void {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const shown = element && element !== document.body && element.matches(':focus-visible') ? element : null;
    const id = shown && !isInside(shown, BLOCKED) ? known.getId(shown) : -1;
    if (this.#focused === String(id)) return;
    this.#focused = String(id);
    this.#note({ tag: 'focus', payload: { id: id === -1 ? null : id } });
  }

  tellScroll(target: Element | Document): void {
    const id = known.getId(target);
    if (id === -1) return;
    const { scrollLeft, scrollTop } = target.nodeType === 9 ? placeOf(target as Document) : (target as Element);
    this.#change({ source: 3, id, x: scrollLeft, y: scrollTop });
  }

  tellZoom(): void {
    const view = window.visualViewport;
    if (!view) return;
    const { scale, offsetLeft: x, offsetTop: y } = view;
    this.#note({ tag: 'zoom', payload: { scale: round(scale), x: round(x), y: round(y) } });
  }

  stop(): void {
    this.#stop.abort();
    this.#fields.clear();
    this.#fresh = [];
  }

  #change(data: Change): void {
    this.#handlers.tell({ type: 3, data });
  }

  #note(data: Note): void {
    this.#handlers.tell({ type: 5, data });
  }

  #changed(target: EventTarget | null): void {
    const field = target as Element | null;
    if (!field || !isField(field) || !known.has(field)) return;
    this.#check(field);
    // The others of its group are unticked with it.
    if (field.type === 'radio') for (const other of this.#fields) if (other.type === 'radio') this.#check(other);
  }

  #check(field: Field): void {
    const now = stateOf(field);
    const before = this.#states.get(field);
    if (before?.text === now.text && before.isChecked === now.isChecked && before.indeterminate === now.indeterminate)
      return;
    this.#states.set(field, now);
    const { text, isChecked } = now;
    this.#change({ source: 5, id: known.getId(field), text, isChecked });
    if (before && before.indeterminate !== now.indeterminate)
      this.#handlers.touch(field, 'data-mostrador-indeterminate');
  }

  #clicked(event: MouseEvent): void {
    const target = innermost(event) as Element | null;
    const id = known.getId(target);
    if (id === -1 || !target) return;
    let { clientX: x, clientY: y } = event;
    for (let frame = frameAround(target); frame; frame = frameAround(frame)) {
      const box = frame.getBoundingClientRect();
      x += box.left + frame.clientLeft;
      y += box.top + frame.clientTop;
    }
    this.#change({ source: 2, type: 2, id, x, y });
  }

  #select(page: Document): void {
    const selection = page.getSelection();
    const collapsed = !selection || selection.isCollapsed;
    if (collapsed && !this.#selected) return;
    this.#selected = !collapsed;
    const ranges = [];
    for (let at = 0; at < (selection?.rangeCount ?? 0); at += 1) {
      if (!selection) break;
      const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(at);
      const [start, end] = [known.getId(startContainer), known.getId(endContainer)];
      // Offsets count children, of which the other end may have fewer.
      const [from, to] = [offsetIn(startContainer, startOffset), offsetIn(endContainer, endOffset)];
      if (start !== -1 && end !== -1) ranges.push({ start, startOffset: from, end, endOffset: to });
    }
    this.#change({ source: 14, ranges });
  }

  #toggled(target: Element): void {
    const id = known.getId(target);
    if (id === -1 || !target.hasAttribute('popover')) return;
    this.#note({ tag: 'popover', payload: { id, open: isOpenPopover(target) } });
  }

  #played(media: HTMLMediaElement, type: number): void {
    const id = known.getId(media);
    if (id === -1) return;
    const { currentTime, playbackRate, loop } = media;
    this.#change({ source: 7, type, id, currentTime, playbackRate, loop, muted: true });
  }

  #picked(target: EventTarget | null, type: string): void {
    const element = target as Element | null;
    const open = (type === 'pointerup' || type === 'keyup') && element?.nodeType === 1 && isPicking(element);
    if (open) this.#tellPicker(element);
    else if (this.#picker && (type === 'change' || type === 'focusout' || !isPicking(this.#picker)))
      this.#tellPicker(null);
  }

  #tellPicker(element: Element | null): void {
    if (element === this.#picker) return;
    this.#picker = element;
    const masked = element && (isInside(element, BLOCKED) || coverOf(element) === 'masked');
    const id = element && !masked ? known.getId(element) : -1;
    this.#note({ tag: 'picker', payload: { id: id === -1 ? null : id } });
  }
}

/** Whether the browser shows its own list or calendar for the field. Browsers that cannot say so show nothing. */
function isPicking(element: Element): boolean {
  if (!/^(?:select|input)$/.test(element.localName)) return false;
  try {
    return element.isConnected && element.matches(':open');
  } catch {
    return false;
  }
}

function isField(element: Element): element is Field {
  return /^(?:input|select|textarea)$/.test(element.localName);
}

function stateOf(field: Field): FieldState {
  const ticked = field.localName === 'input' && /^(?:checkbox|radio)$/.test(field.type);
  const { checked, indeterminate } = field as Partial<HTMLInputElement>;
  return {
    text: ticked ? '' : elementValue(field),
    isChecked: ticked && checked === true,
    indeterminate: indeterminate === true,
  };
}

function isOpenPopover(element: Element): boolean {
  return element.hasAttribute('popover') && 'popover' in element && element.matches(':popover-open');
}

function innermost(event: Event): EventTarget | null {
  return event.composedPath()[0] ?? null;
}

function placeOf(page: Document): { scrollLeft: number; scrollTop: number } {
  const { scrollX = 0, scrollY = 0 } = page.defaultView ?? {};
  return { scrollLeft: scrollX, scrollTop: scrollY };
}

function offsetIn(container: Node, offset: number): number {
  if (container.nodeType !== 1) return offset;
  const until = container.childNodes[offset];
  const children = known.children(container);
  if (!until) return children.length;
  let count = 0;
  for (let child = container.firstChild; child && child !== until; child = child.nextSibling) {
    if (known.has(child)) count += 1;
  }
  return count;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

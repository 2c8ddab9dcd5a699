import { hashedText, textHash } from '../../server/protocol/text-hash.ts';
import type { HandsDeed, HandsTarget } from '../../server/protocol/hands.ts';
import { HANDS_TEXT_MAX } from '../../server/protocol/limits.ts';
import { hashOf, nameOf } from './element-text.ts';
import { HandsDrag } from './hands-drag.ts';
import { HandsEditor, shopsOptions } from './hands-editor.ts';
import { HandsKeys } from './hands-keys.ts';
import { boxInPage, elementAt, isVisible } from './page-geometry.ts';
import type { PagePlayer } from './page-player.ts';
import type { HandsHint, HandsWords } from './port.ts';

/** A wheel that turns is passed on this often, in milliseconds. */
const SCROLL_EVERY = 100;

const CONTROL =
  'a[href],area[href],button,input,select,textarea,summary,label,[role="button" i],[role="link" i],[role="tab" i],[role="menuitem" i],[role="option" i]';
const CLOSED = '[data-mostrador-block],[contenteditable]:not([contenteditable="false" i])';
/** The nearest one decides. */
const MARKED = '[data-mostrador-mask],[data-mostrador-unmask]';
const WRITTEN = /^(?:text|search|email|tel|url|number|range|date|time|month|week|datetime-local|color|textarea)$/;
const DOTS = /^•+$/;

export type AgentHandsOptions = {
  /** Lies over the page and takes every mouse event. */
  glass: HTMLElement;
  /** Where the outline of what would be acted on is drawn, in CSS pixels of the shopper's viewport. */
  layer: HTMLElement;
  page(): { player: PagePlayer; epoch: number } | null;
  toPage(x: number, y: number): { x: number; y: number };
  onDeed: (epoch: number, deed: HandsDeed) => void;
  onHint: (hint: HandsHint | null) => void;
};

type Reached = { element: Element; epoch: number; at: HandsTarget; hint: HandsHint };

/** The agent's hands over the picture: what a click would do is outlined and said, and what may not be done is locked. */
export class AgentHands {
  readonly #options: AgentHandsOptions;
  readonly #outline = document.createElement('div');
  /** Names what the keyboard has reached. */
  readonly #said = document.createElement('div');
  readonly #editor: HandsEditor;
  readonly #keys: HandsKeys;
  #on = false;
  #words: HandsWords = { fill: '', fillGo: '', choose: '', cancel: '', keys: '' };
  #hint: HandsHint | null = null;
  #outlined: Element | null = null;
  #frame = 0;
  #wheel: { across: number; down: number; event: MouseEvent; timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(options: AgentHandsOptions) {
    this.#options = options;
    this.#outline.className = 'reach';
    this.#outline.hidden = true;
    options.layer.append(this.#outline);
    this.#said.className = 'said';
    this.#said.setAttribute('role', 'status');
    const { glass } = options;
    glass.after(this.#said);
    // Who came by keyboard goes on from there.
    this.#editor = new HandsEditor(() => this.#on && glass.focus({ preventScroll: true }));
    this.#keys = new HandsKeys({
      glass,
      controls: () => this.#controls(),
      onReach: (element) => this.#reachByKey(element),
      onAct: (element) => this.#do(this.#target(element)),
      onScroll: (across, down) => this.#scrollBy(this.#inTheMiddle(), across, down),
    });
    const drag = new HandsDrag(
      glass,
      () => this.#on,
      (across, down, event) => this.#gather(across * this.#pixel, down * this.#pixel, event),
    );
    glass.addEventListener('pointermove', (event) => this.#on && !drag.moved && this.#hover(event));
    glass.addEventListener('pointerdown', (event) => this.#on && this.#hover(event));
    // A finger that is lifted leaves as well: what it has touched stays outlined.
    glass.addEventListener('pointerleave', ({ pointerType }) => pointerType === 'mouse' && this.#show(null));
    glass.addEventListener('click', (event) => this.#on && !drag.moved && this.#act(event));
    glass.addEventListener('wheel', (event) => this.#on && this.#turn(event), { passive: false });
  }

  say(words: HandsWords): void {
    this.#words = words;
    if (this.#on) this.#keys.use(true, words.keys);
  }

  use(on: boolean): void {
    this.#on = on;
    this.#editor.close();
    this.#keys.use(on, this.#words.keys);
    this.#show(null);
  }

  /** The shopper's own hands are on the page. */
  wait(busy: boolean): void {
    this.#outline.toggleAttribute('data-waits', busy);
  }

  /** Another page is shown. */
  clear(): void {
    this.#editor.close();
    this.#keys.forget();
    this.#show(null);
  }

  #hover(event: MouseEvent): void {
    if (!this.#editor.open) this.#show(this.#reach(event));
  }

  #act(event: MouseEvent): void {
    if (this.#editor.open) this.#editor.close();
    else this.#do(this.#reach(event));
  }

  #do(reached: Reached | null): void {
    if (!reached || isLocked(reached.hint)) return;
    const { element, epoch, at, hint } = reached;
    const { onDeed } = this.#options;
    const name = nameIn(element);
    if (hint === 'choose') {
      const select = element as HTMLSelectElement;
      this.#editor.choose(this.#place(element), select, name || this.#words.choose, this.#words, (option) => {
        const text = textHash(hashedText([shopsOptions(select)[option]?.text ?? '']));
        onDeed(epoch, { kind: 'choose', at, option, text });
      });
    } else if (hint === 'fill' || hint === 'typed') {
      const field = element as HTMLInputElement;
      this.#editor.fill(this.#place(element), field, name || this.#words.fill, this.#words, (text) =>
        onDeed(epoch, { kind: 'fill', at, text: text.slice(0, HANDS_TEXT_MAX) }),
      );
    } else onDeed(epoch, { kind: 'click', at });
  }

  /** What the wheel has turned meanwhile goes in one. */
  #turn(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    this.#gather(event.deltaX * lines, event.deltaY * lines, event);
  }

  #gather(across: number, down: number, event: MouseEvent): void {
    const before = this.#wheel ?? { across: 0, down: 0 };
    const now = { across: before.across + across, down: before.down + down, event };
    const timer = this.#wheel?.timer ?? setTimeout(() => this.#scroll(), SCROLL_EVERY);
    this.#wheel = { ...now, timer };
  }

  #scroll(): void {
    const wheel = this.#wheel;
    this.#wheel = null;
    const view = this.#options.page()?.player.document?.defaultView;
    if (!wheel || !this.#on || !view) return;
    const within = (pixels: number, size: number): number => Math.max(-3, Math.min(pixels / Math.max(size, 1), 3));
    const [across, down] = [within(wheel.across, view.innerWidth), within(wheel.down, view.innerHeight)];
    this.#scrollBy(this.#reach(wheel.event, false), across, down);
  }

  #scrollBy(reached: Reached | null, across: number, down: number): void {
    if (reached) this.#options.onDeed(reached.epoch, { kind: 'scroll', at: reached.at, across, down });
  }

  /** What can be acted on and is in view. */
  #controls(): Element[] {
    const page = this.#options.page()?.player.document;
    const view = page?.defaultView;
    if (!page || !view) return [];
    return [...page.querySelectorAll(`:is(${CONTROL}):not(label,:disabled)`)].filter((element) => {
      const { left, top, width, height } = boxInPage(element);
      const inView = left < view.innerWidth && left + width > 0 && top < view.innerHeight && top + height > 0;
      return inView && isVisible(element);
    });
  }

  #reachByKey(element: Element | null): void {
    const reached = element && this.#target(element);
    this.#show(reached);
    this.#said.textContent = reached ? nameIn(reached.element) : '';
  }

  #inTheMiddle(): Reached | null {
    const page = this.#options.page()?.player.document;
    const view = page?.defaultView;
    return page && view ? this.#target(elementAt(page, view.innerWidth / 2, view.innerHeight / 2)) : null;
  }

  /** `control`: the button or link around, where there is one, is what is meant. */
  #reach(event: MouseEvent, control = true): Reached | null {
    const page = this.#options.page();
    const document = page?.player.document;
    if (!page || !document) return null;
    const { x, y } = this.#options.toPage(event.clientX, event.clientY);
    const innermost = elementAt(document, x, y);
    return this.#target((control && innermost && around(innermost, CONTROL)) || innermost, { x, y });
  }

  /** The element or the nearest one around it that is the page's own; in its middle, where no place is given. */
  #target(meant: Element | null, place?: { x: number; y: number }): Reached | null {
    const page = this.#options.page();
    if (!page) return null;
    for (let element = meant; element; element = element.parentElement) {
      const known = page.player.identify(element);
      if (!known) continue;
      const box = boxInPage(element);
      const fx = place ? fraction(place.x - box.left, box.width) : 0.5;
      const fy = place ? fraction(place.y - box.top, box.height) : 0.5;
      const at = { ...known, fx, fy, hash: hashOf(element) };
      return { element, epoch: page.epoch, at, hint: hintFor(element) };
    }
    return null;
  }

  /** So many pixels of the page one of the glass is. */
  get #pixel(): number {
    return this.#options.toPage(1, 0).x - this.#options.toPage(0, 0).x;
  }

  #show(reached: Reached | null): void {
    cancelAnimationFrame(this.#frame);
    this.#outlined = reached?.element ?? null;
    const { glass, onHint } = this.#options;
    const hint = reached?.hint ?? null;
    glass.dataset['hands'] = hint === null ? '' : isLocked(hint) ? 'locked' : hint;
    this.#outline.dataset['hint'] = hint === null ? '' : isLocked(hint) ? 'locked' : hint;
    if (hint !== this.#hint) onHint(hint);
    this.#hint = hint;
    this.#follow();
  }

  #follow(): void {
    const element = this.#outlined;
    this.#outline.hidden = !element?.isConnected;
    if (!element?.isConnected) return;
    const { left, top, width, height } = boxInPage(element);
    this.#outline.style.transform = `translate(${left}px, ${top}px)`;
    this.#outline.style.width = `${width}px`;
    this.#outline.style.height = `${height}px`;
    this.#frame = requestAnimationFrame(() => this.#follow());
  }

  /** In the window of the picture. */
  #place(element: Element): { left: number; top: number; width: number; height: number } {
    const { left, top, width, height } = boxInPage(element);
    const origin = this.#options.toPage(0, 0);
    const one = this.#pixel;
    return { left: (left - origin.x) / one, top: (top - origin.y) / one, width: width / one, height: height / one };
  }
}

function nameIn(element: Element): string {
  return nameOf(element) || nameOf((element as HTMLInputElement).labels?.[0] ?? element);
}

function isLocked(hint: HandsHint): boolean {
  return hint === 'masked' || hint === 'never' || hint === 'framed';
}

/** As far as the picture shows it: what may really be done, the shopper's browser says. */
function hintFor(element: Element): HandsHint {
  if (isInForeignFrame(element)) return 'framed';
  const field = element.localName === 'label' ? (element as HTMLLabelElement).control : element;
  if (isClosed(element) || (field && (isClosed(field) || around(field, '[data-mostrador-sealed]')))) return 'masked';
  if (around(element, '[data-mostrador-hands="never" i]')) return 'never';
  if (!field) return 'click';
  const { type, form } = field as HTMLInputElement;
  if (field.localName === 'select') return element === field ? 'choose' : 'click';
  if (/^(?:input|textarea)$/.test(field.localName)) {
    if (/^(?:password|hidden|file)$/.test(type)) return 'masked';
    if (element === field && WRITTEN.test(type)) return isFilled(field as HTMLInputElement) ? 'typed' : 'fill';
  }
  if (/^(?:input|button)$/.test(field.localName) && form && /^(?:submit|image|reset)$/.test(type)) {
    return around(field, '[data-mostrador-hands="allow" i]') ? 'click' : 'submit';
  }
  return around(element, 'a[href],area[href]') ? 'follow' : 'click';
}

function isClosed(element: Element): boolean {
  const masked = around(element, MARKED)?.hasAttribute('data-mostrador-mask') ?? false;
  return masked || around(element, CLOSED) !== null;
}

/** In a page inside a frame of another origin, which is seen and not acted in. */
function isInForeignFrame(element: Element): boolean {
  const frame = element.ownerDocument.defaultView?.frameElement;
  if (!frame || frame.ownerDocument === document) return false;
  return frame.hasAttribute('data-mostrador-frame') || isInForeignFrame(frame);
}

function isFilled(field: HTMLInputElement): boolean {
  return DOTS.test(field.value) || field.hasAttribute('data-mostrador-filled') || DOTS.test(field.textContent ?? '');
}

function around(element: Element, selector: string): Element | null {
  for (let at: Element | null = element; at;) {
    const found: Element | null = at.closest(selector);
    if (found) return found;
    const root = at.getRootNode();
    at = 'host' in root ? (root.host as Element) : null;
  }
  return null;
}

function fraction(part: number, whole: number): number {
  return whole > 0 ? Math.min(Math.max(part / whole, 0), 1) : 0;
}

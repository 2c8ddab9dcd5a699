import { hashedText, textHash } from '../../server/protocol/text-hash.ts';
import type { HandsDeed, HandsTarget } from '../../server/protocol/hands.ts';
import { HANDS_TEXT_MAX } from '../../server/protocol/limits.ts';
import { hashOf, nameOf } from './element-text.ts';
import { HandsEditor, shopsOptions } from './hands-editor.ts';
import { boxInPage, elementAt } from './page-geometry.ts';
import type { PagePlayer } from './page-player.ts';
import type { HandsHint, HandsWords } from './port.ts';

/** A wheel that turns is passed on this often, in milliseconds. */
const SCROLL_EVERY = 100;

const CONTROL =
  'a[href],area[href],button,input,select,textarea,summary,label,[role="button" i],[role="link" i],[role="tab" i],[role="menuitem" i],[role="option" i]';
const MASKED = '[data-mostrador-mask],[data-mostrador-block],[contenteditable]:not([contenteditable="false" i])';
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
  readonly #editor = new HandsEditor();
  #on = false;
  #words: HandsWords = { fill: '', fillGo: '', choose: '', cancel: '' };
  #hint: HandsHint | null = null;
  #outlined: Element | null = null;
  #frame = 0;
  #wheel: { across: number; down: number; event: WheelEvent; timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(options: AgentHandsOptions) {
    this.#options = options;
    this.#outline.className = 'reach';
    this.#outline.hidden = true;
    options.layer.append(this.#outline);
    const { glass } = options;
    glass.addEventListener('pointermove', (event) => this.#on && this.#hover(event));
    glass.addEventListener('pointerleave', () => this.#show(null));
    glass.addEventListener('click', (event) => this.#on && this.#act(event));
    glass.addEventListener('wheel', (event) => this.#on && this.#turn(event), { passive: false });
  }

  say(words: HandsWords): void {
    this.#words = words;
  }

  use(on: boolean): void {
    this.#on = on;
    this.#editor.close();
    this.#show(null);
  }

  /** The shopper's own hands are on the page. */
  wait(busy: boolean): void {
    this.#outline.toggleAttribute('data-waits', busy);
  }

  /** Another page is shown. */
  clear(): void {
    this.#editor.close();
    this.#show(null);
  }

  #hover(event: MouseEvent): void {
    if (!this.#editor.open) this.#show(this.#reach(event));
  }

  #act(event: MouseEvent): void {
    if (this.#editor.open) {
      this.#editor.close();
      return;
    }
    const reached = this.#reach(event);
    if (!reached || isLocked(reached.hint)) return;
    const { element, epoch, at, hint } = reached;
    const { onDeed } = this.#options;
    const name = nameOf(element) || nameOf((element as HTMLInputElement).labels?.[0] ?? element);
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
    const before = this.#wheel ?? { across: 0, down: 0 };
    const now = { across: before.across + event.deltaX * lines, down: before.down + event.deltaY * lines, event };
    const timer = this.#wheel?.timer ?? setTimeout(() => this.#scroll(), SCROLL_EVERY);
    this.#wheel = { ...now, timer };
  }

  #scroll(): void {
    const wheel = this.#wheel;
    this.#wheel = null;
    const page = this.#options.page();
    const reached = wheel && this.#on ? this.#reach(wheel.event, false) : null;
    const view = page?.player.document?.defaultView;
    if (!wheel || !reached || !view) return;
    const within = (pixels: number, size: number): number => Math.max(-3, Math.min(pixels / Math.max(size, 1), 3));
    const [across, down] = [within(wheel.across, view.innerWidth), within(wheel.down, view.innerHeight)];
    this.#options.onDeed(reached.epoch, { kind: 'scroll', at: reached.at, across, down });
  }

  /** `control`: the button or link around, where there is one, is what is meant. */
  #reach(event: MouseEvent, control = true): Reached | null {
    const page = this.#options.page();
    const document = page?.player.document;
    if (!page || !document) return null;
    const { x, y } = this.#options.toPage(event.clientX, event.clientY);
    const innermost = elementAt(document, x, y);
    const meant = (control && innermost && around(innermost, CONTROL)) || innermost;
    for (let element = meant; element; element = element.parentElement) {
      const known = page.player.identify(element);
      if (!known) continue;
      const box = boxInPage(element);
      const fx = fraction(x - box.left, box.width);
      const fy = fraction(y - box.top, box.height);
      const at = { ...known, fx, fy, hash: hashOf(element) };
      return { element, epoch: page.epoch, at, hint: hintFor(element) };
    }
    return null;
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
    const one = this.#options.toPage(1, 0).x - origin.x;
    return { left: (left - origin.x) / one, top: (top - origin.y) / one, width: width / one, height: height / one };
  }
}

function isLocked(hint: HandsHint): boolean {
  return hint === 'masked' || hint === 'never' || hint === 'framed';
}

/** As far as the picture shows it: what may really be done, the shopper's browser says. */
function hintFor(element: Element): HandsHint {
  if (isInForeignFrame(element)) return 'framed';
  const field = element.localName === 'label' ? (element as HTMLLabelElement).control : element;
  if (around(element, MASKED) || (field && around(field, `${MASKED},[data-mostrador-sealed]`))) return 'masked';
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

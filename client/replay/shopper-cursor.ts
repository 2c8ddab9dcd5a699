import type { CursorPlace } from '../../server/protocol/cobrowse-event.ts';
import { boxInPage, elementOf } from './page-geometry.ts';
import type { PagePlayer } from './page-player.ts';

/** The mouse rests this long before the page is shown as it looks under a mouse: hover styles are costly to apply. */
const HOVER_AFTER = 80;
const SVG = 'http://www.w3.org/2000/svg';

/** The shopper's mouse and clicks, drawn over the replayed page. Positions are applied when they arrive; the last one wins. */
export class ShopperCursor {
  readonly #element = document.createElement('div');
  readonly #layer: HTMLElement;
  #hoverTimer: ReturnType<typeof setTimeout> | undefined;
  #hovered: Element[] = [];

  constructor(layer: HTMLElement) {
    this.#layer = layer;
    this.#element.className = 'cursor';
    const picture = document.createElementNS(SVG, 'svg');
    picture.setAttribute('viewBox', '0 0 24 24');
    const arrow = document.createElementNS(SVG, 'path');
    arrow.setAttribute('d', 'M5 2 L5 19.5 L9.6 15.4 L12.6 22 L15.6 20.7 L12.7 14.2 L18.8 13.8 Z');
    picture.append(arrow);
    this.#element.append(picture);
    this.#element.hidden = true;
    layer.append(this.#element);
  }

  move(place: CursorPlace, player: PagePlayer): void {
    clearTimeout(this.#hoverTimer);
    this.#element.hidden = place === null;
    if (!place) {
      this.#hover(null);
      return;
    }
    const element = elementOf(player.node(place.node));
    const box = element?.isConnected ? boxInPage(element) : null;
    // The element is right even where this layout differs from the shopper's.
    const x = box && box.width > 0 ? box.left + place.fx * box.width : place.x;
    const y = box && box.height > 0 ? box.top + place.fy * box.height : place.y;
    this.#element.style.transform = `translate(${x}px, ${y}px)`;
    this.#hoverTimer = setTimeout(() => this.#hover(element), HOVER_AFTER);
  }

  click(x: number, y: number): void {
    const ripple = document.createElement('div');
    ripple.className = 'ripple';
    ripple.style.transform = `translate(${x}px, ${y}px)`;
    ripple.addEventListener('animationend', () => ripple.remove());
    // A hidden tab runs no animations: only the last click is worth showing afterwards.
    this.#layer.querySelector('.ripple')?.remove();
    this.#layer.append(ripple);
  }

  /** Another page: nothing of the old one is under the mouse. */
  clear(): void {
    clearTimeout(this.#hoverTimer);
    this.#hovered = [];
    this.#element.hidden = true;
  }

  /** rrweb rewrites `:hover` in stylesheets to a class of that name. */
  #hover(element: Element | null): void {
    const next: Element[] = [];
    for (let at = element; at; at = at.parentElement ?? hostOf(at)) next.push(at);
    for (const old of this.#hovered) if (!next.includes(old)) old.classList.remove(':hover');
    for (const now of next) now.classList.add(':hover');
    this.#hovered = next;
  }
}

function hostOf(element: Element): Element | null {
  const root = element.getRootNode();
  return 'host' in root ? (root.host as Element) : null;
}

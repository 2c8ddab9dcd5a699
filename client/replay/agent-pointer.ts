import { boxInPage, elementAt } from './page-geometry.ts';
import type { PagePlayer } from './page-player.ts';
import type { PagePlace, PickedElement } from './port.ts';

export type AgentPointerOptions = {
  /** Lies over the page and takes every mouse event, so that none reaches the page. */
  glass: HTMLElement;
  /** The page that is shown, with its epoch; null while there is none. */
  page(): { player: PagePlayer; epoch: number } | null;
  /** From the window to CSS pixels of the shopper's viewport. */
  toPage(x: number, y: number): { x: number; y: number };
  onPointer(at: PagePlace | null): void;
  onPick(picked: PickedElement | null): void;
};

/** Turns the agent's mouse over the picture into places inside elements, and clicks into elements. */
export function watchAgentPointer(options: AgentPointerOptions): { marked(node: number | null): void } {
  const { glass } = options;
  let picked: number | null = null;
  let shown = false;

  const find = (event: MouseEvent) => {
    const page = options.page();
    const document = page?.player.document;
    if (!page || !document) return null;
    const { x, y } = options.toPage(event.clientX, event.clientY);
    // What the replay itself put into the page has no number: then it is the element around it.
    for (let element = elementAt(document, x, y); element; element = element.parentElement) {
      const known = page.player.identify(element);
      if (known) return { ...known, epoch: page.epoch, element, x, y };
    }
    return null;
  };
  const leave = () => {
    if (!shown) return;
    shown = false;
    options.onPointer(null);
  };

  glass.addEventListener('pointermove', (event) => {
    const hit = find(event);
    if (!hit) {
      leave();
      return;
    }
    const box = boxInPage(hit.element);
    shown = true;
    const fx = fraction(hit.x - box.left, box.width);
    const fy = fraction(hit.y - box.top, box.height);
    options.onPointer({ epoch: hit.epoch, node: hit.node, fx, fy });
  });
  glass.addEventListener('pointerleave', leave);
  glass.addEventListener('click', (event) => {
    const hit = find(event);
    if (!hit) return;
    const again = hit.node === picked;
    picked = again ? null : hit.node;
    options.onPick(again ? null : { epoch: hit.epoch, node: hit.node, tag: hit.tag, text: nameOf(hit.element) });
  });
  window.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || picked === null) return;
    picked = null;
    options.onPick(null);
  });
  return {
    marked(node) {
      picked = node;
    },
  };
}

function fraction(part: number, whole: number): number {
  return whole > 0 ? Math.min(Math.max(part / whole, 0), 1) : 0;
}

function nameOf(element: Element): string {
  const image = element.querySelector('img[alt]');
  const name =
    element.getAttribute('aria-label') ??
    element.getAttribute('alt') ??
    (element.textContent.trim() || image?.getAttribute('alt'));
  return (name ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 120);
}

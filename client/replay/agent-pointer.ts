import { STROKE_POINTS_MAX } from '../../server/protocol/limits.ts';
import type { Place } from '../../server/protocol/pointing.ts';
import { hashOf, nameOf } from './element-text.ts';
import { boxInPage, elementAt } from './page-geometry.ts';
import type { PagePlayer } from './page-player.ts';
import type { PagePlace, PickedElement, ReplayTool, StrokePart } from './port.ts';

/** Points of a stroke are this far apart at least, in CSS pixels of the page. */
const STROKE_STEP = 4;

export type AgentPointerOptions = {
  /** Lies over the page and takes every mouse event, so that none reaches the page. */
  glass: HTMLElement;
  /** The page that is shown, with its epoch; null while there is none. */
  page(): { player: PagePlayer; epoch: number } | null;
  /** From the window to CSS pixels of the shopper's viewport. */
  toPage(x: number, y: number): { x: number; y: number };
  onPointer(at: PagePlace | null): void;
  onPick(picked: PickedElement | null): void;
  onStroke(part: StrokePart): void;
};

export type AgentPointer = {
  marked(node: number | null): void;
  use(tool: ReplayTool, stays: boolean): void;
};

/** Turns the agent's mouse, finger or pen over the picture into places inside elements, clicks into elements, and lines into strokes. */
export function watchAgentPointer(options: AgentPointerOptions): AgentPointer {
  const { glass } = options;
  let picked: number | null = null;
  let shown = false;
  let tool: ReplayTool = 'spotlight';
  let stays = false;
  let stroke: (StrokePart & { last: { x: number; y: number }; pointer: number }) | null = null;
  let strokes = 0;
  let strokeFrame = 0;

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
  const flush = (done: boolean) => {
    cancelAnimationFrame(strokeFrame);
    strokeFrame = 0;
    if (!stroke) return;
    const { last: _last, pointer: _pointer, ...part } = stroke;
    options.onStroke({ ...part, done });
    stroke = done ? null : { ...stroke, points: stroke.points.slice(-1) };
  };
  const drawTo = (hit: NonNullable<ReturnType<typeof find>>, end = false) => {
    if (!stroke) return;
    // It belongs to the page that it was begun on.
    if (hit.epoch !== stroke.epoch) {
      flush(true);
      return;
    }
    if (!end && Math.hypot(hit.x - stroke.last.x, hit.y - stroke.last.y) < STROKE_STEP) return;
    stroke.last = { x: hit.x, y: hit.y };
    stroke.points.push(placeIn(hit));
    if (stroke.points.length >= STROKE_POINTS_MAX) flush(false);
    else if (strokeFrame === 0) strokeFrame = requestAnimationFrame(() => flush(false));
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
    shown = true;
    options.onPointer({ epoch: hit.epoch, ...placeIn(hit) });
    if (stroke?.pointer === event.pointerId) drawTo(hit);
  });
  glass.addEventListener('pointerdown', (event) => {
    if (tool !== 'draw' && tool !== 'arrow') return;
    const hit = event.button === 0 ? find(event) : null;
    if (!hit || stroke) return;
    glass.setPointerCapture(event.pointerId);
    const shape = tool === 'draw' ? 'free' : 'arrow';
    const first = placeIn(hit);
    const [last, pointer] = [{ x: hit.x, y: hit.y }, event.pointerId];
    stroke = { epoch: hit.epoch, stroke: ++strokes, shape, stays, points: [first], done: false, last, pointer };
    flush(false);
  });
  for (const name of ['pointerup', 'pointercancel'] as const) {
    glass.addEventListener(name, (event) => {
      if (stroke?.pointer !== event.pointerId) return;
      const hit = find(event);
      if (hit) drawTo(hit, true);
      flush(true);
    });
  }
  glass.addEventListener('pointerleave', leave);
  glass.addEventListener('click', (event) => {
    const hit = tool === 'spotlight' ? find(event) : null;
    if (!hit) return;
    const again = hit.node === picked;
    picked = again ? null : hit.node;
    const { epoch, node, tag, element } = hit;
    options.onPick(again ? null : { epoch, node, tag, text: nameOf(element), hash: hashOf(element) });
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
    use(next, keep) {
      flush(true);
      tool = next;
      stays = keep;
      glass.dataset['tool'] = next;
    },
  };
}

function placeIn({ node, element, x, y }: { node: number; element: Element; x: number; y: number }): Place {
  const box = boxInPage(element);
  return { node, fx: fraction(x - box.left, box.width), fy: fraction(y - box.top, box.height) };
}

function fraction(part: number, whole: number): number {
  return whole > 0 ? Math.min(Math.max(part / whole, 0), 1) : 0;
}

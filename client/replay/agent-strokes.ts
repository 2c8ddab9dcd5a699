import type { Place } from '../../server/protocol/pointing.ts';
import { boxInPage, elementOf } from './page-geometry.ts';
import type { PagePlayer } from './page-player.ts';

/** As long as the shopper sees it. */
const FADES_AFTER = 6_000;
const FADE = 1_000;
const POINTED_FOR = 6_000;
const HEAD = 20;
const SVG = 'http://www.w3.org/2000/svg';

type Stroke = {
  shape: 'free' | 'arrow';
  points: Place[];
  drawn: SVGPathElement;
  timer: ReturnType<typeof setTimeout> | undefined;
};

/** What this agent has drawn, and where the shopper points, over the replayed page: bound to its elements. */
export class AgentStrokes {
  readonly #picture = document.createElementNS(SVG, 'svg');
  readonly #ring = document.createElement('div');
  readonly #strokes = new Map<number, Stroke>();
  readonly #player: () => PagePlayer | null;
  #pointed: Place | null = null;
  #pointedTimer: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;

  constructor(layer: HTMLElement, player: () => PagePlayer | null) {
    this.#player = player;
    this.#picture.setAttribute('class', 'strokes');
    this.#ring.className = 'pointed';
    this.#ring.hidden = true;
    layer.append(this.#picture, this.#ring);
  }

  draw(id: number, shape: Stroke['shape'], points: readonly Place[], stays: boolean): void {
    const stroke = this.#strokes.get(id) ?? this.#begin(id, shape);
    for (const point of points) {
      // An arrow goes from its first point to its last.
      if (shape === 'arrow' && stroke.points.length > 1) stroke.points.pop();
      stroke.points.push(point);
    }
    clearTimeout(stroke.timer);
    stroke.timer = stays ? undefined : setTimeout(() => this.#fade(id), FADES_AFTER);
    this.#refresh();
  }

  /** Where the shopper points; it is shown for a while. */
  pointed(at: Place): void {
    clearTimeout(this.#pointedTimer);
    this.#pointed = at;
    this.#pointedTimer = setTimeout(() => {
      this.#pointed = null;
      this.#refresh();
    }, POINTED_FOR);
    this.#refresh();
  }

  wipe(): void {
    for (const id of this.#strokes.keys()) this.#remove(id);
  }

  /** Another page is shown. */
  clear(): void {
    this.wipe();
    this.#pointed = null;
    this.#refresh();
  }

  #begin(id: number, shape: Stroke['shape']): Stroke {
    const drawn = document.createElementNS(SVG, 'path');
    this.#picture.append(drawn);
    const stroke: Stroke = { shape, points: [], drawn, timer: undefined };
    this.#strokes.set(id, stroke);
    return stroke;
  }

  #refresh(): void {
    cancelAnimationFrame(this.#frame);
    this.#place();
  }

  #place(): void {
    for (const { points, shape, drawn } of this.#strokes.values()) {
      const places = points.flatMap((point) => this.#at(point) ?? []);
      drawn.setAttribute('d', shape === 'arrow' ? arrow(places) : through(places));
    }
    const at = this.#pointed && this.#at(this.#pointed);
    this.#ring.hidden = !at;
    if (at) this.#ring.style.transform = `translate(${at.x}px, ${at.y}px)`;
    if (this.#strokes.size > 0 || this.#pointed) this.#frame = requestAnimationFrame(() => this.#place());
  }

  #at({ node, fx, fy }: Place): { x: number; y: number } | null {
    const element = elementOf(this.#player()?.node(node) ?? null);
    if (!element?.isConnected) return null;
    const box = boxInPage(element);
    return { x: box.left + fx * box.width, y: box.top + fy * box.height };
  }

  #fade(id: number): void {
    const stroke = this.#strokes.get(id);
    if (!stroke) return;
    stroke.drawn.classList.add('gone');
    stroke.timer = setTimeout(() => this.#remove(id), FADE);
  }

  #remove(id: number): void {
    const stroke = this.#strokes.get(id);
    clearTimeout(stroke?.timer);
    stroke?.drawn.remove();
    this.#strokes.delete(id);
  }
}

type Point = { x: number; y: number };

function through(places: readonly Point[]): string {
  const [first] = places;
  if (first && places.length === 1) return `M${first.x} ${first.y}h0.1`;
  return places.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}

function arrow(places: readonly Point[]): string {
  const [from] = places;
  const to = places.at(-1);
  if (!from || !to || places.length < 2) return through(places);
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const head = Math.min(HEAD, Math.hypot(to.x - from.x, to.y - from.y) / 2);
  const side = (turn: number): Point => ({
    x: to.x - head * Math.cos(angle + turn),
    y: to.y - head * Math.sin(angle + turn),
  });
  return through([from, to]) + through([side(0.5), to, side(-0.5)]);
}

import type { Place, PointingFrame } from '../../../server/protocol/pointing.ts';
import type { Box } from '../boxes.ts';
import type { Spot } from '../spot.ts';

/** A stroke that does not stay is there this long after its last point. */
const FADES_AFTER = 6_000;
const FADE = 1_000;
/** One hand draws no more in a session; the oldest goes. */
const STROKES_MAX = 60;
const POINTS_MAX = 2_000;
const HEAD = 20;

const SVG = 'http://www.w3.org/2000/svg';

type Stroke = {
  by: string;
  shape: 'free' | 'arrow';
  /** Each point is a place inside an element, so it is right in any layout. */
  points: { spot: Spot; fx: number; fy: number }[];
  drawn: SVGGElement;
  timer: ReturnType<typeof setTimeout> | undefined;
};

/** What agents draw by hand: bound to elements, followed while it is there. */
export class Strokes {
  readonly #picture = document.createElementNS(SVG, 'svg');
  readonly #strokes = new Map<string, Stroke>();
  readonly #spotAt: (node: number) => Spot | null;
  #frame = 0;

  constructor(root: ShadowRoot, spotAt: (node: number) => Spot | null) {
    this.#spotAt = spotAt;
    this.#picture.setAttribute('class', 'strokes');
    this.#picture.setAttribute('aria-hidden', 'true');
    root.append(this.#picture);
  }

  draw(frame: Extract<PointingFrame, { type: 'cobrowse.stroke' }>, tint: string): void {
    const key = `${frame.by} ${frame.stroke}`;
    const stroke = this.#strokes.get(key) ?? this.#begin(key, frame, tint);
    for (const point of frame.points) this.#add(stroke, point);
    clearTimeout(stroke.timer);
    stroke.timer = frame.stays ? undefined : setTimeout(() => this.#fade(key), FADES_AFTER);
    cancelAnimationFrame(this.#frame);
    this.#place();
  }

  wipe(whose: (by: string) => boolean): void {
    for (const [key, { by }] of this.#strokes) if (whose(by)) this.#remove(key);
  }

  close(): void {
    this.wipe(() => true);
    cancelAnimationFrame(this.#frame);
    this.#picture.remove();
  }

  #begin(key: string, { by, shape }: { by: string; shape: Stroke['shape'] }, tint: string): Stroke {
    const drawn = document.createElementNS(SVG, 'g');
    drawn.style.setProperty('--tint', tint);
    for (const name of ['edge', 'line']) {
      const path = document.createElementNS(SVG, 'path');
      path.setAttribute('class', name);
      drawn.append(path);
    }
    this.#picture.append(drawn);
    const stroke: Stroke = { by, shape, points: [], drawn, timer: undefined };
    this.#strokes.set(key, stroke);
    const [oldest] = this.#strokes.keys();
    if (oldest !== undefined && this.#strokes.size > STROKES_MAX) this.#remove(oldest);
    return stroke;
  }

  #add({ points, shape }: Stroke, { node, fx, fy }: Place): void {
    const spot = this.#spotAt(node);
    if (!spot || points.length >= POINTS_MAX) return;
    // An arrow goes from its first point to its last.
    if (shape === 'arrow' && points.length > 1) points.pop();
    points.push({ spot, fx, fy });
  }

  #place(): void {
    this.#frame = 0;
    const boxes = new Map<Spot, Box | null>();
    const boxAt = (spot: Spot): Box | null => {
      const known = boxes.get(spot);
      if (known !== undefined) return known;
      const box = spot.box();
      boxes.set(spot, box);
      return box;
    };
    for (const { points, shape, drawn } of this.#strokes.values()) {
      const places = points.flatMap(({ spot, fx, fy }) => {
        const box = boxAt(spot);
        return box ? [{ x: box.left + fx * box.width, y: box.top + fy * box.height }] : [];
      });
      const line = shape === 'arrow' ? arrow(places) : through(places);
      for (const path of drawn.children) path.setAttribute('d', line);
    }
    if (this.#strokes.size > 0) this.#frame = requestAnimationFrame(() => this.#place());
  }

  #fade(key: string): void {
    const stroke = this.#strokes.get(key);
    if (!stroke) return;
    stroke.drawn.classList.add('gone');
    stroke.timer = setTimeout(() => this.#remove(key), FADE);
  }

  #remove(key: string): void {
    const stroke = this.#strokes.get(key);
    clearTimeout(stroke?.timer);
    stroke?.drawn.remove();
    this.#strokes.delete(key);
  }
}

type Point = { x: number; y: number };

function through(places: Point[]): string {
  const [first] = places;
  // A point alone is a dot.
  if (first && places.length === 1) return `M${first.x} ${first.y}h0.1`;
  return places.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
}

function arrow(places: Point[]): string {
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

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

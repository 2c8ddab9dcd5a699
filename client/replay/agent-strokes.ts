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
  /** When its last point was drawn; null: it does not fade. */
  since: number | null;
};

/**
 * What this agent has drawn, and where the shopper points, over the replayed page: bound to its elements. All of it goes with time:
 * of a recording with its time, which stands still and goes back.
 */
export class AgentStrokes {
  readonly #picture = document.createElementNS(SVG, 'svg');
  readonly #ring = document.createElement('div');
  readonly #strokes = new Map<number, Stroke>();
  readonly #player: () => PagePlayer | null;
  #pointed: { at: Place; since: number } | null = null;
  /** Of a recording: where it is, in milliseconds. */
  #moment: number | null = null;
  #frame = 0;

  constructor(layer: HTMLElement, player: () => PagePlayer | null) {
    this.#player = player;
    this.#picture.setAttribute('class', 'strokes');
    this.#ring.className = 'pointed';
    this.#ring.hidden = true;
    layer.append(this.#picture, this.#ring);
  }

  /** Of a recording: it is at this moment now. */
  follow(moment: number): void {
    this.#moment = moment;
  }

  /** `since`: of a recording, when it was drawn. */
  draw(id: number, shape: Stroke['shape'], points: readonly Place[], stays: boolean, since = performance.now()): void {
    const stroke = this.#strokes.get(id) ?? this.#begin(id, shape);
    for (const point of points) {
      // An arrow goes from its first point to its last.
      if (shape === 'arrow' && stroke.points.length > 1) stroke.points.pop();
      stroke.points.push(point);
    }
    stroke.since = stays ? null : since;
    this.#refresh();
  }

  /** Where the shopper points; it is shown for a while. */
  pointed(at: Place, since = performance.now()): void {
    this.#pointed = { at, since };
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
    const stroke: Stroke = { shape, points: [], drawn, since: null };
    this.#strokes.set(id, stroke);
    return stroke;
  }

  #refresh(): void {
    cancelAnimationFrame(this.#frame);
    this.#place();
  }

  #place(): void {
    const now = this.#moment ?? performance.now();
    for (const [id, { points, shape, drawn, since }] of this.#strokes) {
      const faded = since === null ? 0 : (now - since - FADES_AFTER) / FADE;
      if (faded >= 1) {
        this.#remove(id);
        continue;
      }
      drawn.style.setProperty('--left', String(1 - Math.max(0, faded)));
      const places = points.flatMap((point) => this.#at(point) ?? []);
      drawn.setAttribute('d', shape === 'arrow' ? arrow(places) : through(places));
    }
    if (this.#pointed && now - this.#pointed.since > POINTED_FOR) this.#pointed = null;
    const at = this.#pointed && this.#at(this.#pointed.at);
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

  #remove(id: number): void {
    this.#strokes.get(id)?.drawn.remove();
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

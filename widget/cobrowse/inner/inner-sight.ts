import { isId, isNumber, isRecord, isText } from '../../../server/protocol/cobrowse-read/read-value.ts';
import { boxOf, frameContent, isInView, type Box } from '../boxes.ts';
import { shortened, type Guard } from '../readable.ts';
import { scrolling, type Spot } from '../spot.ts';
import type { InnerBox, Inward, PlaceInside, Question } from './words.ts';

/** What nobody has asked for in this time is not watched any more, in milliseconds. */
const WATCHED_FOR = 1_000;
const WATCHED_MAX = 100;
const ANSWERS_WITHIN = 3_000;

type Watched = { asked: number; box: InnerBox[1] };

/** What the page around knows of where things are in a page inside: it is told, and asks. */
export class InnerSight {
  readonly #frame: HTMLIFrameElement;
  readonly #say: (word: Inward) => void;
  readonly #watched = new Map<number, Watched>();
  readonly #spots = new Map<number, Spot>();
  readonly #names = new Map<number, string>();
  readonly #asked = new Map<number, (value: unknown) => void>();
  #questions = 0;
  #sweep: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  constructor(frame: HTMLIFrameElement, say: (word: Inward) => void) {
    this.#frame = frame;
    this.#say = say;
  }

  spot(node: number): Spot {
    const known = this.#spots.get(node);
    if (known) return known;
    const spot: Spot = {
      box: () => (this.#box(node)?.seen ? this.#within(this.#place(node)) : null),
      place: () => this.#place(node),
      isThere: () => !this.#closed && this.#frame.isConnected,
      corner: () => this.#box(node)?.corner ?? '',
      name: () => this.#names.get(node) ?? '',
      bring: () => this.#bring(node),
    };
    this.#spots.set(node, spot);
    return spot;
  }

  /** Null where it is another element than somebody took it for. */
  async find(node: number, { tag, hash }: Guard): Promise<Spot | null> {
    const seen = await this.#ask({ look: { node, guard: { tag, ...(hash && { hash }) } } });
    if (!isRecord(seen) || seen['fits'] !== true) return null;
    this.#names.set(node, isText(seen['name']) ? shortened(seen['name']) : '');
    return this.spot(node);
  }

  /** What is at a place of the window. */
  async placeAt(x: number, y: number): Promise<PlaceInside> {
    const { left, top } = frameContent(this.#frame);
    const place = await this.#ask({ at: { x: x - left, y: y - top } });
    if (!isRecord(place)) return null;
    const { node, fx, fy } = place;
    return isId(node) && isNumber(fx) && isNumber(fy) ? { node, fx: fraction(fx), fy: fraction(fy) } : null;
  }

  /** Untrusted: `boxes` and `answer` of `Outward`. */
  hear({ boxes, answer, value }: Partial<Record<string, unknown>>): void {
    if (Array.isArray(boxes)) {
      for (const each of boxes.slice(0, WATCHED_MAX)) if (Array.isArray(each)) this.#learn(each[0], each[1]);
    } else if (typeof answer === 'number') {
      this.#asked.get(answer)?.(value);
      this.#asked.delete(answer);
    }
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#sweep);
    for (const resolve of this.#asked.values()) resolve(null);
    this.#asked.clear();
    this.#watched.clear();
  }

  #learn(node: unknown, box: unknown): void {
    const watched = typeof node === 'number' ? this.#watched.get(node) : undefined;
    if (watched) watched.box = readBox(box);
  }

  #box(node: number): InnerBox[1] {
    const known = this.#watched.get(node);
    if (known) {
      known.asked = performance.now();
      return known.box;
    }
    if (this.#closed || this.#watched.size >= WATCHED_MAX) return null;
    this.#watched.set(node, { asked: performance.now(), box: null });
    this.#tellWatched();
    this.#sweep ??= setInterval(() => this.#forgetOld(), WATCHED_FOR);
    return null;
  }

  #forgetOld(): void {
    const before = performance.now() - WATCHED_FOR;
    const { size } = this.#watched;
    for (const [node, { asked }] of this.#watched) if (asked < before) this.#watched.delete(node);
    if (this.#watched.size < size) this.#tellWatched();
    if (this.#watched.size > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }

  #tellWatched(): void {
    this.#say({ watch: [...this.#watched.keys()] });
  }

  #place(node: number): Box | null {
    const inner = this.#box(node);
    if (!inner || !boxOf(this.#frame)) return null;
    const { left, top } = frameContent(this.#frame);
    return { left: left + inner.left, top: top + inner.top, width: inner.width, height: inner.height };
  }

  /** Beyond its frame's edges something else is drawn. */
  #within(place: Box | null): Box | null {
    if (!place) return null;
    const { left, top } = frameContent(this.#frame);
    const { clientWidth, clientHeight } = this.#frame;
    const across = Math.min(place.left + place.width, left + clientWidth) - Math.max(place.left, left);
    const down = Math.min(place.top + place.height, top + clientHeight) - Math.max(place.top, top);
    return across > 0 && down > 0 ? place : null;
  }

  /** Browsers do not let a page inside scroll the one around it. */
  #bring(node: number): void {
    const place = this.#place(node);
    const box = place && this.#within(place);
    if (box && this.#box(node)?.seen) {
      if (isInView(box)) return;
      const [left, top] = [box.left + (box.width - innerWidth) / 2, box.top + (box.height - innerHeight) / 2];
      window.scrollBy({ left: box.width > innerWidth ? 0 : left, top, behavior: scrolling() });
      return;
    }
    this.#frame.scrollIntoView({ block: 'center', inline: 'nearest', behavior: scrolling() });
    this.#say({ bring: node });
  }

  #ask(question: Question): Promise<unknown> {
    if (this.#closed) return Promise.resolve(null);
    return new Promise((resolve) => {
      const ask = (this.#questions += 1);
      this.#asked.set(ask, resolve);
      setTimeout(() => this.hear({ answer: ask, value: null }), ANSWERS_WITHIN);
      this.#say({ ask, question });
    });
  }
}

function readBox(box: unknown): InnerBox[1] {
  if (!isRecord(box)) return null;
  const { left, top, width, height, corner, seen } = box;
  if (!isNumber(left) || !isNumber(top) || !isNumber(width) || !isNumber(height)) return null;
  return { left, top, width, height, corner: isText(corner) ? corner.slice(0, 80) : '', seen: seen === true };
}

function fraction(part: number): number {
  return Math.min(Math.max(part, 0), 1);
}

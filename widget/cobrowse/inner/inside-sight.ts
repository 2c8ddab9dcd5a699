import type { PageElements } from '../page-elements.ts';
import type { InnerBox, Outward, PlaceInside, Question, Seen } from './words.ts';

const WATCHED_MAX = 100;

/** Tells the page around where things are in this one, frame by frame while it wants to know. */
export class InsideSight {
  readonly #elements: PageElements;
  readonly #say: (word: Outward) => void;
  #watched: readonly number[] = [];
  #told = new Map<number, string>();
  #frame = 0;

  constructor(elements: PageElements, say: (word: Outward) => void) {
    this.#elements = elements;
    this.#say = say;
  }

  watch(nodes: readonly number[]): void {
    this.#watched = nodes.slice(0, WATCHED_MAX);
    this.#told = new Map([...this.#told].filter(([node]) => this.#watched.includes(node)));
    cancelAnimationFrame(this.#frame);
    this.#look();
  }

  async answer(question: Question): Promise<Seen | PlaceInside> {
    if ('at' in question) return await this.#elements.placeAt(question.at.x, question.at.y);
    const { node, guard } = question.look;
    const spot = await this.#elements.find(node, guard);
    return { fits: spot !== null, name: spot?.name() ?? '' };
  }

  bring(node: number): void {
    this.#elements.spot(node)?.bring();
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#watched = [];
  }

  #look(): void {
    const boxes = this.#watched.flatMap((node): InnerBox[] => {
      const spot = this.#elements.spot(node);
      const place = spot?.place() ?? null;
      const box = spot && place && { ...place, corner: spot.corner(), seen: spot.box() !== null };
      const text = JSON.stringify(box);
      if (this.#told.get(node) === text) return [];
      this.#told.set(node, text);
      return [[node, box]];
    });
    if (boxes.length > 0) this.#say({ boxes });
    if (this.#watched.length > 0) this.#frame = requestAnimationFrame(() => this.#look());
  }
}

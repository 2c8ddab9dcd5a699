import type { RecordedPointing } from '../protocol/recorded-page.ts';

/** Parts of drawings that are kept; who draws more than this sees the first ones go. */
const PARTS_MAX = 500;

/** What is pointed at on a page and stays there. */
export class StandingPointing {
  #highlight: RecordedPointing | null = null;
  #strokes: RecordedPointing[] = [];

  note(pointing: RecordedPointing): void {
    if (pointing.type === 'highlight') this.#highlight = pointing.node === null ? null : pointing;
    else if (pointing.type === 'wipe') this.#strokes = [];
    else if (pointing.type === 'stroke' && pointing.stays)
      this.#strokes = [...this.#strokes, pointing].slice(-PARTS_MAX);
  }

  /** For whoever begins here. A player that comes from before has the drawings already: they are drawn anew. */
  again(epoch: number): RecordedPointing[] {
    const strokes: RecordedPointing[] = this.#strokes.length > 0 ? [{ type: 'wipe', epoch }, ...this.#strokes] : [];
    return this.#highlight ? [...strokes, this.#highlight] : strokes;
  }

  clear(): void {
    this.#highlight = null;
    this.#strokes = [];
  }
}

import type { PointingFrame } from '../../server/protocol/pointing.ts';
import type { Box } from './boxes.ts';
import type { Marks, MarksWords } from './marks/index.ts';
import type { PageElements } from './page-elements.ts';
import { POINTING_STYLE, drawPointing, type Pointing } from './pointing.ts';
import type { Spot } from './spot.ts';
import { Tints } from './tints.ts';

export type PointingDeskOptions = {
  root: ShadowRoot;
  elements: PageElements;
  words: MarksWords & {
    pointing: (name: string) => string;
    pointingSomewhere: (name: string) => string;
    drawing: (name: string) => string;
  };
  /** For people who listen instead of looking. */
  announce: (sentence: string) => void;
  asking: (on: boolean) => void;
  onRest: ((box: Box | null) => void) | undefined;
  onPlace: (place: { node: number; fx: number; fy: number }) => void;
  onMissed: (by: string) => void;
};

/** What is pointed at, by agents on the shopper's page and by the shopper: who, with which colour, and whether it is still there. */
export class PointingDesk {
  readonly #options: PointingDeskOptions;
  readonly #tints = new Tints();
  readonly #pointing: Pointing;
  #marks: Promise<Marks | null> | null = null;
  #highlightedBy: string | null = null;
  /** The highlight that was asked for last. */
  #wanted: object | null = null;
  #away: Spot | null = null;
  #closed = false;

  constructor(options: PointingDeskOptions) {
    this.#options = options;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(POINTING_STYLE);
    options.root.adoptedStyleSheets = [...options.root.adoptedStyleSheets, sheet];
    this.#pointing = drawPointing(options.root, {
      tintOf: (id) => this.#tints.of(id),
      onRest: options.onRest,
      onOutOfView: (spot) => {
        this.#away = spot;
        // By the time it is there, another one may be meant.
        if (spot || this.#marks) this.#withMarks((marks) => marks.wayTo(this.#away));
      },
    });
  }

  /** A frame of the page that is shown. */
  handle(frame: PointingFrame): void {
    const { elements } = this.#options;
    switch (frame.type) {
      case 'cobrowse.pointer':
        this.#pointing.point({ id: frame.by, name: frame.agent }, elements.spot(frame.node), frame.fx, frame.fy);
        return;
      case 'cobrowse.highlight':
        this.#highlight(frame);
        return;
      case 'cobrowse.stroke':
        this.#withMarks((marks) => marks.draw(frame, this.#tints.of(frame.by)));
        if (frame.done) this.#sayDrawing(frame);
        return;
      case 'cobrowse.wipe':
        if (this.#marks) this.#withMarks((marks) => marks.wipe(frame.by));
        return;
      default:
        frame satisfies never;
    }
  }

  /** Only these people look now. */
  keep(ids: readonly string[]): void {
    this.#pointing.keep(ids);
    if (this.#marks) this.#withMarks((marks) => marks.keep(ids));
    if (this.#highlightedBy === null || ids.includes(this.#highlightedBy)) return;
    this.#highlightedBy = null;
    this.#pointing.highlight(null);
  }

  /** The shopper wants to point; or, if so already, not any more. */
  askForPlace(): void {
    const { asking, elements, onPlace } = this.#options;
    this.#withMarks((marks) => {
      asking(true);
      marks.askForPlace(
        (x, y) => {
          void Promise.resolve(elements.placeAt(x, y)).then((place) => place && !this.#closed && onPlace(place));
        },
        () => asking(false),
      );
    });
  }

  close(): void {
    this.#closed = true;
    this.#pointing.close();
    void this.#marks?.then((marks) => marks?.close());
  }

  #highlight(frame: Extract<PointingFrame, { type: 'cobrowse.highlight' }>): void {
    this.#wanted = frame;
    if (frame.node === null) {
      // Nobody takes away what somebody else shows.
      if (this.#highlightedBy !== null && this.#highlightedBy !== frame.by) return;
      this.#highlightedBy = null;
      this.#pointing.highlight(null);
      return;
    }
    const found = this.#options.elements.find(frame.node, frame);
    if (!(found instanceof Promise)) this.#show(frame, found);
    else void found.then((spot) => this.#wanted === frame && !this.#closed && this.#show(frame, spot));
  }

  #show(frame: Extract<PointingFrame, { type: 'cobrowse.highlight' }>, spot: Spot | null): void {
    const { announce, words, onMissed } = this.#options;
    if (!spot) {
      onMissed(frame.by);
      if (this.#highlightedBy === frame.by) this.#pointing.highlight(null);
      return;
    }
    this.#highlightedBy = frame.by;
    const label = frame.label ?? '';
    this.#pointing.highlight(spot, { label, tint: this.#tints.of(frame.by) });
    const name = spot.name();
    const where = name ? `${words.pointing(frame.agent)}: ${name}` : words.pointingSomewhere(frame.agent);
    announce(label ? `${where}. ${label}` : where);
  }

  #sayDrawing({ agent, points }: Extract<PointingFrame, { type: 'cobrowse.stroke' }>): void {
    const { elements, announce, words } = this.#options;
    const name = elements.spot(points.at(-1)?.node ?? null)?.name() ?? '';
    announce(name ? `${words.drawing(agent)}: ${name}` : words.drawing(agent));
  }

  /** Loaded with its first use. */
  #withMarks(use: (marks: Marks) => void): void {
    const { root, words, elements } = this.#options;
    this.#marks ??= import('./marks/index.ts').then(
      ({ openMarks }) => (this.#closed ? null : openMarks(root, words, (node) => elements.spot(node))),
      () => {
        // The network was away. The next use tries again.
        this.#marks = null;
        return null;
      },
    );
    void this.#marks.then((marks) => marks && !this.#closed && use(marks));
  }
}

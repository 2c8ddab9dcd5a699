/** What is drawn on the shopper's page besides pointer and outline; loaded at its first use. */
import type { PointingFrame } from '../../../server/protocol/pointing.ts';
import type { Spot } from '../spot.ts';
import { askForPlace } from './point-back.ts';
import { Strokes } from './strokes.ts';
import { MARKS_STYLE } from './style.ts';
import { showWay } from './way-there.ts';

export type MarksWords = {
  /** On the arrow at the window's edge. */
  scrollThere: string;
  /** While the next click says what the shopper means. */
  pointNow: string;
  cancel: string;
};

export type Marks = {
  draw(frame: Extract<PointingFrame, { type: 'cobrowse.stroke' }>, tint: string): void;
  /** Takes away what this agent has drawn. */
  wipe(by: string): void;
  /** Takes away what others than these have drawn. */
  keep(ids: readonly string[]): void;
  /** An arrow at the edge of the window that leads to an element; null takes it away. */
  wayTo(spot: Spot | null): void;
  /** The next click or tap is no click of the page: it says where. Again: not any more. */
  askForPlace(onPlace: (x: number, y: number) => void, onEnd: () => void): void;
  close(): void;
};

export function openMarks(root: ShadowRoot, words: MarksWords, spotAt: (node: number) => Spot | null): Marks {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(MARKS_STYLE);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const strokes = new Strokes(root, spotAt);
  let way: { close(): void } | null = null;
  let question: { close(): void } | null = null;
  return {
    draw: (frame, tint) => strokes.draw(frame, tint),
    wipe: (by) => strokes.wipe((other) => other === by),
    keep: (ids) => strokes.wipe((other) => !ids.includes(other)),
    wayTo(spot) {
      way?.close();
      way = spot && showWay(root, spot, words.scrollThere);
    },
    askForPlace(onPlace, onEnd) {
      if (question) {
        question.close();
        return;
      }
      question = askForPlace(root, words, onPlace, () => {
        question = null;
        onEnd();
      });
    },
    close() {
      strokes.close();
      way?.close();
      question?.close();
    },
  };
}

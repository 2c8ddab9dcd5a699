/**
 * What a page that is recorded and the pages inside its frames, where these are of other origins, say to each other over a
 * port of their own. Neither takes the other at its word: see `check-inner.ts` and `InnerPage`.
 */
import type { CursorPlace } from '../../../server/protocol/cobrowse-event.ts';
import type { Box } from '../boxes.ts';
import type { Guard } from '../readable.ts';

/** Between windows, before there is a port; `mostrador` is the shop's key. */
export type FrameWord = {
  mostrador: string;
  /**
   * `hello`: of a page in a frame, to those around it · `here`: the widget is in the page around · `who`: asks for a
   * `hello` · `record`: the shopper has said yes in the page around (`Invitation`).
   */
  word: 'hello' | 'here' | 'who' | 'record';
};

/** A page inside numbers its nodes in a range of its own, which the outermost page gives: so many numbers. */
export const RANGE = 2 ** 24;
/** With it goes a port. `first`: the range begins after this number. */
export type Invitation = FrameWord & { word: 'record'; first: number; maskText: boolean; queries: readonly string[] };

/** Where an element is, in the viewport of the page that says so. `seen`: not out of sight in a frame of that page. */
export type InnerBox = [node: number, box: (Box & { corner: string; seen: boolean }) | null];

/** What is asked of a page inside, and its answers. */
export type Question =
  /** Whether an element is what somebody took it for, and what it is called. */
  | { look: { node: number; guard: Guard } }
  /** What is at a place of its viewport. */
  | { at: { x: number; y: number } };
export type Seen = { fits: boolean; name: string };
export type PlaceInside = { node: number; fx: number; fy: number } | null;

export type Inward =
  /** Message `more` was taken: another one may come. */
  | { more: number }
  /** The whole page from nothing; what is on its way is void. */
  | { whole: true }
  | { ask: number; question: Question }
  /** Boxes of these elements, whenever they have changed, until other ones are named. */
  | { watch: number[] }
  | { bring: number }
  | { provide: { node: number | null; font: string | null } }
  | { still: true }
  | { range: number }
  | { stop: true };

export type Outward =
  /** Events as JSON, one message at a time. `whole`: the first one is the whole page. */
  | { n: number; whole: boolean; events: string }
  | { cursor: CursorPlace }
  | { answer: number; value: Seen | PlaceInside }
  | { boxes: InnerBox[] }
  | { tooLarge: true }
  | { still: true }
  /** A range for a page inside this one. */
  | { wants: 'range' }
  | { gone: true };

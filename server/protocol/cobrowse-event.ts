/**
 * What travels in `snapshot` and `events` frames: a JSON array of rrweb's events, narrowed to those that Mostrador
 * sends and without their time stamps (a shopper's clock is never trusted). Numbers are rrweb's own.
 */

import type { PageProduct } from './product.ts';
import type { Sheet } from './sheets.ts';

/** A changed style attribute: property → value, [value, priority], or false where it was taken away. */
export type StyleChange = Record<string, string | false | [string, string]>;
/** In an attribute change `null` removes. */
export type AttributeValue = string | number | boolean | null | StyleChange;
export type Attributes = Record<string, AttributeValue>;

type Place = { id: number; rootId?: number; isShadowHost?: boolean; isShadow?: boolean };

export type DocumentNode = Place & { type: 0; childNodes: TreeNode[]; compatMode?: string };
export type DoctypeNode = Place & { type: 1; name: string; publicId: string; systemId: string };
export type ElementNode = Place & {
  type: 2;
  tagName: string;
  attributes: Attributes;
  childNodes: TreeNode[];
  isSVG?: boolean;
  isCustom?: boolean;
};
export type TextNode = Place & { type: 3; textContent: string; isStyle?: boolean };
/** CDATA section (4) or comment (5): only their place is kept. */
export type EmptyNode = Place & { type: 4 | 5; textContent: string };
export type TreeNode = DocumentNode | DoctypeNode | ElementNode | TextNode | EmptyNode;

export type TreeChange = {
  source: 0;
  adds: { parentId: number; nextId: number | null; node: TreeNode }[];
  removes: { parentId: number; id: number; isShadow?: boolean }[];
  texts: { id: number; value: string | null }[];
  attributes: { id: number; attributes: Attributes }[];
  isAttachIframe?: boolean;
};
export type Click = { source: 2; type: 2; id: number; x: number; y: number };
export type Scroll = { source: 3; id: number; x: number; y: number };
export type Resize = { source: 4; width: number; height: number };
export type Input = { source: 5; id: number; text: string; isChecked: boolean };
export type MediaChange = {
  source: 7;
  type: number;
  id: number;
  currentTime?: number;
  volume?: number;
  muted?: boolean;
  loop?: boolean;
  playbackRate?: number;
};
export type AddedRule = { rule: string; index?: number | number[] };
export type RuleChange = {
  source: 8;
  id?: number;
  styleId?: number;
  adds?: AddedRule[];
  removes?: { index: number | number[] }[];
  replace?: string;
  replaceSync?: string;
};
export type DeclarationChange = {
  source: 13;
  id?: number;
  styleId?: number;
  index: number[];
  set?: { property: string; value: string | null; priority?: string };
  remove?: { property: string };
};
export type Selection = {
  source: 14;
  ranges: { start: number; startOffset: number; end: number; endOffset: number }[];
};
export type AdoptedSheets = {
  source: 15;
  id: number;
  styles?: { styleId: number; rules: AddedRule[] }[];
  styleIds: number[];
};

export type Change =
  | TreeChange
  | Click
  | Scroll
  | Resize
  | Input
  | MediaChange
  | RuleChange
  | DeclarationChange
  | Selection
  | AdoptedSheets;

/** What rrweb has no event for. */
export type Note =
  /** The address changed without a page load. */
  | { tag: 'page'; payload: { href: string } }
  /** The page is being left: the next one is a new epoch. */
  | { tag: 'leaving'; payload: null }
  /** The page is more than can be sent: there is no picture of it. */
  | { tag: 'too-large'; payload: null }
  | { tag: 'popover'; payload: { id: number; open: boolean } }
  /** The element that has the focus, where the browser shows that it has. */
  | { tag: 'focus'; payload: { id: number | null } }
  /** The field whose list or calendar the shopper's browser has open. */
  | { tag: 'picker'; payload: { id: number | null } }
  /** How far the shopper has zoomed in with two fingers, and what part of the viewport that leaves (CSS pixels). */
  | { tag: 'zoom'; payload: { scale: number; x: number; y: number } }
  /** The text of a stylesheet, once a session: elements refer to it by its hash (`SHEET_ATTRIBUTE`). */
  | { tag: 'sheet'; payload: Sheet }
  /** A small stand-in for what the agent's browser cannot load or draw; `width`, `height`: how large it is by itself. */
  | { tag: 'picture'; payload: { id: number; width: number; height: number; data: string } }
  /** A face of a font that the agent's browser may not load, by its `fontKey`. */
  | { tag: 'font'; payload: { key: string; data: string } }
  /** Whether the page changes so much that only every few seconds are shown. */
  | { tag: 'pace'; payload: { lively: boolean } }
  /** All products that the page shows now. */
  | { tag: 'products'; payload: { products: PageProduct[] } }
  /** Whether the shopper's browser asks pages to be dark. */
  | { tag: 'scheme'; payload: { dark: boolean } };

export type PageEvent =
  | { type: 2; data: { node: TreeNode; initialOffset: { left: number; top: number } } }
  | { type: 3; data: Change }
  /** Size of the viewport in CSS pixels. `scrollbar`: how much of it a scroll bar takes; 0 where bars lie over the page. */
  | { type: 4; data: { href: string; width: number; height: number; scrollbar?: number } }
  | { type: 5; data: Note };

/**
 * Where the mouse is: inside an element (`fx`, `fy` are fractions of its box) and, for a replay that does not know the
 * element, in the viewport (CSS pixels). `null`: it has left the page.
 */
export type CursorPlace = { x: number; y: number; node: number; fx: number; fy: number } | null;

import type { CursorPlace, PageEvent } from '../../../server/protocol/cobrowse-event.ts';
import { BLOCKED } from '../field.ts';
import { coverOf, isInside } from '../page-nodes.ts';
import { known } from '../record/known-nodes.ts';
import { rules } from '../rules.ts';
import { InnerPage } from './inner-page.ts';
import type { FrameWord, Invitation } from './words.ts';

/** A frame is asked for its page again not sooner than after this. */
const PAUSE = 250;
const PAGES_MAX = 20;
const ORIGINS_MAX = 50;
/** The mouse in a frame is told of this often at most. */
const CURSOR_EVERY = 8;

export type InnerPagesOptions = {
  /** Of the shop. */
  key: string;
  /** Whether the shop has pages of this origin. */
  allowed(origin: string): Promise<boolean>;
};

export type InnerPagesHandlers = {
  /** Whether events can go on now. */
  ready(): boolean;
  take(events: PageEvent[]): void;
  cursor(place: CursorPlace): void;
  /** A range of node numbers. */
  range(): number | Promise<number>;
  /** A frame is a box again. */
  box(frame: Element): void;
};

/**
 * The frames of other origins in a page that is recorded, and the pages inside them that have our script tag. Who answers is
 * asked again by name: its origin has to be one of the shop's, and the port goes to that origin alone.
 */
export class InnerPages {
  readonly #options: InnerPagesOptions;
  readonly #handlers: InnerPagesHandlers;
  readonly #frames = new Set<HTMLIFrameElement>();
  readonly #pages = new Map<HTMLIFrameElement, InnerPage>();
  /** Frames that were asked a moment ago; whether they have said something since. */
  readonly #resting = new Map<HTMLIFrameElement, boolean>();
  /** Frames that stay boxes until they load something else. */
  readonly #barred = new WeakSet<HTMLIFrameElement>();
  readonly #origins = new Map<string, Promise<boolean>>();
  readonly #over = new AbortController();
  /** In whose frame the mouse is. */
  #entered: InnerPage | null = null;
  #place: { place: CursorPlace } | null = null;
  #cursorTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: InnerPagesOptions, handlers: InnerPagesHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    const { signal } = this.#over;
    window.addEventListener('message', (event) => this.#hear(event), { signal });
    window.addEventListener('pointermove', () => (this.#entered = null), { signal, capture: true, passive: true });
  }

  /** A frame was written as a box. */
  look(frame: HTMLIFrameElement): void {
    for (const old of this.#frames) if (old !== frame && !known.has(old)) this.#forget(old);
    this.#frames.add(frame);
    const page = this.#pages.get(frame);
    if (!page) void this.#ask(frame);
    else if (mayBeSeen(frame)) page.anew();
    else this.#forget(frame);
  }

  /** A frame has loaded something; whether there is a page of it, which is asked whether it is still there. */
  stays(frame: HTMLIFrameElement): boolean {
    this.#barred.delete(frame);
    const page = this.#pages.get(frame);
    page?.loaded();
    return page !== undefined;
  }

  /** The wire has room. */
  room(): void {
    for (const page of this.#pages.values()) page.room();
  }

  /** A font, or a picture, that a console lacks. */
  provide(what: { node: number | null; font: string | null }): void {
    for (const page of this.#pages.values()) if (what.node === null || page.owns(what.node)) page.provide(what);
  }

  /** The page that a node is of; null where it is one of the page around. */
  pageOf(node: number): InnerPage | null {
    for (const page of this.#pages.values()) if (page.owns(node)) return page;
    return null;
  }

  /** The page inside a frame. */
  inside(frame: Element): InnerPage | null {
    return this.#pages.get(frame as HTMLIFrameElement) ?? null;
  }

  close(): void {
    this.#over.abort();
    clearTimeout(this.#cursorTimer);
    for (const page of this.#pages.values()) page.close();
    this.#pages.clear();
    this.#frames.clear();
  }

  #forget(frame: HTMLIFrameElement): void {
    this.#pages.get(frame)?.close();
    this.#pages.delete(frame);
    if (!known.has(frame)) this.#frames.delete(frame);
  }

  /** Pages of the shop that were there before. That somebody looks is nobody else's business. */
  async #ask(frame: HTMLIFrameElement): Promise<void> {
    if (!this.#mayBeAsked(frame)) return;
    const address = frame.getAttribute('src') ?? '';
    const { protocol, origin } = new URL(URL.canParse(address, frame.baseURI) ? address : 'about:', frame.baseURI);
    // What came from its own origin, or from nowhere, was led or sent somewhere else.
    const led = !/^https?:/.test(protocol) || origin === location.origin;
    if ((!led && !(await this.#allowed(origin))) || !this.#mayBeAsked(frame)) return;
    const word: FrameWord = { mostrador: this.#options.key, word: 'who' };
    frame.contentWindow?.postMessage(word, { targetOrigin: '*' });
  }

  #mayBeAsked(frame: HTMLIFrameElement): boolean {
    return !this.#over.signal.aborted && known.has(frame) && mayBeSeen(frame) && !this.#barred.has(frame);
  }

  #hear({ data, source, origin }: MessageEvent<Partial<FrameWord> | null>): void {
    if (data?.mostrador !== this.#options.key || data.word !== 'hello' || !source) return;
    for (const frame of this.#frames) {
      if (frame.contentWindow !== source || !known.has(frame)) continue;
      if (this.#resting.has(frame)) this.#resting.set(frame, true);
      else void this.#invite(frame, source, origin);
    }
  }

  async #invite(frame: HTMLIFrameElement, to: Window, origin: string): Promise<void> {
    this.#rest(frame);
    const here = () => frame.contentWindow === to && this.#mayBeAsked(frame);
    if (!here() || !(await this.#allowed(origin)) || !here()) return;
    if (this.#pages.size >= PAGES_MAX && !this.#pages.has(frame)) return;
    const first = await this.#handlers.range();
    if (!here()) return;
    this.#forget(frame);
    const { port1, port2 } = new MessageChannel();
    const page = new InnerPage(frame, port1, first, {
      ready: () => this.#handlers.ready(),
      take: (events) => this.#handlers.take(events),
      cursor: (place) => this.#cursor(page, place),
      range: async () => await this.#handlers.range(),
      onGone: (why) => this.#gone(page, why),
    });
    this.#pages.set(frame, page);
    const word = { mostrador: this.#options.key, word: 'record', first, ...rules } satisfies Invitation;
    to.postMessage(word, { targetOrigin: origin, transfer: [port2] });
  }

  /** A frame that says hello again and again is not listened to all the time. */
  #rest(frame: HTMLIFrameElement): void {
    this.#resting.set(frame, false);
    setTimeout(() => {
      const again = this.#resting.get(frame);
      this.#resting.delete(frame);
      if (!again || !known.has(frame)) return;
      const page = this.#pages.get(frame);
      if (page) page.loaded();
      else void this.#ask(frame);
    }, PAUSE);
  }

  #gone(page: InnerPage, why: 'gone' | 'barred'): void {
    if (this.#pages.get(page.frame) !== page) return;
    if (why === 'barred') this.#barred.add(page.frame);
    this.#pages.delete(page.frame);
    // What it shows now is asked when that is written.
    this.#handlers.box(page.frame);
  }

  #allowed(origin: string): Promise<boolean> {
    const known = this.#origins.get(origin);
    if (known) return known;
    if (!/^https?:/.test(origin) || this.#origins.size >= ORIGINS_MAX) return Promise.resolve(false);
    const asked = this.#options.allowed(origin).catch(() => {
      // The network was away.
      this.#origins.delete(origin);
      return false;
    });
    this.#origins.set(origin, asked);
    return asked;
  }

  #cursor(page: InnerPage, place: CursorPlace): void {
    // It has left a frame; where it is now, the page around says.
    if (!place && this.#entered !== page) return;
    this.#entered = page;
    this.#place = { place };
    this.#cursorTimer ??= setTimeout(() => {
      this.#cursorTimer = undefined;
      if (this.#place && this.#entered) this.#handlers.cursor(this.#place.place);
      this.#place = null;
    }, CURSOR_EVERY);
  }
}

/** What is masked or blocked here stays a box, whatever is inside. */
function mayBeSeen(frame: Element): boolean {
  return !isInside(frame, BLOCKED) && coverOf(frame) !== 'masked';
}

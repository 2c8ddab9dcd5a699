import type { PageEvent } from '../../server/protocol/cobrowse-event.ts';
import { afterTask } from './compress.ts';
import { AdoptedSheetsRecorder } from './record/adopted-sheets.ts';
import { known } from './record/known-nodes.ts';
import type { Pictures } from './record/pictures.ts';
import { PageState } from './record/page-state.ts';
import { watchSheets } from './record/sheet-changes.ts';
import { SheetTexts, absoluteAddresses, type SheetsBefore } from './record/sheet-text.ts';
import { Slice } from './record/slice.ts';
import { TreeRecorder } from './record/tree-recorder.ts';
import { innerDocument } from './record/write-attributes.ts';

/** Work in one go, in milliseconds: less than half a frame. */
const SLICE = 7;
/** The whole page is taken once, and somebody waits for it. */
const WHOLE_SLICE = 14;
/** The page rests this many times as long as it was worked on, so that the shop keeps its browser. */
const REST = 3;
/** More than this, and a page is not worth drawing. */
const NODES_MAX = 100_000;
/** A page that has changed without a pause this long is shown now and then. */
const LIVELY_AFTER = 2_000;
const LIVELY_PAUSE = 1_200;
/** What takes longer to be written than this is overtaken by the page again and again. */
const OVERTAKEN_AFTER = 400;
/** Of a page that overtakes, or has had a rest, more is done at a time: half of a task that is felt. */
const LONG_SLICE = 24;
/** A state that is not whole is kept back this long. */
const KEPT_BACK = 3_000;
/** A page that changes while its first picture is taken is given up being complete after this time. */
const SNAPSHOT_MAX = 4_000;
const POLL = 300;

export type RecorderHandlers = {
  /** Whether all that is seen of the page was written: then that is reported first. Absent: the page is reported whole. */
  isViewKnown?(): boolean;
  /** What an event may say; null: nothing. */
  clean(event: PageEvent): PageEvent | null;
  /** CSS text as it may leave. */
  cleanCss(css: string): string;
  sheetsBefore?: SheetsBefore;
  /** What a stylesheet that is read behind the picture mentions. */
  learn?(mentions: string): void;
  /** The page as events from nothing. The first time perhaps what is in view; the rest comes by `onEvent`. */
  onSnapshot(events: PageEvent[]): void;
  onEvent(event: PageEvent): void;
  /** What was reported is a whole state of the page, or one again. */
  onWhole(): void;
  /** A frame of which nothing is seen from here was written: it is a box. */
  onBox?(frame: HTMLIFrameElement): void;
  /** Such a frame has loaded something; whether it stays as it is. */
  stays?(frame: HTMLIFrameElement): boolean;
};

export type PageRecorder = {
  /** What was reported is a state that the page never had; the rest follows. Not for long, whatever the page does. */
  readonly halfWritten: boolean;
  /** Gathers changes of the page instead of reporting each, until `thaw`. */
  freeze(): void;
  /** Reports what was gathered; as much as there is time for before it returns. */
  thaw(): void;
  /** Reports the whole page, in a while. Nothing else is reported until then. */
  snapshot(): void;
  /** What was reported up to now is void: a snapshot is being taken. */
  readonly writesWhole: boolean;
  /** Reports an element anew, with what is inside it. */
  rewrite(element: Element): void;
  /** Reports a stand-in for a picture, or a font, that a console lacks. */
  provide(node: number | null, font: string | null): void;
  /** Undoes everything that recording has put into the page. Nothing is reported any more. */
  stop(): void;
};

/** Starts with a snapshot, when the document is parsed. */
export function recordPage(handlers: RecorderHandlers): PageRecorder {
  const recorder = new Recorder(handlers);
  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', () => recorder.snapshot(), { once: true });
  } else {
    recorder.snapshot();
  }
  return recorder;
}

/** Numbers of live nodes; they mean something while a recorder runs. */
export const nodeMirror = {
  getNode: (id: number): Node | null => known.getNode(id),
  getId: (node: Node | null): number => known.getId(node),
};

/** A page that is taken from nothing. `events`: of what is not reported yet · `since`: by `performance.now()`. */
type Whole = { events: PageEvent[]; since: number };

class Recorder implements PageRecorder {
  readonly #handlers: RecorderHandlers;
  readonly #sheets: SheetTexts;
  readonly #adopted: AdoptedSheetsRecorder;
  readonly #tree: TreeRecorder;
  readonly #state: PageState;
  readonly #undo = new Set<() => void>();
  readonly #rewrites = new Set<Node>();
  readonly #poll = setInterval(() => this.#look(), POLL);
  #whole: Whole | null = null;
  /** What is in view was reported, and what is not is being written. */
  #growing: Whole | null = null;
  /** The next slice of it has its turn soon. */
  #grows = false;
  /** What is reported is reported whole. */
  #reported: boolean;
  #pictures: Promise<Pictures | null> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frozen = false;
  #frozenAt = 0;
  #rested = false;
  #stopped = false;
  #restUntil = 0;
  #busySince = 0;
  #heavyAt = -Infinity;
  /** Since when what was reported is no whole state. */
  #halfSince: number | null = null;
  #lively = false;
  #tooLarge = false;

  constructor(handlers: RecorderHandlers) {
    this.#handlers = handlers;
    this.#reported = !handlers.isViewKnown;
    const clean = (css: string, base: string) => handlers.cleanCss(absoluteAddresses(css, base));
    this.#sheets = new SheetTexts(clean, handlers.sheetsBefore, (mentions) => handlers.learn?.(mentions));
    this.#adopted = new AdoptedSheetsRecorder(this.#sheets);
    this.#state = new PageState({
      tell: (event) => this.#tell(event),
      touch: (element, attribute) => this.#tree.touch(element, attribute),
      onLoad: (element) => this.#onLoad(element),
    });
    this.#tree = new TreeRecorder({
      sheets: {
        sheetText: (sheet) => this.#sheets.text(sheet),
        sheetHash: (sheet) => this.#sheets.hashBefore(sheet),
      },
      onElement: (element) => {
        this.#state.note(element, this.#whole !== null || this.#growing !== null);
        if (element.localName === 'iframe' && !innerDocument(element as HTMLIFrameElement))
          handlers.onBox?.(element as HTMLIFrameElement);
        if (element.localName === 'canvas')
          void this.#withPictures((pictures) => pictures.canvas(element as HTMLCanvasElement));
      },
      onRoot: (root) => this.#onRoot(root),
      onChange: () => this.#onChange(),
    });
  }

  get halfWritten(): boolean {
    return this.#growing !== null || (this.#halfSince !== null && performance.now() - this.#halfSince < KEPT_BACK);
  }

  get writesWhole(): boolean {
    return this.#whole !== null;
  }

  rewrite(element: Element): void {
    if (!this.#stopped) this.#tree.rewrite(element);
  }

  snapshot(): void {
    if (this.#stopped || this.#whole) return;
    this.#halfSince = null;
    this.#growing = null;
    this.#whole = { events: [], since: performance.now() };
    this.#adopted.begin();
    this.#goOnWithWhole();
  }

  freeze(): void {
    if (!this.#frozen) this.#frozenAt = performance.now();
    this.#frozen = true;
  }

  thaw(): void {
    if (!this.#frozen) return;
    this.#frozen = false;
    // While the wire was full the page had its rest: that it has changes is not that it is lively.
    this.#busySince = 0;
    this.#rested = true;
    if (this.#growing) {
      // It was the wire that took so long.
      this.#growing.since += performance.now() - this.#frozenAt;
      this.#goOnGrowing();
    } else if (!this.#whole && performance.now() >= this.#restUntil) this.#takeChanges();
    else this.#onChange();
  }

  provide(node: number | null, font: string | null): void {
    void this.#withPictures((pictures) => {
      if (node !== null) pictures.image(known.getNode(node));
      if (font !== null) pictures.font(font);
    });
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    void this.#pictures?.then((pictures) => pictures?.close());
    clearTimeout(this.#timer);
    clearInterval(this.#poll);
    this.#state.stop();
    this.#tree.stop();
    for (const undo of this.#undo) undo();
    this.#undo.clear();
  }

  async #withPictures(act: (pictures: Pictures) => void): Promise<void> {
    this.#pictures ??= import('./record/pictures.ts').then(
      (chunk) => new chunk.Pictures((data) => this.#tell({ type: 5, data })),
      // It could not be loaded: the page is shown without.
      () => null,
    );
    const pictures = await this.#pictures;
    if (pictures && !this.#stopped) act(pictures);
  }

  /** In the microtask of a change, unless the page has to rest. */
  #onChange(): void {
    if (this.#stopped || this.#frozen || this.#whole || this.#growing || this.#timer !== undefined) return;
    const rest = this.#restUntil - performance.now();
    if (rest > 0) this.#next(rest);
    else this.#takeChanges();
  }

  #next(after: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (!this.#stopped && !this.#whole && !this.#growing && !this.#frozen) this.#takeChanges();
    }, after);
  }

  /** Nobody is hindered: what waits in the page has its turn between two slices. */
  #goOnWithWhole(): void {
    const whole = this.#whole;
    afterTask(() => {
      if (!this.#stopped && whole && whole === this.#whole) this.#takeWhole(whole);
    });
  }

  /** One slice of the whole page: its stylesheets first, they say what else may be told. */
  #takeWhole(whole: Whole): void {
    const slice = new Slice(this.#reported ? WHOLE_SLICE : SLICE);
    const { events } = whole;
    let done = false;
    if (events.length > 0 || this.#readSheets(slice)) {
      if (events.length === 0) {
        const node = this.#tree.begin(slice);
        const initialOffset = { left: scrollX, top: scrollY };
        if (node.type === 0) this.#keep(events, { type: 2, data: { node, initialOffset } });
      } else {
        for (const data of this.#tree.take(slice)) this.#keep(events, { type: 3, data });
      }
      done = this.#isTaken(slice, whole);
      if (!done && known.size > NODES_MAX) {
        this.#giveUp();
        return;
      }
    }
    const grows =
      !done &&
      !this.#reported &&
      events.length > 0 &&
      this.#areSheetsRead(slice) &&
      this.#handlers.isViewKnown?.() === true;
    if (!done && !grows) {
      this.#goOnWithWhole();
      return;
    }
    for (const data of this.#adopted.take()) this.#keep(events, { type: 3, data });
    for (const event of this.#state.take(grows)) this.#keep(events, event);
    this.#whole = null;
    this.#reported = true;
    this.#tooLarge = false;
    this.#growing = grows ? whole : null;
    this.#handlers.onSnapshot(events);
    if (grows) this.#goOnGrowing();
    else this.#endWhole();
  }

  /** What is in view goes first: while the wire is full, the rest waits. */
  #goOnGrowing(): void {
    if (this.#grows) return;
    this.#grows = true;
    afterTask(() => {
      this.#grows = false;
      if (!this.#stopped && !this.#frozen && this.#growing) this.#grow(this.#growing);
    });
  }

  /** One slice of what was not in view. */
  #grow(whole: Whole): void {
    const slice = new Slice(WHOLE_SLICE);
    for (const data of this.#tree.take(slice)) this.#tell({ type: 3, data });
    if (known.size > NODES_MAX) {
      this.#giveUp();
      return;
    }
    if (!this.#isTaken(slice, whole)) {
      this.#goOnGrowing();
      return;
    }
    this.#growing = null;
    for (const data of this.#adopted.take()) this.#tell({ type: 3, data });
    for (const event of this.#state.take()) this.#tell(event);
    // What was in view may not have been as high as that.
    this.#state.tellScroll(document);
    this.#endWhole();
  }

  /** Whether nothing of it is missing; or its time is over. */
  #isTaken(slice: Slice, { since }: Whole): boolean {
    if (performance.now() - since > SNAPSHOT_MAX) return true;
    return !this.#tree.dirty && this.#areSheetsRead(slice);
  }

  /** False too where one has just been: what it is of is to be written anew. */
  #areSheetsRead(slice: Slice): boolean {
    let news = false;
    const onSheet = (sheet: CSSStyleSheet) => {
      news = true;
      this.#onSheet(sheet);
    };
    return this.#sheets.read(slice, onSheet, true) && !news;
  }

  #endWhole(): void {
    this.#state.tellStanding();
    this.#handlers.onWhole();
    if (this.#tree.dirty) this.#next(SLICE);
  }

  #readSheets(slice: Slice): boolean {
    for (const sheet of document.styleSheets) this.#sheets.text(sheet);
    return this.#sheets.read(slice, () => undefined, true);
  }

  #keep(events: PageEvent[], event: PageEvent): void {
    const clean = this.#handlers.clean(event);
    if (clean) events.push(clean);
  }

  #takeChanges(): void {
    if (this.#tooLarge) return;
    const began = performance.now();
    const overtaken = this.#halfSince !== null && began - this.#halfSince > OVERTAKEN_AFTER;
    const slice = new Slice(overtaken || this.#lively || this.#rested ? LONG_SLICE : SLICE);
    this.#rested = false;
    if (!this.#sheets.read(slice, (sheet) => this.#onSheet(sheet))) this.#next(REST * SLICE);
    const changes = this.#tree.take(slice);
    for (const data of changes) this.#tell({ type: 3, data });
    if (!this.#tree.dirty) for (const event of this.#state.take()) this.#tell(event);
    for (const data of this.#adopted.take()) this.#tell({ type: 3, data });
    const now = performance.now();
    const spent = now - began;
    if (known.size > NODES_MAX) {
      this.#giveUp();
      return;
    }
    this.#watchPace(now, spent);
    const { dirty } = this.#tree;
    // Half a state is of no use: while it is, the rest does not wait for the pause of a lively page.
    const rest = overtaken || (this.#lively && dirty) ? spent : spent > 2 ? spent * REST : 0;
    this.#restUntil = now + (this.#lively && !dirty ? LIVELY_PAUSE : rest);
    if (dirty) {
      this.#halfSince ??= began;
      this.#next(this.#restUntil - now);
    } else if (this.#halfSince !== null) {
      this.#halfSince = null;
      this.#handlers.onWhole();
    }
  }

  /** Says in the open when the page changes faster than it may be followed. */
  #watchPace(now: number, spent: number): void {
    if (this.#tree.dirty || spent > (this.#lively ? SLICE : 2)) {
      if (now - this.#heavyAt > LIVELY_PAUSE) this.#busySince = now;
      this.#heavyAt = now;
    }
    const lively = this.#lively
      ? now - this.#heavyAt < LIVELY_PAUSE + POLL
      : this.#heavyAt === now && now - this.#busySince > LIVELY_AFTER;
    if (lively === this.#lively) return;
    this.#lively = lively;
    this.#tell({ type: 5, data: { tag: 'pace', payload: { lively } } });
  }

  /** The page is too large: that is said, and it is looked at again in a while. */
  #giveUp(): void {
    this.#whole = null;
    this.#growing = null;
    this.#tree.forget();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#tooLarge) return;
    this.#tooLarge = true;
    this.#handlers.onSnapshot([{ type: 5, data: { tag: 'too-large', payload: null } }]);
  }

  #tell(event: PageEvent): void {
    if (this.#stopped || this.#whole || this.#tooLarge) return;
    const clean = this.#handlers.clean(event);
    if (clean) this.#handlers.onEvent(clean);
  }

  #onRoot(root: Document | ShadowRoot): void {
    this.#state.watch(root);
    this.#adopted.watch(root);
    const view = root.nodeType === 9 ? (root as Document).defaultView : null;
    if (!view) return;
    const handlers = {
      onSheet: (sheet: CSSStyleSheet) => this.#onChangedSheet(sheet),
      onShadow: (host: Element) => this.#tree.look(host),
    };
    this.#undo.add(watchSheets(view, handlers));
  }

  #onChangedSheet(sheet: CSSStyleSheet): void {
    if (this.#stopped) return;
    this.#sheets.forget(sheet);
    if (this.#adopted.change(sheet)) queueMicrotask(() => this.#onChange());
    else this.#onSheet(sheet);
  }

  /** Its text is there, or another one. A script that adds rule after rule is waited for. */
  #onSheet(sheet: CSSStyleSheet): void {
    const owner = sheet.ownerNode;
    if (!owner || !known.has(owner)) return;
    this.#rewrites.add(owner);
    if (this.#rewrites.size > 1) return;
    queueMicrotask(() => {
      for (const each of this.#rewrites) this.#tree.rewrite(each);
      this.#rewrites.clear();
    });
  }

  #onLoad(element: Element): void {
    if (element.localName === 'link') this.#tree.rewrite(element);
    else if (element.localName === 'iframe') {
      const frame = element as HTMLIFrameElement;
      if (innerDocument(frame) || !this.#handlers.stays?.(frame)) this.#tree.look(frame);
    }
  }

  /** What no event tells. */
  #look(): void {
    if (this.#stopped || this.#whole) return;
    if (this.#tooLarge) {
      if (document.getElementsByTagName('*').length < NODES_MAX / 2) this.snapshot();
      return;
    }
    if (this.#frozen || this.#growing) return;
    this.#state.poll();
    this.#onChange();
  }
}

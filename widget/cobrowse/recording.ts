import type { PageEvent } from '../../server/protocol/cobrowse-event.ts';
import { FrameSender } from './frame-sender.ts';
import type { KnownSheets } from './known-sheets.ts';
import type { LeftFrame } from './left.ts';
import { isViewKnown } from './record/view-known.ts';
import { PageNodes } from './page-nodes.ts';
import { nodeMirror, recordPage, type PageRecorder } from './page-recorder.ts';
import { Pending } from './pending.ts';
import { LaterInnerPages } from './inner/later.ts';
import type { InnerPages, InnerPagesOptions } from './inner/inner-pages.ts';
import { nextRange } from './inner/range.ts';
import { watchPrivacy } from './rules.ts';
import { sanitize } from './sanitize.ts';
import { watchCursor } from './cursor.ts';
import { scrubCss } from './address.ts';
import type { ProductWatch } from './products/index.ts';

/** How often the server is told how far behind the picture is. */
const BEAT_EVERY = 500;
/** Waiting longer than this for an acknowledgement, the recorder stops and begins anew afterwards. */
const STALLED_AFTER = 10_000;
/** Reasons for a new picture that may come in bursts are gathered this long. */
const SNAPSHOT_PAUSE = 1_000;
/** The products of a page are looked for when its picture is on its way. */
const PRODUCTS_AFTER = 150;

export type RecordingOptions = {
  epoch: number;
  sheets: KnownSheets;
  send: (frame: Uint8Array<ArrayBuffer>) => void;
  onLeft?: (frame: LeftFrame) => void;
  /** Elements that are not part of the picture. They must match the block selector. */
  own: readonly Element[];
  /** Width of a scroll bar that takes room, in CSS pixels. */
  scrollbar: number;
  /** For pages inside frames of other origins; null: such frames are boxes. */
  inner: InnerPagesOptions | null;
};

/**
 * The page as a stream of frames. While the wire keeps up, every change leaves in the microtask of its happening; when
 * too much is unacknowledged the page is frozen and its changes become one, so the picture may skip but never lags behind.
 */
export class Recording {
  readonly #sender: FrameSender;
  readonly #sheets: KnownSheets;
  readonly #pending = new Pending();
  readonly #nodes: PageNodes;
  readonly #leave = new AbortController();
  readonly #cursor;
  readonly #privacy: MutationObserver;
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #scrollbar: number;
  readonly #inner: LaterInnerPages;
  #recorder: PageRecorder | null = null;
  #products: Promise<ProductWatch | null> | null = null;
  #href = '';
  #wantsSnapshot = false;
  /** A picture of this page has been given away. */
  #reported = false;
  /** Its products are to be told with the whole page. */
  #productsDue = false;
  #scheduled = false;
  /** Nothing more is recorded of this page. */
  #gaveUp = false;
  /** Since when changes are gathered instead of being sent. */
  #waitingSince: number | null = null;
  readonly #beats: ReturnType<typeof setInterval>;
  #stallTimer: ReturnType<typeof setTimeout> | undefined;
  #snapshotTimer: ReturnType<typeof setTimeout> | undefined;
  #productsTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor({ epoch, sheets, send, onLeft, own, scrollbar, inner }: RecordingOptions) {
    this.#scrollbar = scrollbar;
    this.#sheets = sheets;
    this.#sender = new FrameSender(epoch, sheets, {
      send,
      onRoom: () => this.#onRoom(),
      onProgress: () => {
        this.#restartStallTimer();
        this.#cursor.retry();
      },
      onTooLarge: () => this.#tooLarge(),
      ...(onLeft && { onLeft }),
    });
    this.#nodes = new PageNodes(nodeMirror, own);
    this.#cursor = watchCursor(nodeMirror.getId, (place) => this.#sender.cursor(place));
    this.#inner = new LaterInnerPages(inner, {
      ready: () => this.#recorder !== null && !this.#recorder.writesWhole && !this.#sender.full && !this.#wantsSnapshot,
      take: (events) => {
        for (const event of events) this.#pending.add(event);
        this.#schedule();
      },
      cursor: (place) => this.#sender.cursor(place),
      range: nextRange,
      box: (frame) => this.#recorder?.rewrite(frame),
    });
    this.#beats = setInterval(() => this.#sender.beat(this.#waitingSince), BEAT_EVERY);
    const { signal } = this.#leave;
    window.addEventListener('pagehide', () => this.#sendNow({ type: 5, data: { tag: 'leaving', payload: null } }), {
      signal,
    });
    window.addEventListener('pageshow', (event) => event.persisted && this.#tellAddress(), { signal });
    this.#dark.addEventListener('change', () => this.#tell(this.#scheme()), { signal });
    this.#privacy = watchPrivacy(() => this.#snapshotSoon());
    whenIdle(() => this.#start());
  }

  acknowledge({ epoch, seq, bytes, beat }: { epoch: number; seq: number; bytes?: number; beat?: number }): void {
    if (epoch === this.#sender.epoch) this.#sender.acknowledge(seq, bytes, beat);
  }

  /** Somebody needs the whole page. Several wishes at once are one snapshot, unless what is on its way is of no use. */
  requestSnapshot({ anew, forget = [] }: { anew?: true; forget?: 'all' | readonly string[] } = {}): void {
    if (this.#closed) return;
    this.#sheets.forget(forget);
    if (anew || !this.#sender.snapshotUnderWay) this.#takeSnapshot();
  }

  /** A console lacks a picture or a font. */
  provide(node: number | null, font: string | null): void {
    this.#recorder?.provide(node, font);
    this.#inner.pages?.provide({ node, font });
  }

  /** Pages inside frames of other origins; null as long as there are none. */
  get inner(): InnerPages | null {
    return this.#inner.pages;
  }

  /** The socket is back: again what may have been lost, or a new picture after a long time. */
  resume(): void {
    if (this.#closed) return;
    this.#sender.resend();
    if (this.#recorder) this.#restartStallTimer();
    else this.#start();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#sender.close();
    this.#leave.abort();
    this.#privacy.disconnect();
    this.#cursor.close();
    this.#inner.close();
    void this.#products?.then((products) => products?.close());
    clearTimeout(this.#snapshotTimer);
    clearTimeout(this.#productsTimer);
    clearInterval(this.#beats);
    this.#halt();
  }

  #start(): void {
    if (this.#closed || this.#recorder || this.#gaveUp) return;
    this.#wantsSnapshot = false;
    this.#recorder = recordPage({
      ...(!this.#reported && { isViewKnown }),
      clean: (event) => sanitize(event, this.#nodes),
      cleanCss: (css) => {
        this.#nodes.lexicon.learn(css);
        return scrubCss(css, document.baseURI);
      },
      sheetsBefore: this.#sheets,
      learn: (mentions) => this.#nodes.lexicon.learn(mentions),
      onSnapshot: (events) => this.#onSnapshot(events),
      onEvent: (event) => this.#onEvent(event),
      onWhole: () => this.#onWhole(),
      onBox: (frame) => this.#inner.look(frame),
      stays: (frame) => this.#inner.pages?.stays(frame) ?? false,
    });
    this.#hold();
  }

  #halt(): void {
    clearTimeout(this.#stallTimer);
    this.#stallTimer = undefined;
    this.#recorder?.stop();
    this.#recorder = null;
    this.#pending.clear();
  }

  #onSnapshot(events: PageEvent[]): void {
    if (this.#closed) return;
    this.#reported = true;
    // What waited is part of it.
    this.#pending.clear();
    this.#nodes.lexicon.takeFresh();
    this.#href = location.href;
    const whole = [...this.#clean([this.#meta(), this.#scheme()]), ...events];
    this.#sender.snapshot(whole);
    this.#productsDue = true;
    this.#waitingSince = null;
    this.#restartStallTimer();
    this.#hold();
    this.#inner.pages?.room();
  }

  #onWhole(): void {
    this.#schedule();
    if (!this.#productsDue) return;
    this.#productsDue = false;
    // The picture first.
    this.#productsTimer ??= setTimeout(() => {
      this.#productsTimer = undefined;
      this.#tellProducts();
    }, PRODUCTS_AFTER);
  }

  /** Sanitized already. */
  #onEvent(event: PageEvent): void {
    if (this.#closed) return;
    if (this.#nodes.lexicon.takeFresh().some((name) => document.querySelector(`[${name}]`))) this.#snapshotSoon();
    this.#pending.add(event);
    this.#schedule();
  }

  #clean(events: PageEvent[]): PageEvent[] {
    return events.flatMap((event) => sanitize(event, this.#nodes) ?? []);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#closed || !this.#recorder) return;
    if (this.#pending.overflown && (this.#sender.full || this.#recorder.halfWritten)) {
      this.#pending.clear();
      this.#wantsSnapshot = true;
    }
    if (!this.#sender.full) {
      if (this.#wantsSnapshot) {
        this.#takeSnapshot();
        return;
      }
      if (location.href !== this.#href) this.#tellAddress();
      // From one whole state to the next: until then only what does not depend on the tree.
      const { halfWritten } = this.#recorder;
      const events = halfWritten ? this.#pending.takeApart(nodeMirror.getId(document)) : this.#pending.take();
      if (events.length > 0) this.#sender.events(events, (!halfWritten && this.#waitingSince) || undefined);
      if (!halfWritten) this.#waitingSince = null;
      else this.#waitingSince ??= performance.now();
      this.#inner.pages?.room();
    }
    this.#hold();
  }

  /** Freezes the page while the wire is full. */
  #hold(): void {
    if (!this.#sender.full || !this.#recorder) return;
    this.#recorder.freeze();
    this.#waitingSince ??= performance.now();
    this.#stallTimer ??= setTimeout(() => this.#halt(), STALLED_AFTER);
  }

  #onRoom(): void {
    if (this.#closed) return;
    clearTimeout(this.#stallTimer);
    if (!this.#recorder) {
      this.#start();
      return;
    }
    this.#recorder.thaw();
    this.#stallTimer = undefined;
    this.#flush();
    this.#cursor.retry();
  }

  /** Said in the open: the picture is that there is none, until the next page. */
  #tooLarge(): void {
    if (this.#gaveUp || this.#closed) return;
    this.#gaveUp = true;
    this.#halt();
    const note: PageEvent = { type: 5, data: { tag: 'too-large', payload: null } };
    this.#sender.snapshot(this.#clean([this.#meta(), note]));
  }

  #restartStallTimer(): void {
    if (this.#stallTimer === undefined) return;
    clearTimeout(this.#stallTimer);
    this.#stallTimer = undefined;
    this.#hold();
  }

  #takeSnapshot(): void {
    this.#wantsSnapshot = false;
    this.#pending.clear();
    if (!this.#recorder) {
      this.#start();
      return;
    }
    this.#recorder.snapshot();
  }

  #snapshotSoon(): void {
    if (this.#closed) return;
    this.#snapshotTimer ??= setTimeout(() => {
      this.#snapshotTimer = undefined;
      this.#wantsSnapshot = true;
      this.#flush();
    }, SNAPSHOT_PAUSE);
  }

  #sendNow(event: PageEvent): void {
    if (this.#closed || !this.#recorder) return;
    this.#pending.clear();
    this.#sender.events([event]);
  }

  /** The list goes with each whole page. Where its code cannot be loaded, the page is looked at without it. */
  #tellProducts(): void {
    const known = this.#products;
    this.#products ??= import('./products/index.ts').then(
      ({ watchProducts }) =>
        this.#closed
          ? null
          : watchProducts({
              idOf: (element) => nodeMirror.getId(element),
              tell: (products) => this.#tell({ type: 5, data: { tag: 'products', payload: { products } } }),
            }),
      () => null,
    );
    void known?.then((products) => products?.tellAgain());
  }

  #tellAddress(): void {
    this.#href = location.href;
    this.#tell({ type: 5, data: { tag: 'page', payload: { href: this.#href } } });
  }

  #meta(): PageEvent {
    const { innerWidth: width, innerHeight: height } = window;
    return { type: 4, data: { href: location.href, width, height, scrollbar: this.#scrollbar } };
  }

  #scheme(): PageEvent {
    return { type: 5, data: { tag: 'scheme', payload: { dark: this.#dark.matches } } };
  }

  #tell(note: PageEvent): void {
    for (const event of this.#clean([note])) this.#pending.add(event);
    this.#schedule();
  }
}

/** Somebody waits for it: a page that is never idle is not waited for longer than a frame. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 16 });
  else setTimeout(work);
}

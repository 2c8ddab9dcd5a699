import type { PageEvent } from '../../../server/protocol/cobrowse-event.ts';
import { scrubCss } from '../address.ts';
import { watchCursor } from '../cursor.ts';
import { PageElements } from '../page-elements.ts';
import { PageNodes } from '../page-nodes.ts';
import { nodeMirror, recordPage, type PageRecorder } from '../page-recorder.ts';
import { Pending } from '../pending.ts';
import { known } from '../record/known-nodes.ts';
import { watchPrivacy } from '../rules.ts';
import { sanitize } from '../sanitize.ts';
import type { InnerPagesOptions } from './inner-pages.ts';
import { LaterInnerPages } from './later.ts';
import { InsideSight } from './inside-sight.ts';
import type { Inward, Outward } from './words.ts';

const SNAPSHOT_PAUSE = 1_000;
/** What the page around says itself, of the whole window. */
const ITS_OWN = new Set(['page', 'zoom', 'scheme', 'pace', 'products', 'leaving']);

/** Nodes say their document: it is not the one of the whole picture. */
class NodesInside extends PageNodes {
  override get root(): number {
    return 0;
  }
}

/**
 * This page as messages to the page around it: the same recorder and the same masks as there. One message is on its way at a
 * time; what changes meanwhile becomes one.
 */
export class PageInside {
  readonly #port: MessagePort;
  readonly #pending = new Pending();
  readonly #nodes: NodesInside;
  readonly #recorder: PageRecorder;
  readonly #inner: LaterInnerPages;
  readonly #sight: InsideSight;
  readonly #cursor;
  readonly #privacy: MutationObserver;
  readonly #leave = new AbortController();
  readonly #ranges: ((range: number) => void)[] = [];
  #sent = 0;
  /** A message that was not taken yet. */
  #onItsWay = false;
  #scheduled = false;
  #snapshotTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** `first`: its nodes are numbered after it. */
  constructor(port: MessagePort, first: number, inner: InnerPagesOptions) {
    this.#port = port;
    known.numberFrom(first);
    const widget = document.querySelector('mostrador-widget');
    widget?.setAttribute('data-mostrador-block', '');
    const own = widget ? [widget] : [];
    this.#nodes = new NodesInside(nodeMirror, own);
    const elements = new PageElements(own, () => this.#inner.pages);
    this.#sight = new InsideSight(elements, (word) => this.#say(word));
    this.#inner = new LaterInnerPages(inner, {
      ready: () => !this.#onItsWay && !this.#recorder.writesWhole,
      take: (events) => {
        for (const event of events) this.#pending.add(event);
        this.#schedule();
      },
      cursor: (cursor) => this.#say({ cursor }),
      range: () => this.#range(),
      box: (frame) => this.#recorder.rewrite(frame),
    });
    port.onmessage = ({ data }: MessageEvent<Inward>) => this.#hear(data);
    this.#recorder = recordPage({
      clean: (event) => sanitize(event, this.#nodes),
      cleanCss: (css) => {
        this.#nodes.lexicon.learn(css);
        return scrubCss(css, document.baseURI);
      },
      onSnapshot: (events) => this.#onSnapshot(events),
      onEvent: (event) => this.#onEvent(event),
      onWhole: () => this.#schedule(),
      onBox: (frame) => this.#inner.look(frame),
      stays: (frame) => this.#inner.pages?.stays(frame) ?? false,
    });
    this.#cursor = watchCursor(nodeMirror.getId, (cursor) => {
      this.#say({ cursor });
      return true;
    });
    this.#privacy = watchPrivacy(() => this.#snapshotSoon());
    const { signal } = this.#leave;
    window.addEventListener('pagehide', () => this.close(), { signal });
  }

  /** Nothing leaves after this. May be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#say({ gone: true });
    this.#closed = true;
    this.#port.close();
    this.#leave.abort();
    this.#privacy.disconnect();
    this.#cursor.close();
    this.#sight.close();
    this.#inner.close();
    this.#recorder.stop();
    clearTimeout(this.#snapshotTimer);
  }

  #hear(word: Inward): void {
    if (this.#closed) return;
    if ('more' in word) {
      if (word.more === this.#sent) this.#goOn();
    } else if ('whole' in word) {
      this.#pending.clear();
      this.#recorder.snapshot();
      this.#goOn();
    } else if ('provide' in word) {
      this.#recorder.provide(word.provide.node, word.provide.font);
      this.#inner.pages?.provide(word.provide);
    } else if ('range' in word) this.#ranges.shift()?.(word.range);
    else if ('watch' in word) this.#sight.watch(word.watch);
    else if ('ask' in word) void this.#answer(word);
    else if ('bring' in word) this.#sight.bring(word.bring);
    else if ('still' in word) this.#say({ still: true });
    else if ('stop' in word) this.close();
  }

  async #answer({ ask, question }: Extract<Inward, { ask: number }>): Promise<void> {
    this.#say({ answer: ask, value: await this.#sight.answer(question) });
  }

  #goOn(): void {
    this.#onItsWay = false;
    this.#recorder.thaw();
    this.#inner.pages?.room();
    this.#flush();
  }

  #onSnapshot(events: PageEvent[]): void {
    this.#pending.clear();
    this.#nodes.lexicon.takeFresh();
    if (events.some((event) => event.type === 5 && event.data.tag === 'too-large')) {
      this.#say({ tooLarge: true });
      this.close();
      return;
    }
    this.#send(events, true);
  }

  #onEvent(event: PageEvent): void {
    if (this.#closed) return;
    if (this.#nodes.lexicon.takeFresh().some((name) => document.querySelector(`[${name}]`))) this.#snapshotSoon();
    // The window that this page is shown in is as large as its frame.
    if (event.type === 5 ? ITS_OWN.has(event.data.tag) : event.type === 3 && event.data.source === 4) return;
    this.#pending.add(event);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  /** From one whole state to the next. */
  #flush(): void {
    if (this.#closed || this.#onItsWay || this.#recorder.writesWhole) return;
    if (this.#pending.overflown && this.#recorder.halfWritten) {
      this.#pending.clear();
      this.#recorder.snapshot();
      return;
    }
    if (this.#recorder.halfWritten) return;
    const events = this.#pending.take();
    if (events.length > 0) this.#send(events, false);
  }

  #send(events: readonly PageEvent[], whole: boolean): void {
    this.#onItsWay = true;
    this.#recorder.freeze();
    this.#say({ n: (this.#sent += 1), whole, events: JSON.stringify(events) });
  }

  #snapshotSoon(): void {
    this.#snapshotTimer ??= setTimeout(() => {
      this.#snapshotTimer = undefined;
      if (!this.#closed) this.#recorder.snapshot();
    }, SNAPSHOT_PAUSE);
  }

  #range(): Promise<number> {
    return new Promise((resolve) => {
      this.#ranges.push(resolve);
      this.#say({ wants: 'range' });
    });
  }

  #say(word: Outward): void {
    if (!this.#closed) this.#port.postMessage(word);
  }
}

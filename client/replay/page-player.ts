import { Replayer } from '@rrweb/replay';
import type { eventWithTime } from '@rrweb/types';
import type { Input, PageEvent, Scroll, TreeChange } from '../../server/protocol/cobrowse-event.ts';
import type { PageProduct } from '../../server/protocol/product.ts';
import { MASKED_FIELD_RULES, drawMaskedField } from './masked-field.ts';
import { keepFocusOut, withoutFocus } from './quiet-focus.ts';

/** A page's stylesheets, rewritten for the replay, are kept for the next page up to this many. */
const STYLES_KEPT = 400;

const PRODUCT_MARK = 'data-mostrador-replay-product';
/** On the page's root element: the products are marked. */
export const PRODUCTS_MARKED = 'data-mostrador-replay-products';

const RULES = [
  `[${PRODUCTS_MARKED}] [${PRODUCT_MARK}] { outline: 3px dotted #2f7d6b !important; outline-offset: 3px !important; }`,
  '[data-mostrador-block] { background: repeating-linear-gradient(135deg, #9993 0 8px, #9991 8px 16px) !important; }',
  // Fields of which nothing is recorded look like it, empty or not.
  '[data-mostrador-sealed] { background-image: repeating-linear-gradient(135deg, #9994 0 6px, transparent 6px 12px) !important; }',
  ...MASKED_FIELD_RULES,
];

/** What of rrweb's replayer is private in its types: the way to apply an event without its clock. */
type CastingReplayer = {
  getCastFn(event: object, isSync: boolean): () => void;
  cache: { stylesWithHoverClass: Map<string, string> };
};

export type PlayerHandlers = {
  onResize(width: number, height: number): void;
  onAddress(href: string): void;
  onLeaving(): void;
  onProducts(products: PageProduct[]): void;
  /** There is no picture of this page. */
  onTooLarge(): void;
  onClick(x: number, y: number): void;
};

/** One page of the shopper's, rebuilt in a frame where no script runs. Events are applied when they arrive. */
export class PagePlayer {
  readonly frame: HTMLIFrameElement;
  readonly #replayer: Replayer;
  readonly #casting: CastingReplayer;
  readonly #handlers: PlayerHandlers;
  readonly #grown = new ResizeObserver(() => this.#keepScroll());
  #scroll = { left: 0, top: 0 };
  #closed = false;

  /** `previous`: the player of the page before, whose rewritten stylesheets are used again. */
  constructor(root: HTMLElement, handlers: PlayerHandlers, previous?: PagePlayer) {
    this.#handlers = handlers;
    const now = Date.now();
    this.#replayer = new Replayer([loaded(now)], {
      root,
      liveMode: true,
      mouseTail: false,
      useVirtualDom: false,
      triggerFocus: false,
      pauseAnimation: false,
      showWarning: false,
      UNSAFE_replayCanvas: false,
      insertStyleRules: RULES,
      plugins: [{ onBuild: onBuilt }],
    });
    this.#casting = this.#replayer as unknown as CastingReplayer;
    if (previous) this.#casting.cache = previous.#casting.cache;
    this.#replayer.startLive(now);
    this.frame = this.#replayer.iframe;
    this.frame.tabIndex = -1;
    // With bars of its own where the shopper's page has them, so that both are equally wide.
    this.frame.scrolling = 'auto';
    keepFocusOut(this.frame.contentWindow);
  }

  get document(): Document | null {
    return this.frame.contentDocument;
  }

  /** May throw: an event that does not fit the page must not stop the ones after it. */
  apply(event: PageEvent): void {
    switch (event.type) {
      case 2:
        this.#rebuild(event);
        return;
      case 4:
        this.#replayer.setConfig({ insertStyleRules: [...RULES, ...scrollbarRules(event.data.scrollbar ?? 0)] });
        this.#resize(event.data.width, event.data.height);
        this.#handlers.onAddress(event.data.href);
        return;
      case 5:
        this.#note(event.data);
        return;
      case 3:
        break;
      default:
        event satisfies never;
    }
    switch (event.data.source) {
      case 0:
        this.#closeDialogs(event.data);
        this.#cast(event);
        this.#drawChangedFields(event.data);
        return;
      case 5:
        this.#cast(event);
        this.#drawInput(event.data);
        return;
      case 2:
        this.#handlers.onClick(event.data.x, event.data.y);
        return;
      case 3:
        this.#scrollTo(event.data);
        return;
      case 4:
        this.#resize(event.data.width, event.data.height);
        return;
      default:
        this.#cast(event);
    }
  }

  node(id: number): Node | null {
    return this.#replayer.getMirror().getNode(id);
  }

  tagOf(id: number): string | null {
    const node = this.node(id);
    return node?.nodeType === 1 ? node.nodeName.toLowerCase() : null;
  }

  /** An element of the page as the recorder knows it; null where it is none of the page's. */
  identify(element: Element): { node: number; tag: string } | null {
    const meta = this.#replayer.getMirror().getMeta(element);
    return meta && 'tagName' in meta ? { node: meta.id, tag: meta.tagName.toLowerCase() } : null;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#grown.disconnect();
    this.#replayer.destroy();
  }

  #cast(event: PageEvent): void {
    this.#casting.getCastFn({ ...event, timestamp: Date.now() }, false)();
  }

  #rebuild(event: Extract<PageEvent, { type: 2 }>): void {
    this.#grown.disconnect();
    const { left, top } = event.data.initialOffset;
    this.#scroll = { left, top };
    const styles = this.#casting.cache.stylesWithHoverClass;
    if (styles.size > STYLES_KEPT) styles.clear();
    // rrweb hands it to scrollTo as it is: without a behaviour the page's own smooth scrolling would be at work.
    const initialOffset = { left, top, behavior: 'instant' };
    this.#cast({ type: 2, data: { node: event.data.node, initialOffset } });
    const { document: page } = this;
    page?.documentElement?.classList.remove('rrweb-paused');
    // Pictures that come later make the page higher: only then the shopper's scroll position exists.
    if (page?.documentElement) this.#grown.observe(page.documentElement);
    if (page?.body) this.#grown.observe(page.body);
  }

  #resize(width: number, height: number): void {
    this.frame.style.display = 'block';
    this.frame.width = String(width);
    this.frame.height = String(height);
    this.#handlers.onResize(width, height);
  }

  #scrollTo({ id, x, y }: Scroll): void {
    const node = this.node(id);
    const place = { left: x, top: y, behavior: 'instant' } as const;
    if (!node) return;
    if (node === this.document) this.#scroll = { left: x, top: y };
    if (node.nodeType === 9) (node as Document).defaultView?.scrollTo(place);
    else (node as Element).scrollTo(place);
  }

  #keepScroll(): void {
    const view = this.frame.contentWindow;
    const { left, top } = this.#scroll;
    if (view && (Math.abs(view.scrollX - left) > 1 || Math.abs(view.scrollY - top) > 1)) {
      view.scrollTo({ left, top, behavior: 'instant' });
    }
  }

  /** rrweb only takes the attribute away: the rest of the page would stay inert for ever. */
  #closeDialogs({ attributes }: TreeChange): void {
    for (const { id, attributes: changed } of attributes) {
      const node = changed['open'] === null ? this.node(id) : null;
      if (node?.nodeName === 'DIALOG' && 'close' in node) (node as HTMLDialogElement).close();
    }
  }

  #drawChangedFields({ attributes }: TreeChange): void {
    for (const { id, attributes: changed } of attributes) {
      if (changed['value'] === undefined && changed['type'] === undefined) continue;
      const node = this.node(id);
      drawMaskedField(node, changed['value'] === null ? '' : undefined);
    }
  }

  /** Marked in the replay's own copy of the page; whether the marks are seen is the stage's to say. */
  #markProducts(products: readonly PageProduct[]): void {
    const page = this.document;
    for (const marked of page?.querySelectorAll(`[${PRODUCT_MARK}]`) ?? []) marked.removeAttribute(PRODUCT_MARK);
    for (const { node } of products) {
      const element = node === null ? null : this.node(node);
      if (element?.nodeType === 1) (element as Element).setAttribute(PRODUCT_MARK, '');
    }
  }

  #drawInput({ id, text }: Input): void {
    const node = this.node(id);
    // For what is built into it later.
    if (node?.nodeName === 'SELECT') (node as Element).setAttribute('value', text);
    drawMaskedField(node, text);
  }

  #note(note: Extract<PageEvent, { type: 5 }>['data']): void {
    switch (note.tag) {
      case 'page':
        this.#handlers.onAddress(note.payload.href);
        return;
      case 'leaving':
        this.#handlers.onLeaving();
        return;
      case 'too-large':
        this.#handlers.onTooLarge();
        return;
      case 'scheme':
        // The frame's own scheme is what `prefers-color-scheme` says inside it.
        this.frame.style.colorScheme = note.payload.dark ? 'dark' : 'light';
        return;
      case 'popover': {
        const element = this.node(note.payload.id) as HTMLElement | null;
        if (!element?.isConnected || !('togglePopover' in element)) return;
        withoutFocus(element, () => element.togglePopover(note.payload.open));
        return;
      }
      case 'products':
        this.#markProducts(note.payload.products);
        this.#handlers.onProducts(note.payload.products);
        return;
      case 'focus':
      case 'picker':
      case 'zoom':
      case 'pace':
        return;
      default:
        note satisfies never;
    }
  }
}

/** An event that does nothing: rrweb reckons time from its first one. */
function loaded(timestamp: number): eventWithTime {
  const event: unknown = { type: 1, data: {}, timestamp };
  return event as eventWithTime;
}

function onBuilt(node: object): void {
  switch ((node as Node).nodeName) {
    case 'IFRAME':
      keepFocusOut((node as HTMLIFrameElement).contentWindow);
      return;
    case 'VIDEO':
    case 'AUDIO':
      keepMuted(node as HTMLMediaElement);
      return;
    case 'SELECT':
    case 'INPUT':
      drawMaskedField(node as Node);
      return;
    case 'OPTION':
      drawMaskedField((node as HTMLOptionElement).closest('select'));
      return;
    default:
  }
}

/** The agent sees the shop's videos; whatever a page says, they do not talk into the call. */
function keepMuted(media: HTMLMediaElement): void {
  const mute = () => {
    media.muted = true;
  };
  mute();
  media.addEventListener('volumechange', mute);
}

function scrollbarRules(width: number): string[] {
  return [
    `::-webkit-scrollbar { width: ${width}px; height: ${width}px; background: #f1f1f1; }`,
    '::-webkit-scrollbar-thumb { background: #c1c1c1; }',
  ];
}

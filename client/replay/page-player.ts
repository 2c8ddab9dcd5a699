import { Replayer } from '@rrweb/replay';
import type { eventWithTime } from '@rrweb/types';
import type { Input, PageEvent, Scroll, TreeChange } from '../../server/protocol/cobrowse-event.ts';
import type { PageProduct } from '../../server/protocol/product.ts';
import type { AdaptedStyles } from './adapted-styles.ts';
import { drawMaskedField } from './masked-field.ts';
import { OWN_RULES, dressShadow } from './own-rules.ts';
import { keepFocusOut, withoutFocus } from './quiet-focus.ts';
import { StandIns } from './stand-ins.ts';

/** A page's stylesheets, rewritten for the replay, are kept for the next page up to this many. */
const STYLES_KEPT = 400;

const PRODUCT_MARK = 'data-mostrador-replay-product';
/** On the page's root element: the products are marked. */
export const PRODUCTS_MARKED = 'data-mostrador-replay-products';

const RULES = [
  ...OWN_RULES,
  `[${PRODUCTS_MARKED}] [${PRODUCT_MARK}] { outline: 3px dotted #2f7d6b !important; outline-offset: 3px !important; }`,
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
  /** The field whose list or calendar is open. */
  onPicker(field: Element | null): void;
  onZoom(scale: number, x: number, y: number): void;
  onPace(lively: boolean): void;
  /** A picture or font that this browser could not load. */
  onMissing: (what: { node: number | null; font: string | null }) => void;
  /** What stands in a frame of another origin. */
  frameSentence: (host: string) => string;
};

/** One page of the shopper's, rebuilt in a frame where no script runs. Events are applied when they arrive. */
export class PagePlayer {
  readonly frame: HTMLIFrameElement;
  readonly #replayer: Replayer;
  readonly #casting: CastingReplayer;
  readonly #handlers: PlayerHandlers;
  readonly #standIns: StandIns;
  #focused: Element | null = null;
  /** Built, and perhaps not in the page yet: until then they have no document. */
  #frames: HTMLIFrameElement[] = [];
  readonly #grown = new ResizeObserver(() => this.#keepScroll());
  #scroll = { left: 0, top: 0 };
  #closed = false;

  /** `styles`: what has been rewritten for the replay. */
  constructor(root: HTMLElement, handlers: PlayerHandlers, styles: AdaptedStyles) {
    this.#handlers = handlers;
    this.#standIns = new StandIns(handlers.onMissing, handlers.frameSentence);
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
      plugins: [{ onBuild: (node, { id }) => this.#built(node as Node, id) }],
    });
    this.#casting = this.#replayer as unknown as CastingReplayer;
    this.#casting.cache.stylesWithHoverClass = styles;
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
        this.#openFrames();
        this.#drawChanged(event.data);
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
      case 15: {
        this.#cast(event);
        // The page's own list takes the place of the one with our rules.
        dressShadow((this.node(event.data.id) as Element | null)?.shadowRoot ?? null);
        return;
      }
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

  #built(node: Node, id: number): void {
    drawBuilt(node);
    if (node.nodeType !== 1) return;
    if (node.nodeName === 'IFRAME') this.#frames.push(node as HTMLIFrameElement);
    this.#standIns.built(node as Element, id);
    dressShadow((node as Element).shadowRoot);
    dressShadow(node.parentNode);
  }

  #openFrames(): void {
    for (const frame of this.#frames.splice(0)) {
      keepFocusOut(frame.contentWindow);
      this.#standIns.openFrame(frame);
    }
  }

  #showFocus(id: number | null): void {
    this.#focused?.removeAttribute('data-mostrador-focus');
    const node = id === null ? null : this.node(id);
    this.#focused = node?.nodeType === 1 ? (node as Element) : null;
    this.#focused?.setAttribute('data-mostrador-focus', '');
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
    if (page) this.#standIns.begin(page);
    this.#openFrames();
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

  #drawChanged({ attributes }: TreeChange): void {
    for (const { id, attributes: changed } of attributes) {
      const changedNode = this.node(id);
      if (changedNode?.nodeName === 'CANVAS') this.#standIns.drawCanvas(changedNode as HTMLElement, id);
      if (changed[INDETERMINATE] !== undefined) drawIndeterminate(changedNode);
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
        this.#showFocus(note.payload.id);
        return;
      case 'picker':
        this.#handlers.onPicker(note.payload.id === null ? null : (this.node(note.payload.id) as Element | null));
        return;
      case 'zoom':
        this.#handlers.onZoom(note.payload.scale, note.payload.x, note.payload.y);
        return;
      case 'pace':
        this.#handlers.onPace(note.payload.lively);
        return;
      case 'picture':
        this.#standIns.picture(this.node(note.payload.id), note.payload);
        return;
      case 'sheet':
        // It stands where it belongs already.
        return;
      case 'font':
        this.#standIns.font(this.document, note.payload);
        return;
      default:
        note satisfies never;
    }
  }
}

const INDETERMINATE = 'data-mostrador-indeterminate';

function drawIndeterminate(node: Node | null): void {
  if (node?.nodeName !== 'INPUT') return;
  (node as HTMLInputElement).indeterminate = (node as Element).hasAttribute(INDETERMINATE);
}

/** An event that does nothing: rrweb reckons time from its first one. */
function loaded(timestamp: number): eventWithTime {
  const event: unknown = { type: 1, data: {}, timestamp };
  return event as eventWithTime;
}

function drawBuilt(node: Node): void {
  switch (node.nodeName) {
    case 'VIDEO':
    case 'AUDIO':
      keepMuted(node as HTMLMediaElement);
      return;
    case 'SELECT':
    case 'INPUT':
      drawMaskedField(node);
      drawIndeterminate(node);
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

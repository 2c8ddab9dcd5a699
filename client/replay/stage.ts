import type { CursorPlace } from '../../server/protocol/cobrowse-event.ts';
import { AgentStrokes } from './agent-strokes.ts';
import { nameOf } from './element-text.ts';
import { boxInPage, elementOf, isVisible } from './page-geometry.ts';
import type { PageProduct } from '../../server/protocol/product.ts';
import { AdaptedStyles } from './adapted-styles.ts';
import { PagePlayer, PRODUCTS_MARKED } from './page-player.ts';
import type { DrawnThen, MarkedElement, PagePlace, ReplayStatus, ShownPage, ShownProduct } from './port.ts';
import { readCursor, readEvents } from '../../server/protocol/cobrowse-read/read-events.ts';
import { Picker } from './picker.ts';
import { ShopperCursor } from './shopper-cursor.ts';

/** How long the next page may stay behind the old one for its own stylesheets' sake. */
const STYLES_WAIT = 400;
/** How long what follows waits at most for what is in view to be seen. */
const PAINT_WAIT = 60;
/** A narrower page is shown as a phone. */
const PHONE_WIDTH = 520;

/** A frame takes a moment to be made: there is one for the next page this long after the last one came. */
const BLANK_AFTER_MS = 300;

/** One of the shopper's pages, in a frame of its own. `epoch`: of the recorder that it is of. */
type Page = { readonly root: HTMLElement; readonly player: PagePlayer; epoch: number };

export type StageHandlers = {
  onPage(page: ShownPage): void;
  onStatus(status: ReplayStatus): void;
  onProducts(epoch: number, products: ShownProduct[]): void;
  onMissing(what: { epoch: number; node: number | null; font: string | null }): void;
  frameSentence(host: string): string;
};

/** The picture: the shopper's page in the size of the agent's window, and the next page behind it until it can be seen. */
export class Stage {
  readonly glass = piece('glass');
  readonly strokes: AgentStrokes;
  readonly #device = piece('device');
  readonly #viewport = piece('viewport');
  readonly #mark = piece('mark');
  readonly #cursor: ShopperCursor;
  readonly #picker: Picker;
  readonly #handlers: StageHandlers;
  #shown: Page | null = null;
  #next: Page | null = null;
  /** For the page that comes next. */
  #blank: Page | null = null;
  /** Rewritten for the replay; of all pages. */
  readonly #styles = new AdaptedStyles();
  #marked: MarkedElement | null = null;
  #page: ShownPage = { url: '', title: '', width: 0, height: 0 };
  #status: ReplayStatus = 'waiting';
  #scale = 1;
  /** What of the shopper's viewport two fingers have left in view. */
  #zoom = { scale: 1, x: 0, y: 0 };
  #lively = false;
  #markFrame = 0;
  /** Of each page that is shown or about to be. */
  readonly #products = new WeakMap<PagePlayer, readonly PageProduct[]>();
  #marksProducts = false;
  /** Nothing can be shown until the next whole page comes. */
  #tooLarge = false;
  /** Of a recording: what was drawn on the page that is about to be shown. */
  #drawnNext: (() => void)[] = [];

  constructor(root: HTMLElement, handlers: StageHandlers) {
    this.#handlers = handlers;
    this.#viewport.append(this.#mark);
    this.strokes = new AgentStrokes(this.#viewport, () => this.#shown?.player ?? null);
    this.#cursor = new ShopperCursor(this.#viewport);
    this.#picker = new Picker(this.#viewport);
    this.#device.append(this.#viewport, this.glass);
    root.append(this.#device);
    this.#device.dataset['status'] = this.#status;
    new ResizeObserver(() => this.#fit()).observe(root);
    setTimeout(() => this.#prepare());
  }

  get shown(): Readonly<Page> | null {
    return this.#shown;
  }

  /** Over the page, in its own pixels. */
  get layer(): HTMLElement {
    return this.#viewport;
  }

  toPage(x: number, y: number): { x: number; y: number } {
    const box = this.#viewport.getBoundingClientRect();
    const scale = this.#scale * this.#zoom.scale;
    return { x: (x - box.left) / scale, y: (y - box.top) / scale };
  }

  /** Another page than the one that is shown is built behind it, and seen before what follows of it. */
  async snapshot(epoch: number, payload: unknown, fresh: boolean): Promise<void> {
    this.#tooLarge = false;
    if (!fresh) {
      this.events(payload);
      return;
    }
    this.#next?.player.close();
    this.#drawnNext = [];
    const next = this.#blank ?? this.#open();
    this.#blank = null;
    next.epoch = epoch;
    next.root.className = 'page';
    this.#next = next;
    this.#lively = false;
    this.#zoom = { scale: 1, x: 0, y: 0 };
    this.events(payload);
    void this.#swapWhenReady(next);
    await nextPaint();
  }

  /** Events of the newest page. */
  events(payload: unknown): void {
    const player = (this.#next ?? this.#shown)?.player;
    if (!player || this.#tooLarge) return;
    const onTooLarge = () => {
      this.#tooLarge = true;
    };
    for (const event of readEvents(payload, { tagOf: (id) => player.tagOf(id), onTooLarge })) {
      try {
        player.apply(event);
      } catch {
        // It did not fit the page. The page stays as it is, and the next event finds it so.
      }
    }
    if (player !== this.#shown?.player) return;
    this.#settle(isLeaving(payload));
    this.#tellPage();
    this.#followMark();
  }

  cursor(payload: unknown): void {
    const place: CursorPlace = readCursor(payload);
    if (this.#shown && !this.#next) this.#cursor.move(place, this.#shown.player);
  }

  mark(at: MarkedElement | null): void {
    this.#marked = at;
    this.#mark.dataset['label'] = at?.label ?? '';
    this.#followMark();
  }

  markProducts(on: boolean): void {
    this.#marksProducts = on;
    this.#shown?.player.document?.documentElement.toggleAttribute(PRODUCTS_MARKED, on);
  }

  /** The shopper points there; of a recording, at that moment of it. What it is, as a person would call it; empty where that is not known. */
  pointed(at: PagePlace, moment?: number): string {
    this.#draw(at.epoch, () => this.strokes.pointed(at, moment));
    if (at.epoch !== this.#shown?.epoch) return '';
    const element = elementOf(this.#shown.player.node(at.node));
    return element ? nameOf(element) : '';
  }

  /** Of a recording: an agent drew this. */
  drawn({ epoch, stroke, shape, points, stays }: DrawnThen, moment: number): void {
    this.#draw(epoch, () => this.strokes.draw(stroke, shape, points, stays, moment));
  }

  /** Takes away what the agent has drawn. */
  wipe(): void {
    this.#drawnNext = [];
    this.strokes.wipe();
  }

  /** Of a recording: the page that is shown stays until that of another moment comes. */
  rewind(): void {
    this.#drawnNext = [];
    this.strokes.clear();
    this.mark(null);
  }

  reset(): void {
    this.#next?.player.close();
    this.#shown?.player.close();
    this.#next = this.#shown = null;
    this.#drawnNext = [];
    this.#tooLarge = false;
    for (const page of this.#viewport.querySelectorAll('.page')) page.remove();
    this.#cursor.clear();
    this.#picker.show(null);
    this.strokes.clear();
    this.mark(null);
    this.#setStatus('waiting');
  }

  #prepare(): void {
    this.#blank ??= this.#open();
  }

  #open(): Page {
    const root = piece('blank');
    this.#viewport.prepend(root);
    const visible = () => this.#shown === opened;
    const player = new PagePlayer(
      root,
      {
        onResize: (width, height) => {
          root.dataset['width'] = String(width);
          root.dataset['height'] = String(height);
          if (visible()) this.#adopt(root);
        },
        onAddress: (href) => {
          root.dataset['href'] = href;
          if (visible()) this.#adopt(root);
        },
        onTooLarge: () => {
          this.#tooLarge = true;
        },
        onProducts: (products) => {
          this.#products.set(player, products);
          if (visible()) this.#tellProducts();
        },
        onLeaving: () => visible() && this.#setStatus('loading-next-page'),
        onPicker: (field) => visible() && this.#picker.show(field),
        onZoom: (scale, x, y) => {
          this.#zoom = { scale, x, y };
          if (visible()) this.#fit();
        },
        onPace: (lively) => {
          this.#lively = lively;
        },
        onMissing: (what) => this.#handlers.onMissing({ ...what, epoch: opened.epoch }),
        frameSentence: (host) => this.#handlers.frameSentence(host),
        onClick: (x, y) => visible() && this.#cursor.click(x, y),
      },
      this.#styles,
    );
    const opened: Page = { root, player, epoch: 0 };
    return opened;
  }

  async #swapWhenReady(next: Page): Promise<void> {
    const { root } = next;
    await stylesLoaded(next.player.document);
    if (this.#next !== next) {
      root.remove();
      return;
    }
    const old = this.#shown;
    this.#shown = next;
    this.#next = null;
    this.#cursor.clear();
    this.#picker.show(null);
    this.strokes.clear();
    if (this.#marked?.epoch !== next.epoch) this.mark(null);
    this.#adopt(root);
    root.classList.add('shown');
    old?.player.close();
    for (const page of this.#viewport.querySelectorAll('.page')) if (page !== root) page.remove();
    for (const draw of this.#drawnNext.splice(0)) draw();
    this.#followMark();
    this.#settle();
    this.#tellPage();
    this.#tellProducts();
    setTimeout(() => this.#prepare(), BLANK_AFTER_MS);
  }

  /** On the page that is shown, or as soon as it is. */
  #draw(epoch: number, act: () => void): void {
    if (this.#next?.epoch === epoch) this.#drawnNext.push(act);
    else if (!this.#next && this.#shown?.epoch === epoch) act();
  }

  /** Size and address of the page that is shown. */
  #adopt(root: HTMLElement): void {
    const { width = '0', height = '0', href = '' } = root.dataset;
    this.#page = { ...this.#page, url: href, width: Number(width), height: Number(height) };
    this.#fit();
    this.#tellPage(true);
  }

  #tellPage(changed = false): void {
    const title = this.#shown?.player.document?.title ?? '';
    if (!changed && title === this.#page.title) return;
    this.#page = { ...this.#page, title };
    this.#handlers.onPage(this.#page);
  }

  #tellProducts(): void {
    if (!this.#shown) return;
    const { player, epoch } = this.#shown;
    const products = this.#products.get(player) ?? [];
    this.#handlers.onProducts(
      epoch,
      products.map((product) => ({ ...product, tag: product.node === null ? null : player.tagOf(product.node) })),
    );
    this.markProducts(this.#marksProducts);
  }

  #settle(leaving = false): void {
    if (this.#tooLarge) this.#setStatus('too-large');
    else if (!leaving) this.#setStatus(this.#lively ? 'lively' : 'live');
  }

  #setStatus(status: ReplayStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#device.dataset['status'] = status;
    this.#handlers.onStatus(status);
  }

  #fit(): void {
    const { width, height } = this.#page;
    const room = this.#device.parentElement;
    if (!room || width === 0 || height === 0) return;
    this.#device.classList.toggle('phone', width <= PHONE_WIDTH);
    const edge = 2 * Number.parseFloat(getComputedStyle(this.#device).borderLeftWidth);
    const space = getComputedStyle(room);
    const across = room.clientWidth - 2 * Number.parseFloat(space.paddingLeft) - edge;
    const down = room.clientHeight - 2 * Number.parseFloat(space.paddingTop) - edge;
    this.#scale = Math.max(Math.min(across / width, down / height, 1), 0.05);
    this.#device.style.width = `${width * this.#scale}px`;
    this.#device.style.height = `${height * this.#scale}px`;
    this.#viewport.style.width = `${width}px`;
    this.#viewport.style.height = `${height}px`;
    const { scale, x, y } = this.#zoom;
    this.#viewport.style.transform = `scale(${this.#scale * scale}) translate(${-x}px, ${-y}px)`;
    this.#device.style.setProperty('--unscale', String(1 / (this.#scale * scale)));
  }

  #followMark(): void {
    cancelAnimationFrame(this.#markFrame);
    const { player, epoch } = this.#shown ?? {};
    const element = player && this.#marked?.epoch === epoch ? elementOf(player.node(this.#marked?.node ?? 0)) : null;
    const visible = element?.isConnected === true && isVisible(element);
    this.#mark.hidden = !visible;
    if (!element?.isConnected) return;
    // It may be shown again.
    this.#markFrame = requestAnimationFrame(() => this.#followMark());
    if (!visible) return;
    const { left, top, width, height } = boxInPage(element);
    this.#mark.style.transform = `translate(${left}px, ${top}px)`;
    this.#mark.style.width = `${width}px`;
    this.#mark.style.height = `${height}px`;
  }
}

function isLeaving(payload: unknown): boolean {
  return (
    Array.isArray(payload) &&
    payload.some((event) => (event as { data?: { tag?: unknown } } | null)?.data?.tag === 'leaving')
  );
}

/** Resolves when the stylesheets that the page loads by itself are there, at the latest after a moment. */
function stylesLoaded(page: Document | null): Promise<unknown> {
  const links = [...(page?.querySelectorAll<HTMLLinkElement>('link[rel~="stylesheet"][href]') ?? [])];
  const loading = links
    .filter((link) => !link.sheet && !link.disabled)
    .map((link) => new Promise((resolve) => ['load', 'error'].forEach((name) => link.addEventListener(name, resolve))));
  if (loading.length === 0) return Promise.resolve();
  return Promise.race([Promise.all(loading), new Promise((resolve) => setTimeout(resolve, STYLES_WAIT))]);
}

/** A tab in the background paints nothing. */
function nextPaint(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    setTimeout(resolve, PAINT_WAIT);
    requestAnimationFrame(() => setTimeout(resolve));
  });
}

function piece(name: string): HTMLElement {
  const element = document.createElement('div');
  element.className = name;
  return element;
}

/**
 * What the agent's browser cannot load or draw by itself: canvases, pictures and fonts that only the shopper's browser gets.
 * Small stand-ins, few at a time. Loaded when a page has the first of them.
 */
import type { Note } from '../../../server/protocol/cobrowse-event.ts';
import { fontKey } from '../../../server/protocol/font-key.ts';
import { isCovered } from '../page-nodes.ts';
import { known } from './known-nodes.ts';

/** Canvases are looked at this often; each is told only when it has changed. */
const LOOK_EVERY = 700;
const CANVASES_AT_ONCE = 4;
/** Longest side of a stand-in, in pixels, and its weight as a data address. */
const CANVAS_SIDE = 640;
const IMAGE_SIDE = 900;
const PICTURE_MAX = 200_000;
/** Of a page, on demand. */
const IMAGES_MAX = 60;
const FONTS_MAX = 12;
const FONT_MAX = 300_000;
/** How the files begin: WOFF, OpenType, TrueType, a collection. */
const FONTS = new Set(['wOF2', 'wOFF', 'OTTO', 'true', 'ttcf', '\0\u0001\0\0']);

export class Pictures {
  readonly #tell: (note: Note) => void;
  readonly #canvases = new Set<HTMLCanvasElement>();
  readonly #told = new WeakMap<Element, string>();
  readonly #fonts = new Set<string>();
  readonly #timer = setInterval(() => this.#look(), LOOK_EVERY);
  #images = 0;
  #closed = false;

  constructor(tell: (note: Note) => void) {
    this.#tell = tell;
  }

  canvas(canvas: HTMLCanvasElement): void {
    this.#told.delete(canvas);
    this.#canvases.add(canvas);
  }

  /** The agent's browser could not load this picture. */
  image(node: Node | null): void {
    if (node?.nodeName !== 'IMG' || isCovered(node) || (this.#images += 1) > IMAGES_MAX) return;
    const image = node as HTMLImageElement;
    const { naturalWidth: width, naturalHeight: height } = image;
    if (image.complete && width > 0 && height > 0) this.#draw(image, { width, height }, IMAGE_SIDE);
  }

  /** The agent's browser may not load this face of a font. */
  font(key: string): void {
    if (this.#fonts.has(key) || this.#fonts.size >= FONTS_MAX) return;
    this.#fonts.add(key);
    const address = fontAddress(key);
    if (address) void this.#fetchFont(key, address);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#canvases.clear();
  }

  #look(): void {
    if (document.hidden) return;
    let left = CANVASES_AT_ONCE;
    // Each once: what is put to the end of the queue would come up again.
    const waiting = Array.from(this.#canvases);
    for (const canvas of waiting) {
      if (left <= 0) return;
      this.#canvases.delete(canvas);
      if (!known.has(canvas)) continue;
      // To the end of the queue.
      this.#canvases.add(canvas);
      if (canvas.width === 0 || canvas.height === 0 || isCovered(canvas) || !isNear(canvas)) continue;
      left -= 1;
      // What was drawn in a frame may be gone after it.
      requestAnimationFrame(() => this.#draw(canvas, canvas, CANVAS_SIDE));
    }
  }

  #draw(source: HTMLCanvasElement | HTMLImageElement, size: { width: number; height: number }, side: number): void {
    const { width, height } = size;
    const scale = Math.min(1, side / width, side / height);
    const small = document.createElement('canvas');
    small.width = Math.max(1, Math.round(width * scale));
    small.height = Math.max(1, Math.round(height * scale));
    try {
      small.getContext('2d')?.drawImage(source, 0, 0, small.width, small.height);
      // Throws where something of another origin was drawn.
      small.toBlob((blob) => blob && void this.#send(source, width, height, blob), 'image/webp', 0.65);
    } catch {
      if (source.localName === 'canvas') this.#canvases.delete(source as HTMLCanvasElement);
    }
  }

  async #send(element: Element, width: number, height: number, blob: Blob): Promise<void> {
    const data = await dataAddress(blob);
    const id = known.getId(element);
    if (this.#closed || id === -1 || data.length > PICTURE_MAX || this.#told.get(element) === data) return;
    this.#told.set(element, data);
    this.#tell({ tag: 'picture', payload: { id, width, height, data } });
  }

  async #fetchFont(key: string, address: string): Promise<void> {
    try {
      // A shop's own font may be behind its sign-in; of anybody else nobody is asked by name.
      const own = new URL(address).origin === location.origin;
      const blob = await (await fetch(address, { credentials: own ? 'same-origin' : 'omit' })).blob();
      if (this.#closed || blob.size > FONT_MAX || !(await isFont(blob))) return;
      const data = await dataAddress(new Blob([blob], { type: 'font/woff2' }));
      if (!this.#closed) this.#tell({ tag: 'font', payload: { key, data } });
    } catch {
      // The shop's own policy forbids it: the agent sees another font.
    }
  }
}

/** Whatever a sheet calls a font: only what begins like one leaves the browser. */
async function isFont(blob: Blob): Promise<boolean> {
  return FONTS.has(await blob.slice(0, 4).text());
}

function isNear(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > -innerHeight && top < 2 * innerHeight;
}

function dataAddress(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.onerror = () => reject(new Error('A picture could not be read.'));
    reader.readAsDataURL(blob);
  });
}

/** Where the page gets the face from: the newest format it names. */
function fontAddress(key: string): string | null {
  for (const sheet of document.styleSheets) {
    const rules = rulesOf(sheet);
    for (const rule of rules ?? []) {
      if (!('style' in rule) || rule.constructor.name !== 'CSSFontFaceRule') continue;
      const read = (name: string) => (rule as CSSFontFaceRule).style.getPropertyValue(name);
      const face = {
        family: read('font-family'),
        style: read('font-style'),
        weight: read('font-weight'),
        unicodeRange: read('unicode-range'),
      };
      if (fontKey(face) !== key) continue;
      const sources = [...read('src').matchAll(/url\(\s*["']?([^"')]+)/g)].map(([, address = '']) => address);
      const best = sources.find((address) => address.includes('woff2')) ?? sources[0];
      const base = sheet.href ?? document.baseURI;
      if (best && URL.canParse(best, base)) return new URL(best, base).href;
    }
  }
  return null;
}

function rulesOf(sheet: CSSStyleSheet): CSSRuleList | null {
  try {
    return sheet.cssRules;
  } catch {
    return null;
  }
}

import type { Note } from '../../server/protocol/cobrowse-event.ts';
import { fontKey } from '../../server/protocol/font-key.ts';

type Picture = Extract<Note, { tag: 'picture' }>['payload'];
type Font = Extract<Note, { tag: 'font' }>['payload'];

/** Pictures that are asked for, for one page. */
const ASKED_MAX = 60;
const FONT_LOOKS = [500, 2_000, 6_000];

/**
 * What stands for that which this browser cannot load or draw: a canvas, which needs scripts; a picture or font that only
 * the shopper's browser gets; a frame of another origin.
 */
export class StandIns {
  readonly #onMissing: (what: { node: number | null; font: string | null }) => void;
  readonly #frameSentence: (host: string) => string;
  readonly #asked = new Set<number | string>();
  readonly #pictures = new Map<number, string>();
  readonly #faces = new Map<string, FontFace>();
  readonly #onFontError = (event: Event) => {
    for (const face of (event as FontFaceSetLoadEvent).fontfaces) this.#missFont(face);
  };

  constructor(
    onMissing: (what: { node: number | null; font: string | null }) => void,
    frameSentence: (host: string) => string,
  ) {
    this.#onMissing = onMissing;
    this.#frameSentence = frameSentence;
  }

  /** A whole page was built anew. */
  begin(page: Document): void {
    this.#asked.clear();
    page.fonts.addEventListener('loadingerror', this.#onFontError);
    // Also those that failed before anybody listened.
    for (const after of FONT_LOOKS) setTimeout(() => this.#lookAtFonts(page), after);
  }

  /** An element was built. */
  built(element: Element, id: number): void {
    switch (element.localName) {
      case 'canvas':
        this.drawCanvas(element as HTMLElement, id);
        return;
      case 'img':
        element.addEventListener('error', () => this.#ask(id, { node: id, font: null }));
        return;
      default:
    }
  }

  /** Says what stands in a frame whose content is not shown, when it is part of the page. */
  openFrame(frame: HTMLIFrameElement): void {
    const host = frame.getAttribute('data-mostrador-frame');
    const page = host === null ? null : frame.contentDocument;
    if (host === null || !page?.body) return;
    page.body.style.cssText =
      'margin: 0; min-height: 100vh; display: grid; place-items: center; text-align: center; background: #eceef2; color: #3d424d; font: 14px/1.4 system-ui, sans-serif';
    page.body.textContent = this.#frameSentence(host);
  }

  /** Also after its attributes have changed: they hold its size, and its style is where the picture stands. */
  drawCanvas(canvas: HTMLElement, id: number): void {
    const width = sizeOf(canvas, 'width', 300);
    const height = sizeOf(canvas, 'height', 150);
    // As the content of an element the picture lays it out like the canvas it is.
    const picture = framed(width, height, this.#pictures.get(id));
    canvas.style.setProperty('content', `url("${picture}")`, 'important');
  }

  picture(node: Node | null, { id, width, height, data }: Picture): void {
    if (node?.nodeName === 'CANVAS') {
      this.#pictures.set(id, data);
      this.drawCanvas(node as HTMLElement, id);
    } else if (node?.nodeName === 'IMG') {
      const image = node as HTMLImageElement;
      image.removeAttribute('srcset');
      image.src = framed(width, height, data);
    }
  }

  font(page: Document | null, { key, data }: Font): void {
    const face = this.#faces.get(key);
    const view = page?.defaultView;
    if (!face || !page || !view) return;
    this.#faces.delete(key);
    const { family, style, weight, unicodeRange, stretch } = face;
    page.fonts.add(new view.FontFace(family, `url("${data}")`, { style, weight, unicodeRange, stretch }));
  }

  #lookAtFonts(page: Document): void {
    for (const face of page.fonts) if (face.status === 'error') this.#missFont(face);
  }

  #missFont(face: FontFace): void {
    const key = fontKey(face);
    this.#faces.set(key, face);
    this.#ask(key, { node: null, font: key });
  }

  #ask(key: number | string, what: { node: number | null; font: string | null }): void {
    if (this.#asked.has(key) || this.#asked.size >= ASKED_MAX) return;
    this.#asked.add(key);
    this.#onMissing(what);
  }
}

function sizeOf(canvas: Element, name: string, fallback: number): number {
  const size = Number.parseInt(canvas.getAttribute(name) ?? '', 10);
  return size >= 0 && size <= 32_767 ? size : fallback;
}

/** A picture of a natural size of its own, whatever the size of what is drawn in it. */
function framed(width: number, height: number, data?: string): string {
  const inner = data
    ? `<image href="${data}" width="${width}" height="${height}" preserveAspectRatio="none"/>`
    : `<rect width="100%" height="100%" fill="#999" fill-opacity=".12"/>`;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${inner}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(drawing)}`;
}

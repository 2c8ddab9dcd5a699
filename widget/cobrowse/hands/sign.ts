import { boxOf } from '../boxes.ts';

/** As long as somebody else's hands may be on the page: a second frame of its own colour, who it is, and how it ends. */
const SIGN_STYLE = `
.hands-frame {
  position: absolute;
  inset: 4px;
  box-sizing: border-box;
  border: 4px dashed #f5b301;
  outline: 1px solid rgb(0 0 0 / 0.4);
}
.bar.hands {
  inset-block-end: calc(76px + env(safe-area-inset-bottom, 0px));
  background: #f5b301;
  color: #14161b;
  box-shadow: 0 0 0 1px rgb(0 0 0 / 0.4), 0 6px 20px rgb(0 0 0 / 0.28);
}
.bar.hands svg { flex: none; inline-size: 22px; block-size: 22px; margin-inline-end: -4px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.hands .stop { background: #14161b; color: #fff; }
.hands .stop:hover { background: #2a2e37; }
.hands .stop:focus-visible { outline-color: #14161b; box-shadow: 0 0 0 2px #fff; }
.deed {
  position: absolute;
  left: 0;
  inset-block-start: 0;
  box-sizing: border-box;
  border-radius: 6px;
  outline: 4px solid #f5b301;
  outline-offset: 2px;
  box-shadow: 0 0 0 2px #14161b, 0 0 0 7px #14161b;
}
.deed i {
  position: absolute;
  inline-size: 36px;
  block-size: 36px;
  margin: -18px 0 0 -18px;
  box-sizing: border-box;
  border: 4px solid #f5b301;
  border-radius: 50%;
  box-shadow: 0 0 0 2px #14161b, inset 0 0 0 2px #14161b;
}
:host([data-covered]) .deed { display: none !important; }
@media (prefers-reduced-motion: no-preference) {
  .deed { animation: deed 1.6s ease-in forwards; }
  @keyframes deed { 60% { opacity: 1; } to { opacity: 0; } }
}
@media (forced-colors: active) {
  .hands-frame, .deed { border-color: Highlight; outline-color: Highlight; }
  .bar.hands { border: 1px solid ButtonText; }
}
`;

/** lucide.dev, hand */
const HAND =
  'M18 11V6a2 2 0 0 0-4 0M14 10V4a2 2 0 0 0-4 0v2M10 10.5V6a2 2 0 0 0-4 0v8M18 8a2 2 0 1 1 4 0v6a8 8 0 0 1-8 8h-2c-2.8 0-4.5-.86-5.99-2.34l-3.6-3.6a2 2 0 0 1 2.83-2.82L7 15';
const SVG = 'http://www.w3.org/2000/svg';
const SHOWN_FOR = 1_600;

export type Sign = {
  /** Marks for a moment what is done there. */
  mark(element: Element, place: { fx: number; fy: number }): void;
  close(): void;
};

export function drawSign(
  root: ShadowRoot,
  words: { sign: string; stop: string; stopLong: string },
  onStop: () => void,
): Sign {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(SIGN_STYLE);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const frame = piece('div', 'hands-frame');
  const bar = piece('div', 'bar hands');
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', words.sign);
  const picture = document.createElementNS(SVG, 'svg');
  picture.setAttribute('viewBox', '0 0 24 24');
  picture.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', HAND);
  picture.append(path);
  const text = piece('span', 'text');
  text.textContent = words.sign;
  const stop = piece('button', 'stop hands-stop');
  stop.type = 'button';
  stop.textContent = words.stop;
  stop.setAttribute('aria-label', words.stopLong);
  stop.addEventListener('click', (event) => {
    // The shop's own listeners for clicks outside its dialogs and menus are not meant.
    event.stopPropagation();
    onStop();
  });
  bar.append(picture, text, stop);
  root.append(frame, bar);
  let last: HTMLElement | null = null;
  return {
    mark(element, { fx, fy }) {
      last?.remove();
      const box = boxOf(element);
      if (!box) return;
      const deed = piece('div', 'deed');
      deed.style.transform = `translate(${box.left}px, ${box.top}px)`;
      deed.style.width = `${box.width}px`;
      deed.style.height = `${box.height}px`;
      const ring = document.createElement('i');
      ring.style.left = `${fx * 100}%`;
      ring.style.top = `${fy * 100}%`;
      deed.append(ring);
      root.append(deed);
      last = deed;
      setTimeout(() => deed.remove(), SHOWN_FOR);
    },
    close() {
      frame.remove();
      bar.remove();
      last?.remove();
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
    },
  };
}

function piece<T extends keyof HTMLElementTagNameMap>(tag: T, name: string): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}

/** The frame around the page that says, as long as it is there, that somebody is looking; and its Stop button. */
export const FRAME_STYLE = `
.frame {
  position: absolute;
  inset: 0;
  border: 4px solid var(--accent);
  outline: 1px solid rgb(255 255 255 / 0.85);
  outline-offset: -5px;
  box-sizing: border-box;
}
.bar {
  position: absolute;
  inset-block-end: calc(12px + env(safe-area-inset-bottom, 0px));
  inset-inline-start: calc(12px + env(safe-area-inset-left, 0px));
  display: flex;
  align-items: center;
  gap: 12px;
  max-inline-size: calc(100% - 112px);
  box-sizing: border-box;
  padding: 4px 4px 4px 16px;
  border-radius: 28px;
  background: #14161b;
  color: #fff;
  box-shadow: 0 0 0 1px rgb(255 255 255 / 0.28), 0 6px 20px rgb(0 0 0 / 0.28);
  font: 500 15px/1.3 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
:host([data-covered]) :is(.bar, .pointer, .outline) { display: none !important; }
.bar:dir(rtl) { padding: 4px 16px 4px 4px; }
.dot {
  flex: none;
  inline-size: 12px;
  block-size: 12px;
  border-radius: 50%;
  background: var(--accent);
  border: 2px solid #fff;
  box-sizing: border-box;
}
:host([data-recorded]) .dot { background: #ff5a4d; }
.text { min-inline-size: 0; overflow-wrap: anywhere; }
.stop {
  flex: none;
  min-inline-size: 72px;
  min-block-size: 48px;
  padding: 0 20px;
  border: 0;
  border-radius: 24px;
  background: #fff;
  color: #14161b;
  font: 600 15px/1 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  cursor: pointer;
  pointer-events: auto;
  touch-action: manipulation;
}
.point {
  flex: none;
  display: grid;
  place-items: center;
  inline-size: 48px;
  block-size: 48px;
  margin-inline-end: -6px;
  padding: 0;
  border: 0;
  border-radius: 50%;
  background: none;
  color: #fff;
  cursor: pointer;
  pointer-events: auto;
  touch-action: manipulation;
}
.point:hover { background: rgb(255 255 255 / 0.14); }
.point[aria-pressed='true'] { background: var(--accent); }
.point:focus-visible { outline: 3px solid #fff; outline-offset: -3px; }
.point svg { inline-size: 24px; block-size: 24px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.stop:hover { background: #e6e8ee; }
.stop:focus-visible { outline: 3px solid #fff; outline-offset: 3px; }
.live {
  position: absolute;
  inline-size: 1px;
  block-size: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
@media (max-width: 480px) {
  .bar { gap: 10px; font-size: 14px; }
  .stop { padding: 0 16px; min-inline-size: 64px; }
}
@media (forced-colors: active) {
  .frame { border-color: Highlight; }
  .bar, .stop { border: 1px solid ButtonText; }
}
`;

export type SessionFrame = {
  /** What the bar says, now and to people who listen. */
  say(sentence: string): void;
  /** Says a sentence to people who listen instead of looking, when it is their screen reader's turn. */
  announce(sentence: string): void;
  /** Whether the next click says what the shopper means. */
  asking(on: boolean): void;
};

/** lucide.dev, pointer */
const HAND = [
  'M22 14a8 8 0 0 1-8 8',
  'M18 11v-1a2 2 0 0 0-2-2a2 2 0 0 0-2 2',
  'M14 10V9a2 2 0 0 0-2-2a2 2 0 0 0-2 2v1',
  'M10 9.5V4a2 2 0 0 0-2-2a2 2 0 0 0-2 2v10',
  'M18 11a2 2 0 1 1 4 0v3a8 8 0 0 1-8 8h-2c-2.8 0-4.5-.86-5.99-2.34l-3.6-3.6a2 2 0 0 1 2.83-2.82L7 15',
];

export function drawSessionFrame(
  root: ShadowRoot,
  words: { watching: string; stop: string; point: string },
  handlers: { onStop: () => void; onPoint: () => void },
): SessionFrame {
  const frame = piece('div', 'frame');
  const bar = piece('div', 'bar');
  const text = piece('span', 'text');
  const button = piece('button', 'stop');
  const live = piece('div', 'live');
  bar.setAttribute('role', 'group');
  const write = (sentence: string) => {
    bar.setAttribute('aria-label', sentence);
    text.textContent = sentence;
  };
  write(words.watching);
  button.type = 'button';
  button.textContent = words.stop;
  button.addEventListener('click', (event) => {
    // The shop's own listeners for clicks outside its dialogs and menus are not meant.
    event.stopPropagation();
    handlers.onStop();
  });
  live.setAttribute('role', 'status');
  const point = piece('button', 'point');
  point.type = 'button';
  point.setAttribute('aria-label', words.point);
  point.title = words.point;
  point.append(drawing(HAND));
  point.addEventListener('click', (event) => {
    event.stopPropagation();
    handlers.onPoint();
  });
  bar.append(piece('span', 'dot'), text, point, button);
  root.append(frame, bar, live);
  const announce = (sentence: string) => {
    live.textContent = sentence;
  };
  // A live region speaks of what changes in it, not of what it came with.
  requestAnimationFrame(() => announce(text.textContent));
  const say = (sentence: string) => {
    if (sentence === text.textContent) return;
    write(sentence);
    announce(sentence);
  };
  const asking = (on: boolean) => point.setAttribute('aria-pressed', String(on));
  asking(false);
  return { say, announce, asking };
}

function drawing(paths: readonly string[]): SVGSVGElement {
  const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  picture.setAttribute('viewBox', '0 0 24 24');
  picture.setAttribute('aria-hidden', 'true');
  for (const d of paths) {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', d);
    picture.append(path);
  }
  return picture;
}

function piece<T extends keyof HTMLElementTagNameMap>(tag: T, name: string): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}

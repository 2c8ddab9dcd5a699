/** What the agent shows on the shopper's page: a pointer and an outline, both bound to an element and following it. */
export const POINTING_STYLE = `
.pointer, .outline { position: absolute; inset-block-start: 0; left: 0; display: none; }
.pointer { will-change: transform; }
.pointer svg { display: block; inline-size: 24px; block-size: 24px; filter: drop-shadow(0 1px 2px rgb(0 0 0 / 0.45)); }
.pointer path { fill: var(--accent); stroke: #fff; stroke-width: 1.75; stroke-linejoin: round; }
.name {
  position: absolute;
  left: 18px;
  inset-block-start: 20px;
  padding: 3px 9px;
  border-radius: 10px;
  background: #14161b;
  color: #fff;
  box-shadow: 0 0 0 1px rgb(255 255 255 / 0.5);
  font: 600 12px/1.35 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  white-space: nowrap;
}
.outline {
  box-sizing: border-box;
  border-radius: 4px;
  outline: 3px solid var(--accent);
  outline-offset: 2px;
  box-shadow: 0 0 0 2px #fff, 0 0 0 7px #fff, 0 0 0 8px rgb(0 0 0 / 0.3), 0 0 24px 8px rgb(0 0 0 / 0.22);
}
@media (prefers-reduced-motion: no-preference) {
  .outline.fresh { animation: arrive 0.35s ease-out; }
  @keyframes arrive { from { outline-offset: 16px; opacity: 0.2; } }
}
@media (forced-colors: active) {
  .outline { outline-color: Highlight; }
}
`;

/** A highlighted element that keeps its place for as many frames has arrived: smooth scrolling and drawers are over. */
const REST_FRAMES = 8;

const SVG = 'http://www.w3.org/2000/svg';

/** In pixels of the viewport of the top page. */
export type Box = { left: number; top: number; width: number; height: number };

export type Pointing = {
  /** Somebody's pointer at a place inside an element, in fractions of its box; null takes it away. */
  point(who: { id: string; name: string }, element: Element | null, fx: number, fy: number): void;
  /** Takes away the pointers of everybody else. */
  keep(ids: readonly string[]): void;
  /** Outlines an element and brings it into view; null takes the outline away. */
  highlight(element: Element | null): void;
  close(): void;
};

/** @param onRest told where a highlighted element has come to rest, in the viewport; null when none is highlighted any more */
export function drawPointing(root: ShadowRoot, onRest: (box: Box | null) => void = () => {}): Pointing {
  const pointers = new Map<string, Pointer>();
  const outline = document.createElement('div');
  outline.className = 'outline';
  root.append(outline);

  let highlighted: Element | null = null;
  let frame = 0;
  let last = '';
  let still = 0;
  const rest = (box: Box | null): void => {
    const now = box ? `${box.left} ${box.top} ${box.width} ${box.height}` : '';
    if (now !== last) still = 0;
    last = now;
    if (++still === (box ? REST_FRAMES : 1)) onRest(box);
  };

  const place = () => {
    for (const { drawn, at } of pointers.values()) {
      const box = at?.element.isConnected ? boxOf(at.element) : null;
      show(drawn, box);
      if (at && box) {
        drawn.style.transform = `translate(${box.left + at.fx * box.width}px, ${box.top + at.fy * box.height}px)`;
      }
    }
    if (highlighted && !highlighted.isConnected) highlighted = null;
    const box = highlighted && boxOf(highlighted);
    show(outline, box);
    rest(box);
    if (box) {
      outline.style.transform = `translate(${box.left}px, ${box.top}px)`;
      outline.style.width = `${box.width}px`;
      outline.style.height = `${box.height}px`;
    }
  };
  const busy = () => highlighted !== null || [...pointers.values()].some(({ at }) => at?.element.isConnected);
  // Scrolling, animations and new layouts are all followed, but only while there is something to follow.
  const follow = () => {
    frame = 0;
    place();
    if (busy()) frame = requestAnimationFrame(follow);
  };
  const refresh = () => {
    place();
    if (frame === 0 && busy()) frame = requestAnimationFrame(follow);
  };

  return {
    point({ id, name }, element, fx, fy) {
      const known = pointers.get(id);
      const pointer = known?.name === name ? known : { name, drawn: drawPointer(name), at: null };
      if (pointer !== known) {
        known?.drawn.remove();
        pointers.set(id, pointer);
        root.append(pointer.drawn);
      }
      pointer.at = element && { element, fx, fy };
      refresh();
    },
    keep(ids) {
      for (const [id, { drawn }] of pointers) {
        if (ids.includes(id)) continue;
        drawn.remove();
        pointers.delete(id);
      }
    },
    highlight(element) {
      highlighted = element;
      still = 0;
      if (element) bringIntoView(element);
      outline.classList.remove('fresh');
      refresh();
      if (element) {
        const { borderRadius } = getComputedStyle(element);
        outline.style.borderRadius = borderRadius === '0px' ? '' : borderRadius;
        outline.classList.add('fresh');
      }
    },
    close() {
      cancelAnimationFrame(frame);
      highlighted = null;
      rest(null);
      this.keep([]);
      outline.remove();
    },
  };
}

type Pointer = { name: string; drawn: HTMLElement; at: { element: Element; fx: number; fy: number } | null };

function drawPointer(agentName: string): HTMLElement {
  const pointer = document.createElement('div');
  pointer.className = 'pointer';
  const picture = document.createElementNS(SVG, 'svg');
  picture.setAttribute('viewBox', '0 0 24 24');
  picture.setAttribute('aria-hidden', 'true');
  const arrow = document.createElementNS(SVG, 'path');
  arrow.setAttribute('d', 'M1.5 1.5 L8 20.5 L11.4 12.2 L19.8 9 Z');
  picture.append(arrow);
  pointer.append(picture);
  if (agentName) {
    const name = document.createElement('span');
    name.className = 'name';
    name.textContent = agentName;
    pointer.append(name);
  }
  return pointer;
}

function show(element: HTMLElement, box: unknown): void {
  element.style.display = box ? 'block' : 'none';
}

/** The element's box in the viewport of the top page; null while it cannot be seen. */
function boxOf(element: Element): Box | null {
  let { left, top } = element.getBoundingClientRect();
  const { width, height } = element.getBoundingClientRect();
  if (width === 0 || height === 0 || isHidden(element)) return null;
  for (
    let frame = element.ownerDocument.defaultView?.frameElement;
    frame;
    frame = frame.ownerDocument.defaultView?.frameElement
  ) {
    if (isHidden(frame)) return null;
    const outer = frame.getBoundingClientRect();
    left += outer.left + frame.clientLeft;
    top += outer.top + frame.clientTop;
  }
  return { left, top, width, height };
}

function isHidden(element: Element): boolean {
  return 'checkVisibility' in element && !element.checkVisibility({ visibilityProperty: true });
}

function bringIntoView(element: Element): void {
  const box = boxOf(element);
  if (box && box.top >= 0 && box.left >= 0 && box.top + box.height <= innerHeight && box.left + box.width <= innerWidth)
    return;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  element.scrollIntoView({
    block: box && box.height > innerHeight ? 'start' : 'center',
    inline: 'nearest',
    behavior: still ? 'instant' : 'smooth',
  });
}

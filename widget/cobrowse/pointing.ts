import type { Box } from './boxes.ts';
import { isSeen, type Spot } from './spot.ts';

/** What the agent shows on the shopper's page: a pointer and an outline, both bound to an element and following it. */
export const POINTING_STYLE = `
.pointer, .outline { position: absolute; inset-block-start: 0; left: 0; display: none; }
.pointer { will-change: transform; }
.pointer svg { display: block; inline-size: 24px; block-size: 24px; filter: drop-shadow(0 1px 2px rgb(0 0 0 / 0.45)); }
.pointer path { fill: var(--tint, var(--accent)); stroke: #fff; stroke-width: 1.75; stroke-linejoin: round; }
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
.label {
  position: absolute;
  left: 0;
  translate: 0 calc(-100% - 12px);
  inline-size: max-content;
  box-sizing: border-box;
  padding: 6px 12px;
  border-radius: 12px;
  background: #14161b;
  color: #fff;
  box-shadow: 0 0 0 2px #fff, 0 0 0 4px var(--tint, var(--accent)), 0 6px 18px rgb(0 0 0 / 0.3);
  font: 600 15px/1.35 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  overflow-wrap: anywhere;
}
.label.below { inset-block-start: calc(100% + 12px); translate: none; }
.label:empty { display: none; }
.outline {
  box-sizing: border-box;
  border-radius: 4px;
  outline: 3px solid var(--tint, var(--accent));
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

export type Pointing = {
  /** Somebody's pointer at a place inside an element, in fractions of its box; null takes it away. */
  point(who: { id: string; name: string }, spot: Spot | null, fx: number, fy: number): void;
  /** Takes away the pointers of everybody else. */
  keep(ids: readonly string[]): void;
  /** Outlines an element, with somebody's words beside it; null takes the outline away. The page is not scrolled. */
  highlight(spot: Spot | null, how?: { label: string; tint: string }): void;
  close(): void;
};

export type PointingOptions = {
  tintOf: (id: string) => string;
  /** Where a highlighted element has come to rest, in the viewport; null when none is highlighted any more. */
  onRest?: ((box: Box | null) => void) | undefined;
  /** A highlighted element is out of view, or it is in view again (null). */
  onOutOfView?: (spot: Spot | null) => void;
};

export function drawPointing(root: ShadowRoot, options: PointingOptions): Pointing {
  const { onRest = () => undefined, onOutOfView = () => undefined } = options;
  const pointers = new Map<string, Pointer>();
  const outline = document.createElement('div');
  outline.className = 'outline';
  const label = document.createElement('span');
  label.className = 'label';
  outline.append(label);
  root.append(outline);

  let highlighted: Spot | null = null;
  let away: Spot | null = null;
  let frame = 0;
  let last = '';
  let still = 0;
  const rest = (box: Box | null): void => {
    const now = box ? `${box.left} ${box.top} ${box.width} ${box.height}` : '';
    if (now !== last) still = 0;
    last = now;
    if (++still !== (box ? REST_FRAMES : 1)) return;
    onRest(box);
    // Not while it only passes by.
    tellAway(box);
  };
  const tellAway = (box: Box | null): void => {
    const now = box && highlighted && !isSeen(highlighted, box) ? highlighted : null;
    if (now === away) return;
    away = now;
    onOutOfView(now);
  };

  const place = () => {
    for (const { drawn, at } of pointers.values()) {
      const box = at && at.spot.box();
      show(drawn, box);
      if (at && box) {
        drawn.style.transform = `translate(${box.left + at.fx * box.width}px, ${box.top + at.fy * box.height}px)`;
      }
    }
    if (highlighted && !highlighted.isThere()) highlighted = null;
    const whole = highlighted?.place() ?? null;
    const box = highlighted?.box() ?? null;
    show(outline, box);
    rest(whole);
    if (!whole || !highlighted || isSeen(highlighted, whole)) tellAway(whole);
    if (box) {
      outline.style.transform = `translate(${box.left}px, ${box.top}px)`;
      outline.style.width = `${box.width}px`;
      outline.style.height = `${box.height}px`;
      const above = box.top > 48 || box.top + box.height > innerHeight - 48;
      label.classList.toggle('below', !above);
      // Beside what is higher than the window, it stays where it can be read.
      label.style.top = above ? `${Math.max(0, -box.top + 48)}px` : '';
      label.style.maxWidth = `${Math.max(160, Math.min(360, innerWidth - Math.max(box.left, 0) - 24))}px`;
      label.style.left = `${Math.max(0, -box.left + 8)}px`;
    }
  };
  const busy = () => highlighted !== null || [...pointers.values()].some(({ at }) => at?.spot.isThere());
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
    point({ id, name }, spot, fx, fy) {
      const known = pointers.get(id);
      const pointer = known?.name === name ? known : { name, drawn: drawPointer(name), at: null };
      if (pointer !== known) {
        known?.drawn.remove();
        pointers.set(id, pointer);
        pointer.drawn.style.setProperty('--tint', options.tintOf(id));
        root.append(pointer.drawn);
      }
      pointer.at = spot && { spot, fx, fy };
      refresh();
    },
    keep(ids) {
      for (const [id, { drawn }] of pointers) {
        if (ids.includes(id)) continue;
        drawn.remove();
        pointers.delete(id);
      }
    },
    highlight(spot, how) {
      highlighted = spot;
      still = 0;
      label.textContent = how?.label ?? '';
      outline.style.setProperty('--tint', how?.tint ?? '');
      outline.classList.remove('fresh');
      refresh();
      if (spot) {
        const borderRadius = spot.corner() || '0px';
        outline.style.borderRadius = borderRadius === '0px' ? '' : borderRadius;
        outline.classList.add('fresh');
      }
    },
    close() {
      cancelAnimationFrame(frame);
      highlighted = null;
      rest(null);
      tellAway(null);
      this.keep([]);
      outline.remove();
    },
  };
}

type Pointer = { name: string; drawn: HTMLElement; at: { spot: Spot; fx: number; fy: number } | null };

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

import type { Box } from '../../cobrowse/boxes.ts';

/** Where an element has its place, wherever a `translate` has moved it or an animation is moving it. */
type Place = Pick<HTMLElement, 'offsetLeft' | 'offsetTop' | 'offsetWidth' | 'offsetHeight'>;

/** The outline around what is pointed at is seen as well. */
const MARGIN_PX = 12;
const EDGE_PX = 20;

/** Whether the panel would lie over a box, `dx` and `dy` away from its own place. */
export function liesOver(panel: Place, box: Box, dx = 0, dy = 0): boolean {
  const left = panel.offsetLeft + dx - MARGIN_PX;
  const top = panel.offsetTop + dy - MARGIN_PX;
  return (
    box.left < left + panel.offsetWidth + 2 * MARGIN_PX &&
    box.left + box.width > left &&
    box.top < top + panel.offsetHeight + 2 * MARGIN_PX &&
    box.top + box.height > top
  );
}

/** The way to the nearest corner where the small call leaves a box free, as a CSS `translate`; null where it may stay. */
export function wayOut(panel: Place, box: Box): string | null {
  if (!liesOver(panel, box)) return null;
  const left = EDGE_PX - panel.offsetLeft;
  const up = EDGE_PX - panel.offsetTop;
  const corners = [
    [left, 0],
    [0, up],
    [left, up],
  ] as const;
  const free = corners.find(([dx, dy]) => !liesOver(panel, box, dx, dy));
  return free ? `${free[0]}px ${free[1]}px` : null;
}

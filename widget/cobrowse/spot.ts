import { boxOf, isInView, type Box } from './boxes.ts';
import { fits, nameOf, type Guard } from './readable.ts';

/** Something on the page that can be pointed at: an element, or one of a page inside a frame of another origin. */
export type Spot = {
  /** Where it is in the window; null while it cannot be seen. */
  box(): Box | null;
  /** The same where it is out of sight in a frame that has to be scrolled. */
  place(): Box | null;
  /** Whether it is still part of the page. */
  isThere(): boolean;
  /** A CSS `border-radius`. */
  corner(): string;
  /** What a person would call it; empty where nothing of it may be said. */
  name(): string;
  /** Scrolls it into view, with the motion that the shopper likes. */
  bring(): void;
};

const spots = new WeakMap<Element, Spot>();

/** The same spot for the same element. */
export function spotOf(element: Element): Spot {
  const known = spots.get(element);
  if (known) return known;
  const spot: Spot = {
    box: () => boxOf(element),
    place: () => boxOf(element),
    isThere: () => element.isConnected,
    corner: () => getComputedStyle(element).borderRadius,
    name: () => nameOf(element),
    bring() {
      const box = boxOf(element);
      element.scrollIntoView({
        block: box && box.height > innerHeight ? 'start' : 'center',
        inline: 'nearest',
        behavior: scrolling(),
      });
    },
  };
  spots.set(element, spot);
  return spot;
}

export function isSeen(spot: Spot, place: Box): boolean {
  return isInView(place) && spot.box() !== null;
}

/** The spot of an element, if it is what somebody took it for. */
export function fittingSpot(element: Element, guard: Guard): Spot | null {
  return fits(element, guard) ? spotOf(element) : null;
}

export function scrolling(): ScrollBehavior {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
}

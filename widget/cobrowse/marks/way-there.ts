import type { Spot } from '../spot.ts';

const MARGIN = 16;
const SVG = 'http://www.w3.org/2000/svg';

/** An arrow at the edge of the window, in the direction of a spot, with a button that scrolls there. */
export function showWay(root: ShadowRoot, spot: Spot, sentence: string): { close(): void } {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'way';
  const picture = document.createElementNS(SVG, 'svg');
  picture.setAttribute('viewBox', '0 0 24 24');
  picture.setAttribute('aria-hidden', 'true');
  const arrow = document.createElementNS(SVG, 'path');
  arrow.setAttribute('d', 'M5 12H19M13 6L19 12L13 18');
  picture.append(arrow);
  button.append(picture, sentence);
  button.addEventListener('click', (event) => {
    // The shop's own listeners for clicks outside its dialogs and menus are not meant.
    event.stopPropagation();
    spot.bring();
  });
  root.append(button);

  let frame = 0;
  const follow = () => {
    frame = requestAnimationFrame(follow);
    const box = spot.place();
    button.style.display = box ? 'flex' : 'none';
    if (!box) return;
    const x = box.left + box.width / 2;
    const y = box.top + box.height / 2;
    const { offsetWidth: width, offsetHeight: height } = button;
    // Clear of the bar at the lower edge that says who looks.
    const left = within(x - width / 2, MARGIN, innerWidth - width - MARGIN);
    const top = within(y - height / 2, MARGIN + 8, innerHeight - height - 88);
    button.style.left = `${left}px`;
    button.style.top = `${top}px`;
    const angle = Math.atan2(y - (top + height / 2), x - (left + width / 2));
    picture.style.rotate = `${angle}rad`;
  };
  follow();
  return {
    close() {
      cancelAnimationFrame(frame);
      button.remove();
    },
  };
}

function within(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}

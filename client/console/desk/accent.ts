/** Red, green and blue, 0–255. */
export type Rgb = readonly [number, number, number];

/** What the console derives from a shop's one colour. */
export type AccentColours = { onAccent: Rgb; inkOnLight: Rgb; inkOnDark: Rgb };

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [20, 20, 20];
const LIGHT_GROUND: Rgb = [235, 234, 229];
const DARK_GROUND: Rgb = [40, 43, 48];
/** WCAG 2.2, 1.4.3, with a little air. */
const READABLE = 4.8;
const STEPS = 24;

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const c = part / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio of WCAG 2.2, from 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** The colour moved towards another one just as far as it must be to be read on a ground. */
function readableOn(ground: Rgb, colour: Rgb, towards: Rgb): Rgb {
  for (let step = 0; step < STEPS; step++) {
    const share = step / STEPS;
    const mixed = colour.map((part, at) => Math.round(part + (towards[at as 0 | 1 | 2] - part) * share));
    const candidate = mixed as unknown as Rgb;
    if (contrast(candidate, ground) >= READABLE) return candidate;
  }
  return towards;
}

export function accentColours(accent: Rgb): AccentColours {
  return {
    onAccent: contrast(accent, WHITE) >= 4.5 || contrast(accent, WHITE) > contrast(accent, BLACK) ? WHITE : BLACK,
    inkOnLight: readableOn(LIGHT_GROUND, accent, BLACK),
    inkOnDark: readableOn(DARK_GROUND, accent, WHITE),
  };
}

const css = (colour: Rgb): string => `rgb(${colour.join(' ')})`;

/** Puts the shop's accent (any CSS colour) into the page; an unreadable one leaves Mostrador's own. */
export function applyAccent(accent: string): void {
  const pixel = document.createElement('canvas').getContext('2d');
  if (!pixel || !CSS.supports('color', accent)) return;
  pixel.fillStyle = accent;
  pixel.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = pixel.getImageData(0, 0, 1, 1).data;
  const colours = accentColours([r, g, b]);
  const { style } = document.documentElement;
  style.setProperty('--accent', css([r, g, b]));
  style.setProperty('--on-accent', css(colours.onAccent));
  style.setProperty('--accent-ink-light', css(colours.inkOnLight));
  style.setProperty('--accent-ink-dark', css(colours.inkOnDark));
}

/** WCAG 2's relative luminance of an sRGB colour with channels from 0 to 255. */
export function luminance(red: number, green: number, blue: number): number {
  const linear = (channel: number): number => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** White, or black where white would be hard to read on the colour: one of them always has a contrast of 4.5. */
export function inkOn(red: number, green: number, blue: number): string {
  return 1.05 / (luminance(red, green, blue) + 0.05) >= 4.5 ? '#fff' : '#000';
}

const DEFAULT_ACCENT = '#3157d5';

/** The shop's accent as `[accent, ink on it]`; any CSS colour is understood, a wrong one becomes the default. */
export function accentOf(color: string): [accent: string, ink: string] {
  const accent = CSS.supports('color', color) ? color : DEFAULT_ACCENT;
  const canvas = document.createElement('canvas').getContext('2d');
  if (!canvas) return [accent, '#fff'];
  canvas.fillStyle = accent;
  canvas.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
  return [accent, inkOn(red, green, blue)];
}

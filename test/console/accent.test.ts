import { describe, expect, it } from 'vitest';
import { accentColours, contrast, type Rgb } from '../../client/console/desk/accent.ts';

const SURFACES = { light: [255, 254, 253], dark: [30, 32, 36] } as const satisfies Record<string, Rgb>;
const ACCENTS: Rgb[] = [
  [255, 255, 0],
  [0, 0, 0],
  [255, 255, 255],
  [180, 85, 47],
  [0, 90, 255],
  [128, 128, 128],
  [255, 120, 160],
];

describe("the shop's accent", () => {
  it.each(ACCENTS)('is readable as text and under text: rgb(%i, %i, %i)', (...accent) => {
    const colours = accentColours(accent);
    expect(contrast(colours.onAccent, accent)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colours.inkOnLight, SURFACES.light)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colours.inkOnDark, SURFACES.dark)).toBeGreaterThanOrEqual(4.5);
  });

  it('stays the shop’s own colour where that is readable already', () => {
    expect(accentColours([120, 40, 20]).inkOnLight).toEqual([120, 40, 20]);
  });
});

/** What tells the faces of a page's fonts apart, the same in every browser. */
export type FontDescription = { family: string; style: string; weight: string; unicodeRange: string };

const WEIGHTS: Record<string, string> = { normal: '400', bold: '700', '': '400' };

/** At most 300 characters. */
export function fontKey({ family, style, weight, unicodeRange }: FontDescription): string {
  const range = unicodeRange.replaceAll(/\s+/g, '').toLowerCase() || 'u+0-10ffff';
  const name = family.replaceAll(/["']/g, '').trim().toLowerCase();
  return [name, style || 'normal', WEIGHTS[weight] ?? weight, range].join('|').slice(0, 300);
}

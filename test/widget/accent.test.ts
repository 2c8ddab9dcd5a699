import { describe, expect, it } from 'vitest';
import { inkOn, luminance } from '../../widget/loader/accent.ts';

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

describe('text on the accent colour', () => {
  it('has a contrast of at least 4.5 on every colour', () => {
    const steps = [0, 32, 64, 96, 118, 128, 160, 192, 224, 255];
    for (const red of steps) {
      for (const green of steps) {
        for (const blue of steps) {
          const ink = inkOn(red, green, blue) === '#fff' ? 1 : 0;
          expect(contrast(ink, luminance(red, green, blue))).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
  });

  it('is white where white can be read', () => {
    expect(inkOn(0x31, 0x57, 0xd5)).toBe('#fff');
    expect(inkOn(0xff, 0xd4, 0x00)).toBe('#000');
  });
});

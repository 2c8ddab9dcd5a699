import { describe, expect, it } from 'vitest';
import { fit, pan, zoomTo } from '../../client/core/call/picture-zoom.ts';

const frame = { width: 800, height: 600 };
const picture = { width: 1600, height: 900 };

describe('promise 13: a shared screen that can be read', () => {
  it('fits, in the middle', () => {
    expect(fit(frame, picture)).toEqual({ scale: 0.5, x: 0, y: 75 });
  });

  it('grows around the place that is pointed at, so that it stays under the pointer', () => {
    const point = { x: 600, y: 200 };
    const before = fit(frame, picture);
    const after = zoomTo(1, point, before, frame, picture);
    const under = (zoom: { x: number; y: number; scale: number }) => [
      (point.x - zoom.x) / zoom.scale,
      (point.y - zoom.y) / zoom.scale,
    ];
    expect(after.scale).toBe(1);
    expect(under(after)).toEqual(under(before));
  });

  it('shows no margin where there is picture left, and is never smaller than the frame allows', () => {
    const near = zoomTo(1, { x: 0, y: 0 }, fit(frame, picture), frame, picture);
    expect(pan({ x: 5_000, y: 5_000 }, near, frame, picture)).toEqual({ scale: 1, x: 0, y: 0 });
    expect(pan({ x: -5_000, y: -5_000 }, near, frame, picture)).toEqual({ scale: 1, x: -800, y: -300 });
    expect(zoomTo(0.01, { x: 9, y: 9 }, near, frame, picture)).toEqual(fit(frame, picture));
    expect(zoomTo(99, { x: 9, y: 9 }, near, frame, picture).scale).toBe(4);
  });

  it('a small screen can still be seen in its real size', () => {
    const small = { width: 200, height: 100 };
    expect(fit(frame, small).scale).toBe(4);
    expect(zoomTo(1, { x: 400, y: 300 }, fit(frame, small), frame, small)).toEqual({ scale: 1, x: 300, y: 250 });
  });
});

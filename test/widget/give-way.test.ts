import { describe, expect, it } from 'vitest';
import { liesOver, wayOut } from '../../widget/panel/steps/give-way.ts';

/** The small call in the corner of a window of 1366 × 768. */
const mini = { offsetLeft: 1146, offsetTop: 526, offsetWidth: 200, offsetHeight: 150 };

describe('the way of the small call for what is pointed at', () => {
  it('is none where nothing is covered', () => {
    expect(wayOut(mini, { left: 100, top: 100, width: 300, height: 40 })).toBeNull();
  });

  it('is free of the outline as well', () => {
    expect(liesOver(mini, { left: 1000, top: 600, width: 140, height: 40 })).toBe(true);
    expect(liesOver(mini, { left: 1000, top: 600, width: 120, height: 40 })).toBe(false);
  });

  it('leads to the other side, or up where that is covered too', () => {
    expect(wayOut(mini, { left: 1000, top: 600, width: 340, height: 48 })).toBe('-1126px 0px');
    expect(wayOut(mini, { left: 0, top: 600, width: 1366, height: 48 })).toBe('0px -506px');
    expect(wayOut(mini, { left: 1000, top: 0, width: 366, height: 768 })).toBe('-1126px 0px');
  });

  it('is none where every corner is covered', () => {
    expect(wayOut(mini, { left: 0, top: 0, width: 1366, height: 768 })).toBeNull();
  });
});

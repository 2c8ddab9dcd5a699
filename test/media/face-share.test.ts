import { describe, expect, it } from 'vitest';
import { shareOfFace, type FaceShare } from '../../client/core/call/face-share.ts';

/** The quantizers that a screen was encoded with, a second each, at 15 frames a second; null: nothing moved. */
function after(...seconds: (number | null)[]): FaceShare['share'] {
  let sent = { frames: 100, qpSum: 5_000 };
  let known = shareOfFace(null, sent);
  for (const qp of seconds) {
    if (qp !== null) sent = { frames: sent.frames + 15, qpSum: sent.qpSum + 15 * qp };
    known = shareOfFace(known, sent);
  }
  return known.share;
}

describe('promise 11: on a bad network the screen goes first, then the face', () => {
  it('the face has what the screen leaves, until the screen has been sharp for three seconds', () => {
    expect(after()).toBe('rest');
    expect(after(80, 20, 20)).toBe('rest');
    expect(after(80, 20, 20, 20)).toBe('most');
    expect(after(20, 20, 50, 20, 20)).toBe('rest');
  });

  it('a screen that is smeared has its part back at once; one that is a little less sharp, or stands still, does not', () => {
    expect(after(20, 20, 20, 60)).toBe('rest');
    expect(after(20, 20, 20, 50)).toBe('most');
    expect(after(20, 20, 20, null, null)).toBe('most');
    expect(after(20, 20, null, 20)).toBe('most');
  });

  it('another screen begins from nothing', () => {
    const shown = shareOfFace(
      { share: 'most', last: { frames: 900, qpSum: 9_000 }, sharp: 9 },
      { frames: 4, qpSum: 60 },
    );
    expect(shown).toMatchObject({ share: 'rest', sharp: 0 });
  });
});

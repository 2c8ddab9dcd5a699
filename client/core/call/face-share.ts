import type { types } from 'mediasoup-client';
import type { MediaLink } from './media-link.ts';

/** What was encoded of the screen so far. */
export type ScreenSent = { frames: number; qpSum: number };

/** What the face may have beside a shared screen, and what that follows from. */
export type FaceShare = {
  /** What the screen leaves of its four parts in five, or twice as much as the screen. */
  share: 'rest' | 'most';
  last: ScreenSent;
  /** How often in a row the screen was found to be sharp. */
  sharp: number;
};

/** VP8's quantizer, 0 to 127: letters are clear up to about 35, and smeared from about 60 on. */
const SHARP = 35;
const SMEARED = 60;
/** So often in a row, one look a second: a page that is scrolled keeps its part meanwhile. */
const SHARP_FOR = 3;

/**
 * On a narrow way up the screen is served before the face. But a page that stands still is soon as sharp as it can be, and
 * then needs next to nothing of its part: the face takes it, until the screen is smeared again.
 */
export function shareOfFace(before: FaceShare | null, now: ScreenSent): FaceShare {
  const frames = before ? now.frames - before.last.frames : 0;
  if (!before || frames < 0) return { share: 'rest', last: now, sharp: 0 };
  // A page on which nothing moves stays as sharp as it is.
  if (frames === 0) return before;
  const qp = (now.qpSum - before.last.qpSum) / frames;
  if (qp >= SMEARED) return { share: 'rest', last: now, sharp: 0 };
  const sharp = qp <= SHARP ? before.sharp + 1 : 0;
  return { share: sharp >= SHARP_FOR ? 'most' : before.share, last: now, sharp };
}

/** Keeps a face beside a shared screen at its share, while it is looked at regularly. */
export class FaceKeeper {
  #known: FaceShare | null = null;
  #camera: types.Producer | undefined;
  #has: FaceShare['share'] = 'rest';

  async look(link: MediaLink): Promise<void> {
    const { screen, camera } = link.sending();
    const sent = screen ? await screenSent(screen) : null;
    this.#known = sent && shareOfFace(this.#known, sent);
    // A new one begins with the rest.
    if (camera !== this.#camera) this.#has = 'rest';
    this.#camera = camera;
    const share = this.#known?.share ?? 'rest';
    if (!camera || share === this.#has) return;
    this.#has = share;
    await link.giveFace(camera, share);
  }
}

/** Null where it is not VP8, or the browser does not say: then the screen keeps its part. */
async function screenSent(screen: types.Producer): Promise<ScreenSent | null> {
  if (screen.rtpParameters.codecs[0]?.mimeType.toLowerCase() !== 'video/vp8') return null;
  let sent: ScreenSent | null = null;
  (await screen.rtpSender?.getStats())?.forEach(
    ({ type, framesEncoded, qpSum }: Partial<RTCOutboundRtpStreamStats>) => {
      if (type !== 'outbound-rtp' || framesEncoded === undefined || qpSum === undefined) return;
      sent = { frames: framesEncoded, qpSum };
    },
  );
  return sent;
}

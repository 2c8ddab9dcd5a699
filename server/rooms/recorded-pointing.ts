import type { PointingWish } from '../protocol/pointing.ts';
import type { RecordedPointing } from '../protocol/recorded-page.ts';

/** What an agent's browser could not load by itself. */
export type MissingWish = { type: 'cobrowse.missing'; epoch: number; node: number | null; font: string | null };

/** What of an agent's pointing is worth keeping: what was shown, not where the mouse went. */
export function recordedPointing(frame: PointingWish | MissingWish): RecordedPointing | null {
  const { epoch } = frame;
  switch (frame.type) {
    case 'cobrowse.highlight':
      return { type: 'highlight', epoch, node: frame.node, ...(frame.label && { label: frame.label }) };
    case 'cobrowse.stroke': {
      const { stroke, shape, stays, points } = frame;
      return { type: 'stroke', epoch, stroke, shape, stays, points };
    }
    case 'cobrowse.wipe':
      return { type: 'wipe', epoch };
    case 'cobrowse.pointer':
    case 'cobrowse.missing':
      return null;
  }
}

/** How a call goes, as one browser measures it. */
import * as v from 'valibot';

/** A day is longer than any call. */
const Ms = v.pipe(v.number(), v.minValue(0), v.maxValue(86_400_000));

export const CallNumbers = v.object({
  /** From the yes until media could flow; null: not yet. */
  setUpMs: v.nullable(Ms),
  /** From the yes to the first picture of somebody else; null: none so far. */
  firstFrameMs: v.nullable(Ms),
  /** Of the packets that were on their way to this browser, the part that was lost: 0 to 1. */
  packetLoss: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  /** How often a picture stood still, and how long altogether. */
  freezes: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1_000_000)),
  freezeMs: Ms,
  /** The way that media takes; null until it is known. */
  path: v.nullable(v.picklist(['udp', 'tcp', 'relay'])),
});
export type CallNumbers = v.InferOutput<typeof CallNumbers>;

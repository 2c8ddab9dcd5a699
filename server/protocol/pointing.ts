/** What people point at on the shopper's page, as frames of agents and of the shopper. */
import * as v from 'valibot';
import { LABEL_MAX, STROKE_POINTS_MAX } from './limits.ts';

export const Id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));
export const Uint32 = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(0xffffffff));
const Fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const conversation = { conversation: Id };

/** A place inside an element, in fractions of its box. */
export const Place = v.object({ node: Uint32, fx: Fraction, fy: Fraction });
export type Place = v.InferOutput<typeof Place>;

/** What a `hash` of an element is: see text-hash.ts. Empty: nothing to compare by. */
export const Hash = v.pipe(v.string(), v.maxLength(8));
export const Tag = v.pipe(v.string(), v.maxLength(64));

/** Of an agent who looks, to the tab that is looked at. */
export const AgentPointing = [
  /** The agent's pointer: a place inside an element of the page, by rrweb node id; `node: null` takes it away. */
  v.object({
    type: v.literal('cobrowse.pointer'),
    ...conversation,
    epoch: Uint32,
    node: v.nullable(Uint32),
    fx: Fraction,
    fy: Fraction,
  }),
  /** Highlight an element on the shopper's page; `node: null` clears. `tag` and `hash` guard against another element. */
  v.object({
    type: v.literal('cobrowse.highlight'),
    ...conversation,
    epoch: Uint32,
    node: v.nullable(Uint32),
    tag: Tag,
    hash: v.optional(Hash),
    label: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(LABEL_MAX))),
  }),
  /** Draws: more points of a stroke, which begins with its first frame. It fades after a while, or stays until `cobrowse.wipe`. */
  v.object({
    type: v.literal('cobrowse.stroke'),
    ...conversation,
    epoch: Uint32,
    stroke: Uint32,
    shape: v.picklist(['free', 'arrow']),
    stays: v.boolean(),
    points: v.pipe(v.array(Place), v.maxLength(STROKE_POINTS_MAX)),
    done: v.boolean(),
  }),
  /** Takes away everything that this agent has drawn. */
  v.object({ type: v.literal('cobrowse.wipe'), ...conversation, epoch: Uint32 }),
] as const;

/** Of the tab that is looked at, to those who look. */
export const ShopperPointing = [
  /** The shopper points at a place of the page. */
  v.object({ type: v.literal('cobrowse.point'), ...conversation, epoch: Uint32, ...Place.entries }),
  /** What agent `by` pointed at is not there any more, or is another element now. */
  v.object({ type: v.literal('cobrowse.missed'), ...conversation, epoch: Uint32, by: Id }),
] as const;

type AgentFrame = v.InferOutput<(typeof AgentPointing)[number]>;
/** What an agent wants pointed out. */
export type PointingWish = AgentFrame extends infer F ? (F extends unknown ? Omit<F, 'conversation'> : never) : never;
/** As the shopper's tab gets it: with the agent's name and id, since everybody who looks has a colour of their own. */
export type PointingFrame = AgentFrame & { agent: string; by: string };
export type ShopperPointingFrame = v.InferOutput<(typeof ShopperPointing)[number]>;

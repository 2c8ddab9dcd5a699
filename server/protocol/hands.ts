/** Helping hands: what the agent asks the shopper's page to do, and what came of it. */
import * as v from 'valibot';
import { HANDS_TEXT_MAX, HANDS_WHAT_MAX } from './limits.ts';
import { Hash, Id, Place, Tag, Uint32 } from './pointing.ts';

const conversation = { conversation: Id };

/** A place inside an element, with what the agent saw there: another tag or another text is another element. */
const Target = v.object({ ...Place.entries, tag: Tag, hash: Hash });
export type HandsTarget = v.InferOutput<typeof Target>;

/** In windows: 1 is as much as is seen at a time. */
const Windows = v.pipe(v.number(), v.minValue(-3), v.maxValue(3));

export const HandsDeed = v.variant('kind', [
  /** Scrolls whatever scrolls around the place. */
  v.object({ kind: v.literal('scroll'), at: Target, across: Windows, down: Windows }),
  /** Brings the element into view. */
  v.object({ kind: v.literal('scroll-to'), at: Target }),
  /** Clicks: follows a link, ticks a box, presses a button that sends no form. */
  v.object({ kind: v.literal('click'), at: Target }),
  /** The page before, where it is the shop's. */
  v.object({ kind: v.literal('back') }),
  /** One line of a list, by its index and the `textHash` of what it says. */
  v.object({ kind: v.literal('choose'), at: Target, option: v.pipe(Uint32, v.maxValue(9_999)), text: Hash }),
  v.object({ kind: v.literal('fill'), at: Target, text: v.pipe(v.string(), v.maxLength(HANDS_TEXT_MAX)) }),
]);
export type HandsDeed = v.InferOutput<typeof HandsDeed>;

/** What was done, as the record says it. `what`: a person's name for the element; never what was typed. */
export const HANDS_DID = {
  scroll: ['scrolled'],
  'scroll-to': ['scrolled'],
  click: ['clicked', 'followed', 'chose', 'ticked', 'unticked'],
  back: ['went-back'],
  choose: ['chose'],
  fill: ['filled'],
} as const satisfies Record<HandsDeed['kind'], readonly string[]>;
export type HandsDid = (typeof HANDS_DID)[HandsDeed['kind']][number];

/**
 * `masked`: it holds what the agent may not see, or what the shopper has typed · `not-allowed`: it would send a form, pay,
 * leave the shop, or the shop forbids it · `typing`: the shopper's own hands are on the page · `gone`: it is not there, or
 * is something else now.
 */
export const HANDS_REFUSALS = ['masked', 'not-allowed', 'typing', 'gone', 'old-epoch', 'no-hands'] as const;
export type HandsOutcome = 'done' | (typeof HANDS_REFUSALS)[number];

/** Of the conversation's agent. */
export const AgentHands = [
  /** The shopper is asked; both look at the page already. */
  v.object({ type: v.literal('hands.ask'), ...conversation }),
  /** `act`: a number of the console's own, which comes back with the outcome. */
  v.object({ type: v.literal('hands.act'), ...conversation, epoch: Uint32, act: Uint32, deed: HandsDeed }),
] as const;

/** Either side ends it; before the answer the agent takes the question back. */
export const HandsStop = v.object({ type: v.literal('hands.stop'), ...conversation });

/** Of the shopper, and of the tab that is looked at. */
export const ShopperHands = [
  v.object({ type: v.literal('hands.answer'), ...conversation, yes: v.boolean() }),
  v.object({
    type: v.literal('hands.acted'),
    ...conversation,
    act: Uint32,
    outcome: v.picklist(['done', ...HANDS_REFUSALS]),
    did: v.optional(v.picklist([...new Set(Object.values(HANDS_DID).flat())])),
    what: v.optional(v.pipe(v.string(), v.maxLength(HANDS_WHAT_MAX))),
  }),
  /** The shopper has begun to type or click, or has been quiet for a moment. */
  v.object({ type: v.literal('hands.busy'), ...conversation, on: v.boolean() }),
] as const;

type ShopperFrame = v.InferOutput<(typeof ShopperHands)[number]>;
export type HandsActed = Extract<ShopperFrame, { type: 'hands.acted' }>;
export type HandsBusy = Extract<ShopperFrame, { type: 'hands.busy' }>;
export type HandsAct = Extract<v.InferOutput<(typeof AgentHands)[number]>, { type: 'hands.act' }>;
/** As the shopper's tab gets it: `origins` are those of the shop's pages, where links may lead. */
export type HandsOrder = HandsAct & { agent: string; by: string; origins: string[] };

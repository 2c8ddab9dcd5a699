/** Every JSON frame that a browser may send, as schemas. The server parses each at the socket's door. */
import * as v from 'valibot';
import { BASKET_ITEMS_MAX, BASKET_NAME_MAX, BASKET_PRICE_MAX, BASKET_QUANTITY_MAX } from './basket.ts';
import { AgentHands, HandsStop, ShopperHands } from './hands.ts';
import { NOTE_MAX, RATING_COMMENT_MAX } from './limits.ts';
import { MAIL_NAME_MAX } from './mail-address.ts';
import { MediaRequests } from './media.ts';
import { PRODUCT_ADDRESS_MAX, PRODUCT_NAME_MAX, PRODUCT_PRICE_MAX } from './product.ts';
import { AgentPointing, ShopperPointing } from './pointing.ts';

const Id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));
const Seq = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Page = v.object({ url: v.pipe(v.string(), v.maxLength(2_048)), title: v.pipe(v.string(), v.maxLength(300)) });
const Basket = v.object({
  items: v.pipe(
    v.array(
      v.object({
        name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(BASKET_NAME_MAX)),
        quantity: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(BASKET_QUANTITY_MAX)),
        price: v.nullable(v.pipe(v.string(), v.maxLength(BASKET_PRICE_MAX))),
      }),
    ),
    v.maxLength(BASKET_ITEMS_MAX),
  ),
  total: v.nullable(v.pipe(v.string(), v.maxLength(BASKET_PRICE_MAX))),
});
const Uint32 = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(0xffffffff));

const WebAddress = v.pipe(v.string(), v.maxLength(PRODUCT_ADDRESS_MAX), v.url(), v.regex(/^https?:\/\//i));
/** A product of the shop's, shown in the chat as a card. */
const ProductCard = v.object({
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(PRODUCT_NAME_MAX)),
  price: v.nullable(v.pipe(v.string(), v.maxLength(PRODUCT_PRICE_MAX))),
  image: v.nullable(WebAddress),
  url: v.nullable(WebAddress),
});

const conversation = { conversation: Id };
const call = { conversation: Id, call: Id };

const Presence = v.picklist(['available', 'busy', 'away']);

/** The first frame of a socket. An agent is known by the session cookie of the upgrade request. */
export const Hello = v.variant('role', [
  v.object({
    type: v.literal('hello'),
    role: v.literal('shopper'),
    protocol: v.number(),
    shop: v.pipe(v.string(), v.maxLength(64)),
    /** Absent on a shopper's first visit; the welcome brings one. */
    token: v.optional(v.pipe(v.string(), v.maxLength(200))),
    /** Lives as long as the browser tab (sessionStorage), over page loads. */
    tab: Id,
    /** The last entry that this browser holds. */
    seen: v.optional(v.object({ ...conversation, seq: Seq })),
    /** Absent: the call's own window on the service's origin, which is no page of the shop. */
    page: v.optional(Page),
    /** In place of a token: what `call.pass` gave a page of the shop, and the origin that handed it on. */
    pass: v.optional(v.object({ pass: Id, from: v.pipe(v.string(), v.maxLength(300)) })),
    locale: v.optional(v.pipe(v.string(), v.maxLength(35))),
    /** From where they came to the shop, without what its address carries besides. */
    referrer: v.optional(WebAddress),
    /** Where the shop's page tells. */
    basket: v.optional(Basket),
  }),
  v.object({
    type: v.literal('hello'),
    role: v.literal('agent'),
    protocol: v.number(),
    tab: Id,
    /** As this browser remembers it: it counts where the server does not know better. */
    presence: v.optional(Presence),
  }),
]);
export type Hello = v.InferOutput<typeof Hello>;

const Chat = [
  /** A shopper may leave `conversation` out: the open one, else a new one. `id` is made by the sender, once. */
  v.object({
    type: v.literal('message.send'),
    id: Id,
    conversation: v.optional(Id),
    text: v.string(),
    /** An agent's only; its address is on one of the shop's origins. */
    product: v.optional(ProductCard),
    /** With a shopper's message that opens a conversation: what it is about. Absent: what the page's address says. */
    topic: v.optional(v.nullable(Id)),
    /** A shopper's who leaves it because nobody is there: it is, or becomes, a ticket. `email`: where the answer goes as well. */
    ticket: v.optional(
      v.object({
        email: v.optional(v.pipe(v.string(), v.maxLength(1_000))),
        name: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(MAIL_NAME_MAX))),
      }),
    ),
    /** An upload of the sender's that is complete and was not sent before; the text may be empty then. */
    file: v.optional(Id),
  }),
  /** An agent's only: for colleagues, never for the shopper. Acknowledged as a message is. */
  v.object({ type: v.literal('note.send'), id: Id, ...conversation, text: v.string() }),
  v.object({ type: v.literal('message.typing'), ...conversation, on: v.boolean() }),
  v.object({ type: v.literal('message.receipt'), ...conversation, delivered: Seq, read: Seq }),
  /** A shopper's page has changed without a load, or its title has. */
  v.object({ type: v.literal('page.show'), page: Page }),
  /** A shopper's basket is another one; null: the page does not say any more. */
  v.object({ type: v.literal('basket.show'), basket: v.nullable(Basket) }),
] as const;

/** Asks for a `pong`: a browser cannot see the socket's own pings, and a dead link looks open for minutes. */
const Ping = v.object({ type: v.literal('ping') });

const Conversations = [
  /** Follow a conversation (a shopper: only the own one): state, entries after `after`, and what comes. Again: the rest after `after`. */
  v.object({ type: v.literal('conversation.open'), ...conversation, after: Seq }),
  v.object({ type: v.literal('conversation.leave'), ...conversation }),
  v.object({ type: v.literal('conversation.accept'), ...conversation }),
  v.object({ type: v.literal('conversation.close'), ...conversation }),
  /** An agent who is asked for somebody, or to take over, says not now; the one who asked a colleague takes it back. */
  v.object({ type: v.literal('conversation.pass'), ...conversation }),
  v.object({ type: v.literal('conversation.topic'), ...conversation, topic: v.nullable(Id) }),
  /** To a colleague, who is asked; or back into the line of a topic. `note` is for the next agent. */
  v.object({
    type: v.literal('conversation.hand-over'),
    ...conversation,
    to: v.variant('kind', [
      v.object({ kind: v.literal('agent'), agent: Id }),
      v.object({ kind: v.literal('topic'), topic: v.nullable(Id) }),
    ]),
    note: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(NOTE_MAX))),
  }),
  /** The shopper's, once, when it is closed: 1 to 5, and some words. */
  v.object({
    type: v.literal('conversation.rate'),
    ...conversation,
    rating: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(5)),
    comment: v.pipe(v.string(), v.trim(), v.maxLength(RATING_COMMENT_MAX)),
  }),
] as const;

const Address = v.pipe(v.string(), v.trim(), v.maxLength(1_000));

const Tickets = [
  /** An agent's: the conversation goes on as a ticket. `email`: where answers go, where the shopper said it. */
  v.object({ type: v.literal('ticket.make'), ...conversation, email: v.optional(Address) }),
  v.object({ type: v.literal('ticket.state'), ...conversation, state: v.picklist(['open', 'pending', 'solved']) }),
  /** Null: nobody's. A colleague is one who is at the console. */
  v.object({ type: v.literal('ticket.assign'), ...conversation, agent: v.nullable(Id) }),
  /** The conversation by mail: to the shopper's address, where there is one; else to `email`. */
  v.object({ type: v.literal('transcript.send'), ...conversation, email: v.optional(Address) }),
] as const;

const Presences = [
  v.object({ type: v.literal('agent.presence'), presence: Presence }),
  /** Nobody has touched this tab for `awayMinutes`, or somebody has again. */
  v.object({ type: v.literal('agent.idle'), idle: v.boolean() }),
] as const;

const Calls = [
  v.object({ type: v.literal('call.propose'), ...conversation, video: v.boolean() }),
  v.object({ type: v.literal('call.answer'), ...call, yes: v.boolean() }),
  /** The conversation's agent asks a colleague into the running call; again: renewed. `owner`: to take it over. */
  v.object({ type: v.literal('call.invite'), ...call, agent: Id, as: v.picklist(['guest', 'owner']) }),
  v.object({ type: v.literal('call.uninvite'), ...call, agent: Id }),
  /** An invited agent says no. */
  v.object({ type: v.literal('call.decline'), ...call }),
  /**
   * An agent comes into the running call, invited or as a supervisor; who is in it already changes the part or the tab.
   * `as` is what was offered: `owner` takes the conversation over, where that is still offered.
   */
  v.object({
    type: v.literal('call.join'),
    ...call,
    part: v.picklist(['talks', 'listens']),
    as: v.picklist(['guest', 'owner']),
  }),
  /** A guest goes; the call goes on. The conversation's agent hands over first, or ends it. */
  v.object({ type: v.literal('call.leave'), ...call }),
  /** Ends it for all (a guest: leaves); before the answer it cancels. */
  v.object({ type: v.literal('call.hangup'), ...call }),
  /** This tab takes the running call over from `member`, a tab or window of the same person; refused where that is late. */
  v.object({ type: v.literal('call.take'), ...call, member: v.pipe(v.string(), v.maxLength(200)) }),
  /** A shopper's tab wants the call in a window of its own: a pass that lets that window in. Reply: PassReply. */
  v.object({ type: v.literal('call.pass'), ...call, req: v.pipe(v.number(), v.safeInteger()) }),
  v.object({ type: v.literal('screen.ask'), ...call }),
  v.object({ type: v.literal('screen.refuse'), ...call }),
] as const;

const Recording = [
  /** The agent's yes; the shopper is asked. */
  v.object({ type: v.literal('recording.ask'), ...conversation }),
  /** The shopper's answer. */
  v.object({ type: v.literal('recording.answer'), ...conversation, yes: v.boolean() }),
  /** Either side, and anybody in a call that is recorded; before the answer the agent takes the question back. */
  v.object({ type: v.literal('recording.stop'), ...conversation }),
] as const;

const Cobrowse = [
  v.object({ type: v.literal('cobrowse.ask'), ...conversation }),
  /** The shopper's answer; a yes without a question starts it as well. The tab that says yes is the one looked at. */
  v.object({ type: v.literal('cobrowse.answer'), ...conversation, yes: v.boolean() }),
  v.object({ type: v.literal('cobrowse.stop'), ...conversation }),
  /** A shopper's tab has come into view: it is the one to be looked at. */
  v.object({ type: v.literal('cobrowse.here'), ...conversation }),
  /** An agent's console wants the picture: the last snapshot and what followed, or only what came after `have`. */
  v.object({
    type: v.literal('cobrowse.watch'),
    ...conversation,
    have: v.optional(v.object({ epoch: Uint32, seq: Uint32 })),
  }),
  v.object({ type: v.literal('cobrowse.unwatch'), ...conversation }),
  /** The agent's console has applied everything up to `seq`. */
  v.object({ type: v.literal('cobrowse.applied'), ...conversation, epoch: Uint32, seq: Uint32 }),
  /** The agent's browser could not load a picture (by its node) or a font (by its `fontKey`): the shopper's may have it. */
  v.object({
    type: v.literal('cobrowse.missing'),
    ...conversation,
    epoch: Uint32,
    node: v.nullable(Uint32),
    font: v.nullable(v.pipe(v.string(), v.maxLength(300))),
  }),
  ...AgentPointing,
  ...ShopperPointing,
] as const;

const Hands = [...AgentHands, HandsStop, ...ShopperHands] as const;

/** Any frame after `hello`. */
export const ClientFrame = v.variant('type', [
  Ping,
  ...Chat,
  ...Conversations,
  ...Tickets,
  ...Presences,
  ...Calls,
  ...Recording,
  ...Cobrowse,
  ...Hands,
  ...MediaRequests,
]);
export type ClientFrame = v.InferOutput<typeof ClientFrame>;

/** A request, answered by `reply` or `refused` with its `req`. */
export type Request = Extract<ClientFrame, { req: number }>;
export type MediaRequest = Extract<Request, { type: `media.${string}` | 'call.report' }>;

/** What `call.pass` gives back: good once, for a minute. */
export type PassReply = { pass: string };

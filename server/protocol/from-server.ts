/** Every JSON frame that the server sends. */
import type { Basket } from './basket.ts';
import type { Visit } from './journey.ts';
import type { Entry, Side } from './entry.ts';
import type { HandsOrder, HandsOutcome } from './hands.ts';
import type { MediaPush } from './media.ts';
import type { PointingFrame } from './pointing.ts';
import type { Refusal } from './refusals.ts';
import type {
  AgentView,
  Attendance,
  Colleague,
  ConversationSummary,
  ConversationView,
  LineView,
  MediaStatus,
  PlaceView,
  Presence,
  RecordingAvailability,
  ShopView,
} from './views.ts';

export type Welcome =
  | {
      type: 'welcome';
      role: 'shopper';
      /** Keep it (localStorage); it stands for the shopper from now on. */
      token: string;
      shop: ShopView;
      /** The shopper's latest conversation, if any. Its entries follow as `conversation.entries`. */
      conversation: ConversationView | null;
      media: MediaStatus;
      /** What the shop has beside a person: articles to read, a question how it was. Loaded only where it has them. */
      help: { articles: boolean; rating: boolean };
    }
  | {
      type: 'welcome';
      role: 'agent';
      you: AgentView;
      shop: ShopView;
      conversations: ConversationSummary[];
      team: Colleague[];
      line: LineView;
      /** What this agent has chosen; away by itself does not change it. */
      presence: Presence;
      media: MediaStatus;
      recording: RecordingAvailability;
      /** Origin of the co-browsing replay frame, for example `http://localhost:4600`. */
      replayOrigin: string;
    };

export type ServerFrame =
  | Welcome
  | { type: 'pong' }
  /** `of` is the type of the refused frame; `id` or `req` say which one. */
  | { type: 'refused'; of: string; reason: Refusal; id?: string; req?: number }
  | { type: 'reply'; req: number; data: Record<string, unknown> }
  /** Durable: it will not be lost any more. A repeated id is acknowledged again. */
  | { type: 'message.ack'; id: string; conversation: string; seq: number; at: number }
  | { type: 'message.typing'; conversation: string; side: Side; on: boolean }
  /** In order, without gaps after what the client said it had. */
  | { type: 'conversation.entries'; conversation: string; entries: Entry[] }
  | { type: 'conversation.state'; conversation: ConversationView }
  /** To agents who follow it: what lies in the shopper's basket now; null: the page does not say. */
  | { type: 'shopper.basket'; conversation: string; basket: Basket | null }
  /** To an agent who begins to follow it: the pages that the shopper was seen on, the last one as in the state. */
  | { type: 'shopper.journey'; conversation: string; visits: readonly Visit[] }
  /** To everybody who may hold something of it: all of it was erased. */
  | { type: 'conversation.erased'; conversation: string }
  /** To every agent of the shop, whenever a line of the lists changes. */
  | { type: 'conversation.summary'; summary: ConversationSummary }
  /** To every agent of the shop, whenever a colleague comes, goes, or begins or ends a call. Whole: the newer one replaces. */
  | { type: 'team'; team: Colleague[] }
  /** To every agent of the shop, whenever somebody is asked for somebody, or is not any more. Whole. */
  | { type: 'line'; line: LineView }
  /** To a shopper who waits, whenever the place or the expected wait is another one. */
  | { type: 'queue.place'; conversation: string; place: PlaceView | null }
  /** To everybody: the shop opens or closes, agents come or go, its topics are other ones. Whole. */
  | { type: 'attendance'; attendance: Attendance }
  | { type: 'media.status'; media: MediaStatus }
  | MediaPush
  /**
   * To the shopper's tab: the server holds everything up to `seq`, and `bytes` of the payload of the frame after it.
   * `beat`: the number of a beat that has just come.
   */
  | { type: 'cobrowse.ack'; conversation: string; epoch: number; seq: number; bytes?: number; beat?: number }
  /** To a console that watches, twice a second: how old its picture is, in milliseconds, without anybody's clock. */
  | { type: 'cobrowse.age'; conversation: string; ms: number }
  /**
   * To the shopper's tab: send a new full snapshot (same epoch, next seq). `anew`: also where one is on its way, because
   * what is on its way cannot be used · `forget`: hashes of stylesheets whose text the server does not have (any more).
   */
  | { type: 'cobrowse.snapshot'; conversation: string; anew?: true; forget?: 'all' | readonly string[] }
  /** To the shopper's tab: a console lacks a picture or a font that this browser may have. */
  | {
      type: 'cobrowse.missing';
      conversation: string;
      agent: string;
      by: string;
      epoch: number;
      node: number | null;
      font: string | null;
    }
  /** To the shopper's tab: what somebody who looks points at. */
  | PointingFrame
  /** To the consoles that watch: the shopper points at a place. */
  | { type: 'cobrowse.pointed'; conversation: string; epoch: number; node: number; fx: number; fy: number }
  /** To an agent: what they pointed at is not there any more. */
  | { type: 'cobrowse.missed'; conversation: string }
  /** To the shopper's tab: what the agent's hands are to do, if they may. */
  | HandsOrder
  /** To the console that asked for it. */
  | { type: 'hands.acted'; conversation: string; act: number; outcome: HandsOutcome }
  /** To the agent: the shopper's own hands are on the page, or not any more. */
  | { type: 'hands.busy'; conversation: string; on: boolean };

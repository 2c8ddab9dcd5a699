import type { Basket } from '../protocol/basket.ts';
import type { CallNumbers } from '../protocol/call-numbers.ts';
import type { MailFileRefused, MailNote, Person } from '../protocol/entry.ts';
import type { FileView } from '../protocol/file.ts';
import type { HandsDid } from '../protocol/hands.ts';
import type { Product } from '../protocol/product.ts';
import type { MediaSource } from '../protocol/media.ts';
import type { CallPart, MediaStatus, PageView, PlaceView, RecordedParts } from '../protocol/views.ts';
import type { Presence } from './conversation.ts';
import type { TimerName } from './effects.ts';
import type { TicketWish } from './ticket.ts';

/** What can happen to a conversation. Whatever is random or comes from outside is in the event. */
export type ConversationEvent =
  /** A socket begins to follow, or asks again for what comes after `after`. */
  | {
      type: 'joined';
      presence: Presence;
      after: number;
      page?: PageView;
      locale?: string;
      referrer?: string;
      basket?: Basket;
    }
  /** `leaving`: the page said goodbye, as for a page load; otherwise the connection was lost. */
  | { type: 'left'; socket: string; leaving?: boolean }
  /** `known`: this id was stored before. */
  | {
      type: 'message-sent';
      socket: string;
      id: string;
      text: string;
      product?: Product;
      file?: FileView;
      /** A shopper leaves it for an answer by mail. */
      ticket?: TicketWish;
      known: { seq: number; at: number } | null;
    }
  /** By an agent who need not follow the conversation. */
  | { type: 'file-deleted'; by: Person; file: string }
  /** `known`: as of a message. */
  | { type: 'note-written'; socket: string; id: string; text: string; known: { seq: number; at: number } | null }
  | { type: 'typed'; socket: string; on: boolean }
  | { type: 'receipt-given'; socket: string; delivered: number; read: number }
  | { type: 'page-shown'; socket: string; page: PageView }
  | { type: 'basket-shown'; socket: string; basket: Basket | null }
  | { type: 'accepted'; socket: string }
  | { type: 'closed'; socket: string }
  | { type: 'ticket-wanted'; socket: string; wish: TicketWish }
  | { type: 'ticket-changed'; socket: string; state: 'open' | 'pending' | 'solved' }
  | { type: 'ticket-assigned'; socket: string; to: { id: string; name: string } | null }
  /** An answer of the shopper's by mail, in as many messages as its words and files need. `refused`: files that are not taken. */
  | {
      type: 'mail-received';
      messages: readonly { id: string; text: string; file?: FileView }[];
      refused: { id: string; files: MailFileRefused[] } | null;
    }
  /** When an answer is due, by the shop's hours. */
  | { type: 'ticket-due'; dueAt: number | null }
  /** Agents' words up to this entry are on their way by mail, or need not be. */
  | { type: 'ticket-mailed'; seq: number }
  /** What became of a mail, in words for the thread. */
  | { type: 'mail-told'; body: MailNote }
  | { type: 'topic-changed'; socket: string; topic: string | null }
  /** `agent`: the colleague, where they are at the console now. */
  | {
      type: 'hand-over-offered';
      socket: string;
      agent: { id: string; name: string } | null;
      note: string | null;
    }
  | { type: 'handed-on'; socket: string; topic: string | null; note: string | null }
  /** By an agent who need not follow the conversation. */
  | { type: 'hand-over-passed'; agent: string }
  /** An agent is gone: for longer than is waited, or without a word for too long. */
  | { type: 'agent-lost'; agent: string; reason: 'lost' | 'silent' }
  /** What the shopper is told of the wait at first. */
  | { type: 'estimated'; estimateMs: number }
  | { type: 'placed'; place: PlaceView | null }
  /** Whoever waits has not been here for so long that nobody expects them back. */
  | { type: 'shopper-gone' }
  | { type: 'rated'; socket: string; rating: number; comment: string }
  | { type: 'call-proposed'; socket: string; id: string; video: boolean; media: MediaStatus['status'] }
  | { type: 'call-answered'; socket: string; id: string; yes: boolean }
  | { type: 'call-hung-up'; socket: string; id: string }
  | { type: 'call-taken'; socket: string; id: string; from: string }
  /** `agent`: the colleague, where they are at the console now. */
  | {
      type: 'call-invited';
      socket: string;
      id: string;
      agent: { id: string; name: string } | null;
      as: 'guest' | 'owner';
    }
  | { type: 'call-uninvited'; socket: string; id: string; agent: string }
  /** By an agent who need not follow the conversation. */
  | { type: 'call-invitation-declined'; agent: string; id: string }
  | { type: 'call-joined'; socket: string; id: string; part: CallPart; as: 'guest' | 'owner' }
  | { type: 'call-left'; socket: string; id: string }
  | { type: 'call-reported'; socket: string; id: string; numbers: CallNumbers }
  | { type: 'screen-asked'; socket: string; id: string }
  | { type: 'screen-refused'; socket: string; id: string }
  | { type: 'sources-changed'; member: string; sources: MediaSource[] }
  /** `available`: what this server can record; `days`: how long it keeps it. */
  | { type: 'recording-asked'; socket: string; available: RecordedParts; days: number }
  | { type: 'recording-answered'; socket: string; yes: boolean; id: string }
  | { type: 'recording-stopped'; socket: string }
  /** It cannot go on: it has reached the size that one may have, or is not written any more. */
  | { type: 'recording-failed'; id: string; outcome: 'full' | 'failed' }
  | { type: 'cobrowse-asked'; socket: string }
  | { type: 'cobrowse-answered'; socket: string; yes: boolean; channel: number }
  | { type: 'cobrowse-stopped'; socket: string }
  /** The tab that is looked at goes on sending what cannot be read. */
  | { type: 'cobrowse-unreadable' }
  /** The shopper looks at this tab now. */
  | { type: 'cobrowse-tab-shown'; socket: string }
  | { type: 'cobrowse-watched'; socket: string }
  | { type: 'cobrowse-unwatched'; socket: string }
  | { type: 'hands-asked'; socket: string }
  | { type: 'hands-answered'; socket: string; yes: boolean }
  | { type: 'hands-stopped'; socket: string }
  /** By the tab that is looked at: what `agent` asked for is done. */
  | { type: 'hands-acted'; socket: string; agent: { id: string; name: string }; did: HandsDid; what: string }
  /** The room was loaded from storage: what ran goes on, nobody is connected yet. */
  | { type: 'resumed' }
  | { type: 'timer-fired'; name: TimerName };

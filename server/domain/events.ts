import type { CallNumbers } from '../protocol/call-numbers.ts';
import type { Product } from '../protocol/product.ts';
import type { MediaSource } from '../protocol/media.ts';
import type { CallPart, MediaStatus, PageView } from '../protocol/views.ts';
import type { Presence } from './conversation.ts';
import type { TimerName } from './effects.ts';

/** What can happen to a conversation. Whatever is random or comes from outside is in the event. */
export type ConversationEvent =
  /** A socket begins to follow, or asks again for what comes after `after`. */
  | { type: 'joined'; presence: Presence; after: number; page?: PageView; locale?: string }
  /** `leaving`: the page said goodbye, as for a page load; otherwise the connection was lost. */
  | { type: 'left'; socket: string; leaving?: boolean }
  /** `known`: this id was stored before. */
  | {
      type: 'message-sent';
      socket: string;
      id: string;
      text: string;
      product?: Product;
      known: { seq: number; at: number } | null;
    }
  /** `known`: as of a message. */
  | { type: 'note-written'; socket: string; id: string; text: string; known: { seq: number; at: number } | null }
  | { type: 'typed'; socket: string; on: boolean }
  | { type: 'receipt-given'; socket: string; delivered: number; read: number }
  | { type: 'page-shown'; socket: string; page: PageView }
  | { type: 'accepted'; socket: string }
  | { type: 'closed'; socket: string }
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
  /** `available`: this server can record; `days`: how long it keeps what it records. */
  | { type: 'recording-asked'; socket: string; available: boolean; days: number }
  | { type: 'recording-answered'; socket: string; yes: boolean; id: string }
  | { type: 'recording-stopped'; socket: string }
  | { type: 'recording-failed'; id: string }
  | { type: 'cobrowse-asked'; socket: string }
  | { type: 'cobrowse-answered'; socket: string; yes: boolean; channel: number }
  | { type: 'cobrowse-stopped'; socket: string }
  /** The shopper looks at this tab now. */
  | { type: 'cobrowse-tab-shown'; socket: string }
  | { type: 'cobrowse-watched'; socket: string }
  | { type: 'cobrowse-unwatched'; socket: string }
  /** The room was loaded from storage: what ran goes on, nobody is connected yet. */
  | { type: 'resumed' }
  | { type: 'timer-fired'; name: TimerName };

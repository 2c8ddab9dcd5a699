import type { Connection } from '../../../client/core/connection.ts';
import type { Refusal } from '../../../server/protocol/refusals.ts';
import type { CallView, ConversationView, MediaStatus } from '../../../server/protocol/views.ts';
import type { WidgetHost } from '../../loader/contract.ts';
import type { Memory } from '../../loader/memory.ts';

type HandsParts = Awaited<ReturnType<(typeof import('../hands/index.ts'))['loadHands']>>;

/** What the steps need of the counter. */
export type Desk = {
  connection: Connection;
  host: WidgetHost;
  tab: string;
  session: Memory;
  /** The open conversation, or null. */
  view(): ConversationView | null;
  /** The code of helping hands, once it is loaded. */
  hands(): HandsParts | null;
  media(): MediaStatus;
  /** Writes a message; it opens a conversation where there is none. */
  say(text: string): void;
  /** A call rings, or is back after a page load. */
  onCall(call: CallView): void;
  refuse(reason: Refusal): void;
  /** Whether the open panel covers the page, as it does on a phone. */
  covered(): boolean;
  /** This is the call's own window, not a page of the shop. */
  ownWindow: boolean;
  /** Puts the panel away, for what is pointed at behind it. */
  makeWay(): void;
  /** The open panel. */
  panel(): HTMLElement | null;
};

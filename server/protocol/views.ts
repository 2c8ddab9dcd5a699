/** What clients are shown of the server's state. Whole values: a newer one replaces the older one. */
import type { Person, Side } from './entry.ts';
import type { MediaSource } from './media.ts';

export type PageView = { url: string; title: string };

/** The highest entry numbers that reached a side, and that a person of that side has seen. */
export type Receipt = { delivered: number; read: number };

/** Whoever listens is named to everybody, and sends nothing. */
export type CallPart = 'talks' | 'listens';

/** An agent is asked into a running call: beside the one who asks, or in their place. */
export type Invitation = {
  agent: { id: string; name: string };
  by: { id: string; name: string };
  as: 'guest' | 'owner';
};

export type CallView = {
  id: string;
  status: 'ringing' | 'active';
  by: Person;
  video: boolean;
  /** Milliseconds since the epoch; null while it rings. */
  answeredAt: number | null;
  /** Who is in the call or getting ready for it: the shopper's tab, the agent's tab, colleagues' tabs. `agent`: an agent's id. */
  members: {
    participant: string;
    side: Side;
    agent: string | null;
    name: string | null;
    tab: string;
    connected: boolean;
    /** While it is not connected: its page was left (for the next one, or for good), it did not lose its connection. */
    leaving: boolean;
    /** The call's own window, not a page. */
    window: boolean;
    /** What of theirs was last seen on; a tab that takes the call over goes on with the same. */
    on: MediaSource[];
    part: CallPart;
  }[];
  /** Agents who were asked to join and have not answered yet. */
  invited: Invitation[];
  /** A side that was asked to share its screen and has not answered yet. */
  screenAsked: Side | null;
  /** Sides whose screen is shared now. */
  screens: Side[];
};

export type CobrowseView =
  | { status: 'off' }
  | { status: 'asked'; by: { id: string; name: string } }
  | {
      status: 'on';
      /** The shopper's tab that is looked at: of those that are open the one that the shopper looks at. */
      tab: string;
      /** Stands in the header of every binary frame of this session. */
      channel: number;
      agent: { id: string; name: string };
      /** Who looks at this moment, each once; the shopper is shown their names. */
      watchers: { id: string; name: string }[];
    };

/** Whether what is said and shown in the call is recorded: said to everybody in it, and to whoever may join it. */
export type RecordingView =
  | { status: 'off' }
  /** The agent asks; the shopper has not answered. `days`: how long it would be kept. */
  | { status: 'asked'; by: { id: string; name: string }; days: number }
  /** Both have said yes. `since` in milliseconds since the epoch. */
  | { status: 'on'; id: string; by: { id: string; name: string }; since: number };

/** Whether this server can record. `off`: the operator does not want it. `days`: how long recordings are kept. */
export type RecordingAvailability =
  { available: true; days: number } | { available: false; reason: 'off' | 'no-ffmpeg' | 'ffmpeg-unusable' };

export type ConversationView = {
  id: string;
  status: 'waiting' | 'active' | 'closed';
  openedAt: number;
  lastSeq: number;
  agent: { id: string; name: string } | null;
  shopper: { id: string; online: boolean; page: PageView | null; locale: string | null };
  receipts: Record<Side, Receipt>;
  /** How the shopper found it, from 1 to 5, once they have said so. */
  rating: number | null;
  call: CallView | null;
  cobrowse: CobrowseView;
  recording: RecordingView;
};

/** A line of the agents' lists. `preview` is the beginning of the last message. */
export type ConversationSummary = Pick<
  ConversationView,
  'id' | 'status' | 'openedAt' | 'lastSeq' | 'agent' | 'shopper'
> & {
  lastAt: number;
  preview: { side: Side; text: string } | null;
  /** Messages of the shopper that no agent has read. */
  unread: number;
  call: CallView['status'] | null;
  /** Ids of the agents who are in its call. */
  inCall: string[];
  /** Who is asked into its running call `call` now. */
  invited: (Invitation & { call: string; video: boolean })[];
  cobrowse: CobrowseView['status'];
  recording: RecordingView['status'];
};

/** One of the shopper's conversations before this one, as the console lists them. */
export type EarlierConversation = Pick<ConversationView, 'id' | 'openedAt' | 'agent' | 'rating'> &
  Pick<ConversationSummary, 'preview'>;

export type ShopView = { key: string; name: string; /** CSS colour */ accent: string; greeting: string | null };

export type AgentView = { id: string; name: string; email: string; role: 'agent' | 'supervisor' | 'admin' };

/** Who answers for the shop, or did. `topics` null: all of them; `capacity` null: what the shop has settled. */
export type TeamMember = AgentView & { topics: string[] | null; capacity: number | null; active: boolean };

/** An agent of the shop who is at the console now. `free`: in no call. */
export type Colleague = Pick<AgentView, 'id' | 'name' | 'role'> & { free: boolean };

/** Whether calls can be made. `step` is a sentence for people; `done` of `total` where known. */
export type MediaStatus =
  | { status: 'ready' }
  | { status: 'preparing'; step: string; done?: number; total?: number }
  | { status: 'unavailable'; reason: string }
  /** The service is about to restart: running calls go on until then (milliseconds since the epoch), no new ones begin. */
  | { status: 'draining'; until: number };

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

/** What a recording is of: what is said and shown in the call, the shopper's page while it is looked at, or both. */
export type RecordedParts = { call: boolean; page: boolean };

/** Whether what goes on is recorded: said to everybody who has a part in it, and to whoever may come. */
/** Whether the conversation's agent may act in the page that is looked at. */
export type HandsView =
  | { status: 'off' }
  | { status: 'asked'; by: { id: string; name: string } }
  /** `since` in milliseconds since the epoch; names this yes. */
  | { status: 'on'; agent: { id: string; name: string }; since: number };

/** Whether what is said and shown in the call is recorded: said to everybody in it, and to whoever may join it. */
export type RecordingView =
  | { status: 'off' }
  /** The agent asks; the shopper has not answered. `days`: how long it would be kept. */
  | { status: 'asked'; by: { id: string; name: string }; days: number; of: RecordedParts }
  /** Both have said yes. `since` in milliseconds since the epoch. What has ended is not in `of` any more, but was in `had`. */
  | {
      status: 'on';
      id: string;
      by: { id: string; name: string };
      since: number;
      of: RecordedParts;
      had: RecordedParts;
    };

/**
 * What this server can record. `off`: the operator does not want any; calls need ffmpeg, pages do not. `days`: how long
 * recordings are kept.
 */
export type RecordingAvailability = {
  call: 'ready' | 'off' | 'no-ffmpeg' | 'ffmpeg-unusable';
  page: boolean;
  days: number;
};

/** Where in the line a shopper is. `minutes`: what is expected of the wait from now on; null: nothing is known. */
export type PlaceView = {
  ahead: number;
  minutes: number | null;
  /** It takes longer than the shop lets people wait without another offer. */
  long: boolean;
};

/** A conversation that goes on when nobody is there. A shopper sees no other address here than their own. */
export type TicketView = {
  number: number;
  /** `pending`: it is the shopper's turn. */
  state: 'open' | 'pending' | 'solved';
  since: number;
  email: string | null;
  name: string | null;
  /** When an answer is due; null: it is the shopper's turn, or nobody can tell. */
  dueAt: number | null;
};

export type ConversationView = {
  id: string;
  /** `ticket`: it waits in no line; `ticket` says more then. */
  status: 'waiting' | 'active' | 'ticket' | 'closed';
  openedAt: number;
  lastSeq: number;
  agent: { id: string; name: string } | null;
  /** `referrer`: the page from which they came to the shop, where that is known. */
  shopper: { id: string; online: boolean; page: PageView | null; locale: string | null; referrer?: string };
  receipts: Record<Side, Receipt>;
  /** How the shopper found it, from 1 to 5, once they have said so. */
  rating: number | null;
  call: CallView | null;
  cobrowse: CobrowseView;
  hands: HandsView;
  recording: RecordingView;
  topic: string | null;
  /** While it waits; null before the line has counted. */
  place: PlaceView | null;
  ticket: TicketView | null;
};

/** The beginning of the last message; `file`: the name of the file in it. */
export type Preview = { side: Side; text: string; file?: string };

/** A line of the agents' lists. */
export type ConversationSummary = Pick<
  ConversationView,
  'id' | 'status' | 'openedAt' | 'lastSeq' | 'agent' | 'shopper' | 'topic' | 'ticket'
> & {
  lastAt: number;
  preview: Preview | null;
  /** Messages of the shopper that no agent has read. */
  unread: number;
  call: CallView['status'] | null;
  /** Ids of the agents who are in its call. */
  inCall: string[];
  /** Who is asked into its running call `call` now. */
  invited: (Invitation & { call: string; video: boolean })[];
  cobrowse: CobrowseView['status'];
  recording: RecordingView['status'];
  waitingSince: number;
  /** What the shopper was told of the wait at first, in milliseconds; null: nothing. */
  estimateMs: number | null;
  /** A colleague who is asked to take the conversation over; the note is for them alone. */
  handOver: { to: { id: string; name: string }; by: { id: string; name: string }; note: string | null } | null;
  /** What the last agent left for the next one. A shopper's client never gets a summary. */
  note: { by: { id: string; name: string }; text: string; at: number } | null;
  /** Since when the shopper waits for an answer of the agent whose conversation it is; null: not. */
  unansweredSince: number | null;
};

/** One of the shopper's conversations before this one, as the console lists them. */
export type EarlierConversation = Pick<ConversationView, 'id' | 'openedAt' | 'agent' | 'rating'> &
  Pick<ConversationSummary, 'preview'>;

/** How much there is of a shopper, as an admin is told before it is erased. */
export type ShopperTraces = { conversations: number; files: number; recordings: number; mails: number };

/** `until`: when that changes, in milliseconds since the epoch; null: not within a year. */
export type Openness = { open: boolean; until: number | null };

/** What shoppers can choose, and whether somebody who knows of it is there. */
export type TopicView = Openness & {
  id: string;
  name: { en?: string | undefined; es?: string | undefined };
  paths: string[];
  staffed: boolean;
};

/** Whether the shop is open, and whether somebody is signed in who is not away. */
export type Attendance = Openness & {
  staffed: boolean;
  topics: TopicView[];
  /** Other ways to the shop. */
  channels: { label: string; url: string }[];
};

export type ShopView = {
  key: string;
  name: string;
  /** CSS colour */ accent: string;
  greeting: string | null;
  attendance: Attendance;
  /** Whether answers to tickets go out by mail; otherwise they are read here, in the chat. */
  mail: boolean;
};

export type AgentView = { id: string; name: string; email: string; role: 'agent' | 'supervisor' | 'admin' };

/** Who answers for the shop, or did. `topics` null: all of them; `capacity` null: what the shop has settled. */
export type TeamMember = AgentView & { topics: string[] | null; capacity: number | null; active: boolean };

/** Only who is available is asked; who is busy takes what they choose; who is away takes nothing. */
export type Presence = 'available' | 'busy' | 'away';

/** An agent of the shop who is at the console now. `free`: in no call. */
export type Colleague = Pick<AgentView, 'id' | 'name' | 'role'> & { free: boolean; presence: Presence };

/** Who is asked for whom at this moment. `leftMs` of `ofMs`: how long still. */
export type LineView = {
  offers: { conversation: string; agent: { id: string; name: string }; leftMs: number; ofMs: number }[];
  /** An agent who touches nothing for so long is away; null: never by itself. */
  awayMinutes: number | null;
};

/** Whether calls can be made. `step` is a sentence for people; `done` of `total` where known. */
export type MediaStatus =
  | { status: 'ready' }
  | { status: 'preparing'; step: string; done?: number; total?: number }
  | { status: 'unavailable'; reason: string }
  /** The service is about to restart: running calls go on until then (milliseconds since the epoch), no new ones begin. */
  | { status: 'draining'; until: number };

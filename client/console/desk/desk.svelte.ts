import { CLOSE } from '../../../server/protocol/close-codes.ts';
import type { ClientFrame } from '../../../server/protocol/from-client.ts';
import type { ServerFrame } from '../../../server/protocol/from-server.ts';
import { PROTOCOL_VERSION } from '../../../server/protocol/limits.ts';
import type {
  AgentView,
  CallPart,
  Colleague,
  ConversationSummary,
  LineView,
  MediaStatus,
  RecordingAvailability,
  ShopView,
} from '../../../server/protocol/views.ts';
import { Connection, type ConnectionStatus } from '../../core/connection.ts';
import type { ScreenName } from '../office/screens.ts';
import { refusalSentence } from '../ui/refusal-words.ts';
import { w } from '../words.ts';
import { applyAccent } from './accent.ts';
import { Bell } from './bell.svelte.ts';
import { Board } from './board.svelte.ts';
import { Floor } from './floor.ts';
import { Followed } from './followed.svelte.ts';
import type { OwnInvitation } from './invitations.ts';
import { Journeys } from './journeys.svelte.ts';
import { LiveConversation } from './live-conversation.svelte.ts';
import { newsOf, waitsNewly } from './news.ts';
import { Notices } from './notices.svelte.ts';
import { OwnPresence } from './own-presence.svelte.ts';
import { forgetConversation, rememberDevices, rememberedSelection, rememberSelection, tabId } from './remembered.ts';
import { SavedReplies } from './saved-replies.svelte.ts';
import { ReplayFrames } from '../stage/replay-frames.ts';

/** Refusals that answer something the agent just did; others (a receipt come late) concern nobody. */
const SPOKEN =
  /^(conversation\.(accept|close|hand-over|topic)|ticket\.|transcript\.|call\.|screen\.|recording\.|(cobrowse|hands)\.(ask|stop))/;

/** Whoever waits no longer than this has just come. */
const RUNG_MS = 3_000;

/** The agent's place of work: the connection, what the service says of the shop, and what is before the agent's eyes. */
export class Desk {
  readonly tab = tabId();
  you = $state.raw<AgentView | null>(null);
  shop = $state.raw<ShopView | null>(null);
  media = $state.raw<MediaStatus>({ status: 'preparing', step: '' });
  /** Who is at the console now, this agent among them. */
  team = $state.raw<readonly Colleague[]>([]);
  recording = $state.raw<RecordingAvailability>({ call: 'off', page: false, days: 0 });
  replayOrigin = $state.raw('');
  readonly replayFrames = new ReplayFrames({
    origin: () => this.replayOrigin,
    title: w.cobrowse_picture(),
    frameSentence: w.cobrowse_frame_not_shown({ host: '{host}' }),
  });
  status = $state<ConnectionStatus>('connecting');
  closeCode = $state<number | null>(null);
  selectedId = $state<string | null>(null);
  /** A screen of the office that is open over the conversations. */
  screen = $state<ScreenName | null>(null);
  /** The conversation that was asked for and has not come yet. */
  accepting = $state<string | null>(null);
  readonly notices = new Notices();
  readonly bell = new Bell(this.notices, (id) => this.select(id));
  readonly replies = new SavedReplies();
  readonly journeys = new Journeys();
  readonly board = new Board(() => this.you?.id ?? '');
  readonly followed = new Followed(
    () => this.you?.id ?? '',
    (id) => this.#begin(id),
  );
  readonly presence = new OwnPresence({
    seen: () => this.team.find(({ id }) => id === this.you?.id),
    tell: (frame) => this.tell(frame),
    send: (frame) => this.#connection.send(frame),
    busy: () => this.followed.calls.length > 0,
  });
  selected = $derived(this.followed.get(this.selectedId));
  #connection: Connection;
  #floor = new Floor();
  #onSignedOut: () => void;

  constructor(onSignedOut: () => void) {
    this.#onSignedOut = onSignedOut;
    const url = new URL('/socket', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    this.#connection = new Connection(url.href, () => ({
      type: 'hello',
      role: 'agent',
      protocol: PROTOCOL_VERSION,
      tab: this.tab,
      presence: this.presence.chosen,
    }));
    this.#connection.on('frame', (frame) => this.#apply(frame));
    this.#connection.on('status', (status) => this.#turned(status));
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** The conversation before the agent's eyes. */
  get shownId(): string | null {
    return this.screen ? null : this.selectedId;
  }

  select(id: string | null): void {
    this.screen = null;
    if (id === this.selectedId) return;
    if (id && this.you) this.followed.follow(id);
    this.selectedId = id;
    rememberSelection(id);
    this.#letGo();
  }

  /** Leads to what a search has found. False: its conversation is over, and to be read elsewhere. */
  showFound({ conversation, seq }: { conversation: string; seq: number }): boolean {
    const { status = 'closed' } = this.board.summary(conversation) ?? {};
    if (status === 'closed') return false;
    this.select(conversation);
    const live = this.followed.get(conversation);
    if (live) live.found = seq;
    return live !== null;
  }

  step(steps: 1 | -1): string | null {
    const id = this.board.neighbour(this.selectedId, steps);
    if (id) this.select(id);
    return id;
  }

  accept(id: string): void {
    this.select(id);
    this.accepting = id;
    // Whoever has written a note before goes on to the shopper.
    const live = this.followed.get(id);
    if (live) live.writing = 'reply';
    this.tell({ type: 'conversation.accept', conversation: id });
  }

  /** Not now: somebody else is asked. Or: the colleague need not answer any more. */
  pass(id: string): void {
    this.tell({ type: 'conversation.pass', conversation: id });
  }

  /** Whoever has been asked for, or is being handed over, the first. */
  take(): void {
    const id = this.board.ownOffers[0]?.conversation ?? this.board.handOvers[0]?.summary.id;
    if (id) this.accept(id);
  }

  /** Goes into a colleague's running call, or takes it over: from a click, since devices are opened with it. */
  joinCall(conversation: string, call: { id: string; video: boolean }, part: CallPart, as: 'guest' | 'owner'): void {
    this.select(conversation);
    // Who takes a video call over is seen at once, as the one before was; a guest decides for themselves.
    rememberDevices(call.id, { microphone: true, camera: as === 'owner' && call.video, held: false });
    this.tell({ type: 'call.join', conversation, call: call.id, part, as });
  }

  acceptInvitation({ conversation, call, video, as }: OwnInvitation): void {
    this.joinCall(conversation, { id: call, video }, 'talks', as);
  }

  /** Sends what the agent asked for, or says that it could not be sent. */
  tell(frame: ClientFrame): void {
    if (!this.#connection.send(frame)) this.notices.say(refusalSentence('not-connected'));
  }

  retryNow(): void {
    this.#connection.retryNow();
  }

  close(): void {
    this.followed.close();
    this.#connection.close();
    this.notices.close();
    this.presence.close();
    this.bell.close();
    this.replayFrames.clear();
  }

  #apply(frame: ServerFrame): void {
    switch (frame.type) {
      case 'welcome':
        if (frame.role === 'agent') this.#welcomed(frame);
        return;
      case 'conversation.summary':
        this.#changed(frame.summary);
        return;
      case 'conversation.state':
        this.journeys.seen(frame.conversation.id, frame.conversation.shopper.page);
        return;
      case 'shopper.journey':
        this.journeys.told(frame.conversation, frame.visits);
        return;
      case 'shopper.basket': {
        const live = this.followed.get(frame.conversation);
        if (live) live.basket = frame.basket;
        return;
      }
      case 'conversation.erased':
        this.#erased(frame.conversation);
        return;
      case 'team':
        this.team = frame.team;
        return;
      case 'line':
        this.#line(frame.line);
        return;
      case 'attendance':
        if (this.shop) this.shop = { ...this.shop, attendance: frame.attendance };
        return;
      case 'media.status':
        this.media = frame.media;
        return;
      case 'refused':
        if (SPOKEN.test(frame.of)) this.notices.say(refusalSentence(frame.reason));
        return;
      default:
        return;
    }
  }

  #welcomed(welcome: Extract<ServerFrame, { type: 'welcome'; role: 'agent' }>): void {
    const first = this.you === null;
    this.you = welcome.you;
    this.shop = welcome.shop;
    this.team = welcome.team;
    this.presence.isNow(welcome.presence);
    this.media = welcome.media;
    this.recording = welcome.recording;
    this.replayOrigin = welcome.replayOrigin;
    applyAccent(welcome.shop.accent);
    const missed = welcome.conversations.some((summary) => waitsNewly(this.board.summary(summary.id), summary));
    this.board.keepOnly(welcome.conversations);
    for (const summary of welcome.conversations) this.#take(summary);
    if (missed && !first) this.bell.somebodyWaits();
    this.#line(welcome.line);
    this.presence.came();
    const before = first ? rememberedSelection() : null;
    if (before && this.board.summary(before)) this.select(before);
    this.#letGo();
  }

  #line(line: LineView): void {
    const now = Date.now();
    const offered = this.board.lineIs(line, now);
    // Who has just come has rung already.
    if (offered.some(({ waitingSince }) => now - waitingSince > RUNG_MS)) this.bell.somebodyWaits();
    this.presence.awayAfter(line.awayMinutes);
  }

  #changed(summary: ConversationSummary): void {
    const news = newsOf(this.board.summary(summary.id), summary, this.you?.id ?? '');
    for (const each of news) this.bell.hear(summary, each);
    this.board.keep(summary);
    this.#take(summary);
    this.#letGo();
    if (summary.status === 'closed') forgetConversation(summary.id);
  }

  /** Nothing of it stays in this browser. */
  #erased(id: string): void {
    if (this.selectedId === id) {
      this.select(null);
      this.notices.say(w.erased_notice());
    }
    this.followed.forget(id);
    this.board.forget(id);
    this.journeys.forget(id);
    forgetConversation(id);
  }

  #take(summary: ConversationSummary): void {
    this.journeys.seen(summary.id, summary.shopper.page);
    if (this.#concernsMe(summary)) this.followed.follow(summary.id);
  }

  /** It is mine, or I am in its call. */
  #concernsMe({ status, agent, call, inCall }: ConversationSummary): boolean {
    const you = this.you?.id;
    // Of a ticket of mine I need to know when it rings.
    const live = status === 'active' || (status === 'ticket' && call !== null);
    return live && you !== undefined && (agent?.id === you || inCall.includes(you));
  }

  #begin(id: string): LiveConversation {
    return new LiveConversation(this.#connection, id, {
      you: this.you?.id ?? '',
      tab: this.tab,
      floor: this.#floor,
      whispered: (note) => this.bell.whispered(id, note),
    });
  }

  /** What is neither this agent's nor before their eyes is not followed any longer. */
  #letGo(): void {
    this.followed.letGo((id) => {
      const summary = this.board.summary(id);
      return id === this.selectedId || (summary !== null && this.#concernsMe(summary));
    });
  }

  #turned(status: ConnectionStatus): void {
    this.status = status;
    this.closeCode = this.#connection.closeCode;
    if (status === 'stopped' && this.closeCode === CLOSE.signedOut) this.#onSignedOut();
  }
}

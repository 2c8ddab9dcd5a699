import { SvelteMap } from 'svelte/reactivity';
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
  Presence,
  RecordingAvailability,
  ShopView,
} from '../../../server/protocol/views.ts';
import { Connection, type ConnectionStatus } from '../../core/connection.ts';
import { neighbour, sectionsOf } from '../lists/sections.ts';
import { refusalSentence } from '../ui/refusal-words.ts';
import { ticketsOf, type TicketList } from '../tickets/tickets.ts';
import { w } from '../words.ts';
import type { ScreenName } from '../office/screens.ts';
import { shopperName } from '../ui/shopper-name.ts';
import { applyAccent } from './accent.ts';
import { Alerts } from './alerts.svelte.ts';
import { Chime } from './chime.ts';
import { Floor } from './floor.ts';
import { Idleness } from './idleness.ts';
import { invitationsFor, type OwnInvitation } from './invitations.ts';
import { withPage, type Visit } from './journey.ts';
import { LiveConversation } from './live-conversation.svelte.ts';
import { offersFrom, offersTo, type Offer } from './offers.ts';
import { PRESENCES } from './presence.ts';
import { SavedReplies } from './saved-replies.svelte.ts';
import { Notices } from './notices.svelte.ts';
import {
  forgetConversation,
  rememberDevices,
  rememberPresence,
  rememberedJourney,
  rememberedPresence,
  rememberedSelection,
  rememberJourney,
  rememberSelection,
  tabId,
} from './remembered.ts';

/** Refusals that answer something the agent just did; others (a receipt come late) concern nobody. */
const SPOKEN =
  /^(conversation\.(accept|close|hand-over|topic)|ticket\.|transcript\.|call\.|screen\.|recording\.|(cobrowse|hands)\.(ask|stop))/;

/** Whoever waits no longer than this has just come. */
const RUNG_MS = 3_000;

/** The agent's place of work: the connection, the lists, and every conversation that is followed. */
export class Desk {
  readonly tab = tabId();
  readonly notices = new Notices();
  readonly chime = new Chime();
  readonly alerts = new Alerts(this.chime);
  readonly replies = new SavedReplies();
  you = $state.raw<AgentView | null>(null);
  shop = $state.raw<ShopView | null>(null);
  media = $state.raw<MediaStatus>({ status: 'preparing', step: '' });
  /** Who is at the console now, this agent among them. */
  team = $state.raw<readonly Colleague[]>([]);
  recording = $state.raw<RecordingAvailability>({ call: 'off', page: false, days: 0 });
  replayOrigin = $state.raw('');
  status = $state<ConnectionStatus>('connecting');
  closeCode = $state<number | null>(null);
  selectedId = $state<string | null>(null);
  /** A screen of the office that is open over the conversations. */
  screen = $state<ScreenName | null>(null);
  /** The conversation that was asked for and has not come yet. */
  accepting = $state<string | null>(null);
  #connection: Connection;
  /** Who is asked for whom, by conversation. */
  offers = $state.raw<ReadonlyMap<string, Offer>>(new Map());
  /** As chosen; away by itself does not change it. */
  presence = $state<Presence>(rememberedPresence() ?? 'available');
  #idleness = new Idleness({
    told: (idle) => this.#connection.send({ type: 'agent.idle', idle }),
    busy: () => this.calls.length > 0,
  });
  #floor = new Floor();
  #onSignedOut: () => void;
  #summaries = new SvelteMap<string, ConversationSummary>();
  #live = new SvelteMap<string, LiveConversation>();
  #journeys = new SvelteMap<string, readonly Visit[]>();
  sections = $derived(sectionsOf(this.#summaries.values(), this.you?.id ?? ''));
  ticketList = $state<TicketList>('all');
  /** Those that are shown. */
  tickets = $derived(ticketsOf(this.sections.tickets, this.ticketList, this.you?.id ?? ''));
  order = $derived([...this.sections.waiting, ...this.sections.mine, ...this.tickets].map(({ id }) => id));
  selected = $derived(this.selectedId ? (this.#live.get(this.selectedId) ?? null) : null);
  /** Calls of colleagues that I am asked into. */
  invitations = $derived(invitationsFor(this.#summaries.values(), this.you?.id ?? ''));
  /** Whom I am asked to take from the line. */
  ownOffers = $derived(offersTo(this.you?.id ?? '', this.offers, this.sections.waiting));
  /** Conversations that colleagues would like to hand to me. */
  handOvers = $derived(
    [...this.#summaries.values()].flatMap((summary) => {
      const { handOver } = summary;
      return handOver && handOver.to.id === this.you?.id ? [{ summary, handOver }] : [];
    }),
  );
  /** As colleagues see it. */
  ownPresence = $derived(this.team.find(({ id }) => id === this.you?.id)?.presence ?? this.presence);
  /** Shoppers who ring, in conversations of mine. */
  ringing = $derived([...this.#live.values()].filter((live) => this.#ringsFor(live)));

  /** The calls that this tab has a part in, whatever conversation is shown. */
  calls = $derived([...this.#live.values()].flatMap((live) => (live.call ? [{ live, call: live.call }] : [])));

  constructor(onSignedOut: () => void) {
    this.#onSignedOut = onSignedOut;
    const url = new URL('/socket', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    this.#connection = new Connection(url.href, () => ({
      type: 'hello',
      role: 'agent',
      protocol: PROTOCOL_VERSION,
      tab: this.tab,
      presence: this.presence,
    }));
    this.#connection.on('frame', (frame) => this.#apply(frame));
    this.#connection.on('status', (status) => this.#turned(status));
  }

  get connection(): Connection {
    return this.#connection;
  }

  summary(id: string): ConversationSummary | null {
    return this.#summaries.get(id) ?? null;
  }

  journey(id: string): readonly Visit[] {
    return this.#journeys.get(id) ?? rememberedJourney(id);
  }

  /** Whether this tab's call in a conversation is on hold. */
  holds(id: string): boolean {
    return this.#live.get(id)?.call?.held ?? false;
  }

  /** The conversation before the agent's eyes. */
  get shownId(): string | null {
    return this.screen ? null : this.selectedId;
  }

  select(id: string | null): void {
    this.screen = null;
    if (id === this.selectedId) return;
    if (id) this.#follow(id);
    this.selectedId = id;
    rememberSelection(id);
    this.#letGo();
  }

  /** Leads to what a search has found. False: its conversation is over, and to be read elsewhere. */
  showFound({ conversation, seq }: { conversation: string; seq: number }): boolean {
    const { status = 'closed' } = this.#summaries.get(conversation) ?? {};
    if (status === 'closed') return false;
    this.select(conversation);
    const live = this.#live.get(conversation);
    if (live) live.found = seq;
    return live !== undefined;
  }

  step(steps: 1 | -1): string | null {
    const id = neighbour(this.order, this.selectedId, steps);
    if (id) this.select(id);
    return id;
  }

  accept(id: string): void {
    this.select(id);
    this.accepting = id;
    this.tell({ type: 'conversation.accept', conversation: id });
  }

  /** Not now: somebody else is asked. Or: the colleague need not answer any more. */
  pass(id: string): void {
    this.tell({ type: 'conversation.pass', conversation: id });
  }

  /** Whoever has been asked for, or is being handed over, the first. */
  take(): void {
    const id = this.ownOffers[0]?.conversation ?? this.handOvers[0]?.summary.id;
    if (id) this.accept(id);
  }

  choosePresence(presence: Presence): void {
    this.presence = presence;
    rememberPresence(presence);
    this.tell({ type: 'agent.presence', presence });
  }

  nextPresence(): void {
    const next = PRESENCES[(PRESENCES.indexOf(this.ownPresence) + 1) % PRESENCES.length];
    if (next) this.choosePresence(next);
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
    for (const live of this.#live.values()) live.close();
    this.#live.clear();
    this.#connection.close();
    this.notices.close();
    this.#idleness.close();
    this.alerts.close();
    this.chime.close();
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
        this.#seen(frame.conversation.id, frame.conversation.shopper.page);
        return;
      case 'shopper.basket': {
        const live = this.#live.get(frame.conversation);
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
    this.presence = welcome.presence;
    rememberPresence(welcome.presence);
    this.media = welcome.media;
    this.recording = welcome.recording;
    this.replayOrigin = welcome.replayOrigin;
    applyAccent(welcome.shop.accent);
    const known = new Set(welcome.conversations.map(({ id }) => id));
    const missed = !first && welcome.conversations.some((summary) => this.#isNewlyWaiting(summary));
    for (const id of this.#summaries.keys()) if (!known.has(id)) this.#summaries.delete(id);
    for (const summary of welcome.conversations) this.#keep(summary);
    if (missed) this.#waits(null);
    this.#line(welcome.line);
    // To the server a tab that has just come has just been touched.
    if (this.#idleness.idle) this.#connection.send({ type: 'agent.idle', idle: true });
    const before = first ? rememberedSelection() : null;
    if (before && known.has(before)) this.select(before);
    this.#letGo();
  }

  #line(line: LineView): void {
    const before = new Set(this.ownOffers.map(({ conversation }) => conversation));
    this.offers = offersFrom(line, Date.now());
    // Who has just come has rung already.
    const rings = this.ownOffers.some(
      ({ conversation, summary }) => !before.has(conversation) && Date.now() - summary.waitingSince > RUNG_MS,
    );
    if (rings) this.chime.somebodyWaits();
    this.#idleness.after(line.awayMinutes);
  }

  #changed(summary: ConversationSummary): void {
    const handOver = summary.handOver?.to.id === this.you?.id;
    if (handOver && this.#summaries.get(summary.id)?.handOver === null) this.#waits(summary);
    this.#answered(summary);
    if (this.#isNewlyWaiting(summary)) this.#waits(summary);
    else if (summary.unread > (this.#summaries.get(summary.id)?.unread ?? 0)) this.#wrote(summary);
    this.#keep(summary);
    this.#letGo();
    if (summary.status === 'closed') forgetConversation(summary.id);
  }

  /** Nothing of it stays in this browser. */
  #erased(id: string): void {
    if (this.selectedId === id) {
      this.select(null);
      this.notices.say(w.erased_notice());
    }
    this.#live.get(id)?.forget();
    this.#live.get(id)?.close();
    this.#live.delete(id);
    this.#summaries.delete(id);
    this.#journeys.delete(id);
    forgetConversation(id);
  }

  /** A colleague whom I asked to take over stays silent or says no. */
  #answered(summary: ConversationSummary): void {
    const before = this.#summaries.get(summary.id)?.handOver;
    const you = this.you?.id;
    if (!before || summary.handOver || before.by.id !== you || summary.agent?.id !== you) return;
    if (summary.status === 'active') this.notices.say(w.handover_stays({ name: before.to.name }));
  }

  #wrote(summary: ConversationSummary): void {
    if (summary.agent?.id !== this.you?.id) return;
    if (document.hidden) this.chime.message();
    this.alert(summary, shopperName(summary.shopper.id), summary.preview?.text ?? '');
  }

  /** `null`: while the connection was lost. */
  #waits(summary: ConversationSummary | null): void {
    this.chime.somebodyWaits();
    if (!summary) return;
    const title = w.alerts_waits({ name: shopperName(summary.shopper.id) });
    this.alert(summary, title, summary.preview?.text ?? '');
  }

  /** On the desktop, where nobody looks at the console; it leads to the conversation. */
  alert({ id }: { id: string }, title: string, body: string): void {
    this.alerts.tell({ title, body, tag: id, go: () => this.select(id) });
  }

  #whispered(id: string, { by, text }: { by: { name: string }; text: string }): void {
    if (document.hidden) this.chime.message();
    this.alert({ id }, w.note_whispers({ name: by.name }), text);
  }

  #isNewlyWaiting(summary: ConversationSummary): boolean {
    return summary.status === 'waiting' && this.#summaries.get(summary.id)?.status !== 'waiting';
  }

  #keep(summary: ConversationSummary): void {
    this.#summaries.set(summary.id, summary);
    this.#seen(summary.id, summary.shopper.page);
    if (this.#concernsMe(summary)) this.#follow(summary.id);
  }

  #seen(id: string, page: ConversationSummary['shopper']['page']): void {
    const before = this.journey(id);
    const after = withPage(before, page, Date.now());
    if (after === before) return;
    this.#journeys.set(id, after);
    rememberJourney(id, after);
  }

  /** It is mine, or I am in its call. */
  #concernsMe({ status, agent, call, inCall }: ConversationSummary): boolean {
    const you = this.you?.id;
    // Of a ticket of mine I need to know when it rings.
    const live = status === 'active' || (status === 'ticket' && call !== null);
    return live && you !== undefined && (agent?.id === you || inCall.includes(you));
  }

  #ringsFor(live: LiveConversation): boolean {
    const call = live.view?.call;
    return call?.status === 'ringing' && call.by.side === 'shopper' && live.view?.agent?.id === this.you?.id;
  }

  #follow(id: string): void {
    const you = this.you?.id;
    if (!you || this.#live.has(id)) return;
    this.#live.set(
      id,
      new LiveConversation(this.#connection, id, {
        you,
        tab: this.tab,
        floor: this.#floor,
        whispered: (note) => this.#whispered(id, note),
      }),
    );
  }

  /** What is neither mine nor before my eyes is not followed any longer, unless something typed in it waits to be sent. */
  #letGo(): void {
    for (const [id, live] of this.#live) {
      const summary = this.#summaries.get(id);
      const waits = live.uploads.busy || live.pending.some(({ refused }) => !refused);
      if (id === this.selectedId || waits || (summary && this.#concernsMe(summary))) continue;
      live.close();
      this.#live.delete(id);
    }
  }

  #turned(status: ConnectionStatus): void {
    this.status = status;
    this.closeCode = this.#connection.closeCode;
    if (status === 'stopped' && this.closeCode === CLOSE.signedOut) this.#onSignedOut();
  }
}

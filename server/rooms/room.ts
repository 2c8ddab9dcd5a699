import { socketsOf, memberOf, presenceOf, type Conversation, type Presence } from '../domain/conversation.ts';
import { decide } from '../domain/decide.ts';
import type { Effect, TimerName } from '../domain/effects.ts';
import type { ConversationEvent } from '../domain/events.ts';
import { standingOf, type Standing } from '../domain/glance.ts';
import { erasedSummary, summaryOf, viewOf } from '../domain/view.ts';
import type { FrameCheck } from '../frames/frame-check.ts';
import type { Media } from '../media/media.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { idOfEntry, shownTo, type Entry, type Person } from '../protocol/entry.ts';
import type { MediaRequest } from '../protocol/from-client.ts';
import type { ServerFrame } from '../protocol/from-server.ts';
import { ENTRIES_PER_FRAME } from '../protocol/limits.ts';
import type { HandsAct, HandsActed, HandsBusy } from '../protocol/hands.ts';
import type { PointingWish, ShopperPointingFrame } from '../protocol/pointing.ts';
import type { Refusal } from '../protocol/refusals.ts';
import type { ConversationSummary, ConversationView } from '../protocol/views.ts';
import type { Recordings } from '../recordings/recordings.ts';
import type { Storage } from '../storage/storage.ts';
import { CallMedia } from './call-media.ts';
import { CobrowseRelay, type CobrowseSource } from './cobrowse-relay.ts';
import { HandsDesk } from './hands-desk.ts';
import { Outbox, type Appends, type OutboxActions } from './outbox.ts';
import { LiveRecording } from './live-recording.ts';
import { Pace, type Paced } from './pace.ts';
import { recordOf } from './record.ts';
import { recordedPointing, type MissingWish } from './recorded-pointing.ts';
import type { Socket, Sockets } from './socket.ts';
import { Timers } from './timers.ts';

/** What rooms need from the world. */
export type RoomContext = {
  storage: Storage;
  media: Media;
  recordings: Recordings;
  frames: FrameCheck;
  sockets: Sockets;
  now: () => number;
  newId: () => string;
  log: { error(fields: object, message: string): void };
  summaryChanged: (shop: string, summary: ConversationSummary) => void;
  /** These entries are durable now. */
  recorded: (entries: readonly Entry[], room: Room) => void;
  /** A write was refused. What that means for the process is for `main` to say. */
  storageFailed: (error: unknown) => void;
  roomFailed: (room: Room) => void;
};

const SAVE_WITHIN_MS = 500;

/** A live conversation: feeds events to `decide` and performs the effects. The only writer of its conversation. */
export class Room {
  #state: Conversation;
  #context: RoomContext;
  #messageIds: Map<string, { seq: number; at: number }>;
  #outbox: Outbox;
  #timers = new Timers<TimerName | 'save'>();
  #callMedia: CallMedia | null = null;
  #relay: CobrowseRelay | null = null;
  #recording: LiveRecording | null = null;
  #hands = new HandsDesk();
  #pace = new Pace();
  #closed = false;
  #erased = false;

  constructor(
    state: Conversation,
    messageIds: readonly { id: string; seq: number; at: number }[],
    context: RoomContext,
  ) {
    this.#state = state;
    this.#context = context;
    this.#messageIds = new Map(messageIds.map(({ id, seq, at }) => [id, { seq, at }]));
    this.#outbox = new Outbox({
      write: async (entries) => {
        // Whoever still holds this room brings nothing of it back.
        if (!this.#erased) await context.storage.append(recordOf(this.#state), entries);
      },
      perform: (effect) => this.#show(effect),
      replay: (socket, after) => this.#replay(socket, after),
      failed: (error) => this.#fail(error),
    });
    this.dispatch({ type: 'resumed' });
  }

  get id(): string {
    return this.#state.id;
  }

  get shop(): string {
    return this.#state.shop;
  }

  get shopper(): string {
    return this.#state.shopper;
  }

  get status(): Conversation['status'] {
    return this.#state.status;
  }

  get ticket(): Conversation['ticket'] {
    return this.#state.ticket;
  }

  /** Whether a shopper's next word begins another conversation: one to a solved ticket does not. */
  get over(): boolean {
    return this.#state.status === 'closed' && this.#state.ticket === null;
  }

  get lastAt(): number {
    return this.#state.lastAt;
  }

  get lastSeq(): number {
    return this.#state.lastSeq;
  }

  get view(): ConversationView {
    return viewOf(this.#state);
  }

  get summary(): ConversationSummary {
    return summaryOf(this.#state);
  }

  get standing(): Standing {
    return standingOf(this.#state);
  }

  /** Whether nobody follows and nothing runs, so that storage alone may hold it. */
  get idle(): boolean {
    const { present, call, recording } = this.#state;
    return present.length === 0 && call === null && recording.status !== 'on';
  }

  /** Whether somebody is in its call now: a call that only waits for people does not count. */
  get callStatus(): 'ringing' | 'active' | null {
    return this.view.call?.members.some(({ connected }) => connected) ? (this.#state.call?.status ?? null) : null;
  }

  /** Where a message with this id is stored already. */
  known(id: string): { seq: number; at: number } | null {
    return this.#messageIds.get(id) ?? null;
  }

  dispatch(event: ConversationEvent): void {
    if (this.#closed) return;
    const { state, effects } = decide(this.#state, event, this.#context.now());
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  leave(socket: string, leaving = false): void {
    this.dispatch({ type: 'left', socket, leaving });
  }

  /** Whether the person behind this socket asks slowly enough, over all their tabs. */
  paces(socket: string, kind: Paced, cost?: number): boolean {
    const presence = presenceOf(this.#state, socket);
    const person = presence?.side === 'agent' ? presence.id : 'shopper';
    return this.#pace.take(person, kind, this.#context.now(), cost);
  }

  /** A request about the media of the running or ringing call; answered to the socket. */
  async requestMedia(socket: Socket, request: MediaRequest): Promise<void> {
    const { req, type: of } = request;
    const member = this.#memberInCall(socket.id, request.call);
    if (!member) return socket.send({ type: 'refused', of, reason: 'no-call', req });
    if (!this.paces(socket.id, request.type === 'media.join' ? 'join' : 'other')) {
      return socket.send({ type: 'refused', of, reason: 'too-fast', req });
    }
    if (request.type === 'media.produce' && this.#onlyListens(member)) {
      return socket.send({ type: 'refused', of, reason: 'only-listens', req });
    }
    if (request.type === 'call.report') {
      this.dispatch({ type: 'call-reported', socket: socket.id, id: request.call, numbers: request.numbers });
      return socket.send({ type: 'reply', req, data: {} });
    }
    const status = this.#context.media.status().status;
    if (status !== 'ready') {
      const reason = status === 'preparing' ? 'media-preparing' : 'media-unavailable';
      return socket.send({ type: 'refused', of, reason, req });
    }
    const result = await this.#mediaOf(request.call).handle(member, request);
    if (result.ok) socket.send({ type: 'reply', req, data: result.data });
    else socket.send({ type: 'refused', of, reason: result.reason, req });
  }

  /** A binary frame of a shopper's tab. Why it was dropped (co-browsing is off, another tab is looked at, …), or null. */
  receiveCobrowse(socket: string, frame: Uint8Array): Refusal | null {
    const presence = presenceOf(this.#state, socket);
    const { cobrowse } = this.#state;
    if (cobrowse.status !== 'on' || presence?.side !== 'shopper' || presence.tab !== cobrowse.tab) return 'not-sharing';
    return this.#relay ? this.#relay.receive(frame) : 'not-sharing';
  }

  /** A console wants the picture. Why not, or null. */
  watchCobrowse(socket: Socket, have?: { epoch: number; seq: number }): Refusal | null {
    this.dispatch({ type: 'cobrowse-watched', socket: socket.id });
    if (!this.#relay) return 'not-sharing';
    if (!this.#state.watching.includes(socket.id)) return 'not-yours';
    this.#relay.watch(socket, have);
    return null;
  }

  unwatchCobrowse(socket: string): void {
    this.dispatch({ type: 'cobrowse-unwatched', socket });
  }

  appliedCobrowse(socket: string, epoch: number, seq: number): void {
    this.#relay?.applied(socket, epoch, seq);
  }

  /** What somebody who looks points at, to the tab that is looked at. Why not, or null. */
  pointCobrowse(socket: string, frame: PointingWish | MissingWish): Refusal | null {
    const presence = presenceOf(this.#state, socket);
    if (presence?.side !== 'agent' || !this.#relay) return 'not-sharing';
    if (!this.#state.watching.includes(socket)) return 'not-yours';
    // What was pointed at belonged to a page that is gone.
    if (frame.epoch !== this.#relay.epoch) return 'old-epoch';
    this.#sendToCobrowsedTab({ ...frame, conversation: this.id, agent: presence.name, by: presence.id });
    const pointing = recordedPointing(frame);
    if (pointing) this.#recording?.points(pointing);
    return null;
  }

  /** The shopper points, or misses what an agent pointed at; to those who look. Why not, or null. */
  pointBack(socket: string, frame: ShopperPointingFrame): Refusal | null {
    const presence = presenceOf(this.#state, socket);
    const { cobrowse, watching, present } = this.#state;
    if (cobrowse.status !== 'on' || presence?.tab !== cobrowse.tab || !this.#relay) return 'not-sharing';
    if (frame.epoch !== this.#relay.epoch) return 'old-epoch';
    const conversation = this.id;
    if (frame.type === 'cobrowse.point') {
      const { epoch, node, fx, fy } = frame;
      this.#context.sockets.send([...watching], { type: 'cobrowse.pointed', conversation, epoch, node, fx, fy });
      this.#recording?.points({ type: 'point', epoch, node, fx, fy });
    } else {
      const theirs = present.filter((other) => other.side === 'agent' && other.id === frame.by);
      const sockets = theirs.map((other) => other.socket).filter((other) => watching.includes(other));
      this.#context.sockets.send(sockets, { type: 'cobrowse.missed', conversation });
    }
    return null;
  }

  /** What the agent's hands are to do, to the tab that is looked at. Why not, or null. */
  actByHands(socket: string, frame: HandsAct, origins: readonly string[]): Refusal | null {
    const presence = presenceOf(this.#state, socket);
    if (!presence) return 'no-hands';
    const refusal = this.#hands.refusal(this.#state, presence, frame, this.#relay?.epoch ?? null);
    if (refusal) return refusal;
    if (!this.paces(socket, 'hands')) return 'too-fast';
    this.#sendToCobrowsedTab(this.#hands.order(presence, frame, origins));
    return null;
  }

  /** Of the tab that is looked at: what came of it, or that the shopper's own hands are on the page. Why not, or null. */
  hearHands(socket: string, frame: HandsActed | HandsBusy): Refusal | null {
    const presence = presenceOf(this.#state, socket);
    const { cobrowse, hands, present } = this.#state;
    if (cobrowse.status !== 'on' || presence?.tab !== cobrowse.tab) return 'not-sharing';
    if (frame.type === 'hands.busy') {
      if (hands.status !== 'on') return 'no-hands';
      if (!this.paces(socket, 'hands')) return 'too-fast';
      const theirs = present.filter((other) => other.side === 'agent' && other.id === hands.agent.id);
      this.#context.sockets.send(
        theirs.map((other) => other.socket),
        { type: 'hands.busy', conversation: this.id, on: frame.on },
      );
      return null;
    }
    const told = this.#hands.take(frame);
    // Nobody asked for it.
    if (!told) return 'no-hands';
    this.#context.sockets.send([told.socket], { ...told.frame, conversation: this.id });
    if (told.deed) this.dispatch({ type: 'hands-acted', socket, ...told.deed });
    return null;
  }

  /** Writes what is not durable yet (receipts, steps) and performs what waits. */
  async flushed(): Promise<void> {
    this.#timers.clear('save');
    if (this.lastSeq > 0) this.#outbox.push({ type: 'save' });
    await this.#outbox.idle();
  }

  /** Ends at once where nobody follows and nothing is left to be written. False: it goes on. */
  retire(): boolean {
    if (!this.idle || this.#outbox.busy || this.#timers.has('save')) return false;
    this.#timers.close();
    this.#callMedia?.close();
    this.#closed = true;
    return true;
  }

  /** Performs what waits and stops; the conversation itself goes on in storage. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#timers.close();
    const written = this.#recording?.close();
    this.#callMedia?.close();
    await this.flushed();
    this.#closed = true;
    await written;
  }

  /** Everything of it is to go: nothing is written any more, what runs in it ends, and the lists lose it. */
  async erase(): Promise<void> {
    if (this.#erased) return;
    this.#erased = true;
    this.#closed = true;
    this.#timers.close();
    const recorded = this.#recording?.end(this.#context.now());
    this.#recording = null;
    this.#callMedia?.close();
    this.#relay?.close();
    await recorded;
    await this.#outbox.idle();
    this.#context.summaryChanged(this.shop, erasedSummary(this.#state));
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'append':
        this.#index(effect.entries);
        return this.#outbox.push(effect);
      case 'send':
      case 'show':
      case 'list':
      case 'replay':
        return this.#outbox.push(effect);
      case 'save':
        return this.#timers.set('save', SAVE_WITHIN_MS, () => this.#outbox.push(effect));
      case 'refuse': {
        const { socket, of, reason, id } = effect;
        return this.#context.sockets.send([socket], { type: 'refused', of, reason, ...(id ? { id } : {}) });
      }
      case 'timer.set':
        return this.#setTimer(effect.name, effect.at);
      case 'timer.clear':
        return this.#timers.clear(effect.name);
      case 'media.activate':
        if (this.#state.call) void this.#mediaOf(this.#state.call.id).activate(effect.members);
        return;
      case 'media.leave':
        return this.#callMedia?.leave(effect.member);
      case 'media.silence':
        return this.#callMedia?.silence(effect.member);
      case 'media.close':
        this.#callMedia?.close();
        this.#callMedia = null;
        return;
      case 'recording.start':
        return this.#record(effect);
      case 'recording.drop':
        return this.#recording?.drop(effect.part);
      case 'recording.stop':
        return this.#stopRecording(effect.at);
      case 'cobrowse.reset':
        return this.#resetRelay();
      case 'cobrowse.tab':
        return this.#relay?.leaveTab();
      case 'cobrowse.unwatch':
        return this.#relay?.unwatch(effect.socket);
    }
  }

  #show(effect: Parameters<OutboxActions['perform']>[0]): void {
    const { sockets } = this.#context;
    switch (effect.type) {
      case 'appends':
        return this.#showEntries(effect.appends);
      case 'send':
        return sockets.send(effect.sockets, effect.frame);
      case 'show':
        sockets.send(socketsOf(this.#state), { type: 'conversation.state', conversation: this.view });
        return this.#context.summaryChanged(this.shop, this.summary);
      case 'list':
        return this.#context.summaryChanged(this.shop, this.summary);
      case 'save':
      case 'replay':
        return;
    }
  }

  /** Those who follow get them in one frame; then each sender hears that its own is durable. */
  #showEntries(appends: Appends['appends']): void {
    const [{ sockets, shoppers }] = appends;
    const all = appends.flatMap(({ entries }) => entries);
    this.#sendEntries(sockets, shoppers, all);
    for (const { entries, ack } of appends) {
      this.#context.recorded(entries, this);
      const entry = entries[0];
      if (!ack || !entry) continue;
      const frame = { type: 'message.ack' as const, id: ack.id, seq: entry.seq, at: entry.at };
      this.#context.sockets.send([ack.socket], { ...frame, conversation: this.id });
    }
  }

  async #replay(socket: string, after: number): Promise<void> {
    let last = after;
    for (;;) {
      const entries = await this.#context.storage.entriesAfter(this.id, last, ENTRIES_PER_FRAME);
      const newest = entries.at(-1);
      if (!newest || !this.#context.sockets.get(socket)) return;
      // Whoever is not known to be an agent gets what a shopper may know.
      const byAgent = presenceOf(this.#state, socket)?.side === 'agent';
      this.#sendEntries([socket], byAgent ? [] : [socket], entries);
      if (entries.length < ENTRIES_PER_FRAME) return;
      last = newest.seq;
    }
  }

  #sendEntries(sockets: readonly string[], shoppers: readonly string[], entries: readonly Entry[]): void {
    const send = (to: string[], shown: Entry[]): void =>
      this.#context.sockets.send(to, { type: 'conversation.entries', conversation: this.id, entries: shown });
    // Nearly always the same for everybody: written down once.
    if (!entries.some(({ type }) => type === 'note')) return send([...sockets], [...entries]);
    const agents = sockets.filter((socket) => !shoppers.includes(socket));
    send(agents, shownTo('agent', entries));
    send([...shoppers], shownTo('shopper', entries));
  }

  #index(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const id = idOfEntry(entry);
      if (id !== null) this.#messageIds.set(id, { seq: entry.seq, at: entry.at });
    }
  }

  #setTimer(name: TimerName, at: number): void {
    this.#timers.set(name, at - this.#context.now(), () => this.dispatch({ type: 'timer-fired', name }));
  }

  #record({ id, since, of, had }: Extract<Effect, { type: 'recording.start' }>): void {
    const { recordings, log } = this.#context;
    const recording = { id, conversation: this.id, shop: this.shop, shopper: this.shopper, startedAt: since, of: had };
    this.#recording = new LiveRecording(recording, of, {
      recordings,
      callMedia: () => (this.#state.call ? this.#mediaOf(this.#state.call.id) : this.#callMedia),
      relay: () => this.#relay,
      personOf: (member) => personOfMember(this.#state, member),
      ended: (ended, outcome) => this.dispatch({ type: 'recording-failed', id: ended, outcome }),
      log,
    });
  }

  #stopRecording(at: number): void {
    const recording = this.#recording;
    this.#recording = null;
    recording?.end(at).catch((error: unknown) => {
      this.#context.log.error({ err: error }, 'a recording could not be completed');
    });
  }

  /** While it rings: the proposer's tab and every tab of the side that is asked. Then: its members alone. */
  #memberInCall(socket: string, call: string): string | null {
    const presence = presenceOf(this.#state, socket);
    if (!presence || this.#state.call?.id !== call) return null;
    const member = memberOf(presence);
    return mayJoin(this.#state, presence, member) ? member : null;
  }

  #onlyListens(member: string): boolean {
    const { call } = this.#state;
    return (
      call?.status === 'active' && call.members.some((other) => other.member === member && other.part === 'listens')
    );
  }

  #mediaOf(call: string): CallMedia {
    if (this.#callMedia?.call === call) return this.#callMedia;
    this.#callMedia?.close();
    this.#callMedia = new CallMedia({
      media: this.#context.media,
      conversation: this.id,
      call,
      push: (member, frame) => this.#sendToMember(member, frame),
      sourcesChanged: (member, sources) => this.dispatch({ type: 'sources-changed', member, sources }),
      isHere: (member) => this.#state.present.some((presence) => memberOf(presence) === member),
    });
    return this.#callMedia;
  }

  #sendToMember(member: string, frame: ServerFrame): void {
    const sockets = this.#state.present.filter((presence) => memberOf(presence) === member);
    this.#context.sockets.send(
      sockets.map(({ socket }) => socket),
      frame,
    );
  }

  #resetRelay(): void {
    const { cobrowse } = this.#state;
    this.#relay?.close();
    this.#relay = null;
    if (cobrowse.status !== 'on') return;
    const source: CobrowseSource = {
      acknowledge: (epoch, seq, more) =>
        this.#sendToCobrowsedTab({ type: 'cobrowse.ack', conversation: this.id, epoch, seq, ...more }),
      askSnapshot: ({ anew, forget }) => {
        const wish = { ...(anew && { anew }), ...(forget.length > 0 && { forget }) };
        this.#sendToCobrowsedTab({ type: 'cobrowse.snapshot', conversation: this.id, ...wish });
      },
      refuse: (reason) => this.#sendToCobrowsedTab({ type: 'refused', of: 'frame', reason }),
      giveUp: () => this.dispatch({ type: 'cobrowse-unreadable' }),
      tellAge: (socket, ms) => socket.send({ type: 'cobrowse.age', conversation: this.id, ms }),
      now: this.#context.now,
    };
    this.#relay = new CobrowseRelay(cobrowse.channel, source, this.#context.frames);
  }

  /** The conversation may have been handed over, or a colleague has left the call. */
  #sendToCobrowsedTab(frame: ServerFrame): void {
    const { cobrowse, present } = this.#state;
    if (cobrowse.status !== 'on') return;
    const tab = present.filter((presence) => presence.side === 'shopper' && presence.tab === cobrowse.tab);
    this.#context.sockets.send(
      tab.map(({ socket }) => socket),
      frame,
    );
  }

  /** Storage does not take what was decided: everybody reconnects to what storage has. */
  #fail(error: unknown): void {
    this.#closed = true;
    this.#timers.close();
    void this.#recording?.close();
    this.#callMedia?.close();
    this.#context.log.error({ err: error }, 'a conversation could not be stored; its sockets are asked to come again');
    for (const id of socketsOf(this.#state)) this.#context.sockets.get(id)?.close(CLOSE.failed);
    this.#context.roomFailed(this);
    this.#context.storageFailed(error);
  }
}

/** Whose media a member's is; null where the call does not know the member (any more). */
function personOfMember({ call }: Conversation, member: string): Person | null {
  const who = call?.status === 'active' ? call.members.find((other) => other.member === member) : undefined;
  if (!who) return null;
  return who.side === 'shopper' ? { side: 'shopper' } : { side: 'agent', id: who.agent ?? '', name: who.name ?? '' };
}

function mayJoin({ call, agent }: Conversation, presence: Presence, member: string): boolean {
  if (!call) return false;
  if (call.status === 'active') return call.members.some((other) => other.member === member);
  if (presence.side === call.proposer.side) return member === call.proposer.member;
  return presence.side === 'shopper' || presence.id === agent?.id;
}

import type { ClientFrame } from '../protocol/from-client.ts';
import { isMailAddress } from '../protocol/mail-address.ts';
import type { Refusal } from '../protocol/refusals.ts';
import type { AgentView, Presence, ShopView } from '../protocol/views.ts';
import type { LineAgent } from './attendants.ts';
import type { Desk } from './desk.ts';
import type { Line } from './line.ts';
import type { Lines } from './lines.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import {
  FrameQueue,
  handleCommon,
  refuse,
  sendMessage,
  takeFile,
  type CommonContext,
  type SendFrame,
  type Session,
} from './session.ts';
import type { Socket } from './socket.ts';

export type AgentContext = CommonContext & {
  rooms: Rooms;
  desk: Desk;
  lines: Lines;
  replayOrigin: string;
  /** Somebody of the shop's team, signed in or not. */
  inTeam: (shop: string, agent: string) => Promise<{ id: string; name: string } | null>;
};

/** `origins`: where the shop's pages are, and so its products. */
export type AgentShop = { id: string; view: ShopView; origins: readonly string[] };

type OpeningFrame = Extract<
  ClientFrame,
  { type: 'conversation.accept' | 'conversation.close' | 'conversation.topic' | 'call.join' }
>;

function opensIt(frame: ClientFrame): frame is OpeningFrame {
  return /^(conversation\.(accept|close|topic)|call\.join)$/.test(frame.type);
}

/** An agent's tab: at the shop's desk, and following whatever conversations it has opened. */
export class AgentSession implements Session {
  #socket: Socket;
  #context: AgentContext;
  #shop: AgentShop;
  #agent: AgentView;
  #tab: string;
  #asks: LineAgent;
  #remembered: Presence | undefined;
  #line: Line | null = null;
  #following = new Map<string, Room>();
  #queue: FrameQueue;
  #left = false;

  constructor(
    socket: Socket,
    who: {
      shop: AgentShop;
      agent: AgentView;
      /** What they answer, and how much of it. */
      asks: LineAgent;
      tab: string;
      /** As their browser remembers it. */
      presence?: Presence | undefined;
    },
    context: AgentContext,
  ) {
    this.#socket = socket;
    this.#context = context;
    this.#queue = new FrameQueue((error) => context.failed(socket, error));
    this.#shop = who.shop;
    this.#agent = who.agent;
    this.#tab = who.tab;
    this.#asks = who.asks;
    this.#remembered = who.presence;
  }

  /** Says welcome with the lists. */
  start(): void {
    this.#queue.run(async () => {
      const { rooms, desk, lines, replayOrigin } = this.#context;
      const line = await lines.of(this.#shop.id);
      const conversations = await rooms.openSummaries(this.#shop.id);
      if (this.#left) return;
      desk.join(this.#shop.id, this.#socket.id, this.#agent);
      this.#line = line;
      line.join(this.#socket.id, this.#asks, this.#remembered);
      this.#socket.send({
        type: 'welcome',
        role: 'agent',
        you: this.#agent,
        shop: { ...this.#shop.view, attendance: line.attendance },
        conversations,
        team: desk.team(this.#shop.id),
        line: line.view,
        presence: line.chosen(this.#agent.id),
        media: this.#context.media(),
        recording: this.#context.recording(),
        replayOrigin,
      });
    });
  }

  handle(frame: ClientFrame): void {
    this.#queue.run(() => this.#handle(frame));
  }

  handleBinary(): Refusal {
    return 'not-sharing';
  }

  left(leaving = false): void {
    this.#left = true;
    this.#context.desk.leave(this.#shop.id, this.#socket.id);
    this.#line?.leave(this.#socket.id);
    for (const room of this.#following.values()) room.leave(this.#socket.id, leaving);
    this.#following.clear();
  }

  #handle(frame: ClientFrame): Promise<void> | void {
    if (frame.type === 'ping') return this.#socket.send({ type: 'pong' });
    if (frame.type === 'agent.presence') return this.#line?.choose(this.#agent.id, frame.presence);
    if (frame.type === 'agent.idle') return this.#line?.idle(this.#socket.id, frame.idle);
    if (!('conversation' in frame) || frame.conversation === undefined) {
      return refuse(this.#socket, frame, 'no-conversation');
    }
    const room = this.#following.get(frame.conversation);
    if (frame.type === 'conversation.open') return this.#open(frame.conversation, frame.after);
    if (frame.type === 'conversation.pass') return this.#pass(frame.conversation);
    if (frame.type === 'call.decline') return this.#decline(frame.conversation, frame.call);
    if (!room) {
      return opensIt(frame) ? this.#openThen(frame) : refuse(this.#socket, frame, 'no-conversation');
    }
    if (frame.type === 'message.send' && frame.file !== undefined) return this.#sendFile(room, frame);
    if (frame.type === 'ticket.assign') return this.#assign(room, frame);
    this.#act(room, frame);
  }

  /** To anybody of the team: a ticket waits until they come. */
  async #assign(room: Room, frame: Extract<ClientFrame, { type: 'ticket.assign' }>): Promise<void> {
    const to = frame.agent === null ? null : await this.#context.inTeam(this.#shop.id, frame.agent);
    if (frame.agent !== null && !to) return refuse(this.#socket, frame, 'agent-away');
    room.dispatch({ type: 'ticket-assigned', socket: this.#socket.id, to });
  }

  async #sendFile(room: Room, frame: SendFrame): Promise<void> {
    // Whoever asks again whether it has arrived is answered as with any message.
    if (room.known(frame.id)) return sendMessage(room, this.#socket, frame);
    const by = { side: 'agent' as const, shop: this.#shop.id, agent: this.#agent.id };
    const file = await takeFile(this.#socket, frame, by, room.id, this.#context);
    if (file) sendMessage(room, this.#socket, frame, { file, files: this.#context.files });
  }

  async #open(id: string, after: number): Promise<void> {
    const room = this.#following.get(id) ?? (await this.#context.rooms.byId(id));
    if (this.#left) return;
    // Another shop's conversation does not exist, as far as this agent can tell.
    if (room?.shop !== this.#shop.id) {
      this.#socket.send({ type: 'refused', of: 'conversation.open', reason: 'no-conversation' });
      return;
    }
    this.#following.set(id, room);
    const { id: agent, name, role } = this.#agent;
    const presence = { socket: this.#socket.id, side: 'agent' as const, tab: this.#tab, id: agent, name, role };
    room.dispatch({ type: 'joined', presence, after });
  }

  /** Who says no to an invitation need not look at the conversation. */
  async #decline(id: string, call: string): Promise<void> {
    const room = await this.#context.rooms.byId(id);
    if (room?.shop !== this.#shop.id) return;
    room.dispatch({ type: 'call-invitation-declined', agent: this.#agent.id, id: call });
  }

  /** Who says not now need not look at the conversation. */
  async #pass(id: string): Promise<void> {
    const room = await this.#context.rooms.byId(id);
    if (room?.shop !== this.#shop.id) return;
    this.#line?.pass(id, this.#agent.id);
    room.dispatch({ type: 'hand-over-passed', agent: this.#agent.id });
  }

  #handOver(room: Room, frame: Extract<ClientFrame, { type: 'conversation.hand-over' }>): void {
    const { to, note } = frame;
    const given = { socket: this.#socket.id, note: note || null };
    if (to.kind === 'agent') {
      const agent = this.#context.desk.colleague(this.#shop.id, to.agent);
      return room.dispatch({ type: 'hand-over-offered', ...given, agent });
    }
    if (!this.#line?.knowsTopic(to.topic)) return refuse(this.#socket, frame, 'unknown-topic');
    room.dispatch({ type: 'handed-on', ...given, topic: to.topic });
  }

  #changeTopic(room: Room, frame: Extract<ClientFrame, { type: 'conversation.topic' }>): void {
    if (!this.#line?.knowsTopic(frame.topic)) return refuse(this.#socket, frame, 'unknown-topic');
    const before = room.view.topic;
    room.dispatch({ type: 'topic-changed', socket: this.#socket.id, topic: frame.topic });
    if (room.view.topic !== before) this.#context.tickets.topicChanged(room);
  }

  #makeTicket(room: Room, frame: Extract<ClientFrame, { type: 'ticket.make' }>): void {
    const email = frame.email || null;
    if (email !== null && !isMailAddress(email)) return refuse(this.#socket, frame, 'bad-address');
    if (room.ticket) return refuse(this.#socket, frame, 'taken');
    const make = async (): Promise<void> => {
      const wish = await this.#context.tickets.wish(room, { email, name: null });
      room.dispatch({ type: 'ticket-wanted', socket: this.#socket.id, wish });
    };
    this.#context.inBackground(make());
  }

  /** Accepting, closing or joining straight from a list. */
  async #openThen(frame: OpeningFrame): Promise<void> {
    await this.#open(frame.conversation, 0);
    const room = this.#following.get(frame.conversation);
    if (room) this.#act(room, frame);
  }

  #isOfTheShop(address: string): boolean {
    return URL.canParse(address) && this.#shop.origins.includes(new URL(address).origin);
  }

  #act(room: Room, frame: ClientFrame): void {
    const socket = this.#socket;
    if (frame.type === 'message.send' && frame.product?.url && !this.#isOfTheShop(frame.product.url)) {
      return refuse(socket, frame, 'product-elsewhere');
    }
    if (handleCommon(room, socket, frame, this.#context)) return;
    switch (frame.type) {
      case 'note.send': {
        const { id, text } = frame;
        if (!room.known(id) && !room.paces(socket.id, 'words', text.length)) return refuse(socket, frame, 'too-fast');
        return room.dispatch({ type: 'note-written', socket: socket.id, id, text, known: room.known(id) });
      }
      case 'conversation.leave':
        this.#following.delete(room.id);
        return room.leave(socket.id);
      case 'conversation.accept':
        return room.dispatch({ type: 'accepted', socket: socket.id });
      case 'conversation.topic':
        return this.#changeTopic(room, frame);
      case 'conversation.hand-over':
        return this.#handOver(room, frame);
      case 'ticket.make':
        return this.#makeTicket(room, frame);
      case 'ticket.state':
        return room.dispatch({ type: 'ticket-changed', socket: socket.id, state: frame.state });
      case 'call.invite': {
        const agent = this.#context.desk.colleague(this.#shop.id, frame.agent);
        return room.dispatch({ type: 'call-invited', socket: socket.id, id: frame.call, agent, as: frame.as });
      }
      case 'call.uninvite':
        return room.dispatch({ type: 'call-uninvited', socket: socket.id, id: frame.call, agent: frame.agent });
      case 'call.join': {
        const { part, as } = frame;
        return room.dispatch({ type: 'call-joined', socket: socket.id, id: frame.call, part, as });
      }
      case 'call.leave':
        return room.dispatch({ type: 'call-left', socket: socket.id, id: frame.call });
      case 'cobrowse.ask':
        return room.dispatch({ type: 'cobrowse-asked', socket: socket.id });
      case 'cobrowse.watch': {
        const refusal = room.watchCobrowse(socket, frame.have);
        if (refusal) refuse(socket, frame, refusal);
        return;
      }
      case 'cobrowse.unwatch':
        return room.unwatchCobrowse(socket.id);
      case 'cobrowse.pointer':
      case 'cobrowse.missing':
      case 'cobrowse.highlight':
      case 'cobrowse.stroke':
      case 'cobrowse.wipe': {
        const refusal = room.pointCobrowse(socket.id, frame);
        if (refusal) refuse(socket, frame, refusal);
        return;
      }
      case 'hands.ask':
        return room.dispatch({ type: 'hands-asked', socket: socket.id });
      case 'hands.act': {
        const refusal = room.actByHands(socket.id, frame, this.#shop.origins);
        if (refusal) refuse(socket, frame, refusal);
        return;
      }
      case 'cobrowse.applied':
        return room.appliedCobrowse(socket.id, frame.epoch, frame.seq);
      default:
        return refuse(socket, frame, 'not-yours');
    }
  }
}

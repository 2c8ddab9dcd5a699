import type { ClientFrame } from '../protocol/from-client.ts';
import type { Refusal } from '../protocol/refusals.ts';
import type { AgentView, ShopView } from '../protocol/views.ts';
import type { Desk } from './desk.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import { FrameQueue, handleCommon, refuse, type CommonContext, type Session } from './session.ts';
import type { Socket } from './socket.ts';

export type AgentContext = CommonContext & {
  rooms: Rooms;
  desk: Desk;
  replayOrigin: string;
};

/** `origins`: where the shop's pages are, and so its products. */
export type AgentShop = { id: string; view: ShopView; origins: readonly string[] };

type OpeningFrame = Extract<ClientFrame, { type: 'conversation.accept' | 'conversation.close' | 'call.join' }>;

function opensIt(frame: ClientFrame): frame is OpeningFrame {
  return frame.type === 'conversation.accept' || frame.type === 'conversation.close' || frame.type === 'call.join';
}

/** An agent's tab: at the shop's desk, and following whatever conversations it has opened. */
export class AgentSession implements Session {
  #socket: Socket;
  #context: AgentContext;
  #shop: AgentShop;
  #agent: AgentView;
  #tab: string;
  #following = new Map<string, Room>();
  #queue: FrameQueue;
  #left = false;

  constructor(socket: Socket, who: { shop: AgentShop; agent: AgentView; tab: string }, context: AgentContext) {
    this.#socket = socket;
    this.#context = context;
    this.#queue = new FrameQueue((error) => context.failed(socket, error));
    this.#shop = who.shop;
    this.#agent = who.agent;
    this.#tab = who.tab;
  }

  /** Says welcome with the lists. */
  start(): void {
    this.#queue.run(async () => {
      const { rooms, desk, replayOrigin } = this.#context;
      const conversations = await rooms.openSummaries(this.#shop.id);
      if (this.#left) return;
      desk.join(this.#shop.id, this.#socket.id, this.#agent);
      this.#socket.send({
        type: 'welcome',
        role: 'agent',
        you: this.#agent,
        shop: this.#shop.view,
        conversations,
        team: desk.team(this.#shop.id),
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
    for (const room of this.#following.values()) room.leave(this.#socket.id, leaving);
    this.#following.clear();
  }

  #handle(frame: ClientFrame): Promise<void> | void {
    if (frame.type === 'ping') return this.#socket.send({ type: 'pong' });
    if (!('conversation' in frame) || frame.conversation === undefined) {
      return refuse(this.#socket, frame, 'no-conversation');
    }
    const room = this.#following.get(frame.conversation);
    if (frame.type === 'conversation.open') return this.#open(frame.conversation, frame.after);
    if (frame.type === 'call.decline') return this.#decline(frame.conversation, frame.call);
    if (!room) {
      return opensIt(frame) ? this.#openThen(frame) : refuse(this.#socket, frame, 'no-conversation');
    }
    this.#act(room, frame);
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
        return room.dispatch({ type: 'note-written', socket: socket.id, id, text, known: room.known(id) });
      }
      case 'conversation.leave':
        this.#following.delete(room.id);
        return room.leave(socket.id);
      case 'conversation.accept':
        return room.dispatch({ type: 'accepted', socket: socket.id });
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
      case 'cobrowse.applied':
        return room.appliedCobrowse(socket.id, frame.epoch, frame.seq);
      default:
        return refuse(socket, frame, 'not-yours');
    }
  }
}

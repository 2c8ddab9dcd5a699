import { randomInt } from 'node:crypto';
import type { Presence } from '../domain/conversation.ts';
import type { ClientFrame, Hello } from '../protocol/from-client.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import type { Basket } from '../protocol/basket.ts';
import { MESSAGE_TEXT_MAX } from '../protocol/limits.ts';
import { isMailAddress } from '../protocol/mail-address.ts';
import type { Refusal } from '../protocol/refusals.ts';
import type { PageView, ShopView } from '../protocol/views.ts';
import type { ServerFrame } from '../protocol/from-server.ts';
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

/** A closed conversation is still shown this long; after that the shopper starts with a clean page. */
const SHOW_CLOSED_MS = 30 * 60_000;
/** Of a tab whose page changes all the time, the newest is shown so often. */
const SHOW_PAGE_MS = 200;
/** Tabs of one shopper that are connected at a time. */
const TABS_MAX = 30;

export type ShopperContext = CommonContext & {
  rooms: Rooms;
  tabs: ShopperTabs;
  lines: Lines;
  now: () => number;
  /** What the shop has beside a person. */
  help: (shop: string) => Promise<{ articles: boolean; rating: boolean }>;
  /** Whether one more conversation may be opened from this network address. */
  mayOpen: (address: string) => Promise<boolean>;
  /** A pass for the call's own window. */
  givePass: (to: { shop: string; shopper: string; token: string; origin: string }) => string;
};

type ShopperHello = Extract<Hello, { role: 'shopper' }>;

/** The open tabs of each shopper: a conversation that one of them opens is every tab's. */
export class ShopperTabs {
  /** Nearly everybody has one. */
  #tabs = new Map<string, ShopperSession | Set<ShopperSession>>();

  of(key: string): Iterable<ShopperSession> {
    const tabs = this.#tabs.get(key);
    return tabs instanceof ShopperSession ? [tabs] : (tabs ?? []);
  }

  /** Beyond what a person has open, the oldest tab is closed. */
  add(key: string, session: ShopperSession): void {
    const known = this.#tabs.get(key);
    if (!known) return void this.#tabs.set(key, session);
    const tabs = known instanceof Set ? known : new Set([known]);
    this.#tabs.set(key, tabs.add(session));
    const [oldest] = tabs;
    if (tabs.size > TABS_MAX) oldest?.close(CLOSE.flood);
  }

  /** To every shopper of a shop. */
  tell(shop: string, frame: ServerFrame): void {
    const json = JSON.stringify(frame);
    for (const key of this.#tabs.keys()) {
      if (key.startsWith(`${shop}/`)) for (const tab of this.of(key)) tab.tell(json);
    }
  }

  remove(key: string, session: ShopperSession): void {
    const tabs = this.#tabs.get(key);
    if (tabs instanceof Set) tabs.delete(session);
    if (tabs === session || (tabs instanceof Set && tabs.size === 0)) this.#tabs.delete(key);
  }
}

/** A shopper's tab: follows the shopper's one conversation, which its first message opens. */
export class ShopperSession implements Session {
  #socket: Socket;
  #context: ShopperContext;
  #shop: string;
  #shopper: string;
  #token: string;
  #origin: string;
  #address: string;
  #presence: Presence;
  #page: PageView | undefined;
  #locale: string | undefined;
  #referrer: string | undefined;
  #basket: Basket | undefined;
  #room: Room | null = null;
  #joined = false;
  #queue: FrameQueue;
  /** Between two pages that are shown. */
  #showing: ReturnType<typeof setTimeout> | null = null;
  #left = false;

  constructor(
    socket: Socket,
    who: {
      shop: string;
      shopper: string;
      token: string;
      /** Of its page. */
      origin: string;
      /** Of its network. */
      address: string;
      hello: ShopperHello;
    },
    context: ShopperContext,
  ) {
    this.#socket = socket;
    this.#context = context;
    this.#queue = new FrameQueue((error) => context.failed(socket, error));
    this.#shop = who.shop;
    this.#shopper = who.shopper;
    this.#token = who.token;
    this.#origin = who.origin;
    this.#address = who.address;
    const window = who.hello.page ? {} : { window: true as const };
    this.#presence = { socket: socket.id, side: 'shopper', tab: who.hello.tab, ...window };
    this.#page = who.hello.page;
    this.#locale = who.hello.locale;
    this.#referrer = who.hello.referrer;
    this.#basket = who.hello.basket;
    context.tabs.add(this.#key, this);
  }

  /** Says welcome and follows the shopper's conversation, if there is one. */
  start(view: ShopView, seen: ShopperHello['seen']): void {
    this.#queue.run(async () => {
      const line = await this.#context.lines.of(this.#shop);
      const help = await this.#context.help(this.#shop);
      const room = await this.#context.rooms.latest(this.#shop, this.#shopper);
      if (this.#left) return;
      this.#room = room;
      const shows = room && (room.status !== 'closed' || this.#context.now() - room.lastAt < SHOW_CLOSED_MS);
      this.#socket.send({
        type: 'welcome',
        role: 'shopper',
        token: this.#token,
        shop: { ...view, attendance: line.attendance },
        conversation: shows ? room.view : null,
        media: this.#context.media(),
        help,
      });
      if (shows) this.#follow(room, seen?.conversation === room.id ? seen.seq : 0);
    });
  }

  handle(frame: ClientFrame): void {
    this.#queue.run(() => this.#handle(frame));
  }

  handleBinary(frame: Uint8Array): Refusal | null {
    return this.#room ? this.#room.receiveCobrowse(this.#socket.id, frame) : 'not-sharing';
  }

  tell(json: string): void {
    this.#socket.sendText(json);
  }

  close(code: number): void {
    this.#socket.close(code);
    this.left();
  }

  left(leaving = false): void {
    this.#left = true;
    if (this.#showing) clearTimeout(this.#showing);
    this.#context.tabs.remove(this.#key, this);
    this.#room?.leave(this.#socket.id, leaving);
  }

  get #key(): string {
    return `${this.#shop}/${this.#shopper}`;
  }

  #follow(room: Room, after: number): void {
    this.#room = room;
    this.#joined = true;
    const locale = this.#locale ? { locale: this.#locale } : {};
    const page = this.#page ? { page: this.#page } : {};
    const referrer = this.#referrer ? { referrer: this.#referrer } : {};
    const basket = this.#basket ? { basket: this.#basket } : {};
    room.dispatch({ type: 'joined', presence: this.#presence, after, ...page, ...locale, ...referrer, ...basket });
  }

  #handle(frame: ClientFrame): Promise<void> | void {
    if (frame.type === 'ping') return this.#socket.send({ type: 'pong' });
    if (frame.type === 'page.show') {
      this.#page = frame.page;
      return this.#showing ? undefined : this.#showPage(frame.page);
    }
    if (frame.type === 'basket.show') {
      this.#basket = frame.basket ?? undefined;
      return this.#room?.dispatch({ type: 'basket-shown', socket: this.#socket.id, basket: frame.basket });
    }
    if (frame.type === 'message.send' && this.#waits(frame)) return this.#openAndSend(frame);
    const room = this.#room;
    if (!room || !this.#joined) return refuse(this.#socket, frame, 'no-conversation');
    if ('conversation' in frame && frame.conversation !== undefined && frame.conversation !== room.id) {
      return refuse(this.#socket, frame, 'not-yours');
    }
    if (handleCommon(room, this.#socket, frame, this.#context)) return;
    switch (frame.type) {
      case 'call.pass': {
        // The service keeps a bounded number of passes: nobody alone may make those of others void.
        if (!room.paces(this.#socket.id, 'join')) return refuse(this.#socket, frame, 'too-fast');
        const to = { shop: this.#shop, shopper: this.#shopper, token: this.#token, origin: this.#origin };
        return this.#socket.send({ type: 'reply', req: frame.req, data: { pass: this.#context.givePass(to) } });
      }
      case 'conversation.open':
        if (!room.paces(this.#socket.id, 'shows')) return refuse(this.#socket, frame, 'too-fast');
        return room.dispatch({ type: 'joined', presence: this.#presence, after: frame.after });
      case 'conversation.rate': {
        const { rating, comment } = frame;
        return room.dispatch({ type: 'rated', socket: this.#socket.id, rating, comment });
      }
      case 'cobrowse.here':
        if (!room.paces(this.#socket.id, 'shows')) return refuse(this.#socket, frame, 'too-fast');
        return room.dispatch({ type: 'cobrowse-tab-shown', socket: this.#socket.id });
      case 'cobrowse.point':
      case 'cobrowse.missed': {
        const refusal = room.pointBack(this.#socket.id, frame);
        if (refusal) refuse(this.#socket, frame, refusal);
        return;
      }
      case 'hands.answer':
        return room.dispatch({ type: 'hands-answered', socket: this.#socket.id, yes: frame.yes });
      case 'hands.acted':
      case 'hands.busy': {
        const refusal = room.hearHands(this.#socket.id, frame);
        if (refusal) refuse(this.#socket, frame, refusal);
        return;
      }
      case 'cobrowse.answer': {
        // A yes needs no question: it must not begin again and again.
        if (!room.paces(this.#socket.id, 'shows')) return refuse(this.#socket, frame, 'too-fast');
        const channel = randomInt(1, 0xffffffff);
        return room.dispatch({ type: 'cobrowse-answered', socket: this.#socket.id, yes: frame.yes, channel });
      }
      default:
        return refuse(this.#socket, frame, 'not-yours');
    }
  }

  #showPage(page: PageView): void {
    this.#room?.dispatch({ type: 'page-shown', socket: this.#socket.id, page });
    this.#showing = setTimeout(() => {
      this.#showing = null;
      if (this.#page && this.#page !== page) this.#showPage(this.#page);
    }, SHOW_PAGE_MS).unref();
  }

  /** A message that its closed conversation knows already is acknowledged there, not sent again into a new one. */
  #needsNewRoom(messageId: string): boolean {
    if (!this.#room || !this.#joined) return !this.#room?.known(messageId);
    return this.#room.over && !this.#room.known(messageId);
  }

  /** Its conversation is to be opened, its file is to be looked up, or it needs a number. */
  #waits({ id, file, ticket }: SendFrame): boolean {
    return this.#needsNewRoom(id) || ((file !== undefined || ticket !== undefined) && !this.#room?.known(id));
  }

  async #openAndSend(frame: SendFrame): Promise<void> {
    const reason = messageRefusal(frame);
    if (reason) return refuse(this.#socket, frame, reason);
    if (frame.conversation !== undefined && frame.conversation !== this.#room?.id) {
      return refuse(this.#socket, frame, 'not-yours');
    }
    const by = { side: 'shopper' as const, shop: this.#shop, shopper: this.#shopper };
    const file = frame.file && (await takeFile(this.#socket, frame, by, this.#room?.id ?? null, this.#context));
    if (file === null) return;
    // A solved ticket that is still before the shopper's eyes is opened again.
    const own = this.#joined && this.#room?.over === false ? this.#room : null;
    const open = own !== null || (this.#room !== null && this.#room.status !== 'closed');
    if (!open && !(await this.#context.mayOpen(this.#address))) {
      if (file) this.#context.files.giveBack(file.id);
      return refuse(this.#socket, frame, 'too-fast');
    }
    const line = await this.#context.lines.of(this.#shop);
    const topic = line.topicFor(frame.topic, this.#page?.url);
    const { room, isNew } = own
      ? { room: own, isNew: false }
      : await this.#context.rooms.openFor(this.#shop, this.#shopper, topic);
    const { email, name } = frame.ticket ?? {};
    const left = frame.ticket && { email: email?.trim() ?? null, name: name || null };
    const wish = left ? await this.#context.tickets.wish(room, left) : undefined;
    if (this.#left) return;
    const tabs = isNew ? [...this.#context.tabs.of(this.#key)] : [this];
    for (const tab of tabs) if (tab.#room !== room || !tab.#joined) tab.#follow(room, 0);
    sendMessage(room, this.#socket, frame, file ? { file, files: this.#context.files } : undefined, wish);
  }
}

/** A message that will be refused opens no conversation. */
function messageRefusal({ text, file, ticket }: SendFrame): Refusal | null {
  if (ticket?.email !== undefined && !isMailAddress(ticket.email.trim())) return 'bad-address';
  if (text.trim() === '' && file === undefined) return 'message-empty';
  return text.length > MESSAGE_TEXT_MAX ? 'message-too-long' : null;
}

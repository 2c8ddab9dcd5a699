import { Connection, type ConnectionStatus } from '../../client/core/connection.ts';
import { Thread, type LeftTicket, type PendingMessage } from '../../client/core/thread.ts';
import type { Entry } from '../../server/protocol/entry.ts';
import type { ClientFrame, Hello } from '../../server/protocol/from-client.ts';
import type { ServerFrame } from '../../server/protocol/from-server.ts';
import { CLOSE } from '../../server/protocol/close-codes.ts';
import { PROTOCOL_VERSION } from '../../server/protocol/limits.ts';
import type { Refusal } from '../../server/protocol/refusals.ts';
import type { Attendance, ConversationView, MediaStatus } from '../../server/protocol/views.ts';
import type { WidgetHost } from '../loader/contract.ts';
import { openMemory, type Memory } from '../loader/memory.ts';
import { socketAddress } from '../loader/socket-address.ts';
import { currentPage, watchPage } from './page.ts';
import { basketOf, cameFrom } from './visit.ts';
import { openPendingStore } from './pending-store.ts';
import { unreadOf } from './rows.ts';
import { isHandsNote } from './sentences.ts';
import type { Filing } from './files/index.ts';
import type { Steps } from './steps/steps.svelte.ts';
import { loadLineWords, loadStepWords, words } from './words.ts';

type StepParts = typeof import('./steps/index.ts');
type HandsParts = Awaited<ReturnType<(typeof import('./hands/index.ts'))['loadHands']>>;
type LineParts = typeof import('./line/index.ts');
type TicketParts = Awaited<ReturnType<(typeof import('./tickets/index.ts'))['loadTickets']>>;
type HelpParts = Awaited<ReturnType<(typeof import('../help/index.ts'))['startHelp']>>;

/** Entries of which only the steps know the words. */
const TOLD_BY_STEPS = /^(call|screen|recording|cobrowse)-|^(rated|handed-over|returned)$/;
const NO_RECEIPT = { delivered: 0, read: 0 };

/** The shopper's end of the counter: everything that the panel shows, and everything that the shopper can do. */
export class Counter {
  readonly host: WidgetHost;
  /** Calls and the shown page, once they are near. */
  steps = $state.raw<Steps | null>(null);
  parts = $state.raw<StepParts | null>(null);
  /** Helping hands, once they are asked for or in the record. */
  hands = $state.raw<HandsParts | null>(null);
  /** Hours, topics, the place in the line; once the panel is open. */
  line = $state.raw<LineParts | null>(null);
  /** Tickets, once there is one or nobody is there; loaded by the line's part. */
  tickets = $state.raw<TicketParts | null>(null);
  attendance = $state.raw<Attendance>({ open: true, until: null, staffed: true, topics: [], channels: [] });
  /** What the shopper chose; null: none, undefined: what the page's address says. */
  topic = $state.raw<string | null | undefined>();
  /** Files, once there is one. */
  filing = $state.raw<Filing | null>(null);
  /** What the shop has beside a person, and its code once it is near. */
  offers = $state.raw({ articles: false, rating: false });
  beside = $state.raw<HelpParts | null>(null);
  status = $state.raw<ConnectionStatus>('connecting');
  closeCode = $state.raw<number | null>(null);
  /** The latest conversation, open or closed. */
  latest = $state.raw<ConversationView | null>(null);
  entries = $state.raw<Entry[]>([]);
  pending = $state.raw<PendingMessage[]>([]);
  othersTyping = $state(false);
  media = $state.raw<MediaStatus>({ status: 'preparing', step: '' });
  open = $state(false);
  /** Comes into view; one that the page before had open is there at once. */
  rises = $state(false);
  /** The panel was opened by the shopper just now, who wants to write. */
  wantsFocus = $state(false);
  visible = $state(document.visibilityState === 'visible');
  refusal = $state.raw<Refusal | null>(null);
  draft = $state('');
  /** The shop has erased what was here, and nothing has been written since. */
  erased = $state(false);
  /** The open conversation. */
  readonly view = $derived(this.latest?.status === 'closed' ? null : this.latest);
  /** It takes too long: what else there is. */
  readonly longWait = $derived(this.view?.place?.long ? { channels: this.attendance.channels } : null);
  /** There may be something to read, or to say how it was. */
  readonly wantsHelp = $derived(
    this.open && !this.view && (this.offers.articles || (this.latest && this.offers.rating)),
  );
  readonly agentName = $derived(this.latest?.agent?.name ?? words.somebody());
  readonly receipts = $derived(this.latest?.receipts.agent ?? NO_RECEIPT);
  readonly unread = $derived(unreadOf(this.entries, 'shopper', this.latest?.receipts.shopper.read ?? 0));
  #connection: Connection;
  #thread: Thread;
  readonly memory: Memory;
  #session: Memory;
  #tab: string;
  #token: string | null = null;
  #close: (() => void)[];
  #loadingFiles: Promise<Filing> | null = null;
  #closed = false;
  #handsComing = false;

  constructor(host: WidgetHost, tab: string) {
    this.host = host;
    this.attendance = host.shop.attendance;
    this.#tab = tab;
    this.memory = openMemory('local', host.shop.key);
    this.#session = openMemory('session', host.shop.key);
    this.draft = this.#session.get('draft') ?? '';
    this.open = this.#session.get('open') !== null;
    this.#connection = new Connection(socketAddress(host.origin), () => this.#hello(), host.socket);
    host.socket = null;
    const store = openPendingStore(this.memory);
    this.#thread = new Thread({ side: 'shopper', connection: this.#connection, id: null, store });
    this.pending = this.#thread.pending;
    const onVisibility = (): void => {
      this.visible = document.visibilityState === 'visible';
      if (this.visible) this.#connection.retryNow();
    };
    document.addEventListener('visibilitychange', onVisibility);
    this.#close = [
      this.#connection.on('frame', (frame) => this.#receive(frame)),
      this.#connection.on('status', (status) => this.#connected(status)),
      this.#thread.onChange(() => this.#changed()),
      watchPage((page) => this.#connection.send({ type: 'page.show', page })),
      () => document.removeEventListener('visibilitychange', onVisibility),
    ];
    if (this.#session.get('step')) void this.loadSteps();
    if (this.open) void this.#loadLine();
    if (this.#session.get('uploads')) void this.loadFiles();
  }

  /** Opens the panel; `focus` where the shopper asked for it. */
  show(focus = false): void {
    if (!this.open && asked(this.latest) > 0) this.refusal = null;
    this.rises ||= !this.open;
    this.open = true;
    this.wantsFocus = focus;
    void this.#loadLine();
    this.#session.set('open', '1');
    this.steps?.cobrowse.cover();
  }

  hide(): void {
    this.open = false;
    this.#session.set('open', null);
    this.steps?.cobrowse.cover();
  }

  /** As in panel.css: there the panel fills the screen. */
  get covers(): boolean {
    return this.open && matchMedia('(max-width: 520px)').matches;
  }

  typed(text: string): void {
    this.draft = text;
    this.#session.set('draft', text || null);
    if (text) this.#thread.typed();
  }

  send(text: string, ticket?: LeftTicket): void {
    this.refusal = null;
    this.erased = false;
    const topic = this.view || this.topic === undefined ? {} : { topic: this.topic };
    this.#thread.send(text, ticket ? { ...topic, ticket } : topic);
  }

  /** Takes a refused message back and gives its text. */
  takeBack(id: string): string {
    const text = this.pending.find((message) => message.id === id)?.text ?? '';
    this.#thread.discard(id);
    return text;
  }

  /** The shop's page has told of another basket. */
  showBasket(): void {
    this.#connection.send({ type: 'basket.show', basket: basketOf(this.host.basket()) });
  }

  tell(frame: ClientFrame): void {
    this.#connection.send(frame);
  }

  markRead(): void {
    this.#thread.markRead();
  }

  /** Null where their code could not be loaded; the person is told. */
  async loadSteps(): Promise<Steps | null> {
    if (this.steps || this.#closed) return this.steps;
    try {
      const [parts] = await Promise.all([import('./steps/index.ts'), loadStepWords(this.host.locale)]);
      if (!this.steps && !this.#closed) this.#take(parts);
    } catch {
      this.refusal = 'not-connected';
    }
    return this.steps;
  }

  /** Sends files, one after the other. */
  async addFiles(files: File[]): Promise<void> {
    const filing = await this.loadFiles();
    if (filing) filing.files.add(files);
    else this.refusal = 'not-connected';
  }

  /** Null where the code for it could not be loaded: the thread shows names, and its next change tries again. */
  async loadFiles(): Promise<Filing | null> {
    this.#loadingFiles ??= import('./files/index.ts').then(async ({ openFiles }) => await openFiles(this.#filesDesk()));
    try {
      this.filing = await this.#loadingFiles;
      if (this.#closed) this.filing.files.close();
    } catch {
      this.#loadingFiles = null;
    }
    return this.filing;
  }

  /** Without its code there is the chat, as ever. */
  async loadHelp(): Promise<void> {
    const parts = await import('../help/index.ts').catch(() => null);
    if (parts && !this.beside) this.beside = await parts.startHelp(this);
  }

  /** How it was. False: it could not be sent, and the shopper is told. */
  rate(conversation: string, rating: number, comment: string): boolean {
    const sent = this.#connection.send({ type: 'conversation.rate', conversation, rating, comment });
    if (!sent) this.refusal = 'not-connected';
    return sent;
  }

  retryNow(): void {
    this.#connection.retryNow();
  }

  close(): void {
    this.#closed = true;
    for (const close of this.#close) close();
    this.steps?.close();
    this.filing?.files.close();
    this.#thread.close();
    this.#connection.close();
  }

  async #loadHands(): Promise<void> {
    this.#handsComing = true;
    try {
      this.hands = await (await import('./hands/index.ts')).loadHands();
      this.#changed();
    } catch {
      // The network was away: the next change of the conversation tries again.
    } finally {
      this.#handsComing = false;
    }
  }

  #hello(): Hello {
    const token = this.memory.get('token');
    const seen = this.#thread.conversation;
    const referrer = cameFrom(this.#session, { origin: location.origin, referrer: document.referrer });
    const basket = basketOf(this.host.basket());
    return {
      type: 'hello',
      role: 'shopper',
      protocol: PROTOCOL_VERSION,
      shop: this.host.shop.key,
      tab: this.#tab,
      page: currentPage(),
      locale: this.host.locale,
      ...(token ? { token } : {}),
      ...(referrer ? { referrer } : {}),
      ...(basket ? { basket } : {}),
      ...(seen ? { seen: { conversation: seen.id, seq: this.#thread.lastSeq } } : {}),
    };
  }

  #receive(frame: ServerFrame): void {
    switch (frame.type) {
      case 'welcome':
        if (frame.role === 'shopper') {
          this.memory.set('token', (this.#token = frame.token));
          this.offers = frame.help;
        }
        this.media = frame.media;
        this.attendance = frame.shop.attendance;
        return;
      case 'conversation.erased':
        // Another tab may be somebody new already.
        if (this.memory.get('token') === this.#token) this.memory.set('token', null);
        this.typed('');
        this.#thread.forget();
        this.erased = true;
        return;
      case 'attendance':
        this.attendance = frame.attendance;
        return;
      case 'media.status':
        this.media = frame.media;
        this.steps?.update();
        return;
      case 'refused':
        // A refused message says so in its own place; of what the widget sends by itself nobody needs to know.
        if (
          !this.steps?.receive(frame) &&
          /^(cobrowse|conversation|screen|hands|transcript)\.(?!acted|busy)/.test(frame.of)
        )
          this.refusal = frame.reason;
        return;
      default:
        this.steps?.receive(frame);
    }
  }

  #connected(status: ConnectionStatus): void {
    this.status = status;
    this.closeCode = this.#connection.closeCode;
    if (status === 'stopped' && this.closeCode === CLOSE.signedOut) this.memory.set('token', null);
    this.steps?.connected(status === 'open');
    if (status === 'open') {
      this.#changed();
      this.filing?.files.wake();
    }
  }

  #changed(): void {
    const before = asked(this.latest);
    this.latest = this.#thread.conversation;
    this.entries = this.#thread.entries;
    this.pending = this.#thread.pending;
    this.othersTyping = this.#thread.othersTyping;
    this.steps?.update();
    const stepping = this.view !== null && (this.view.call !== null || this.view.cobrowse.status !== 'off');
    const told = this.entries.some((entry) => TOLD_BY_STEPS.test(entry.type));
    if ((stepping || told) && !this.steps) void this.loadSteps();
    const helped = (this.latest !== null && this.latest.hands.status !== 'off') || this.entries.some(isHandsNote);
    if (helped && !this.hands && !this.#handsComing && !this.#closed) void this.#loadHands();
    // A question that nobody sees is none.
    if (asked(this.latest) > before) this.show();
    if (!this.filing && this.entries.some((entry) => entry.type === 'message' && entry.file)) void this.loadFiles();
    // Marks for the loader of the next page: what it is to load at once. Those of the page before stand until it is known.
    const known = this.#connection.status === 'open';
    const underWay = this.view || this.pending.length > 0 || this.filing?.files.busy;
    if (underWay || known) this.memory.set('under-way', underWay ? '1' : null);
    if (known && (this.steps || !stepping)) this.#session.set('step', this.steps?.under ?? null);
  }

  /** What is not needed to read and write comes after it. */
  async #loadLine(): Promise<void> {
    if (this.line) return;
    const loaded = Promise.all([import('./line/index.ts'), loadLineWords(this.host.locale)]);
    const [line] = await loaded.catch(() => [null]);
    if (!line || this.line) return;
    this.dress(line.css);
    this.line = line;
  }

  /** Said and shown by a part that comes later. */
  dress(css: string): void {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.host.root.adoptedStyleSheets.push(sheet);
  }

  #filesDesk(): Parameters<typeof import('./files/index.ts').openFiles>[0] {
    return {
      host: this.host,
      tab: this.#tab,
      token: () => this.memory.get('token'),
      ready: () => this.status === 'open',
      send: (file, id) => this.#thread.send('', { file, id }),
      changed: (busy) => {
        this.#session.set('uploads', busy ? '1' : null);
        this.#changed();
      },
    };
  }

  #take(parts: StepParts): void {
    if (!this.parts) this.dress(parts.css);
    this.parts = parts;
    this.steps = new parts.Steps({
      connection: this.#connection,
      host: this.host,
      tab: this.#tab,
      session: this.#session,
      view: () => this.view,
      hands: () => this.hands,
      media: () => this.media,
      say: (text) => this.send(text),
      // A call that is back after a page load comes back as it was, in the panel or in its small picture.
      onCall: ({ status }) => status === 'ringing' && this.show(),
      refuse: (reason) => (this.refusal = reason),
      covered: () => this.covers,
      ownWindow: false,
      makeWay: () => this.hide(),
      panel: () => (this.open ? this.host.root.querySelector('.panel') : null),
    });
    this.#changed();
  }
}

/** How many questions wait for the shopper's answer. */
function asked(view: ConversationView | null): number {
  return view ? [view.cobrowse, view.recording, view.hands].filter(({ status }) => status === 'asked').length : 0;
}

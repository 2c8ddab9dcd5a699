import { readCobrowseHeader } from '../../../server/protocol/cobrowse-frame.ts';
import type { HandsDeed } from '../../../server/protocol/hands.ts';
import { refusalSentence } from '../ui/refusal-words.ts';
import { w } from '../words.ts';
import type { Connection } from '../../core/connection.ts';
import { hintSentence, outcomeSentence } from './hands-news.ts';
import type {
  HandsHint,
  LoadedReplay,
  PagePlace,
  PickedElement,
  ReplayHandle,
  ReplayHandlers,
  ReplayStatus,
  ReplayTool,
  ShownPage,
  ShownProduct,
} from '../../replay/port.ts';

export type PageWatchOptions = {
  connection: Connection;
  conversation: string;
  /** Of the co-browsing session; frames of others are not for this picture. */
  channel: number;
  /** Where it is shown. */
  replay: LoadedReplay;
  /** A key that the agent has pressed with the focus in the picture. */
  onKey: (key: string) => void;
};

/** Younger than this, nobody needs to know how old the picture is; the sign stays until it is clearly younger. */
const OLD_MS = 1_000;
const YOUNG_MS = 700;
/** The server says twice a second how old the picture is; when it is silent for longer, the picture ages by itself. */
const SILENCE_MS = 900;

const NEWS_MS = 8_000;

/** Looking at a shopper's page: frames go from the socket into the replay, pointing goes the other way. */
export class PageWatch {
  page = $state.raw<ShownPage | null>(null);
  status = $state<ReplayStatus>('waiting');
  picked = $state.raw<PickedElement | null>(null);
  /** What stands beside the picked element on the shopper's page. */
  label = $state('');
  tool = $state<ReplayTool>('spotlight');
  /** Whether what is drawn stays until it is cleared. */
  keeps = $state(false);
  /** A sentence about what has just happened on the shopper's side; empty after a while. */
  news = $state('');
  /** What a click of the hands would do, or why they wait. */
  handsHint = $state('');
  #hint: HandsHint | null = null;
  #busy = false;
  #helps = false;
  #acts = 0;
  #newsTimer: ReturnType<typeof setTimeout> | undefined;
  /** Of the page that is shown. */
  products = $state.raw<readonly ShownProduct[]>([]);
  /** Whether they are marked in the picture. */
  productsMarked = $state(false);
  #productsEpoch = 0;
  /** Whole seconds that the picture is behind the shopper's page; 0 where that is not worth mentioning. */
  behind = $state(0);
  #age = { ms: 0, at: performance.now() };
  readonly #clock: ReturnType<typeof setInterval>;
  #connection: Connection;
  #conversation: string;
  #replay: ReplayHandle;
  #have: { epoch: number; seq: number } | null = null;
  #pointedIn: number | null = null;
  #place: PagePlace | null | undefined;
  #frame: number | null = null;
  #unsubscribe: (() => void)[];

  constructor({ connection, conversation, channel, replay, onKey }: PageWatchOptions) {
    this.#connection = connection;
    this.#conversation = conversation;
    const handlers: ReplayHandlers = {
      onApplied: (epoch, seq) => this.#applied(epoch, seq),
      onPointer: (at) => this.#point(at),
      onPick: (picked) => this.#pick(picked),
      onStroke: (part) => connection.send({ type: 'cobrowse.stroke', conversation, ...part }),
      onDeed: (epoch, deed) => this.#send(epoch, deed),
      onHint: (hint) => this.#hintAt(hint),
      onKey,
      onPointed: (name) => this.#tellNews(name ? w.pointing_shopper({ name }) : w.pointing_shopper_somewhere()),
      onPage: (page) => (this.page = page),
      onProducts: (epoch, products) => {
        this.#productsEpoch = epoch;
        this.products = products;
      },
      onNeedSnapshot: () => this.#watch(null),
      onStatus: (status) => (this.status = status),
      onMissing: (what) => connection.send({ type: 'cobrowse.missing', conversation, ...what }),
    };
    this.#replay = replay.connect(handlers);
    this.#replay.handsWords({
      fill: w.hands_fill(),
      fillGo: w.hands_fill_go(),
      choose: w.hands_choose(),
      cancel: w.hands_cancel(),
      keys: w.hands_keys(),
    });
    this.#unsubscribe = [
      connection.on('binary', (data) => {
        if (readCobrowseHeader(new Uint8Array(data))?.channel === channel) this.#replay.feed(data);
      }),
      connection.on('frame', (frame) => {
        if (frame.type === 'refused' && frame.of === 'hands.act') this.#tellNews(refusalSentence(frame.reason));
        if (!('conversation' in frame) || frame.conversation !== conversation) return;
        if (frame.type === 'cobrowse.pointed') this.#replay.pointed(frame);
        if (frame.type === 'cobrowse.missed') this.#missed();
        if (frame.type === 'hands.acted') this.#tellNews(outcomeSentence(frame.outcome));
        if (frame.type === 'hands.busy') this.#wait(frame.on);
        if (frame.type === 'cobrowse.age' && frame.conversation === conversation) this.#aged(frame.ms);
      }),
      connection.on('status', (status) => {
        if (status === 'open') this.#watch(this.#have);
      }),
    ];
    this.#clock = setInterval(() => this.#showAge(), 250);
    this.#watch(null);
  }

  /** Shows a product to the shopper where it stands on the page. */
  showProduct({ name, node, tag }: ShownProduct): void {
    if (node === null || tag === null) return;
    const picked = { epoch: this.#productsEpoch, node, tag, text: name };
    this.#replay.mark(picked);
    this.#pick(picked);
  }

  /** Whether this agent may act in the page now. The hands are taken up at once, and put away with the yes. */
  help(on: boolean): void {
    if (on === this.#helps) return;
    this.#helps = on;
    this.#wait(false);
    if (on) this.use('hands');
    else if (this.tool === 'hands') this.use('spotlight');
  }

  /** Does something in the shopper's page that is shown. */
  act(deed: HandsDeed): void {
    if (this.#have) this.#send(this.#have.epoch, deed);
  }

  /** What is pointed out comes into the shopper's view. */
  bring({ epoch, node, tag, hash = '' }: PickedElement): void {
    this.#send(epoch, { kind: 'scroll-to', at: { node, fx: 0.5, fy: 0.5, tag, hash } });
  }

  markProducts(on: boolean): void {
    this.productsMarked = on;
    this.#replay.markProducts(on);
  }

  use(tool: ReplayTool): void {
    if (tool === 'hands' && !this.#helps) return;
    this.tool = tool;
    this.#replay.use(tool, this.keeps);
  }

  keep(on: boolean): void {
    this.keeps = on;
    this.#replay.use(this.tool, on);
  }

  /** Words beside what is highlighted. */
  say(label: string): void {
    const said = label.trim();
    if (!this.picked || said === this.label) return;
    this.label = said;
    this.#highlight(this.picked);
  }

  /** Takes away everything that this agent shows, on both sides. */
  clearAll(): void {
    if (this.picked) this.clear();
    this.#replay.wipe();
    const epoch = this.#have?.epoch;
    if (epoch !== undefined) this.#connection.send({ type: 'cobrowse.wipe', conversation: this.#conversation, epoch });
  }

  /** Takes the highlight away on both sides. */
  clear(): void {
    this.#replay.mark(null);
    this.#pick(null);
  }

  close(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
    clearInterval(this.#clock);
    clearTimeout(this.#newsTimer);
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#replay.close();
    this.#connection.send({ type: 'cobrowse.unwatch', conversation: this.#conversation });
  }

  #aged(ms: number): void {
    this.#age = { ms, at: performance.now() };
    this.#showAge();
  }

  #showAge(): void {
    const { ms, at } = this.#age;
    const age = ms + Math.max(0, performance.now() - at - SILENCE_MS);
    this.behind = age >= (this.behind > 0 ? YOUNG_MS : OLD_MS) ? Math.max(1, Math.round(age / 1_000)) : 0;
  }

  #watch(have: { epoch: number; seq: number } | null): void {
    const frame = { type: 'cobrowse.watch' as const, conversation: this.#conversation };
    this.#connection.send(have ? { ...frame, have } : frame);
  }

  #applied(epoch: number, seq: number): void {
    // The highlight belonged to the page before.
    if (this.picked && this.picked.epoch !== epoch) this.picked = null;
    this.#have = { epoch, seq };
    this.#connection.send({ type: 'cobrowse.applied', conversation: this.#conversation, epoch, seq });
  }

  /** The first move goes out at once; while the mouse goes on, one place an animation frame. */
  #point(at: PagePlace | null): void {
    this.#place = at;
    if (this.#frame === null) this.#sendPlace();
  }

  #sendPlace(): void {
    this.#frame = null;
    const at = this.#place;
    if (at === undefined) return;
    this.#place = undefined;
    if (at) this.#pointedIn = at.epoch;
    if (this.#pointedIn === null) return;
    const place = at ?? { epoch: this.#pointedIn, node: null, fx: 0, fy: 0 };
    this.#connection.send({ type: 'cobrowse.pointer', conversation: this.#conversation, ...place });
    this.#frame = requestAnimationFrame(() => this.#sendPlace());
  }

  #pick(picked: PickedElement | null): void {
    const epoch = picked?.epoch ?? this.picked?.epoch ?? this.#have?.epoch;
    this.picked = picked;
    this.label = '';
    this.news = '';
    if (picked) this.#highlight(picked);
    else if (epoch !== undefined) this.#highlight({ epoch, node: null, tag: '' });
  }

  #highlight({ epoch, node, tag, hash }: { epoch: number; node: number | null; tag: string; hash?: string }): void {
    const what = { epoch, node, tag, ...(hash && { hash }), ...(this.label && { label: this.label }) };
    this.#connection.send({ type: 'cobrowse.highlight', conversation: this.#conversation, ...what });
  }

  /** What was pointed out has changed on the shopper's page meanwhile. */
  #missed(): void {
    this.#replay.mark(null);
    this.picked = null;
    this.#tellNews(w.pointing_missed());
  }

  #send(epoch: number, deed: HandsDeed): void {
    this.#acts += 1;
    const frame = { type: 'hands.act' as const, conversation: this.#conversation, epoch, act: this.#acts, deed };
    if (!this.#connection.send(frame)) this.#tellNews(refusalSentence('not-connected'));
  }

  #hintAt(hint: HandsHint | null): void {
    this.#hint = hint;
    // What was said of the last deed stands until the mouse is somewhere else.
    if (hint !== null) this.news = '';
    this.#sayHint();
  }

  #wait(busy: boolean): void {
    this.#busy = busy;
    this.#replay.handsWait(busy);
    this.#sayHint();
  }

  #sayHint(): void {
    this.handsHint = this.#busy ? w.hands_busy() : this.#hint ? hintSentence(this.#hint) : w.hands_hint();
  }

  #tellNews(sentence: string): void {
    clearTimeout(this.#newsTimer);
    this.news = sentence;
    this.#newsTimer = setTimeout(() => (this.news = ''), NEWS_MS);
  }
}

import type { ServerFrame } from '../../../server/protocol/from-server.ts';
import type { Ahead, AheadOptions, SharedPage } from '../../cobrowse/index.ts';
import { isTogether } from '../../cobrowse/inner/together.ts';
import type { Box } from '../../cobrowse/boxes.ts';
import { locale, words } from '../words.ts';
import { whenApart } from './apart.ts';
import type { Desk } from './desk.ts';
import { liesOver } from './give-way.ts';

type Recorder = ReturnType<(typeof import('../../cobrowse/index.ts'))['startCobrowse']>;

/** The shopper's page, shown to the agent: the question, the yes, the recorder, the stop. */
export class CobrowseStep {
  /** The shopper asked for the consent card without being asked. */
  offering = $state(false);
  failed = $state(false);
  /** The browser has not opened the window. */
  blocked = $state(false);
  /** The window is open and cannot be reached. */
  apart = $state(false);
  /** Where the element is that the agent highlights. */
  pointedAt = $state.raw<Box | null>(null);
  #desk: Desk;
  #recorder: Recorder | null = null;
  #starting = false;
  /** The recorder is there, or it is not any more. */
  onSession: () => void = () => {};
  /** The agent has just pointed: once the shopper opens the panel again, it stays. */
  #fresh = false;
  /** For which session this tab has said that it is looked at. */
  #claimed = 0;
  /** Of which session the server was told over this connection that it is stopped. */
  #stopTold = 0;
  #leave = new AbortController();
  /** Of a page whose predecessor was looked at. */
  #ahead: Promise<Ahead | null> | null = null;
  /** Ends what the shopper's own window is fed with. */
  #endFeed: (() => void) | null = null;

  constructor(desk: Desk) {
    this.#desk = desk;
    const { signal } = this.#leave;
    const claim = (): void => this.#claim();
    document.addEventListener('visibilitychange', claim, { signal });
    addEventListener('focus', claim, { signal });
    const { session } = desk;
    if (session.get('cobrowse-sheets') && !session.get('cobrowse-stopped') && document.visibilityState === 'visible')
      this.#ahead = this.#recordAhead();
  }

  /** Whether the agent sees what the shopper does in this browser, in this tab or another one. */
  get on(): boolean {
    return this.#desk.view()?.cobrowse.status === 'on' && !this.#stopped;
  }

  /** Whether this very tab is looked at. */
  get here(): boolean {
    const cobrowse = this.#desk.view()?.cobrowse;
    return cobrowse?.status === 'on' && cobrowse.tab === this.#desk.tab;
  }

  /** Where hands may be at work: the page that is looked at, while it is. */
  get page(): SharedPage | null {
    return this.here ? (this.#recorder?.page ?? null) : null;
  }

  answer(yes: boolean): void {
    this.offering = false;
    const view = this.#desk.view();
    if (view) this.#desk.connection.send({ type: 'cobrowse.answer', conversation: view.id, yes });
  }

  /** Not one more event leaves after the click; the server is told now or as soon as there is a connection. */
  stop(): void {
    this.#close();
    const view = this.#desk.view();
    if (view?.cobrowse.status !== 'on') return;
    this.#desk.session.set('cobrowse-stopped', String(view.cobrowse.channel));
    this.#tellStop();
  }

  /** Opens the window in which the shopper sees what the agent sees, from a click. */
  look(): void {
    const opened = window.open(`${this.#desk.host.origin}/seen/`, 'mostrador-seen', 'popup,width=1000,height=700');
    this.blocked = !opened;
    this.apart = false;
    if (!opened) return;
    whenApart(opened, () => {
      this.apart = true;
      this.#desk.session.set('seen', null);
    });
    // The next page of the shop goes on with it.
    this.#desk.session.set('seen', '1');
    void this.#feed();
  }

  /** The state of the conversation has changed. */
  update(): void {
    // Also what was stopped on the page before, when there was no connection.
    if (this.#stopped) this.#tellStop();
    if (!this.on) this.#close();
    else if (this.#recorder) this.#show();
    else if (!this.#starting) void this.#start();
    this.#claimFirst();
    const status = this.#desk.view()?.cobrowse.status;
    if (status !== 'off') this.offering = false;
    // Only its code: nothing is recorded before the yes.
    if (status === 'asked') ahead();
    if (status && !this.on) this.#endAhead();
    // As long as the conversation is not known, what the page before has said of it stands.
    if (status && status !== 'on') this.#desk.session.set('cobrowse-stopped', null);
    if (status === 'off') this.#desk.session.set('cobrowse-sheets', null);
  }

  /** The tab's socket is back. */
  connected(): void {
    this.#claimed = 0;
    this.#stopTold = 0;
    if (this.#stopped) this.stop();
    else this.#recorder?.resume();
  }

  handle(frame: ServerFrame): void {
    switch (frame.type) {
      case 'cobrowse.highlight':
        this.#fresh = frame.node !== null;
        this.#recorder?.handle(frame);
        return;
      case 'cobrowse.ack':
      case 'cobrowse.missing':
      case 'cobrowse.snapshot':
      case 'cobrowse.pointer':
      case 'cobrowse.stroke':
      case 'cobrowse.wipe':
        this.#recorder?.handle(frame);
        return;
      default:
        return;
    }
  }

  /** The panel was opened or closed: while it covers the page, its own banner says that the page is shown. */
  cover(): void {
    this.#recorder?.cover(this.#desk.covered());
  }

  close(): void {
    this.#leave.abort();
    this.#endAhead();
    this.#close();
  }

  /** The sentence about who sees the page. */
  get sentence(): string {
    const cobrowse = this.#desk.view()?.cobrowse;
    if (cobrowse?.status !== 'on') return '';
    const { agent, watchers } = cobrowse;
    const others = watchers.filter(({ id }) => id !== agent.id).map(({ name }) => name);
    // The agent may look at any moment, and is named all the time.
    const names = new Intl.ListFormat(locale).format([agent.name, ...others]);
    if (others.length > 0)
      return this.here ? words.cobrowse_on_more({ names }) : words.cobrowse_other_tab_more({ names });
    return this.here ? words.cobrowse_on({ name: names }) : words.cobrowse_other_tab({ name: names });
  }

  get #recorded(): boolean {
    const recording = this.#desk.view()?.recording;
    return recording?.status === 'on' && recording.of.page;
  }

  /** The same over the page, where it has to say all there is to say. */
  get #frameSentence(): string {
    const { sentence } = this;
    return this.#recorded ? words.cobrowse_recorded({ sentence }) : sentence;
  }

  /** The shopper has stopped what the server still takes for going on. */
  get #stopped(): boolean {
    const cobrowse = this.#desk.view()?.cobrowse;
    return cobrowse?.status === 'on' && this.#desk.session.get('cobrowse-stopped') === String(cobrowse.channel);
  }

  #endAhead(): void {
    void this.#ahead?.then((ahead) => ahead?.close());
  }

  #tellStop(): void {
    const view = this.#desk.view();
    if (view?.cobrowse.status !== 'on' || this.#stopTold === view.cobrowse.channel) return;
    const sent = this.#desk.connection.send({ type: 'cobrowse.stop', conversation: view.id });
    if (sent) this.#stopTold = view.cobrowse.channel;
  }

  get #inner(): AheadOptions['inner'] {
    const { origin, shop } = this.#desk.host;
    return { key: shop.key, allowed: (of) => isTogether(origin, shop.key, of) };
  }

  async #recordAhead(): Promise<Ahead | null> {
    const { session, host } = this.#desk;
    try {
      const parts = await loadRecorder();
      // By now it may be known that nobody looks.
      if (this.#leave.signal.aborted || !session.get('cobrowse-sheets')) return null;
      const { element: widgetHost, root } = host;
      return new parts.Ahead({ memory: session, newEpoch, widgetHost, root, inner: this.#inner });
    } catch {
      return null;
    }
  }

  async #start(): Promise<void> {
    this.#starting = true;
    this.failed = false;
    try {
      const { startCobrowse } = await loadRecorder();
      const ahead = await this.#ahead;
      this.#ahead = null;
      const view = this.#desk.view();
      if (this.#leave.signal.aborted || !this.on || view?.cobrowse.status !== 'on') {
        ahead?.close();
        return;
      }
      const { connection, host } = this.#desk;
      this.#recorder = startCobrowse({
        conversation: view.id,
        channel: view.cobrowse.channel,
        memory: this.#desk.session,
        ahead,
        newEpoch,
        send: (frame) => connection.sendBinary(frame),
        widgetHost: host.element,
        accent: host.shop.accent,
        words: {
          watching: this.#frameSentence,
          stop: words.stop(),
          cancel: words.cancel(),
          point: words.cobrowse_point(),
          pointNow: words.cobrowse_point_now(),
          scrollThere: words.cobrowse_scroll(),
          pointing: (name) => words.cobrowse_pointing({ name }),
          pointingSomewhere: (name) => words.cobrowse_pointing_somewhere({ name }),
          drawing: (name) => words.cobrowse_drawing({ name }),
        },
        inner: this.#inner,
        tell: (frame) => connection.send(frame),
        onStop: () => this.stop(),
        onHighlight: (box) => this.#makeWay(box),
      });
      this.#show();
      this.cover();
      if (this.#desk.session.get('seen')) void this.#feed();
      this.onSession();
    } catch {
      this.failed = true;
    } finally {
      this.#starting = false;
    }
  }

  /** Of the tabs that are open the one is shown that the shopper looks at: the one that came into view last. */
  #claim(): void {
    const view = this.#desk.view();
    if (!view || !this.on || this.here || document.visibilityState !== 'visible') return;
    this.#desk.connection.send({ type: 'cobrowse.here', conversation: view.id });
  }

  /** A page that has just been loaded is looked at, unless it was opened behind another one. */
  #claimFirst(): void {
    const cobrowse = this.#desk.view()?.cobrowse;
    if (cobrowse?.status !== 'on' || this.#claimed === cobrowse.channel) return;
    this.#claimed = cobrowse.channel;
    if (document.hasFocus()) this.#claim();
  }

  #show(): void {
    const cobrowse = this.#desk.view()?.cobrowse;
    if (cobrowse?.status !== 'on') return;
    this.#recorder?.watchers(
      this.#frameSentence,
      cobrowse.watchers.map(({ id }) => id),
      this.#recorded,
    );
    this.#recorder?.show(this.here);
  }

  #makeWay(box: Box | null): void {
    this.pointedAt = box;
    if (!box || !this.#fresh) return;
    this.#fresh = false;
    const panel = this.#desk.panel();
    if (panel && liesOver(panel, box)) this.#desk.makeWay();
  }

  async #feed(): Promise<void> {
    const { feedWindow } = await import('../../cobrowse/feed-window.ts');
    const recorder = this.#recorder;
    const view = this.#desk.view();
    if (this.#endFeed || !recorder || view?.cobrowse.status !== 'on') return;
    const { host } = this.#desk;
    this.#endFeed = feedWindow(host.origin, {
      name: view.cobrowse.agent.name,
      locale: host.locale,
      watch: (listener) => recorder.watchLeft(listener),
      askSnapshot: () => recorder.handle({ type: 'cobrowse.snapshot', conversation: view.id }),
    });
  }

  #close(): void {
    this.#endFeed?.();
    this.#endFeed = null;
    if (!this.#recorder) return;
    this.#recorder.close();
    this.#recorder = null;
    this.onSession();
  }
}

function loadRecorder(): Promise<typeof import('../../cobrowse/index.ts')> {
  return import('../../cobrowse/index.ts');
}

function ahead(): void {
  loadRecorder().catch(() => undefined);
}

function newEpoch(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

import type { OwnMedia } from '../../../client/core/call/own-media.ts';
import type { CallSession, CallSignalling, CallState } from '../../../client/core/call/session.ts';
import type { Refusal } from '../../../server/protocol/refusals.ts';
import type { CallView } from '../../../server/protocol/views.ts';
import type { Locale } from '../../loader/locale.ts';
import { words } from '../words.ts';
import type { Desk } from './desk.ts';

export type Devices = { microphone: boolean; camera: boolean };
type CallParts = typeof import('../../call/index.ts');
/** What a page of the shop hands to the call's own window, and to nobody else. */
export type HandedCall = { pass: string; shop: string; locale: Locale };

/** A call that the shopper wants: looked at in the preview, then asked for as soon as somebody is there. */
type Wish = { step: 'preview' | 'waiting' | 'proposed'; video: boolean; devices: Devices };

/** What the shopper sees of a call. */
export type CallScene =
  | { at: 'none' }
  | { at: 'preview'; answering: CallView | null; video: boolean }
  | { at: 'waiting'; video: boolean }
  | { at: 'ring'; call: CallView }
  | { at: 'call'; call: CallView }
  /** It goes on in another tab of the shopper, or in its own window. */
  | { at: 'elsewhere'; call: CallView; window: boolean };

/** The shopper's part in calls: from the wish or the ring to the end, over page loads. */
export class CallStep {
  parts = $state.raw<CallParts | null>(null);
  state = $state.raw<CallState | null>(null);
  session = $state.raw<CallSession | null>(null);
  /** Windows that the shop's pages open are cut off from them. */
  apart = $state(false);
  /** The small window on top of all others that has the call; it goes with the page. */
  onTop = $state.raw<Window | null>(null);
  /** The call fills more of the page; stays so over page loads. */
  large = $state(false);
  /** The own devices: opened for the preview, and the call's as they are. */
  media = $state.raw<OwnMedia | null>(null);
  /** The code of calls could not be loaded. */
  failed = $state(false);
  #wish = $state.raw<Wish | null>(null);
  /** The call that the shopper is about to answer, and whether the yes is on its way. */
  #answering = $state.raw<{ call: string; said: boolean } | null>(null);
  /** The last call that the shopper ended, said no to, or took back. */
  #over = $state.raw<string | null>(null);
  #desk: Desk;
  #call: string | null = null;
  #opened: Promise<void> | null = null;
  #live = false;
  /** The devices were opened as remembered: from now on what is on is what the shopper wants. */
  #chosen = false;
  #closed = false;
  /** The call is being brought here from another tab or window. */
  #taking = false;
  /** Devices that are opened while the page of a running call has not yet heard from the server. */
  #ahead = false;
  readonly #look = (): void => this.update();

  readonly scene: CallScene = $derived.by(() => this.#seen());

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#over = desk.session.get('call-over');
    this.large = desk.session.get('large') !== null;
    this.apart = desk.session.get('apart') !== null;
    document.addEventListener('visibilitychange', this.#look);
    if (desk.session.get('step') === 'call') void this.getReady();
  }

  /** A call of this tab is coming back: its code and its devices need not wait for the server. */
  async getReady(): Promise<void> {
    const parts = await this.#load();
    if (!parts || this.session || this.#ahead || this.#closed) return;
    this.#ahead = true;
    this.#opened = this.#own(parts).open(this.#remembered());
    await this.#opened;
  }

  grow(wanted: boolean): void {
    this.large = wanted;
    this.#desk.session.set('large', wanted ? '1' : null);
  }

  /** A window was opened and cannot be reached: no other one is tried in this tab. */
  isApart(): void {
    this.apart = true;
    this.#desk.session.set('apart', '1');
  }

  /** Whether the yes or the proposal is on its way, for the button that sent it. */
  get busy(): boolean {
    return this.#wish?.step === 'proposed' || this.#answering?.said === true;
  }

  /** A call, shared or not, that goes on in this tab. */
  get ours(): boolean {
    return this.scene.at === 'call';
  }

  /** Shows the preview for a call that the shopper wants to make. */
  want(video: boolean): void {
    this.#wish = { step: 'preview', video, devices: { microphone: true, camera: video } };
    void this.#preview();
  }

  /** The ring is taken up: first the preview. */
  takeUp(call: CallView): void {
    this.#answering = { call: call.id, said: false };
  }

  /** The shopper has looked at the preview and says yes. */
  go(devices: Devices): void {
    this.#remember(devices);
    const answering = this.#answering;
    const view = this.#desk.view();
    if (answering && view?.call?.id === answering.call) {
      this.#opened ??= this.session?.openDevices(devices) ?? null;
      const frame = { conversation: view.id, call: answering.call, yes: true };
      this.#answering = { ...answering, said: this.#desk.connection.send({ type: 'call.answer', ...frame }) };
      return;
    }
    const wish = this.#wish;
    if (!wish) return;
    if (!view) this.#desk.say(wish.video ? words.call_wish_video() : words.call_wish_audio());
    this.#wish = { ...wish, step: 'waiting', devices };
    this.update();
    this.#release();
  }

  /** Takes back a wish, says no to a ring, or hangs up. */
  end(): void {
    const call = this.#desk.view()?.call;
    this.#wish = null;
    this.#answering = null;
    if (!call) return this.#release();
    // The own camera goes dark with the click, whatever the network does; the server is told as soon as it can be.
    this.#over = call.id;
    this.#desk.session.set('call-over', call.id);
    this.#leave();
    this.#sayOver();
  }

  /** Loads the code of calls again after it failed. */
  retry(): void {
    this.#call = null;
    this.failed = false;
    this.update();
  }

  /** Brings a call here that goes on in another tab or window, with what was on there. */
  async take(): Promise<void> {
    const view = this.#desk.view();
    const call = view?.call;
    const there = call?.members.find(({ side }) => side === 'shopper');
    if (!call || !there || this.#taking) return;
    this.#taking = true;
    this.#remember(devicesOf(there));
    // It goes on over there until everything is ready here.
    await this.getReady();
    const frame = { conversation: view.id, call: call.id, member: there.participant };
    this.#taking = !this.failed && this.#desk.connection.send({ type: 'call.take', ...frame });
  }

  /** It was taken over by somebody quicker, or the question was lost. */
  notTaken(): void {
    this.#taking = false;
    this.update();
  }

  /** What the call's own window is given to be let in. Rejects with the refusal. */
  async pass(): Promise<HandedCall> {
    const { connection, host } = this.#desk;
    const now = this.#desk.view();
    if (!now?.call) throw new Error('There is no call.');
    const reply = await connection.request({ type: 'call.pass', conversation: now.id, call: now.call.id });
    return { pass: String(reply['pass']), shop: host.shop.key, locale: host.locale };
  }

  get origin(): string {
    return this.#desk.host.origin;
  }

  /** What the widget is dressed in. */
  get sheets(): readonly CSSStyleSheet[] {
    return this.#desk.host.root.adoptedStyleSheets;
  }

  /** This is the call's own window, not a page of the shop. */
  get ownWindow(): boolean {
    return this.#desk.ownWindow;
  }

  answerRecording(yes: boolean): void {
    this.#tell({ type: 'recording.answer', yes });
  }

  stopRecording(): void {
    this.#tell({ type: 'recording.stop' });
  }

  refuseScreen(): void {
    const view = this.#desk.view();
    if (view?.call) this.#desk.connection.send({ type: 'screen.refuse', conversation: view.id, call: view.call.id });
  }

  /** The state of the conversation, of media or of the connection has changed. */
  update(): void {
    if (this.#desk.connection.status !== 'open') return;
    const call = this.#desk.view()?.call ?? null;
    if (this.#call !== null && this.#call !== call?.id) this.#leave();
    if (this.#answering && this.#answering.call !== call?.id) this.#answering = null;
    if (!call) {
      this.#dropAhead();
      if (this.large) this.grow(false);
      return this.#propose();
    }
    if (call.id === this.#over) return this.#leave();
    if (this.#wish) {
      this.#remember(this.#wish.devices);
      this.#wish = null;
    }
    if (!this.#isOurs(call) && call.status === 'active') return this.#goneElsewhere(call);
    if (this.#call !== call.id) void this.#enter(call);
    else void this.#proceed(call);
  }

  refused(reason: Refusal): void {
    const wish = this.#wish;
    if (this.#answering) this.#answering = null;
    if (wish && (reason === 'no-agent-yet' || reason === 'media-preparing')) this.#wish = { ...wish, step: 'waiting' };
    else {
      this.#wish = null;
      this.#desk.refuse(reason);
    }
    this.#release();
  }

  /** The tab's socket was lost or is back. */
  connected(open: boolean): void {
    this.#taking = false;
    if (open) this.#sayOver();
    if (open) this.session?.socketRestored();
    else if (this.#wish?.step === 'proposed') this.#wish = { ...this.#wish, step: 'waiting' };
    this.#release();
    if (!open && this.#answering?.said) this.#answering = { ...this.#answering, said: false };
  }

  close(): void {
    this.#closed = true;
    document.removeEventListener('visibilitychange', this.#look);
    this.onTop?.close();
    this.#leave();
    this.#dropAhead();
  }

  #tell(frame: { type: 'recording.answer'; yes: boolean } | { type: 'recording.stop' }): void {
    const view = this.#desk.view();
    if (view && !this.#desk.connection.send({ ...frame, conversation: view.id })) this.#desk.refuse('not-connected');
  }

  #seen(): CallScene {
    const call = this.#desk.view()?.call;
    const wish = this.#wish;
    if (!call) {
      if (!wish) return { at: 'none' };
      return wish.step === 'waiting'
        ? { at: 'waiting', video: wish.video }
        : { at: 'preview', answering: null, video: wish.video };
    }
    if (call.id === this.#over) return { at: 'none' };
    if (this.#isOurs(call)) return { at: 'call', call };
    if (call.status === 'active' || call.by.side === 'shopper') {
      return { at: 'elsewhere', call, window: call.members.some(({ window }) => window) };
    }
    return this.#answering?.call === call.id
      ? { at: 'preview', answering: call, video: call.video }
      : { at: 'ring', call };
  }

  /** The call's window was closed: the page that is seen goes on with it. */
  #goneElsewhere(call: CallView): void {
    if (this.#taking) return;
    this.#leave();
    this.#dropAhead();
    const there = call.members.find(({ side }) => side === 'shopper');
    const closed = there?.window && there.leaving && !this.#desk.ownWindow;
    if (closed && document.visibilityState === 'visible') void this.take();
  }

  #isOurs(call: CallView): boolean {
    return call.members.some(({ side, tab }) => side === 'shopper' && tab === this.#desk.tab);
  }

  /** Says no to a ring or hangs up, where the shopper has done so and the server still has the call. */
  #sayOver(): void {
    const view = this.#desk.view();
    const call = view?.call;
    if (!view || !call || call.id !== this.#over) return;
    const frame = { conversation: view.id, call: call.id };
    const rings = call.status === 'ringing' && call.by.side === 'agent';
    this.#desk.connection.send(
      rings ? { type: 'call.answer', ...frame, yes: false } : { type: 'call.hangup', ...frame },
    );
  }

  #propose(): void {
    const view = this.#desk.view();
    const wish = this.#wish;
    if (wish?.step !== 'waiting' || !view?.agent || this.#desk.media().status !== 'ready') return;
    const sent = this.#desk.connection.send({ type: 'call.propose', conversation: view.id, video: wish.video });
    if (sent) this.#wish = { ...wish, step: 'proposed' };
  }

  async #enter(call: CallView): Promise<void> {
    this.#call = call.id;
    this.#taking = false;
    this.#desk.onCall(call);
    const conversation = this.#desk.view()?.id;
    const parts = await this.#load();
    if (!parts || !conversation || this.#call !== call.id) return;
    const session = parts.createCallSession({
      signalling: this.#signalling(),
      conversation,
      call: call.id,
      video: call.video,
      devices: this.#own(parts),
    });
    this.#ahead = false;
    session.onChange((state) => {
      if (this.session !== session) return;
      this.state = state;
      if (this.#chosen && state.phase !== 'ended') this.#remember(devicesIn(state, this.#remembered()));
    });
    this.session = session;
    this.state = session.state;
    const now = this.#desk.view()?.call;
    if (now?.id === call.id) await this.#proceed(now);
  }

  /** Devices as soon as the call is ours, media as soon as it is answered. */
  async #proceed(call: CallView): Promise<void> {
    const { session } = this;
    if (!session || !this.#isOurs(call)) return;
    try {
      this.#opened ??= session.openDevices(this.#remembered());
      // Of a call that runs already, what is open is sent at once, also on a new page.
      if (call.status === 'active' && !this.#live) {
        this.#live = true;
        await session.goLive();
      }
      await this.#opened;
      this.#chosen = this.session === session;
    } catch {
      this.#live = false;
      // The session says `reconnecting` where it helps itself; a socket that is back brings another attempt.
      if (this.session === session && this.#desk.connection.status === 'open') this.#desk.refuse('media-refused');
    }
  }

  async #preview(): Promise<void> {
    const parts = await this.#load();
    if (parts && this.#wish) this.#own(parts);
  }

  #own(parts: CallParts): OwnMedia {
    return (this.media ??= parts.ownMedia(this.#desk.host.shop.key));
  }

  /** Nobody watches a camera while it is not known when there is a call. */
  #release(): void {
    if (this.session || this.#call || this.#ahead || this.#wish?.step === 'preview' || this.#wish?.step === 'proposed')
      return;
    this.#closeMedia();
  }

  #leave(): void {
    this.session?.close();
    this.#closeMedia();
    this.session = null;
    this.state = null;
    this.#call = null;
    this.#live = false;
    this.#chosen = false;
  }

  #dropAhead(): void {
    if (!this.#ahead) return;
    this.#ahead = false;
    this.#release();
  }

  #closeMedia(): void {
    this.media?.close();
    this.media = null;
    this.#opened = null;
  }

  async #load(): Promise<CallParts | null> {
    this.failed = false;
    try {
      const parts = await import('../../call/index.ts');
      if (!this.parts) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(parts.css);
        this.#desk.host.root.adoptedStyleSheets.push(sheet);
      }
      return (this.parts = parts);
    } catch {
      this.failed = true;
      return null;
    }
  }

  #signalling(): CallSignalling {
    const { connection } = this.#desk;
    return {
      request: (frame) => connection.request(frame),
      onPush: (listener) =>
        connection.on('frame', (frame) => {
          if (frame.type.startsWith('media.') && 'call' in frame) listener(frame);
        }),
    };
  }

  #remember(devices: Devices): void {
    this.#desk.session.set('devices', JSON.stringify(devices));
  }

  #remembered(): Devices {
    const saved = this.#desk.session.get('devices');
    return saved
      ? (JSON.parse(saved) as Devices)
      : { microphone: true, camera: this.#desk.view()?.call?.video ?? false };
  }
}

function devicesOf({ on }: CallView['members'][number]): Devices {
  return { microphone: on.includes('microphone'), camera: on.includes('camera') };
}

/** A device that could not be had just now is wanted as before: the next page may have it. */
function devicesIn({ microphone, camera }: CallState, before: Devices): Devices {
  return {
    microphone: microphone === 'none' ? before.microphone : microphone === 'on',
    camera: camera === 'none' ? before.camera : camera === 'on',
  };
}

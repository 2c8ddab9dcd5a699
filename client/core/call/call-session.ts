import type { MediaSource } from '../../../server/protocol/media.ts';
import { CallQuality } from './call-quality.ts';
import type { DeviceKind } from './devices.ts';
import { Incoming, type Received } from './incoming.ts';
import { LinkCare, reasonOf } from './link-care.ts';
import { MediaLink, type Ask } from './media-link.ts';
import { Outgoing, type Wanted } from './outgoing.ts';
import { OwnMedia } from './own-media.ts';
import { NumbersReport } from './report-numbers.ts';
import type { CallSession, CallSignalling, CallState } from './session.ts';

export type CallSessionOptions = {
  signalling: CallSignalling;
  conversation: string;
  call: string;
  /** Whether a camera is expected: its codec is then agreed before the yes as well. */
  video: boolean;
  /** Only receives: nothing of this browser is agreed or sent. */
  listens?: boolean;
  /** Opened before there was a call, for a preview: they are taken over as they are, and closed with the session. */
  devices?: OwnMedia;
};

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** In the order in which they are agreed: until a picture is seen takes the longest. */
const SOURCES = ['camera', 'microphone', 'screen', 'screen-audio'] as const satisfies MediaSource[];

/** Begins to prepare at once. */
export function createCallSession(options: CallSessionOptions): CallSession {
  return new Session(options);
}

/** One join that stands: what is sent and received over it, and how it ends. */
type Standing = { link: MediaLink; outgoing: Outgoing; care: LinkCare; over: (error?: unknown) => void };

class Session implements CallSession {
  readonly #ask: Ask;
  readonly #video: boolean;
  readonly #listens: boolean;
  readonly #own: OwnMedia;
  readonly #incoming: Incoming;
  readonly #quality: CallQuality;
  readonly #report: NumbersReport;
  readonly #stopListening: () => void;
  readonly #listeners = new Set<(state: CallState) => void>();
  #standing: Standing | null = null;
  /** Everything that is wanted has been agreed over the standing join. */
  #agreed = false;
  /** Media could flow once. */
  #stood = false;
  #live = false;
  /** How many joins came to stand. */
  #agreements = 0;
  #ended = false;
  #wake = () => {};
  #state: CallState;

  constructor(options: CallSessionOptions) {
    const { signalling, conversation, call, video, listens = false, devices = new OwnMedia() } = options;
    this.#own = devices;
    devices.listen(() => this.#onOwnChange());
    this.#video = video;
    this.#listens = listens;
    this.#ask = async (frame) => await signalling.request({ ...frame, conversation, call });
    this.#report = new NumbersReport(this.#ask, () => this.#quality.numbers);
    this.#incoming = new Incoming(this.#ask, () => this.#publish());
    this.#quality = new CallQuality({
      look: () => this.#look(),
      told: () => this.#incoming.told,
      changed: () => this.#publish(),
      tell: (quality) => void this.#ask({ type: 'media.quality', ...quality }).catch(() => {}),
      silent: () => this.#standing?.care.hurry(),
    });
    this.#stopListening = signalling.onPush((push) => {
      if (push.call !== call || this.#ended) return;
      if (push.type !== 'media.lost') return this.#incoming.take(push);
      this.#standing?.over();
      this.#wake();
    });
    this.#state = this.#snapshot();
    void this.#keepJoined();
  }

  get state(): CallState {
    return this.#state;
  }

  onChange(listener: (state: CallState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async openDevices(wanted: { microphone: boolean; camera: boolean }): Promise<void> {
    await this.#own.open(wanted);
  }

  async goLive(): Promise<void> {
    if (this.#ended) return;
    this.#live = true;
    void this.#quality.start();
    await this.#send();
    this.#publish();
  }

  async setMicrophone(on: boolean): Promise<void> {
    await this.#own.setMicrophone(on);
  }

  async setCamera(on: boolean): Promise<void> {
    await this.#own.setCamera(on);
  }

  async chooseDevice(kind: DeviceKind, id: string): Promise<boolean> {
    return await this.#own.choose(kind, id);
  }

  async flipCamera(): Promise<void> {
    await this.#own.flip();
  }

  async shareScreen(): Promise<boolean> {
    return !this.#ended && (await this.#own.shareScreen());
  }

  async stopScreen(): Promise<void> {
    this.#own.stopScreen();
    await this.#send();
  }

  socketRestored(): void {
    this.#wake();
    if (this.#standing && this.#agreed) void this.#check(this.#standing);
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopListening();
    this.#quality.close();
    this.#own.close();
    this.#standing?.over();
    this.#wake();
    this.#publish();
    this.#listeners.clear();
    this.#report.close();
  }

  /** Joins, and joins again whenever what stood has fallen, until the session is closed. */
  async #keepJoined(): Promise<void> {
    let failures = 0;
    while (!this.#ended) {
      const agreements = this.#agreements;
      try {
        await this.#stand(await MediaLink.open(this.#ask));
      } catch (error) {
        if (this.#ended) return;
        // Not a refusal: something in this browser, which nobody would hear of otherwise.
        if (reasonOf(error) === undefined) console.warn('The call could not be joined', error);
        failures = this.#agreements > agreements ? 0 : failures + 1;
        await this.#pause(error, failures);
      }
    }
  }

  /** Resolves when the join is to be made anew; rejects when it was refused something. */
  async #stand(link: MediaLink): Promise<void> {
    if (this.#ended) return link.close();
    const fallen = Promise.withResolvers<void>();
    const over = (error?: unknown) => (error === undefined ? fallen.resolve() : fallen.reject(error));
    const care = new LinkCare(link, { changed: () => this.#publish(), over });
    const standing = { link, outgoing: new Outgoing(link, this.#ask), care, over };
    this.#standing = standing;
    this.#incoming.attach(link);
    try {
      await Promise.race([fallen.promise, this.#agree(standing)]);
      await fallen.promise;
    } finally {
      this.#standing = null;
      this.#agreed = false;
      this.#incoming.detach();
      care.close();
      link.close();
      this.#publish();
    }
  }

  async #agree(standing: Standing): Promise<void> {
    await Promise.all([this.#incoming.synchronize(), this.#sendOver(standing)]);
    if (this.#standing !== standing) return;
    this.#agreed = true;
    this.#agreements += 1;
    this.#publish();
  }

  /** The socket is back: is the server's side of this join still there? Tells it what it may have missed. */
  async #check(standing: Standing): Promise<void> {
    try {
      await Promise.all([this.#incoming.synchronize(), standing.outgoing.reassert()]);
      standing.care.check();
    } catch (error) {
      if (reasonOf(error) !== 'not-connected') standing.over();
    }
  }

  #onOwnChange(): void {
    this.#publish();
    void this.#send();
  }

  /** Brings what is sent to what is on. */
  async #send(): Promise<void> {
    const standing = this.#standing;
    if (!standing || this.#ended) return;
    try {
      await this.#sendOver(standing);
    } catch (error) {
      // A refusal means that the join is gone; without the socket the check comes later.
      if (reasonOf(error) !== 'not-connected') standing.over(error);
    }
  }

  async #sendOver({ outgoing }: Standing): Promise<void> {
    await Promise.all(
      SOURCES.map(async (source) => {
        try {
          await outgoing.set(source, this.#wanted(source));
        } catch (error) {
          if (reasonOf(error) !== 'screen-taken') throw error;
          this.#own.stopScreen('taken');
        }
      }),
    );
  }

  /** Nothing of a device is sent before the yes. */
  #wanted(source: MediaSource): Wanted {
    if (this.#listens) return 'absent';
    const live = this.#live;
    const { microphone, camera, screen } = this.#own;
    switch (source) {
      case 'microphone':
        return live && microphone.state !== 'off' ? (usable(microphone.track) ?? 'absent') : 'ready';
      case 'camera':
        if (live && camera.state !== 'off') return usable(camera.track) ?? 'absent';
        return this.#video ? 'ready' : 'absent';
      case 'screen':
        return (live && usable(screen?.getVideoTracks()[0])) || 'absent';
      case 'screen-audio':
        return (live && usable(screen?.getAudioTracks()[0])) || 'absent';
      default:
        return source satisfies never;
    }
  }

  #look(): { link: MediaLink; received: Received[]; sendsVideo: boolean } | null {
    if (!this.#standing || !this.#agreed || !this.#live) return null;
    const sendsVideo = this.#own.camera.state === 'on' || this.#own.screen !== null;
    return { link: this.#standing.link, received: this.#incoming.received(), sendsVideo };
  }

  #publish(): void {
    this.#state = this.#snapshot();
    if (!this.#ended) this.#report.begin();
    for (const listener of this.#listeners) listener(this.#state);
  }

  #snapshot(): CallState {
    const { microphone, camera, selfView, screen, devices, problem } = this.#own;
    return {
      phase: this.#phase(),
      selfView,
      microphone: microphone.state,
      camera: camera.state,
      ownSound: microphone.state === 'on' ? microphone.track : null,
      ownScreen: screen,
      remotes: this.#ended ? [] : this.#incoming.remotes((participant) => this.#quality.party(participant)),
      speaking: this.#incoming.speaking,
      quality: this.#quality.own,
      numbers: this.#quality.numbers,
      devices,
      problem,
    };
  }

  #phase(): CallState['phase'] {
    if (this.#ended) return 'ended';
    if (this.#stands()) {
      this.#stood = true;
      return this.#live ? 'live' : 'prepared';
    }
    return this.#live && this.#stood ? 'reconnecting' : 'preparing';
  }

  /** Agreed, and connected as far as there is anything to connect. */
  #stands(): boolean {
    const { link } = this.#standing ?? {};
    if (!link || !this.#agreed) return false;
    return [link.send, link.receive].every(({ connectionState }) => ['connected', 'new'].includes(connectionState));
  }

  async #pause(error: unknown, failures: number): Promise<void> {
    const ms = reasonOf(error) === 'not-connected' ? LONGEST_PAUSE_MS : FIRST_PAUSE_MS * 2 ** Math.min(failures, 6);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(ms, LONGEST_PAUSE_MS));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }
}

function usable(track: MediaStreamTrack | null | undefined): MediaStreamTrack | null {
  return track?.readyState === 'live' ? track : null;
}

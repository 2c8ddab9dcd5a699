import type { CallPart, CallView } from '../../../server/protocol/views.ts';
import type { CallSession, CallState } from '../../core/call/session.ts';
import type { Connection } from '../../core/connection.ts';
import type { Floor, Speaker } from './floor.ts';
import type { DeviceKind } from '../../core/call/devices.ts';
import { chosenDevices, rememberDevices, rememberedDevices, type DevicesOn } from './remembered.ts';

export type LiveCallOptions = {
  connection: Connection;
  conversation: string;
  view: CallView;
  tab: string;
  floor: Floor;
};

/** What this tab does in a call; null: it is not in it. */
export function partOf(view: CallView, tab: string): CallPart | null {
  return view.members.find((member) => member.tab === tab)?.part ?? null;
}

/**
 * This tab's part in a call. Everything that sends nothing is made ready while it rings; devices are opened when this
 * side proposes or answers; media goes out once the call is active and has
 * the floor.
 */
export class LiveCall implements Speaker {
  readonly id: string;
  /** This side only listens: nothing of it is opened or sent. */
  readonly listens: boolean;
  state = $state.raw<CallState | null>(null);
  /** The call's code or the media could not be set up. */
  failed = $state(false);
  /** On hold: nothing of this side is sent, nothing of the other side is heard, until `resume`. */
  held = $state(false);
  #connection: Connection;
  #conversation: string;
  #view: CallView;
  #tab: string;
  #floor: Floor;
  #session: CallSession | null = null;
  #ready: Promise<CallSession | null>;
  #devices: Promise<void> | null = null;
  /** The devices that are wanted; while on hold, those that come back after it. */
  #on: DevicesOn = { microphone: true, camera: false };
  /** The devices were opened: from here on, what is on is what is wanted. */
  #opened = false;
  #answering = false;
  #live = false;
  #closed = false;
  #unsubscribe: (() => void)[] = [];

  constructor({ connection, conversation, view, tab, floor }: LiveCallOptions) {
    this.id = view.id;
    this.listens = partOf(view, tab) === 'listens';
    this.#connection = connection;
    this.#conversation = conversation;
    this.#view = view;
    this.#tab = tab;
    this.#floor = floor;
    floor.enter(this);
    this.#ready = this.#prepare();
    this.#unsubscribe.push(
      connection.on('status', (status) => {
        if (status === 'open') this.#session?.socketRestored();
      }),
    );
    if (this.#isMember(view)) {
      const { held, ...before } = rememberedDevices(view.id);
      this.held = held;
      this.#on = view.status === 'ringing' ? { microphone: true, camera: view.video } : before;
      if (!held) this.#open(this.#on);
    }
  }

  /** The server's newest view of this call. */
  follow(view: CallView): void {
    this.#view = view;
    if (view.status === 'active' && this.#isMember(view) && !this.#live) {
      this.#live = true;
      void this.#goLive();
    }
  }

  /** Answers a shopper's call: first every other call goes on hold, then the yes goes out with the devices beside it. */
  async answer(camera: boolean): Promise<void> {
    if (this.#answering) return;
    this.#answering = true;
    const mine = await this.#floor.take(this);
    this.#answering = false;
    if (!mine || this.#closed) return;
    this.#open({ microphone: true, camera });
    this.#connection.send({ type: 'call.answer', conversation: this.#conversation, call: this.id, yes: true });
  }

  /** A call that is not live has nothing to hold: it takes the floor when it becomes so. */
  async hold(): Promise<void> {
    if (!this.#live || this.#closed) return;
    this.held = true;
    this.#remember();
    const session = await this.#ready;
    await Promise.all([session?.setMicrophone(false), session?.setCamera(false), session?.stopScreen()]);
  }

  /** Puts the other calls on hold, then brings this one back as it was. */
  async resume(): Promise<void> {
    const mine = await this.#floor.take(this);
    const session = await this.#ready;
    if (!mine || this.#closed || !this.held) return;
    this.#opened = false;
    this.held = false;
    this.#remember();
    this.#devices = this.#openIn(session);
  }

  async setMicrophone(on: boolean): Promise<void> {
    const session = await this.#ready;
    if (!this.held && !this.listens) await session?.setMicrophone(on);
  }

  async setCamera(on: boolean): Promise<void> {
    const session = await this.#ready;
    if (!this.held && !this.listens) await session?.setCamera(on);
  }

  async chooseDevice(kind: DeviceKind, id: string): Promise<void> {
    await this.#session?.chooseDevice(kind, id);
  }

  /** From a click only, and without waiting: browsers tie the choice of a screen to the click. */
  shareScreen(): void {
    if (!this.held && !this.listens) void this.#session?.shareScreen().then(() => this.#stopScreenOnHold());
  }

  async stopScreen(): Promise<void> {
    await this.#session?.stopScreen();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#floor.leave(this);
    this.#session?.close();
  }

  /** The choice of a screen can be open while another call takes the floor. */
  async #stopScreenOnHold(): Promise<void> {
    if (this.held) await this.stopScreen();
  }

  #isMember(view: CallView): boolean {
    return partOf(view, this.#tab) !== null;
  }

  async #prepare(): Promise<CallSession | null> {
    try {
      const { createCallSession, OwnMedia } = await import('../../core/call/index.ts');
      if (this.#closed) return null;
      const session = createCallSession({
        signalling: {
          request: (frame) => this.#connection.request(frame),
          onPush: (listener) =>
            this.#connection.on('frame', (frame) => {
              if (frame.type.startsWith('media.') && 'call' in frame) listener(frame);
            }),
        },
        conversation: this.#conversation,
        call: this.id,
        video: this.#view.video,
        listens: this.listens,
        devices: new OwnMedia(() => {}, chosenDevices),
      });
      this.#session = session;
      this.state = session.state;
      this.#unsubscribe.push(session.onChange((state) => this.#changed(state)));
      return session;
    } catch {
      this.failed = true;
      return null;
    }
  }

  #changed(state: CallState): void {
    this.state = state;
    if (!this.#live || !this.#opened || this.held) return;
    this.#on = { microphone: state.microphone === 'on', camera: state.camera === 'on' };
    this.#remember();
  }

  #remember(): void {
    rememberDevices(this.id, { ...this.#on, held: this.held });
  }

  #open(wanted: DevicesOn): void {
    if (this.#devices) return;
    this.#on = wanted;
    this.#remember();
    this.#devices = this.#ready.then((session) => this.#openIn(session));
  }

  async #openIn(session: CallSession | null): Promise<void> {
    if (this.held || this.listens || !session) return;
    await session.openDevices(this.#on);
    this.#opened = true;
    this.#changed(session.state);
  }

  /** Devices that are still being opened follow by themselves; nobody waits for them to be heard and seen. */
  async #goLive(): Promise<void> {
    const session = await this.#ready;
    try {
      if (!this.held) await this.#floor.take(this);
      if (!this.#closed) await session?.goLive();
    } catch {
      this.failed = !this.#closed;
    }
  }
}

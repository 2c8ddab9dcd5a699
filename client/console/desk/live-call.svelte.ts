import type { CallView } from '../../../server/protocol/views.ts';
import type { CallSession, CallState } from '../../core/call/session.ts';
import type { Connection } from '../../core/connection.ts';
import { rememberDevices, rememberedDevices, type DevicesOn } from './remembered.ts';

/**
 * This tab's part in a call. Everything that sends nothing is made ready while it rings; devices are opened when this
 * side proposes or answers; media goes out once the call is active.
 */
export class LiveCall {
  readonly id: string;
  state = $state.raw<CallState | null>(null);
  /** The call's code or the media could not be set up. */
  failed = $state(false);
  #connection: Connection;
  #conversation: string;
  #view: CallView;
  #tab: string;
  #session: CallSession | null = null;
  #ready: Promise<CallSession | null>;
  #devices: Promise<void> | null = null;
  #live = false;
  #closed = false;
  #unsubscribe: (() => void)[] = [];

  constructor(connection: Connection, conversation: string, view: CallView, tab: string) {
    this.id = view.id;
    this.#connection = connection;
    this.#conversation = conversation;
    this.#view = view;
    this.#tab = tab;
    this.#ready = this.#prepare();
    this.#unsubscribe.push(
      connection.on('status', (status) => {
        if (status === 'open') this.#session?.socketRestored();
      }),
    );
    if (this.#isMember(view)) {
      const wanted = view.status === 'ringing' ? { microphone: true, camera: view.video } : rememberedDevices(view.id);
      this.#open(wanted);
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

  /** Answers a shopper's call: the yes goes out at once, the devices are opened beside it. */
  answer(camera: boolean): void {
    this.#open({ microphone: true, camera });
    this.#connection.send({ type: 'call.answer', conversation: this.#conversation, call: this.id, yes: true });
  }

  async setMicrophone(on: boolean): Promise<void> {
    const session = await this.#ready;
    await session?.setMicrophone(on);
  }

  async setCamera(on: boolean): Promise<void> {
    const session = await this.#ready;
    await session?.setCamera(on);
  }

  /** From a click only, and without waiting: browsers tie the choice of a screen to the click. */
  shareScreen(): void {
    void this.#session?.shareScreen();
  }

  async stopScreen(): Promise<void> {
    await this.#session?.stopScreen();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#session?.close();
  }

  #isMember(view: CallView): boolean {
    return view.members.some(({ tab }) => tab === this.#tab);
  }

  async #prepare(): Promise<CallSession | null> {
    try {
      const { createCallSession } = await import('../../core/call/index.ts');
      if (this.#closed) return null;
      const session = createCallSession({
        signalling: {
          request: (frame) => this.#connection.request(frame),
          onPush: (listener) =>
            this.#connection.on('frame', (frame) => {
              if (
                frame.type === 'media.consumer' ||
                frame.type === 'media.consumer-paused' ||
                frame.type === 'media.consumer-closed' ||
                frame.type === 'media.lost'
              ) {
                listener(frame);
              }
            }),
        },
        conversation: this.#conversation,
        call: this.id,
        video: this.#view.video,
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
    if (this.#live && this.#devices) {
      rememberDevices(this.id, { microphone: state.microphone === 'on', camera: state.camera === 'on' });
    }
  }

  #open(wanted: DevicesOn): void {
    rememberDevices(this.id, wanted);
    this.#devices ??= this.#ready.then((session) => session?.openDevices(wanted));
  }

  /** Devices that are still being opened follow by themselves; nobody waits for them to be heard and seen. */
  async #goLive(): Promise<void> {
    const session = await this.#ready;
    try {
      if (!this.#closed) await session?.goLive();
    } catch {
      this.failed = !this.#closed;
    }
  }
}

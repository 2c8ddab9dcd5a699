import { openDevices, openScreen, type OpenedTrack } from './open-devices.ts';
import type { CallState, SourceState } from './session.ts';

type OwnSource = { state: SourceState; track: MediaStreamTrack | null };

/** The own microphone, camera and screen: opened, switched and stopped, whether or not they are being sent. */
export class OwnMedia {
  microphone: OwnSource = { state: 'off', track: null };
  camera: OwnSource = { state: 'off', track: null };
  selfView: MediaStream | null = null;
  screen: MediaStream | null = null;
  problem: CallState['problem'] = null;
  readonly #listeners = new Set<() => void>();
  #closed = false;
  /** One device question after the other. */
  #queue: Promise<void> = Promise.resolve();

  constructor(onChange: () => void = () => {}) {
    this.#listeners.add(onChange);
  }

  /** Called after every change. Returns its own unsubscribe. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async open(wanted: { microphone: boolean; camera: boolean }): Promise<void> {
    await this.#inTurn(async () => {
      const missing = {
        microphone: wanted.microphone && this.microphone.state !== 'on',
        camera: wanted.camera && this.camera.state !== 'on',
      };
      if (missing.microphone && this.microphone.track) {
        this.#switchMicrophone(true);
        missing.microphone = false;
      }
      this.problem = null;
      const opened = await openDevices(missing);
      // The microphone last: where both fail, its problem is the one to be told.
      if (opened.camera) this.#take('camera', opened.camera);
      if (opened.microphone) this.#take('microphone', opened.microphone);
      this.#onChange();
    });
  }

  /** Off keeps the device, so that on is instant; nothing of it is sent. */
  async setMicrophone(on: boolean): Promise<void> {
    if (on) return await this.open({ microphone: true, camera: false });
    await this.#inTurn(async () => {
      if (this.microphone.state === 'on') this.#switchMicrophone(false);
      this.#onChange();
      await Promise.resolve();
    });
  }

  /** Off lets the device go: its light goes out. */
  async setCamera(on: boolean): Promise<void> {
    if (on) return await this.open({ microphone: false, camera: true });
    await this.#inTurn(async () => {
      if (this.camera.state === 'on') this.#setCameraTrack(null, 'off');
      this.#onChange();
      await Promise.resolve();
    });
  }

  /** Not in turn with the devices: the browser wants the click. */
  async shareScreen(): Promise<boolean> {
    if (this.screen) return true;
    this.problem = null;
    const opened = await openScreen();
    if ('problem' in opened) {
      this.problem = { source: 'screen', problem: opened.problem };
      this.#onChange();
      return false;
    }
    if (this.#closed || this.screen) {
      stop(opened.stream);
      return !this.#closed;
    }
    this.screen = opened.stream;
    // The browser's own button to stop sharing ends the track.
    for (const track of opened.stream.getVideoTracks()) {
      track.addEventListener('ended', () => {
        if (this.screen === opened.stream) this.stopScreen();
      });
    }
    this.#onChange();
    return true;
  }

  stopScreen(): void {
    if (!this.screen) return;
    stop(this.screen);
    this.screen = null;
    this.#onChange();
  }

  close(): void {
    this.#closed = true;
    this.microphone.track?.stop();
    this.microphone = { state: 'off', track: null };
    this.#setCameraTrack(null, 'off');
    if (this.screen) stop(this.screen);
    this.screen = null;
  }

  #onChange(): void {
    for (const listener of this.#listeners) listener();
  }

  #take(source: 'microphone' | 'camera', opened: OpenedTrack): void {
    if ('problem' in opened) {
      this.problem = { source, problem: opened.problem };
      this[source] = { state: 'none', track: null };
      return;
    }
    const { track } = opened;
    if (this.#closed) return track.stop();
    if (source === 'camera') this.#setCameraTrack(track, 'on');
    else this.microphone = { state: 'on', track };
    track.addEventListener('ended', () => this.#onLostDevice(source, track));
  }

  #switchMicrophone(on: boolean): void {
    const { track } = this.microphone;
    if (track) track.enabled = on;
    this.microphone = { state: on ? 'on' : 'off', track };
  }

  #setCameraTrack(track: MediaStreamTrack | null, state: SourceState): void {
    this.camera.track?.stop();
    this.camera = { state, track };
    this.selfView = track && new MediaStream([track]);
  }

  /** Unplugged, or taken away by the system: whatever device is left takes over. */
  #onLostDevice(source: 'microphone' | 'camera', track: MediaStreamTrack): void {
    if (this.#closed || this[source].track !== track) return;
    const wasOn = this[source].state === 'on';
    if (source === 'camera') this.#setCameraTrack(null, 'off');
    else this.microphone = { state: 'off', track: null };
    this.#onChange();
    if (wasOn) void this.open({ microphone: source === 'microphone', camera: source === 'camera' });
  }

  async #inTurn(act: () => Promise<void>): Promise<void> {
    const before = this.#queue;
    const turn = (async () => {
      await before;
      if (!this.#closed) await act();
    })();
    this.#queue = turn.catch(() => {});
    await turn;
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

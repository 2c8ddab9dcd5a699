import { onceAllowed } from './device-problem.ts';
import { forgetful, listDevices, NO_DEVICES } from './devices.ts';
import type { DeviceKind, DeviceMemory, DeviceNews, Devices } from './devices.ts';
import { openDevices, openExactly, openScreen, type OpenedTrack } from './open-devices.ts';
import type { CallState, DeviceProblem, SourceState } from './session.ts';

type Source = 'microphone' | 'camera';
type OwnSource = { state: SourceState; track: MediaStreamTrack | null };

/** The own microphone, camera and screen: opened, chosen, switched and stopped, whether or not they are being sent. */
export class OwnMedia {
  microphone: OwnSource = { state: 'off', track: null };
  camera: OwnSource = { state: 'off', track: null };
  selfView: MediaStream | null = null;
  screen: MediaStream | null = null;
  problem: CallState['problem'] = null;
  devices: Devices = NO_DEVICES;
  readonly #memory: DeviceMemory;
  readonly #listeners = new Set<() => void>();
  readonly #end = new AbortController();
  /** One device question after the other. */
  #queue: Promise<void> = Promise.resolve();

  constructor(onChange: () => void = () => {}, memory: DeviceMemory = forgetful()) {
    this.#listeners.add(onChange);
    this.#memory = memory;
    const { signal } = this.#end;
    // Absent on an insecure origin; the DOM types do not know that.
    const media: MediaDevices | undefined = navigator.mediaDevices;
    media?.addEventListener('devicechange', () => void this.#look(true), { signal });
  }

  get #closed(): boolean {
    return this.#end.signal.aborted;
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
      const preferred = { microphone: this.#memory.get('microphone'), camera: this.#memory.get('camera') };
      const opened = await openDevices(missing, preferred);
      // The microphone last: where both fail, its problem is the one to be told.
      if (opened.camera) this.#take('camera', opened.camera);
      if (opened.microphone) this.#take('microphone', opened.microphone);
      this.#onChange();
      await this.#look();
      for (const source of ['camera', 'microphone'] as const) {
        const label = opened[source] && this[source].track?.label;
        const { chosen } = this.devices;
        if (label && preferred[source] && chosen[source] !== preferred[source]) {
          this.#tell({ what: 'switched', kind: source, device: { id: chosen[source], label } });
        }
      }
    });
  }

  /** Uses a device from now on, and remembers it. What is off stays off. False: it could not be had, the one before goes on. */
  async choose(kind: DeviceKind, id: string): Promise<boolean> {
    let had = true;
    await this.#inTurn(async () => {
      this.#tell(null);
      if (kind === 'speaker') this.devices = { ...this.devices, chosen: { ...this.devices.chosen, speaker: id } };
      else if (this[kind].track) had = await this.#swap(kind, { deviceId: id });
      if (had) this.#memory.set(kind, id);
      await this.#look();
    });
    return had;
  }

  /** From the front camera to the back one, or the other way. */
  async flip(): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.camera.track) return;
      const facingMode = this.devices.away ? 'user' : 'environment';
      const ids = this.devices.camera.map(({ id }) => id);
      const next = ids[(ids.indexOf(this.devices.chosen.camera) + 1) % ids.length];
      // Where cameras do not say which way they look, the next one.
      const flipped = await this.#swap('camera', { facingMode });
      if (!flipped && next) await this.#swap('camera', { deviceId: next });
      await this.#look();
      this.#memory.set('camera', this.devices.chosen.camera);
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

  /** `problem`: why it could not stay. */
  stopScreen(problem?: DeviceProblem): void {
    if (!this.screen) return;
    stop(this.screen);
    this.screen = null;
    if (problem) this.problem = { source: 'screen', problem };
    this.#onChange();
  }

  close(): void {
    this.#end.abort();
    this.microphone.track?.stop();
    this.microphone = { state: 'off', track: null };
    this.#setCameraTrack(null, 'off');
    if (this.screen) stop(this.screen);
    this.screen = null;
  }

  #onChange(): void {
    for (const listener of this.#listeners) listener();
  }

  #tell(news: DeviceNews | null): void {
    this.devices = { ...this.devices, news };
    this.#onChange();
  }

  /** What there is and what is in use. `changed`: something was plugged in or out. */
  async #look(changed = false): Promise<void> {
    const lists = await listDevices();
    if (this.#closed) return;
    const before = this.devices;
    const used = (source: Source) => this[source].track?.getSettings().deviceId ?? this.#memory.get(source) ?? '';
    const speaker = before.chosen.speaker || (this.#memory.get('speaker') ?? '');
    const heard = lists.speaker.some(({ id }) => id === speaker) ? speaker : '';
    const coarse = matchMedia('(pointer: coarse)').matches;
    this.devices = {
      ...lists,
      chosen: { camera: used('camera'), microphone: used('microphone'), speaker: heard },
      flips: coarse && lists.camera.length > 1,
      away: this.camera.track?.getSettings().facingMode === 'environment',
      news: before.news,
    };
    if (changed) this.#compare(before);
    this.#onChange();
  }

  /** A device that went although its track has not ended is let go; a new one is offered. */
  #compare(before: Devices): void {
    const { chosen } = this.devices;
    for (const kind of ['camera', 'microphone', 'speaker'] as const) {
      const now = this.devices[kind];
      const [found] = now.filter(({ id }) => !before[kind].some((known) => known.id === id));
      if (found && before[kind].length > 0) this.devices.news = { what: 'found', kind, device: found };
      const gone = (id: string) => now.length > 0 && id !== '' && !now.some((known) => known.id === id);
      if (kind === 'speaker') {
        const [first] = now;
        if (first && gone(before.chosen.speaker))
          this.devices.news = { what: 'switched', kind, device: { ...first, id: '' } };
      } else if (this[kind].track && gone(chosen[kind])) {
        this.#onLostDevice(kind, this[kind].track);
      }
    }
  }

  /** Another device in the place of the one in use. */
  async #swap(source: Source, device: Parameters<typeof openExactly>[1]): Promise<boolean> {
    this.problem = null;
    const { state, track } = this[source];
    let opened = await openExactly(source, device);
    if ('problem' in opened && opened.problem === 'in-use' && source === 'camera') {
      // Most phones have one camera open at a time.
      track?.stop();
      opened = await openExactly(source, device);
      if ('problem' in opened) {
        this.#take(source, (await openDevices({ microphone: false, camera: true })).camera ?? opened);
        return false;
      }
    }
    if ('problem' in opened) {
      this.problem = { source, problem: opened.problem };
      return false;
    }
    this.#take(source, opened);
    if (source === 'microphone') {
      track?.stop();
      if (state === 'off') this.#switchMicrophone(false);
    }
    return true;
  }

  #take(source: Source, opened: OpenedTrack): void {
    if ('problem' in opened) {
      this.problem = { source, problem: opened.problem };
      this[source] = { state: 'none', track: null };
      if (source === 'camera') this.selfView = null;
      // Who allows a device beside the address has said what they want: it is opened without another click.
      void onceAllowed(source, this.#end.signal, () => {
        if (this[source].state === 'none') void this.open({ microphone: false, camera: false, [source]: true });
      });
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
  #onLostDevice(source: Source, track: MediaStreamTrack): void {
    if (this.#closed || this[source].track !== track) return;
    const wasOn = this[source].state === 'on';
    track.stop();
    if (source === 'camera') this.#setCameraTrack(null, 'off');
    else this.microphone = { state: 'off', track: null };
    this.#onChange();
    if (wasOn) void this.#replace(source);
  }

  async #replace(source: Source): Promise<void> {
    await this.open({ microphone: source === 'microphone', camera: source === 'camera' });
    const { track } = this[source];
    if (!track || this.#closed) return;
    const device = { id: track.getSettings().deviceId ?? '', label: track.label };
    this.#tell({ what: 'switched', kind: source, device });
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

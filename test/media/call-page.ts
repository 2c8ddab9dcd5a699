/** The page of a test's tab: a real session over a small socket, and eyes and ears for the test. */
import { createCallSession, OwnMedia } from '../../client/core/call/index.ts';
import type { CallSession, CallSignalling, CallState } from '../../client/core/call/session.ts';
import type { MediaPush } from '../../server/protocol/media.ts';

const moment = () => performance.timeOrigin + performance.now();
const ids = { conversation: 'conversation', call: 'call' };

type Incoming =
  | MediaPush
  | { type: 'yes' }
  | { type: 'reply'; req: number; data: Record<string, unknown> }
  | { type: 'refused'; req: number; reason: string };

class Tab {
  session: CallSession | null = null;
  readonly #firstFrame: Record<string, PromiseWithResolvers<number>> = {};
  yesAt = 0;
  #socket: WebSocket | null = null;
  #requests = new Map<number, { resolve: (data: Record<string, unknown>) => void; reject: (error: Error) => void }>();
  #pushes = new Set<(push: MediaPush) => void>();
  #next = 1;
  readonly #connections: RTCPeerConnection[] = [];
  /** How often this page has asked for devices: a person may have been asked each time. */
  deviceQuestions = 0;

  constructor() {
    // Absent on an insecure origin.
    const mediaDevices: MediaDevices | undefined = navigator.mediaDevices;
    const getUserMedia = mediaDevices?.getUserMedia.bind(mediaDevices);
    if (mediaDevices && getUserMedia) {
      mediaDevices.getUserMedia = async (constraints) => {
        this.deviceQuestions += 1;
        return await getUserMedia(constraints);
      };
    }
    const connections = this.#connections;
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    };
  }

  async connect(participant: string): Promise<void> {
    const socket = new WebSocket(`ws://${location.host}/?participant=${participant}`);
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#onFrame(JSON.parse(String(data))));
    socket.addEventListener('close', () => {
      for (const { reject } of this.#requests.values()) reject(refusal('not-connected'));
      this.#requests.clear();
    });
    await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  }

  /** The socket is gone; the session notices when it asks for something. */
  async cut(): Promise<void> {
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => socket.addEventListener('close', resolve, { once: true }));
    socket.close();
    await closed;
  }

  /** The socket comes back, and the session is told. */
  async reconnect(participant: string): Promise<void> {
    await this.cut();
    await this.connect(participant);
    this.session?.socketRestored();
  }

  start({ video = true, devices = new OwnMedia() } = {}): void {
    const signalling: CallSignalling = {
      request: async (frame) => await this.#request({ ...frame }),
      onPush: (listener) => {
        this.#pushes.add(listener);
        return () => this.#pushes.delete(listener);
      },
    };
    this.session = createCallSession({ signalling, ...ids, video, devices });
    this.session.onChange(() => this.#show());
    this.#show();
  }

  /** The devices are open, as for a preview, before there is a session. Their tracks are given back. */
  async startWithPreview(): Promise<MediaStreamTrack[]> {
    const devices = new OwnMedia();
    await devices.open({ microphone: true, camera: true });
    this.start({ devices });
    return [devices.microphone.track, devices.camera.track].filter((track) => track !== null);
  }

  /** What a person does who answers: says so, and goes live in the same moment. */
  async answer(): Promise<void> {
    this.yesAt = moment();
    this.#socket?.send(JSON.stringify({ type: 'answer' }));
    await this.session?.goLive();
  }

  /** Everything of the state that can leave the page. */
  state() {
    const state = this.session?.state;
    if (!state) throw new Error('no session');
    return {
      phase: state.phase,
      microphone: state.microphone,
      camera: state.camera,
      selfView: state.selfView?.getVideoTracks().map(({ readyState }) => readyState) ?? null,
      ownScreen: state.ownScreen !== null,
      problem: state.problem,
      devices: state.devices,
      remotes: state.remotes.map(({ participant, person, microphone, camera, screen }) => ({
        participant,
        microphone,
        camera,
        tracks: person
          .getTracks()
          .map(({ kind }) => kind)
          .toSorted(),
        screen:
          screen
            ?.getTracks()
            .map(({ kind }) => kind)
            .toSorted() ?? null,
      })),
    };
  }

  /** Resolves with the state as soon as `fits` holds for it. */
  async until(fits: (state: CallState) => boolean): Promise<ReturnType<Tab['state']>> {
    const { session } = this;
    if (!session) throw new Error('no session');
    if (!fits(session.state)) {
      await new Promise<void>((resolve) => {
        const stop = session.onChange((state) => {
          if (!fits(state)) return;
          stop();
          resolve();
        });
      });
    }
    return this.state();
  }

  /** Resolves when `count` more frames that differ from each other have been shown by that element. */
  async changingFrames(element: string, count: number): Promise<{ width: number; height: number }> {
    const video = this.video(element);
    const canvas = new OffscreenCanvas(64, 36);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no canvas');
    const pictures = new Set<string>();
    while (pictures.size < count) {
      await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
      context.drawImage(video, 0, 0, 64, 36);
      pictures.add(context.getImageData(0, 0, 64, 36).data.join());
    }
    return { width: video.videoWidth, height: video.videoHeight };
  }

  /** Resolves when that element has shown so many more frames, whatever is on them: some fake cameras stay black. */
  async frames(element: string, count: number): Promise<void> {
    const video = this.video(element);
    for (let n = 0; n < count; n++) await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  }

  /** Shares a page of small letters, with its sound, as if the person had chosen it in the browser's picker. */
  async shareLetters(): Promise<boolean> {
    const canvas = drawLetters();
    const context = canvas.getContext('2d');
    const stream = canvas.captureStream(15);
    const audio = new AudioContext();
    const out = audio.createMediaStreamDestination();
    const note = audio.createOscillator();
    note.connect(out);
    note.start();
    for (const track of out.stream.getAudioTracks()) stream.addTrack(track);
    // A canvas that stands still sends nothing at all: a corner of it moves.
    let n = 0;
    setInterval(() => {
      if (!context) return;
      context.fillStyle = n++ % 2 ? '#fff' : '#ddd';
      context.fillRect(0, 0, 8, 8);
    }, 60);
    navigator.mediaDevices.getDisplayMedia = async () => await Promise.resolve(stream);
    return (await this.session?.shareScreen()) ?? false;
  }

  /** How far what an element shows is from the letters that were drawn; `half`: how far half of the pixels would be. */
  unlike(element: string): { width: number; height: number; shown: number; half: number } {
    const video = this.video(element);
    const drawn = drawLetters();
    const small = new OffscreenCanvas(drawn.width / 2, drawn.height / 2);
    small.getContext('2d')?.drawImage(drawn, 0, 0, small.width, small.height);
    const wanted = pixelsOf(drawn);
    const distance = (picture: CanvasImageSource): number => {
      const pixels = pixelsOf(picture);
      let sum = 0;
      for (let i = 0; i < wanted.length; i += 4) sum += ((wanted[i] ?? 0) - (pixels[i] ?? 0)) ** 2;
      return Math.sqrt(sum / (wanted.length / 4));
    };
    return { width: video.videoWidth, height: video.videoHeight, shown: distance(video), half: distance(small) };
  }

  /** A phone: the first camera looks at the person, the last one away. Their ids. */
  async asPhone(): Promise<{ front: string; back: string }> {
    const media = navigator.mediaDevices;
    const cameras = (await media.enumerateDevices()).filter(({ kind }) => kind === 'videoinput');
    const [front, back] = [cameras[0]?.deviceId ?? '', cameras.at(-1)?.deviceId ?? ''];
    const open = media.getUserMedia.bind(media);
    media.getUserMedia = async (constraints) => {
      const video = constraints?.video;
      const facing = typeof video === 'object' ? video.facingMode : undefined;
      const exact = typeof facing === 'object' && 'exact' in facing ? facing.exact : undefined;
      if (typeof video !== 'object' || exact === undefined) return await open(constraints);
      const { facingMode: _, ...like } = video;
      const deviceId = { exact: exact === 'environment' ? back : front };
      return await open({ ...constraints, video: { ...like, deviceId } });
    };
    const { getSettings } = Object.getOwnPropertyDescriptors(MediaStreamTrack.prototype);
    MediaStreamTrack.prototype.getSettings = function () {
      const now: MediaTrackSettings = getSettings.value ? Reflect.apply(getSettings.value, this, []) : {};
      return this.kind === 'video' ? { ...now, facingMode: now.deviceId === back ? 'environment' : 'user' } : now;
    };
    return { front, back };
  }

  /** Resolves when the camera's layers are sent at these parts of its size. */
  async sendingScales(...scales: number[]): Promise<void> {
    const senders = this.#connections.flatMap((connection) => connection.getSenders());
    const now = () => senders.map((sender) => sender.getParameters().encodings.map((e) => e.scaleResolutionDownBy));
    while (!now().some((layers) => layers.join() === scales.join())) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Who is served first where not everything fits: each source that is sent, with how many sizes it has. */
  ranks(): string[] {
    const senders = this.#connections.flatMap((connection) => connection.getSenders());
    const sent = senders.map((sender) => ({ kind: sender.track?.kind, ...sender.getParameters() }));
    const on = sent.filter(({ kind }) => kind !== undefined);
    return on.map(({ kind, encodings }) => `${kind} in ${encodings.length}: ${encodings[0]?.priority}`).toSorted();
  }

  /** How the own screen is sent: what of it matters most, and what each of its sizes may take. */
  screenSent() {
    const track = this.session?.state.ownScreen?.getVideoTracks()[0];
    const senders = this.#connections.flatMap((connection) => connection.getSenders());
    const encodings = senders.find((sender) => sender.track === track)?.getParameters().encodings ?? [];
    return {
      hint: track?.contentHint,
      sizes: encodings.map(({ maxBitrate, maxFramerate }) => ({ maxBitrate, maxFramerate })),
    };
  }

  /** What the browser of a phone does that leaves the house: it is online by another network. */
  changeNetwork(type: string): void {
    const information = 'connection' in navigator ? navigator.connection : null;
    if (!(information instanceof EventTarget)) throw new Error('This browser does not say how it is connected.');
    Object.defineProperty(information, 'type', { configurable: true, value: type });
    information.dispatchEvent(new Event('change'));
  }

  /** The name of each of this page's connections in ICE: another one after a restart. */
  iceNames(): string[] {
    return this.#connections.map(
      ({ localDescription }) => /a=ice-ufrag:(\S+)/.exec(localDescription?.sdp ?? '')?.[1] ?? '',
    );
  }

  /** How often this page's connections were described, and by what: the same as before where nothing was negotiated. */
  async negotiated(): Promise<string[]> {
    return await Promise.resolve(this.#connections.map(({ localDescription }) => localDescription?.sdp ?? ''));
  }

  /** Resolves when what is sent of a kind comes from that device. */
  async sendingFrom(kind: 'audio' | 'video', id: string): Promise<void> {
    const senders = this.#connections.flatMap((connection) => connection.getSenders());
    const now = () => senders.flatMap(({ track }) => (track?.kind === kind ? [track.getSettings().deviceId] : []));
    while (!now().includes(id)) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Chooses the last camera, then opens devices again in the memory of that choice, then in that of one that is gone. */
  async rememberedCamera() {
    const kept = new Map<string, string>();
    const memory = {
      get: (kind: string) => kept.get(kind) ?? null,
      set: (kind: string, id: string) => void kept.set(kind, id),
    };
    const visit = async () => {
      const own = new OwnMedia(() => {}, memory);
      await own.open({ microphone: false, camera: true });
      return own;
    };
    const used = (own: OwnMedia) => ({ id: own.camera.track?.getSettings().deviceId, news: own.devices.news });
    const first = await visit();
    await first.choose('camera', first.devices.camera.at(-1)?.id ?? '');
    const chosen = used(first).id;
    first.close();
    const second = await visit();
    const again = used(second);
    second.close();
    kept.set('camera', 'gone');
    const third = await visit();
    const without = used(third);
    third.close();
    return [chosen, again, without] as const;
  }

  /** Resolves when sound with energy has arrived over the receiving transport. */
  async audioEnergy(): Promise<number> {
    for (;;) {
      const energy = (await this.stats('inbound-rtp')).reduce((sum, stat) => sum + (stat.totalAudioEnergy ?? 0), 0);
      if (energy > 0.0001) return energy;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Resolves when more sound has arrived than there was. */
  async moreAudio(): Promise<void> {
    const packets = async () =>
      (await this.stats('inbound-rtp')).reduce((sum, { kind, packetsReceived = 0 }) => {
        return kind === 'audio' ? sum + packetsReceived : sum;
      }, 0);
    const before = await packets();
    while ((await packets()) < before + 10) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** RTP of all connections of this page, placeholders and the closed ones included. */
  async sent(): Promise<{ connections: number; connected: number; packets: number; bytes: number }> {
    const stats = await this.stats('outbound-rtp');
    return {
      connections: this.#connections.length,
      connected: this.#connections.filter(({ connectionState }) => connectionState === 'connected').length,
      packets: stats.reduce((sum, { packetsSent = 0 }) => sum + packetsSent, 0),
      bytes: stats.reduce((sum, { bytesSent = 0 }) => sum + bytesSent, 0),
    };
  }

  async stats(type: string) {
    const reports = await Promise.all(this.#connections.map(async (connection) => await connection.getStats()));
    type Counters =
      'packetsSent' | 'bytesSent' | 'totalAudioEnergy' | 'packetsReceived' | 'frameHeight' | 'framesDecoded';
    const all: ({ type: string; kind?: string; trackIdentifier?: string } & Partial<Record<Counters, number>>)[] = [];
    for (const report of reports) report.forEach((stat) => all.push(stat));
    return all.filter((stat) => stat.type === type);
  }

  video(id: string): HTMLVideoElement {
    const known = document.getElementById(id);
    if (known instanceof HTMLVideoElement) return known;
    const video = document.createElement('video');
    video.id = id;
    video.autoplay = true;
    video.playsInline = true;
    document.body.append(video);
    video.requestVideoFrameCallback(() => this.#first(id).resolve(moment()));
    return video;
  }

  /** When that element showed its first frame, in milliseconds of the machine's clock. */
  async whenFirstFrame(element: string): Promise<number> {
    return await this.#first(element).promise;
  }

  /** Resolves when both transports are connected. */
  async connected(): Promise<void> {
    while (this.#connections.filter(({ connectionState }) => connectionState === 'connected').length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  #first(element: string): PromiseWithResolvers<number> {
    return (this.#firstFrame[element] ??= Promise.withResolvers());
  }

  #show(): void {
    for (const { participant, person, screen } of this.session?.state.remotes ?? []) {
      const face = this.video(participant);
      if (face.srcObject !== person) face.srcObject = person;
      const page = this.video(`${participant}-screen`);
      if (page.srcObject !== screen) page.srcObject = screen;
    }
  }

  async #request(frame: Record<string, unknown>): Promise<Record<string, unknown>> {
    if (this.#socket?.readyState !== WebSocket.OPEN) throw refusal('not-connected');
    const req = this.#next++;
    this.#socket.send(JSON.stringify({ ...frame, req }));
    return await new Promise((resolve, reject) => this.#requests.set(req, { resolve, reject }));
  }

  #onFrame(frame: Incoming): void {
    switch (frame.type) {
      case 'reply':
        this.#requests.get(frame.req)?.resolve(frame.data);
        break;
      case 'refused':
        this.#requests.get(frame.req)?.reject(refusal(frame.reason));
        break;
      case 'yes':
        void this.session?.goLive();
        break;
      default:
        for (const listener of this.#pushes) listener(frame);
    }
  }
}

/** A page of small letters, always the same. */
function drawLetters(): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, 1280, 720);
  context.fillStyle = '#111';
  context.font = '13px monospace';
  for (let line = 1; line < 40; line++) {
    context.fillText(
      `${line}. The lamp is 47.90 with its shade, 31.50 without; in olive, chalk and rust. Il1 O0 rn m`.repeat(2),
      12,
      line * 18,
    );
  }
  return canvas;
}

/** Red of every pixel, at the size of the letters; the corner that moves is left out. */
function pixelsOf(picture: CanvasImageSource): Uint8ClampedArray {
  const canvas = new OffscreenCanvas(1280, 720);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  context.drawImage(picture, 0, 0, 1280, 720);
  context.clearRect(0, 0, 16, 16);
  return context.getImageData(0, 0, 1280, 720).data;
}

function refusal(reason: string): Error {
  return Object.assign(new Error(reason), { reason });
}

declare global {
  interface Window {
    tab: Tab;
  }
}
window.tab = new Tab();

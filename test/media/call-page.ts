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

  /** Resolves when the camera's layers are sent at these parts of its size. */
  async sendingScales(...scales: number[]): Promise<void> {
    const senders = this.#connections.flatMap((connection) => connection.getSenders());
    const now = () => senders.map((sender) => sender.getParameters().encodings.map((e) => e.scaleResolutionDownBy));
    while (!now().some((layers) => layers.join() === scales.join())) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
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
    type Counters = 'packetsSent' | 'bytesSent' | 'totalAudioEnergy' | 'packetsReceived' | 'frameHeight';
    const all: ({ type: string; kind?: string } & Partial<Record<Counters, number>>)[] = [];
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

function refusal(reason: string): Error {
  return Object.assign(new Error(reason), { reason });
}

declare global {
  interface Window {
    tab: Tab;
  }
}
window.tab = new Tab();

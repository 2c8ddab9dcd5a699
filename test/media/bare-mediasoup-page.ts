/** The same call by plain mediasoup-client, as its documentation shows it: at the yes it joins from nothing. */
import { Device, type types } from 'mediasoup-client';

const moment = () => performance.timeOrigin + performance.now();

type Incoming =
  | { type: 'yes' }
  | { type: 'reply'; req: number; data: unknown }
  | { type: 'consumer'; data: types.ConsumerOptions & { participant: string } };

class BareTab {
  yesAt = 0;
  readonly #firstFrame: Record<string, PromiseWithResolvers<number>> = {};
  #socket: WebSocket | null = null;
  #stream: MediaStream | null = null;
  #receive: types.Transport | null = null;
  #requests = new Map<number, (data: unknown) => void>();
  #next = 1;

  async connect(participant: string): Promise<void> {
    const socket = new WebSocket(`ws://${location.host}/?participant=${participant}`);
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#onFrame(JSON.parse(String(data))));
    await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  }

  /** Open before the yes, as after a preview: asking for devices is not what is compared. */
  async openDevices(): Promise<void> {
    this.#stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } },
    });
  }

  answer(): void {
    this.yesAt = moment();
    this.#socket?.send(JSON.stringify({ type: 'answer' }));
    void this.join();
  }

  async join(): Promise<void> {
    const device = new Device();
    await device.load({ routerRtpCapabilities: await this.#request<types.RtpCapabilities>({ type: 'capabilities' }) });
    const [send, receive] = await Promise.all([
      this.#request<types.TransportOptions>({ type: 'transport' }),
      this.#request<types.TransportOptions>({ type: 'transport' }),
    ]);
    const sendTransport = device.createSendTransport(send);
    this.#receive = device.createRecvTransport(receive);
    for (const transport of [sendTransport, this.#receive]) {
      transport.on('connect', ({ dtlsParameters }, done) => {
        void this.#request({ type: 'connect', transport: transport.id, dtlsParameters }, done);
      });
    }
    sendTransport.on('produce', ({ kind, rtpParameters }, done) => {
      void this.#request({ type: 'produce', transport: sendTransport.id, kind, rtpParameters }, done);
    });
    void this.#request({
      type: 'capable',
      transport: this.#receive.id,
      rtpCapabilities: device.recvRtpCapabilities,
    });
    const [video] = this.#stream?.getVideoTracks() ?? [];
    const [audio] = this.#stream?.getAudioTracks() ?? [];
    if (!video || !audio) throw new Error('no devices');
    await Promise.all([
      sendTransport.produce({
        track: video,
        encodings: [
          { scaleResolutionDownBy: 4, maxBitrate: 150_000 },
          { scaleResolutionDownBy: 2, maxBitrate: 500_000 },
          { scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
        ],
        codecOptions: { videoGoogleStartBitrate: 1_000 },
      }),
      sendTransport.produce({ track: audio, codecOptions: { opusFec: true, opusDtx: true } }),
    ]);
  }

  async whenFirstFrame(participant: string): Promise<number> {
    return await this.#first(participant).promise;
  }

  #first(participant: string): PromiseWithResolvers<number> {
    return (this.#firstFrame[participant] ??= Promise.withResolvers());
  }

  async #consume(options: types.ConsumerOptions & { participant: string }): Promise<void> {
    const consumer = await this.#receive?.consume(options);
    if (!consumer) return;
    const { participant } = options;
    if (consumer.kind === 'video') {
      const video = document.createElement('video');
      video.autoplay = true;
      video.playsInline = true;
      video.muted = true;
      video.requestVideoFrameCallback(() => this.#first(participant).resolve(moment()));
      document.body.append(video);
      video.srcObject = new MediaStream([consumer.track]);
    }
    await this.#request({ type: 'resume', consumer: consumer.id });
  }

  async #request<T>(frame: object, done: (data: T) => void = () => {}): Promise<T> {
    const req = this.#next++;
    this.#socket?.send(JSON.stringify({ ...frame, req }));
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#requests.set(req, resolve);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- mediasoup's own objects, as JSON
    const data = (await promise) as T;
    done(data);
    return data;
  }

  #onFrame(frame: Incoming): void {
    if (frame.type === 'reply') this.#requests.get(frame.req)?.(frame.data);
    else if (frame.type === 'yes') void this.join();
    else void this.#consume(frame.data);
  }
}

declare global {
  interface Window {
    bare: BareTab;
  }
}
window.bare = new BareTab();

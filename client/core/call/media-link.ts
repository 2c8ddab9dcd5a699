import { Device, type types } from 'mediasoup-client';
import type { ConsumerView, JoinReply, MediaSource, RestartIceReply } from '../../../server/protocol/media.ts';
import { loadHandler } from './handler.ts';
import type { CallSignalling } from './session.ts';

type Frame = Parameters<CallSignalling['request']>[0];
type WithoutCall<T> = T extends unknown ? Omit<T, 'conversation' | 'call'> : never;

/** A media request of this call. */
export type Ask = (frame: WithoutCall<Frame>) => Promise<Record<string, unknown>>;

/**
 * Camera: three sizes, so that a narrow network still shows a face. Each begins at half of what it will be: the first
 * key frame of a full picture takes an encoder more time than everything else between the yes and the first frame.
 */
const CAMERA_LAYERS = [
  { scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
];
const FIRST_CAMERA_LAYERS = CAMERA_LAYERS.map((layer) => ({
  ...layer,
  scaleResolutionDownBy: layer.scaleResolutionDownBy * 2,
}));
/** Screen: one sharp layer; `dtx` tells the server that a page that stands still sends little. */
const SCREEN_LAYER: types.RtpEncodingParameters[] = [{ maxBitrate: 2_500_000, maxFramerate: 15, dtx: true }];
/**
 * In kbit/s. libwebrtc begins with 300 and takes seconds to grow, which is seen as blur. Said again while a picture is
 * sent, it would throw away what has been found out since.
 */
const START_BITRATE = 1_500;

const BEGINS = { videoGoogleStartBitrate: START_BITRATE };

const HOW: Record<MediaSource, Pick<types.ProducerOptions, 'encodings' | 'codecOptions'>> = {
  microphone: { codecOptions: { opusFec: true, opusDtx: true } },
  camera: { encodings: FIRST_CAMERA_LAYERS },
  screen: { encodings: SCREEN_LAYER },
  'screen-audio': { codecOptions: { opusFec: true, opusStereo: true } },
};

export function kindOf(source: MediaSource): 'audio' | 'video' {
  return source === 'camera' || source === 'screen' ? 'video' : 'audio';
}

/** One join of the call: a device that knows the codecs, and a transport each way. */
export class MediaLink {
  readonly send: types.Transport;
  readonly receive: types.Transport;
  readonly #device: Device;
  readonly #ask: Ask;
  /** The last of each source; it may be closed. */
  readonly #producers: Partial<Record<MediaSource, types.Producer>> = {};

  /** Joins; rejects with the signalling's refusal. Two transports are there then, not yet connected. */
  static async open(ask: Ask): Promise<MediaLink> {
    const [reply, handlerFactory] = await Promise.all([ask({ type: 'media.join' }), loadHandler()]);
    const join = joinReply(reply);
    const device = new Device({ handlerFactory });
    await device.load({ routerRtpCapabilities: join.rtpCapabilities });
    return new MediaLink(ask, device, join);
  }

  private constructor(ask: Ask, device: Device, { send, receive, iceServers }: TypedJoinReply) {
    this.#ask = ask;
    this.#device = device;
    this.send = device.createSendTransport({ ...send, iceServers });
    this.receive = device.createRecvTransport({ ...receive, iceServers });
    for (const transport of [this.send, this.receive]) {
      transport.on('connect', ({ dtlsParameters }, done, failed) => {
        void settle(
          ask({ type: 'media.connect', transport: transport.id, dtlsParameters: { ...dtlsParameters } }),
          done,
          failed,
        );
      });
    }
    this.send.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
      const asked = ask({
        type: 'media.produce',
        transport: this.send.id,
        kind,
        ...producing(appData),
        rtpParameters: { ...rtpParameters },
      });
      void settle(asked, ({ producer }) => done({ id: String(producer) }), failed);
    });
  }

  get closed(): boolean {
    return this.send.closed;
  }

  /** Tells the server what can be received; consumers are pushed from then on, all of them again each time. */
  async announceCapabilities(): Promise<void> {
    await this.#ask({ type: 'media.capable', rtpCapabilities: { ...this.#device.recvRtpCapabilities } });
  }

  canProduce(source: MediaSource): boolean {
    return this.#device.canProduce(kindOf(source));
  }

  async produce(source: MediaSource, track: MediaStreamTrack, paused: boolean): Promise<types.Producer> {
    const { camera, screen } = this.sending();
    const producer = await this.send.produce({
      ...HOW[source],
      ...(kindOf(source) === 'video' && !camera && !screen && { codecOptions: BEGINS }),
      track,
      // Tracks belong to OwnMedia, and pausing is done by taking the track away.
      stopTracks: false,
      disableTrackOnPause: false,
      appData: { source, paused },
    });
    this.#producers[source] = producer;
    await rank(producer, source);
    return producer;
  }

  /** What is sent now. */
  sending(): Partial<Record<MediaSource, types.Producer>> {
    return Object.fromEntries(Object.entries(this.#producers).filter(([, { closed, track }]) => !closed && track));
  }

  /** A face beside a shared screen: what the screen leaves of four parts in five, or twice as much as the screen. */
  async giveFace(camera: types.Producer, share: 'rest' | 'most'): Promise<void> {
    await change(camera, ({ encodings: [first] }) => {
      if (first) first.priority = share === 'most' ? 'high' : RANK.camera;
    });
  }

  async consume(view: ConsumerView): Promise<types.Consumer> {
    const { id, producer, kind, participant, source } = view;
    // Voice and face are kept in step by the browser, the screen runs by itself.
    const streamId = `${participant}-${source === 'screen' || source === 'screen-audio' ? 'screen' : 'person'}`;
    return await this.receive.consume({ id, producerId: producer, kind, streamId, rtpParameters: rtpOf(view) });
  }

  /** New ICE credentials on both ends of one transport. */
  async restartIce(transport: types.Transport): Promise<void> {
    const reply = await this.#ask({ type: 'media.restart-ice', transport: transport.id });
    const { iceParameters, iceServers } = restartReply(reply);
    // Those of the join may have run out by now.
    if (iceServers.length > 0) await transport.updateIceServers({ iceServers });
    await transport.restartIce({ iceParameters });
  }

  close(): void {
    this.send.close();
    this.receive.close();
  }
}

/** mediasoup-client asks by callbacks. */
async function settle<T>(asked: Promise<T>, done: (reply: T) => void, failed: (error: Error) => void): Promise<void> {
  try {
    done(await asked);
  } catch (error) {
    failed(error instanceof Error ? error : new Error('refused', { cause: error }));
  }
}

/** Who is served first where not everything fits: voice, then what is to be read, then the face. */
const RANK: Record<MediaSource, RTCPriorityType> = {
  microphone: 'high',
  'screen-audio': 'medium',
  screen: 'medium',
  camera: 'very-low',
};

async function rank(producer: types.Producer, source: MediaSource): Promise<void> {
  await change(producer, (parameters: RTCRtpSendParameters & { degradationPreference?: string }) => {
    // A sharp screen at fewer frames beats a smooth one that cannot be read.
    if (source === 'screen') parameters.degradationPreference = 'maintain-resolution';
    // Said once for all of a camera's sizes: Chromium refuses it in any but the first.
    const [first] = parameters.encodings;
    if (!first) return;
    first.priority = RANK[source];
    if (source === 'microphone') first.networkPriority = 'high';
  });
}

/** The camera's layers at their full size, or at the half with which they begin. */
export async function sizeCamera(producer: types.Producer, size: 'full' | 'first'): Promise<void> {
  const layers = size === 'full' ? CAMERA_LAYERS : FIRST_CAMERA_LAYERS;
  await change(producer, ({ encodings }) => {
    encodings.forEach((encoding, i) => (encoding.scaleResolutionDownBy = layers[i]?.scaleResolutionDownBy ?? 1));
  });
}

/** What a browser does not know or a closed connection does not take is left as it is: none of it is needed to talk. */
async function change(producer: types.Producer, edit: (parameters: RTCRtpSendParameters) => void): Promise<void> {
  const sender = producer.rtpSender;
  if (!sender || producer.closed) return;
  const parameters = sender.getParameters();
  edit(parameters);
  await sender.setParameters(parameters).catch(() => {});
}

// What follows trusts the service that the page belongs to; mediasoup-client checks the RTP inside.
/* oxlint-disable typescript/no-unsafe-type-assertion */

type TypedTransport = Pick<types.TransportOptions, 'id' | 'iceParameters' | 'iceCandidates' | 'dtlsParameters'>;
type TypedJoinReply = Pick<JoinReply, 'iceServers'> & {
  rtpCapabilities: types.RtpCapabilities;
  send: TypedTransport;
  receive: TypedTransport;
};

const joinReply = (reply: Record<string, unknown>) => reply as TypedJoinReply;
const restartReply = (reply: Record<string, unknown>) =>
  reply as Pick<RestartIceReply, 'iceServers'> & { iceParameters: types.IceParameters };
const rtpOf = ({ rtpParameters }: ConsumerView) => rtpParameters as unknown as types.RtpParameters;
const producing = (appData: Record<string, unknown>) => appData as { source: MediaSource; paused: boolean };

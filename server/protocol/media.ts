/** The signalling of calls. RTP, ICE and DTLS objects are mediasoup's own; the media worker validates what is inside. */
import * as v from 'valibot';
import { CallNumbers } from './call-numbers.ts';

export const MediaSource = v.picklist(['microphone', 'camera', 'screen', 'screen-audio']);
export type MediaSource = v.InferOutput<typeof MediaSource>;

/** `lost`: nothing comes through. */
export const QualityLevel = v.picklist(['good', 'fair', 'poor', 'lost']);
export type QualityLevel = v.InferOutput<typeof QualityLevel>;

/**
 * What makes it so: too little room · packets that do not arrive · packets that arrive late · nothing comes through ·
 * a device that cannot keep up · (with `good`) only a relay or TCP lets the call through.
 */
export const QualityReason = v.picklist(['slow', 'lossy', 'late', 'cut', 'busy', 'relayed']);
export type QualityReason = v.InferOutput<typeof QualityReason>;

/** How somebody's connection carries the call. */
export type Quality = { level: QualityLevel; reason: QualityReason | null };

/** An object that mediasoup itself validates (throws TypeError on bad ones, which becomes `media-refused`). */
const Opaque = v.record(v.string(), v.unknown());
const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const request = { req: v.pipe(v.number(), v.safeInteger()), conversation: Id, call: Id };

/**
 * Requests about media. Each is answered by `reply` with the same `req`, or by `refused` with it.
 * Order in a tab: join → (device.load) → capable → connect/produce as wanted; consumers are pushed by the server.
 */
export const MediaRequests = [
  /** Reply: JoinReply. Also used to come back after a page load; the tab's earlier transports are closed. */
  v.object({ type: v.literal('media.join'), ...request }),
  /** What the loaded device can receive; from now on consumers are pushed. Reply: {}. */
  v.object({ type: v.literal('media.capable'), ...request, rtpCapabilities: Opaque }),
  /** Reply: {}. */
  v.object({ type: v.literal('media.connect'), ...request, transport: Id, dtlsParameters: Opaque }),
  /** Reply: { producer: string }. `paused`: made ready, carries nothing yet. */
  v.object({
    type: v.literal('media.produce'),
    ...request,
    transport: Id,
    kind: v.picklist(['audio', 'video']),
    source: MediaSource,
    rtpParameters: Opaque,
    paused: v.boolean(),
  }),
  /** Pause or resume an own producer. The other side sees the source as off or on. Reply: {}. */
  v.object({ type: v.literal('media.pause'), ...request, producer: Id, paused: v.boolean() }),
  /** Close an own producer. Reply: {}. */
  v.object({ type: v.literal('media.close'), ...request, producer: Id }),
  /** The client has set up a pushed consumer: let it flow as soon as the call is active. Reply: {}. */
  v.object({ type: v.literal('media.ready'), ...request, consumer: Id }),
  /** How the own connection carries the call, said when that changes; the others are told. Reply: {}. */
  v.object({ type: v.literal('media.quality'), ...request, level: QualityLevel, reason: v.nullable(QualityReason) }),
  /** Reply: RestartIceReply. */
  v.object({ type: v.literal('media.restart-ice'), ...request, transport: Id }),
  /** How the call goes, as this tab measures it; the last one counts. Reply: {}. */
  v.object({ type: v.literal('call.report'), ...request, numbers: CallNumbers }),
] as const;

/** What `media.join` gives back. */
export type JoinReply = {
  /** mediasoup RtpCapabilities of the router. */
  rtpCapabilities: Record<string, unknown>;
  send: TransportView;
  receive: TransportView;
  /** Relays for networks that let nothing else through; empty where the service has none. */
  iceServers: IceServer[];
};

/** A TURN server, with credentials that end by themselves. */
export type IceServer = { urls: string[]; username?: string; credential?: string };

/** What `media.restart-ice` gives back: credentials of both kinds are fresh. */
export type RestartIceReply = { iceParameters: Record<string, unknown>; iceServers: IceServer[] };

/** mediasoup-client's TransportOptions, as plain JSON. */
export type TransportView = {
  id: string;
  iceParameters: Record<string, unknown>;
  iceCandidates: Record<string, unknown>[];
  dtlsParameters: Record<string, unknown>;
};

/** A consumer that the server made for this tab. */
export type ConsumerView = {
  id: string;
  producer: string;
  /** Whose media it is. */
  participant: string;
  source: MediaSource;
  kind: 'audio' | 'video';
  rtpParameters: Record<string, unknown>;
  /** The owner has switched the source off (or it is not live yet). */
  producerPaused: boolean;
};

/** Who speaks now (participants, loudest first), and who carries the talk: the last one who did, also in a pause. */
export type Speaking = { participants: string[]; dominant: string | null };

/** The size that is forwarded, counted from 0, the smallest; null: none, what the network carries is too little. */
export type Layers = { forwarded: number | null; sent: number };

/** Pushed by the server to a tab that is in the call. */
export type MediaPush =
  | { type: 'media.consumer'; conversation: string; call: string; consumer: ConsumerView }
  | { type: 'media.consumer-paused'; conversation: string; call: string; consumer: string; paused: boolean }
  | { type: 'media.consumer-closed'; conversation: string; call: string; consumer: string }
  /** Only when it has changed; whoever joins is told what is so. */
  | ({ type: 'media.speaking'; conversation: string; call: string } & Speaking)
  /** Which of a camera's sizes is forwarded (0 the smallest, null none) of how many that its owner sends. */
  | { type: 'media.consumer-layers'; conversation: string; call: string; consumer: string; layers: Layers }
  /** What a participant's browser says of its own connection. */
  | { type: 'media.quality'; conversation: string; call: string; participant: string; quality: Quality }
  /** The media worker or the call's router is gone or was replaced: join again. */
  | { type: 'media.lost'; conversation: string; call: string };

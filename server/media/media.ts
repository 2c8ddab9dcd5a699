import type { Person } from '../protocol/entry.ts';
import type {
  ConsumerView,
  JoinReply,
  Layers,
  MediaSource,
  Quality,
  RestartIceReply,
  Speaking,
} from '../protocol/media.ts';
import type { MediaStatus } from '../protocol/views.ts';

/** A refusal of the media layer is a value: `media-refused` for what mediasoup does not take, `too-many` for limits. */
export type MediaResult<T> = ({ ok: true } & T) | { ok: false; reason: 'media-refused' | 'not-in-call' | 'too-many' };

/** What a call tells its owner while it runs. */
export type MediaCallEvents = {
  /** Push to this member: a consumer was made for it. */
  consumer(member: string, consumer: ConsumerView): void;
  consumerPaused(member: string, consumer: string, paused: boolean): void;
  consumerClosed(member: string, consumer: string): void;
  /** Another of a camera's sizes is forwarded to this member, or its owner sends more or fewer of them. */
  consumerLayers(member: string, consumer: string, layers: Layers): void;
  /** Push to this member: what another one says of its own connection. */
  quality(member: string, participant: string, quality: Quality): void;
  /** A member's sources that exist and are not paused changed (camera on or off, screen shared or not). */
  sources(member: string, sources: MediaSource[]): void;
  /** Who speaks has changed, or this member is new and is told. */
  speaking(member: string, speaking: Speaking): void;
  /** The router's worker died. Every member has to join again, in a call that is opened anew. */
  lost(): void;
};

/**
 * The media of one call: a router, and for each member (a browser tab in the call) one transport each way.
 * Nothing flows before `activate`: members get everything ready while it rings.
 */
export interface MediaCall {
  /** Makes (or remakes, closing the earlier ones) the member's transports. */
  join(member: string): Promise<MediaResult<{ join: JoinReply }>>;
  /** From now on the member is told of consumers, for all others' producers. */
  capable(member: string, rtpCapabilities: Record<string, unknown>): Promise<MediaResult<object>>;
  connect(member: string, transport: string, dtlsParameters: Record<string, unknown>): Promise<MediaResult<object>>;
  produce(
    member: string,
    options: {
      transport: string;
      kind: 'audio' | 'video';
      source: MediaSource;
      rtpParameters: Record<string, unknown>;
      paused: boolean;
    },
  ): Promise<MediaResult<{ producer: string }>>;
  pause(member: string, producer: string, paused: boolean): Promise<MediaResult<object>>;
  closeProducer(member: string, producer: string): Promise<MediaResult<object>>;
  /** The member has set up the consumer. It flows when the call is active. */
  ready(member: string, consumer: string): Promise<MediaResult<object>>;
  /** What the member says of its own connection; the others are told, and whoever comes later. */
  quality(member: string, quality: Quality): Promise<MediaResult<object>>;
  restartIce(member: string, transport: string): Promise<MediaResult<RestartIceReply>>;
  /** The yes: all ready consumers are resumed (and key frames asked for). */
  activate(): Promise<void>;
  /** Closes everything of a member; the others are told. */
  leave(member: string): void;
  /**
   * Writes every source that is on, and that goes on later, until `stop` or the call's end (which completes the files).
   * Null where this node cannot record. One at a time.
   */
  record(options: RecordOptions): CallRecording | null;
  close(): void;
}

export type RecordOptions = {
  /** An existing folder of this recording alone. A recording that goes on after a restart goes on in it. */
  folder: string;
  /** The recording's zero, in milliseconds since the epoch. */
  startedAt: number;
  /** Whose media it is; null: not to be recorded. */
  personOf: (member: string) => Person | null;
  /** Something is not written that should be: the recording has stopped by itself. */
  failed: (error: Error) => void;
};

export interface CallRecording {
  /** From here on not one packet is written. Resolves when the files are complete. Twice is fine. */
  stop(): Promise<void>;
}

/** A picture of a recording that was put together. Times in seconds after its beginning. */
export type RecordedTrack = {
  n: number;
  person: Person;
  kind: 'camera' | 'screen';
  at: number;
  seconds: number;
  /** Name inside the folder. */
  file: string;
  mimeType: string;
};

/** A recording that was put together; names are of files inside its folder. */
export type Assembled = {
  seconds: number;
  tracks: RecordedTrack[];
  /** All voices, from the first moment to the last. */
  sound: string;
  /** Everything in one file. */
  whole: string;
  bytes: number;
  /** Where nobody is heard: from, until. */
  silences: [number, number][];
};

/** The media workers of this node. */
export interface Media {
  status(): MediaStatus;
  /** Called on every change of `status()`. Returns its own unsubscribe. */
  onStatus(listener: (status: MediaStatus) => void): () => void;
  /** A router on the least loaded worker. Throws when `status()` is not `ready`. */
  openCall(events: MediaCallEvents): Promise<MediaCall>;
  /** What is open now, as this process knows it: cheap, for the metrics. */
  open(): { workers: number; routers: number; transports: number; producers: number; consumers: number };
  /** The same as the worker processes themselves say it: for tests that nothing is left behind. */
  counts(): Promise<{ workers: number; routers: number; transports: number; producers: number; consumers: number }>;
  close(): Promise<void>;
}

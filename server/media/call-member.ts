import type { types } from 'mediasoup';
import type { MediaSource, Quality } from '../protocol/media.ts';

/**
 * A member's own producer. `paused` is what the others are told; the member sends nothing then. The worker is not: it
 * would drop the key frame with which a source begins whenever that is faster than the word that it is on.
 */
export type OwnProducer = { producer: types.Producer; source: MediaSource; paused: boolean };

/** A consumer made for a member; `ready` once the member's browser has set it up. */
export type OwnConsumer = { consumer: types.Consumer; of: OwnProducer; ready: boolean };

/** One browser tab's transports and what runs over them. Joining again makes a new one. */
export class CallMember {
  readonly id: string;
  readonly send: types.WebRtcTransport;
  readonly receive: types.WebRtcTransport;
  capabilities: types.RtpCapabilities | null = null;
  readonly producers = new Map<string, OwnProducer>();
  /** Sources that have a producer or are about to get one. */
  readonly taken = new Set<MediaSource>();
  readonly consumers = new Map<string, OwnConsumer>();
  /** Producers of others that have a consumer here or are about to get one. */
  readonly consuming = new Set<OwnProducer>();
  /** What it said last of its own connection. */
  quality: Quality | null = null;
  closed = false;

  constructor(id: string, send: types.WebRtcTransport, receive: types.WebRtcTransport) {
    this.id = id;
    this.send = send;
    this.receive = receive;
  }

  /** The member's transport of that id, whoever asks. */
  transport(id: string): types.WebRtcTransport | undefined {
    return [this.send, this.receive].find((transport) => transport.id === id);
  }

  /** What exists and is not paused, in a fixed order. */
  sources(): MediaSource[] {
    const on = [...this.producers.values()].filter(({ paused }) => !paused);
    return on.map(({ source }) => source).toSorted();
  }

  /** mediasoup closes what runs over a transport together with it. */
  close(): void {
    this.closed = true;
    this.send.close();
    this.receive.close();
  }
}
